"""Holding the limits, inside the locks of the money path."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approvals
from sacco_app.kernel import appends, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Money
from sacco_app.transactions import queries, rules
from sacco_app.transactions.types import CountedFor, TransactionKind


def check_limits(
    session: Session,
    actor: Actor,
    kind: TransactionKind,
    amount: Money,
    day: date,
    *,
    account_id: UUID,
    member_id: UUID,
) -> None:
    """Refuse what is more than this actor may do in one transaction, or on the business date `day`.

    Called after the row locks: the account's days are safe by its lock, those of members and makers take turns by name.
    Without a limit on days there is no query. Limits of makers are for staff. Raises ChannelSwitchedOff, AboveLimitOnce, AboveLimitOfDay, TooManyToday.
    """
    limits = queries.limits_for(session, actor, kind, day)
    for limit in limits:
        rules.check_one(limit, amount)
    nobody = actor.is_member or actor.is_system
    daily = [limit for limit in limits if limit.counts_days and not (nobody and limit.counted_for == CountedFor.MAKER)]
    if not daily:
        return
    whose = {
        CountedFor.ACCOUNT: account_id,
        CountedFor.MEMBER: member_id,
        CountedFor.MAKER: actor.user_id,
    }
    shared = {limit.counted_for for limit in daily} - {CountedFor.ACCOUNT}
    locks.take_turns(session, [f"{kind}:{who}:{whose[CountedFor(who)]}" for who in shared])
    appends.flush(session)
    counted = [(limit, whose[CountedFor(limit.counted_for)]) for limit in daily]
    for limit, used in zip(daily, queries.used(session, counted, member_id, day), strict=True):
        rules.check_day(limit, amount, used)


def checkers_needed(
    session: Session,
    actor: Actor,
    command_kind: str,
    kind: TransactionKind,
    amount: Money,
    day: date,
    *,
    branch_id: UUID,
    member_id: UUID,
) -> int:
    """How many must agree before this much leaves an account; 0 when nobody.

    What left the member's accounts on the business date `day` in the same way, at whichever till, counts with it unless
    as many had agreed to it: parts that stay below the amount of a policy add up. Called after the row locks; those who
    pay out to one member take turns.
    """
    locks.take_turns(session, [f"{kind}:{CountedFor.MEMBER}:{member_id}"])
    appends.flush(session)
    return checkers_foreseen(session, actor, command_kind, kind, amount, day, branch_id=branch_id, member_id=member_id)


def checkers_foreseen(
    session: Session,
    actor: Actor,
    command_kind: str,
    kind: TransactionKind,
    amount: Money,
    day: date,
    *,
    branch_id: UUID,
    member_id: UUID,
) -> int:
    """What `checkers_needed` would say now, for a page that tells it beforehand: it reads, and waits for nobody."""
    earlier = queries.paid_out(session, kind, actor.channel, member_id, day)
    return approvals.required_approvals(session, command_kind, amount, actor.roles, branch_id, earlier)


def paid_before(
    session: Session, kind: TransactionKind, member_id: UUID, day: date, amount: Money
) -> tuple[tuple[str, str], ...]:
    """For who agrees to `amount`: what the member took out on the same day in the same way; nothing where nothing was."""
    parts = queries.paid_out(session, kind, "counter", member_id, day)
    if not parts:
        return ()
    whole, alone = (Money(minor, amount.currency) for minor in (sum(parts.values()), parts.get(0, 0)))
    return (("Earlier on the same day", f"{whole}, of it {alone} without a second person"),)
