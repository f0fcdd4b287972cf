"""Holding the limits, inside the locks of the money path."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approvals
from sacco_app.kernel import appends, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.money import Money
from sacco_app.transactions import queries, rules
from sacco_app.transactions.errors import MoreMustAgree
from sacco_app.transactions.types import CountedFor, Leaving, TransactionKind


def check_limits(
    session: Session,
    actor: Actor,
    clock: Clock,
    kind: TransactionKind,
    amount: Money,
    day: date,
    *,
    account_id: UUID,
    member_id: UUID,
) -> None:
    """Refuse what is more than this actor may do in one transaction, or on the business date `day`
    and the calendar's.

    Called after the row locks: the account's days are safe by its lock, those of members and makers take turns by name.
    Without a limit on days there is no query. Limits of makers are for staff. Raises ChannelSwitchedOff, AboveLimitOnce, AboveLimitOfDay, TooManyToday.
    """
    for limit in queries.limits_for(session, actor, kind, day):
        rules.check_one(limit, amount)
    daily = _daily(session, actor, kind, day)
    if not daily:
        return
    whose = {
        CountedFor.ACCOUNT: account_id,
        CountedFor.MEMBER: member_id,
        CountedFor.MAKER: actor.user_id,
    }
    locks.take_turns(session, _turns(actor, kind, member_id, daily))
    appends.flush(session)
    counted = [(limit, whose[CountedFor(limit.counted_for)]) for limit in daily]
    for limit, used in zip(daily, queries.used(session, counted, member_id, day, clock.now()), strict=True):
        rules.check_day(limit, amount, used)


def _daily(session: Session, actor: Actor, kind: TransactionKind, day: date) -> list[rules.Limit]:
    """The limits on days that the actor has."""
    nobody = actor.is_member or actor.is_system
    return [
        limit
        for limit in queries.limits_for(session, actor, kind, day)
        if limit.counts_days and not (nobody and limit.counted_for == CountedFor.MAKER)
    ]


def _turns(actor: Actor, kind: TransactionKind, member_id: UUID, daily: Iterable[rules.Limit]) -> set[str]:
    """The names of the turns that sums over members and makers need."""
    whose = {CountedFor.MEMBER: member_id, CountedFor.MAKER: actor.user_id}
    shared = {CountedFor(limit.counted_for) for limit in daily} - {CountedFor.ACCOUNT}
    return {f"{kind}:{who}:{whose[who]}" for who in shared}


def _wait(session: Session, actor: Actor, leaving: Leaving) -> None:
    """Let those who pay out to one member go one after the other. The turns that `check_limits` takes later are taken
    with this one, sorted: in two steps, two could wait for each other.
    """
    daily = _daily(session, actor, leaving.kind, leaving.day)
    member = f"{leaving.kind}:{CountedFor.MEMBER}:{leaving.member_id}"
    locks.take_turns(session, {member} | _turns(actor, leaving.kind, leaving.member_id, daily))
    appends.flush(session)


def checkers_needed(session: Session, actor: Actor, clock: Clock, leaving: Leaving) -> int:
    """How many must agree before this much leaves an account; 0 when nobody.

    What left the member's accounts on the business date or the calendar's day in the same way, at whichever till, and
    what waits to leave them, counts with it unless as many had agreed to it: parts that stay below the amount of a
    policy add up. Called after the row locks; those who pay out to one member take turns.
    """
    _wait(session, actor, leaving)
    return checkers_foreseen(session, actor, clock, leaving)


def checkers_foreseen(session: Session, actor: Actor, clock: Clock, leaving: Leaving) -> int:
    """What `checkers_needed` would say now, for a page that tells it beforehand: it reads, and waits for nobody."""
    return _required(session, actor, leaving, queries.leaves(session, leaving, actor.channel, clock.now()))


def _required(session: Session, actor: Actor, leaving: Leaving, earlier: dict[int, int]) -> int:
    kind, branch_id = leaving.command_kind, leaving.branch_id
    return approvals.required_approvals(session, kind, leaving.amount, actor.roles, branch_id, earlier)


def require_agreed(session: Session, actor: Actor, clock: Clock, leaving: Leaving, request_id: UUID) -> None:
    """Ask again when what was agreed to is paid: what left meanwhile counts, and policies may ask for more than they did.

    What still waits does not count: it is asked itself when it is paid. `actor` is the maker. Called as
    `checkers_needed` is. Raises MoreMustAgree.
    """
    _wait(session, actor, leaving)
    needed = _required(session, actor, leaving, queries.paid_out(session, leaving, actor.channel, clock.now()))
    agreed = approvals.required_of(session, request_id)
    if needed > agreed:
        raise MoreMustAgree(needed=needed, agreed=agreed)


def paid_before(session: Session, leaving: Leaving) -> tuple[tuple[str, str], ...]:
    """For who agrees to it: what the member took out on the same business date in the same way, and what else waits."""
    parts, waits = queries.paid_out(session, leaving, queries.COUNTER), queries.asked_out(session, leaving)
    currency = leaving.amount.currency
    whole, alone, asked = (Money(minor, currency) for minor in (sum(parts.values()), parts.get(0, 0), waits))
    told = [("Earlier on the same day", f"{whole}, of it {alone} without a second person")] if parts else []
    return (*told, *([("Asked for before, not paid yet", str(asked))] if waits else ()))
