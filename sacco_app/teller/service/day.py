"""The day of a till: float from the vault, blind count, difference, return (J-01, J-02, J-06, J-07, J-09)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft, Leg
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import SelfIssue, TillBusy, TillCodeTaken, TillNotOpen, VaultShortOfCash, WaitsOpen
from sacco_app.teller.models import Till, TillSession, Vault
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.posting import Cash, currency_of, post, till_leg, vault_leg
from sacco_app.teller.types import (
    CloseResult,
    CloseTill,
    FundVault,
    IssueFloat,
    SaveTill,
    TellerPermission,
    TillState,
)
from sacco_app.transactions.types import Charge, TransactionKind

CLOSE = "teller.close-difference"
TOLERANCE = "till.difference.tolerance"


def save_till(session: Session, actor: Actor, clock: Clock, command: SaveTill) -> UUID:
    """Set up a till. Raises TillCodeTaken."""
    actor.require(TellerPermission.TILL_ASSIGN)
    actor.require_branch(command.branch_id)
    if session.scalar(select(Till.id).where(Till.code == command.code)):
        raise TillCodeTaken
    currency = organisation.get_profile(session).currency.code
    till = Till(
        id=new_id(),
        code=command.code,
        name=command.name,
        branch_id=command.branch_id,
        currency=currency,
        limit_minor=command.limit_minor,
        is_active=True,
    )
    session.add(till)
    return till.id


def _vault(session: Session, branch_id: UUID) -> Vault:
    """The branch's vault, locked; made when the branch has none."""
    query = (
        select(Vault).where(Vault.branch_id == branch_id).with_for_update().execution_options(populate_existing=True)
    )
    row = session.scalars(query).first()
    if row is None:
        currency = organisation.get_profile(session).currency.code
        row = Vault(id=new_id(), branch_id=branch_id, currency=currency, balance_minor=0)
        session.add(row)
        session.flush()
    return row


def fund_vault(session: Session, actor: Actor, clock: Clock, command: FundVault) -> None:
    """Cash from the bank into the vault (J-09)."""
    actor.require(TellerPermission.VAULT_OPERATE)
    actor.require_branch(command.branch_id)
    ref = new_id()
    claim = idempotency.claim(
        session, "teller.fund-vault", command.idempotency_key, command, result_ref=str(ref), actor_id=actor.user_id
    )
    if claim.replayed:
        return
    vault = _vault(session, command.branch_id)
    vault.balance_minor += command.amount.minor
    legs = (
        vault_leg("vault", vault, debit=command.amount),
        Leg("bank", credit=command.amount, branch_id=command.branch_id),
    )
    day = organisation.business_date(session, command.branch_id)
    narration = command.narration or "Cash from the bank"
    draft = JournalDraft("J-09", str(ref), day, command.branch_id, command.amount.currency, narration, legs)
    ledger.post_journal(session, actor, clock, draft)


