"""Holding the limits, inside the locks of the money path."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

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
    for limit in daily:
        rules.check_day(limit, amount, queries.used(session, limit, whose[CountedFor(limit.counted_for)], day))
