"""How the book refuses."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation


class JournalUnbalanced(RuleViolation):
    """Debits and credits differ, in the journal or in one of its branches."""

    code = "ledger.journal_unbalanced"
    template = "Debits and credits of the journal differ: nothing was posted"


class JournalEmpty(InvalidInput):
    """A journal needs two lines with amounts."""

    code = "ledger.journal_empty"
    template = "A journal needs at least two lines with amounts"


class LegMisshapen(InvalidInput):
    """A line has both a debit and a credit, or neither, or a negative amount."""

    code = "ledger.leg_misshapen"
    template = "Line {name}: give either a debit or a credit, above zero"


class AppendOnly(RuleViolation):
    """Posted journals are never changed or deleted."""

    code = "ledger.append_only"
    template = "A posted journal cannot be changed: reverse it instead"


class PeriodClosed(RuleViolation):
    """The month of the business date takes no journals."""

    code = "ledger.period_closed"
    template = "The accounting period is closed: use a date in an open period"


class PeriodSoftClosed(RuleViolation):
    """The month is soft-closed: only the accountant's corrections are taken."""

    code = "ledger.period_soft_closed"
    template = "{month} is soft-closed: only corrections by the accountant are taken"


class DayClosed(RuleViolation):
    """The branch has closed this day: only what a second person approved gets in."""

    code = "ledger.day_closed"
    template = "The branch has closed this day: open its next business date first"


class DayOutOfOrder(RuleViolation):
    """Days close one after the other."""

    code = "ledger.day_out_of_order"
    template = "{branch} works on {day}: days close one after the other"


class DateAhead(RuleViolation):
    """A journal cannot be dated after the branch's business date."""

    code = "ledger.date_ahead"
    template = "{branch} works on {day}: a journal cannot be dated later"


class DateTooOld(RuleViolation):
    """A journal cannot be dated back further than the house allows, while its month is open."""

    code = "ledger.date_too_old"
    template = "A journal is dated back at most {days} days, so not before {day}: soft-close the month to correct it"


class PeriodStep(RuleViolation):
    """Periods close in order, and a closed one does not open again."""

    code = "ledger.period_step"
    template = "{reason}"


class NoPostingProfile(RuleViolation):
    """The posting profile does not name an account for this leg."""

    code = "ledger.no_posting_profile"
    template = "The posting profile of {event} names no account for '{leg}': an accountant must add it"


class AccountUnknown(InvalidInput):
    """There is no such active account."""

    code = "ledger.account_unknown"
    template = "There is no active account {code}"


class ControlAccount(RuleViolation):
    """A control account is moved by its sub-ledger alone."""

    code = "ledger.control_account"
    template = "{code} {name} is a control account: only the system posts to it"


class AlreadyPosted(Conflict):
    """This source document was posted before."""

    code = "ledger.already_posted"
    template = "This was posted already"


class AlreadyReversed(Conflict):
    """The journal was reversed before."""

    code = "ledger.already_reversed"
    template = "This journal was reversed already"


class ReversalOfReversal(RuleViolation):
    """A reversal is final."""

    code = "ledger.reversal_of_reversal"
    template = "A reversal cannot be reversed: post the journal anew"


class ApproverIsMaker(RuleViolation):
    """Whoever made the journal may not approve its reversal."""

    code = "ledger.approver_is_maker"
    template = "Somebody other than the maker of the journal must approve its reversal"


class JournalNotFound(NotFound):
    """No such journal, or not in the actor's branches."""

    code = "ledger.journal_not_found"
    template = "There is no such journal"


class AccountNotFound(NotFound):
    """No such account in the chart."""

    code = "ledger.account_not_found"
    template = "There is no such account"


class AccountCodeTaken(Conflict):
    """Another account has this code."""

    code = "ledger.account_code_taken"
    template = "Another account has this code"


class AccountInUse(RuleViolation):
    """The account still has a balance or a posting profile names it."""

    code = "ledger.account_in_use"
    template = "{code} is in use ({why}): it cannot be switched off"


class NotReversibleHere(RuleViolation):
    """The journal belongs to a transaction or a sub-ledger, which must be reversed with it."""

    code = "ledger.not_reversible_here"
    template = "This journal came from another part of the system: reverse the transaction, so that its account follows"


class ProfileWaits(Conflict):
    code = "ledger.profile_waits"
    template = "Another change of this profile waits for a second person: let it be decided, or take it back first"