def issue_float(session: Session, actor: Actor, clock: Clock, command: IssueFloat) -> UUID:
    """Count a float for a teller. The cash moves when the teller accepts the count. Raises TillBusy, SelfIssue."""
    actor.require(TellerPermission.VAULT_OPERATE)
    session_id = new_id()
    claim = idempotency.claim(
        session,
        "teller.issue-float",
        command.idempotency_key,
        command,
        result_ref=str(session_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    if command.teller_id == actor.user_id:
        raise SelfIssue
    till = session.get(Till, command.till_id)
    if till is None or not actor.sees_branch(till.branch_id):
        raise NotFound(what="till")
    vault = _vault(session, till.branch_id)
    session.refresh(till, with_for_update=True)
    busy = select(TillSession.id).where(
        (TillSession.till_id == till.id) | (TillSession.teller_id == command.teller_id),
        TillSession.state.in_(queries.LIVE),
    )
    if session.scalar(busy):
        raise TillBusy
    amount = Money(rules.counted(command.counts), CURRENCIES[till.currency])
    if vault.balance_minor < amount.minor:
        raise VaultShortOfCash(amount=amount)
    session.add(
        TillSession(
            id=session_id,
            till_id=till.id,
            till_code=till.code,
            branch_id=till.branch_id,
            teller_id=command.teller_id,
            issued_by=actor.user_id,
            business_date=organisation.business_date(session, till.branch_id),
            currency=till.currency,
            state=TillState.ISSUED,
            float_counts=[list(pair) for pair in command.counts],
            float_minor=amount.minor,
            limit_minor=till.limit_minor,
            balance_minor=0,
            receipts=_receipts_before(session, till),
            issued_at=clock.now(),
        )
    )
    return session_id


def _receipts_before(session: Session, till: Till) -> int:
    """Receipt numbers go on when a till is opened again on the same day."""
    day = organisation.business_date(session, till.branch_id)
    query = select(TillSession.receipts).where(TillSession.till_id == till.id, TillSession.business_date == day)
    return max(session.scalars(query), default=0)


def _locked(session: Session, session_id: UUID) -> TillSession:
    request = LockRequest(LockRank.TILL_SESSION, TillSession, (session_id,))
    return locks.acquire(session, [request]).one(TillSession, session_id)


def accept_float(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """The teller confirms the count: the cash moves (J-01) and the till is open. Raises TillNotOpen, VaultShortOfCash."""
    offered = queries.get_session(session, actor, session_id)
    vault = _vault(session, offered.branch_id)
    till = _locked(session, session_id)
    if till.state != TillState.ISSUED or till.teller_id != actor.user_id:
        raise TillNotOpen
    amount = Money(till.float_minor, currency_of(till))
    if vault.balance_minor < amount.minor:
        raise VaultShortOfCash(amount=amount)
    vault.balance_minor -= amount.minor
    till.balance_minor = amount.minor
    till.state, till.opened_at = TillState.OPENED, clock.now()
    if amount:
        legs = (till_leg("till", till, debit=amount), vault_leg("vault", vault, credit=amount))
        _move(session, actor, clock, till, "J-01", TransactionKind.FLOAT_ISSUE, amount, legs)


def decline_float(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """The count is not right: the float stays in the vault."""
    till = _locked(session, session_id)
    if till.state != TillState.ISSUED or till.teller_id != actor.user_id:
        raise TillNotOpen
    till.state, till.closed_at = TillState.DECLINED, clock.now()


def _move(
    session: Session,
    actor: Actor,
    clock: Clock,
    till: TillSession,
    event: str,
    kind: TransactionKind,
    amount: Money,
    legs: tuple[Leg, ...],
) -> None:
    titles = {"J-01": "Float to till", "J-02": "Cash to vault", "J-06": "Till short", "J-07": "Till over"}
    cash = Cash(new_id(), event, kind, amount, Charge.none(amount.currency), f"{titles[event]} {till.till_code}", legs)
    post(session, actor, clock, till, cash)


def close_till(session: Session, actor: Actor, clock: Clock, command: CloseTill) -> CloseResult:
    """Close by a blind count. A difference above the tolerance waits for a second person. Raises WaitsOpen, TillNotOpen."""
    claim = idempotency.claim(
        session,
        "teller.close",
        command.idempotency_key,
        command,
        result_ref=str(command.session_id),
        actor_id=actor.user_id,
    )
    till = queries.get_session(session, actor, command.session_id)
    if claim.replayed:
        shown = Money(till.difference_minor, currency_of(till)) if till.difference_minor is not None else None
        return CloseResult(shown if till.state == TillState.CLOSED else None)
    vault = _vault(session, till.branch_id)
    till = _locked(session, command.session_id)
    if till.state != TillState.OPENED or till.teller_id != actor.user_id:
        raise TillNotOpen
    if approval_queries.open_requests_of(session, actor.user_id, WITHDRAW):
        raise WaitsOpen
    till.closing_counts = [list(pair) for pair in command.counts]
    till.counted_minor = rules.counted(command.counts)
    till.difference_minor = till.counted_minor - till.balance_minor
    difference = Money(till.difference_minor, currency_of(till))
    tolerance = int(organisation.parameter(session, TOLERANCE, till.business_date).number)
    if not rules.within_tolerance(difference, tolerance):
        till.state = TillState.COUNTING
        session.flush()
        approvals.submit(session, actor, clock, CLOSE, command, command.reason)
        return CloseResult(None)
    _finish(session, actor, clock, till, vault)
    return CloseResult(difference)


def _finish(session: Session, actor: Actor, clock: Clock, till: TillSession, vault: Vault) -> None:
    currency = currency_of(till)
    difference = Money(till.difference_minor or 0, currency)
    if difference.minor < 0:
        short = -difference
        legs = (Leg("shortage", debit=short, branch_id=till.branch_id), till_leg("till", till, credit=short))
        _move(session, actor, clock, till, "J-06", TransactionKind.TILL_SHORT, short, legs)
    elif difference:
        over_legs = (
            till_leg("till", till, debit=difference),
            Leg("overage", credit=difference, branch_id=till.branch_id),
        )
        _move(session, actor, clock, till, "J-07", TransactionKind.TILL_OVER, difference, over_legs)
    returned = Money(till.counted_minor or 0, currency)
    if returned:
        back = (vault_leg("vault", vault, debit=returned), till_leg("till", till, credit=returned))
        _move(session, actor, clock, till, "J-02", TransactionKind.FLOAT_RETURN, returned, back)
    vault.balance_minor += returned.minor
    till.balance_minor = 0
    till.state, till.closed_at = TillState.CLOSED, clock.now()


def describe_difference(session: Session, command: CloseTill) -> Description:
    """What the approver of a difference is shown: book, count and difference."""
    till = session.get_one(TillSession, command.session_id)
    currency = currency_of(till)
    difference = Money(till.difference_minor or 0, currency)
    effects = (
        ("Till", till.till_code),
        ("Teller", access.get_user(session, till.teller_id).name),
        ("Book", str(Money(till.balance_minor, currency))),
        ("Counted", str(Money(till.counted_minor or 0, currency))),
        ("Difference", str(difference)),
        ("Teller's words", command.reason),
    )
    summary = f"Close till {till.till_code} with a difference of {difference}"
    absolute = Money(abs(difference.minor), currency)
    return Description(summary, till.branch_id, absolute, effects, None, frozenset({till.teller_id}))


def execute_close(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> str:
    """The manager has counted again: post the difference and close."""
    found = session.get_one(TillSession, command.session_id)
    vault = _vault(session, found.branch_id)
    _finish(session, actor, clock, _locked(session, command.session_id), vault)
    return "/teller/tills"


def reopen_after_refusal(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> None:
    """The count was not believed: the till is open again, to be counted anew."""
    till = _locked(session, command.session_id)
    till.state = TillState.OPENED
    till.closing_counts = till.counted_minor = till.difference_minor = None
