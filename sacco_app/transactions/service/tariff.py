"""Changing fees and limits: one person asks, another allows, and the day says from when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.errors import NotFound
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import words
from sacco_app.transactions.models import FeeRuleRow, LimitRow
from sacco_app.transactions.service import terms
from sacco_app.transactions.types import EndTerm, SetFee, SetLimit
from sacco_app.transactions.types import TransactionsPermission as P

SET_FEE, END_FEE = "transactions.set-fee", "transactions.end-fee"
SET_LIMIT, END_LIMIT = "transactions.set-limit", "transactions.end-limit"
LIFE = timedelta(days=14)
FEES_URL, LIMITS_URL = "/fees", "/limits"


def fee_key(command: SetFee) -> dict[str, Any]:
    """What makes two fees the same rule, whose later version ends the earlier."""
    return {
        "kind": command.kind,
        "product": command.product,
        "channel": command.channel,
        "from_minor": command.from_amount.minor,
    }


def limit_key(command: SetLimit) -> dict[str, Any]:
    """What makes two limits the same rule, whose later version ends the earlier."""
    return {name: getattr(command, name) for name in ("kind", "channel", "role", "counted_for")}


def ask_fee(session: Session, actor: Actor, clock: Clock, command: SetFee) -> UUID:
    """Ask for a fee. Returns the request that waits for another person. Raises TermInThePast, TermNotLater."""
    actor.require(P.FEE_EDIT)
    terms.require_ahead(session, command.valid_from)
    terms.require_later(session, FeeRuleRow, fee_key(command), command.valid_from)
    return approvals.submit(session, actor, clock, SET_FEE, command, command.reason)


def ask_limit(session: Session, actor: Actor, clock: Clock, command: SetLimit) -> UUID:
    """Ask for a limit. Returns the request that waits for another person. Raises TermInThePast, TermNotLater."""
    actor.require(P.LIMIT_EDIT)
    terms.require_ahead(session, command.valid_from)
    terms.require_later(session, LimitRow, limit_key(command), command.valid_from)
    return approvals.submit(session, actor, clock, SET_LIMIT, command, command.reason)


def ask_fee_end(session: Session, actor: Actor, clock: Clock, command: EndTerm) -> UUID:
    """Ask that a fee ends. Raises NotFound, TermEnded, TermInThePast."""
    actor.require(P.FEE_EDIT)
    terms.require_endable(session, FeeRuleRow, command.term_id, command.last_day)
    return approvals.submit(session, actor, clock, END_FEE, command, command.reason)


def ask_limit_end(session: Session, actor: Actor, clock: Clock, command: EndTerm) -> UUID:
    """Ask that a limit ends. Raises NotFound, TermEnded, TermInThePast."""
    actor.require(P.LIMIT_EDIT)
    terms.require_endable(session, LimitRow, command.term_id, command.last_day)
    return approvals.submit(session, actor, clock, END_LIMIT, command, command.reason)


def describe_fee(session: Session, command: SetFee) -> Description:
    """What the second person is shown: the fee now, the fee then."""
    currency = command.flat.currency
    scope = words.fee_scope(command.kind, command.product, command.channel, command.from_amount.minor, currency)
    most = command.most.minor if command.most is not None else None
    new = words.fee_words(command.flat.minor, command.rate, most, currency)
    row = terms.latest_of(session, FeeRuleRow, fee_key(command))
    return _described("Fee", scope, _fee(row, currency), new, command, FEES_URL)


def describe_limit(session: Session, command: SetLimit) -> Description:
    """What the second person is shown: the limit now, the limit then."""
    currency = organisation.get_profile(session).currency
    scope = words.limit_scope(command.kind, command.channel, command.role)
    one = command.max_one.minor if command.max_one is not None else None
    day = command.max_day.minor if command.max_day is not None else None
    new = words.limit_words(one, day, command.max_count, command.counted_for, currency)
    row = terms.latest_of(session, LimitRow, limit_key(command))
    return _described("Limit", scope, _limit(row, currency), new, command, LIMITS_URL)


def describe_fee_end(session: Session, command: EndTerm) -> Description:
    row, currency = _found(session, FeeRuleRow, command), organisation.get_profile(session).currency
    scope = words.fee_scope(row.kind, row.product, row.channel, row.from_minor, currency)
    return _ending("fee", scope, _fee(row, currency), command, FEES_URL)


def describe_limit_end(session: Session, command: EndTerm) -> Description:
    row, currency = _found(session, LimitRow, command), organisation.get_profile(session).currency
    scope = words.limit_scope(row.kind, row.channel, row.role)
    return _ending("limit", scope, _limit(row, currency), command, LIMITS_URL)


def _found(session: Session, model: type[terms.T], command: EndTerm) -> terms.T:
    row = session.get(model, command.term_id)
    if row is None:
        raise NotFound(what="fee or limit")
    return row


def _fee(row: FeeRuleRow | None, currency: Any) -> str:
    return words.fee_words(row.flat_minor, row.rate, row.max_minor, currency) if row else "nothing set"


def _limit(row: LimitRow | None, currency: Any) -> str:
    if row is None:
        return "nothing set"
    return words.limit_words(row.max_one_minor, row.max_day_minor, row.max_day_count, row.counted_for, currency)


def _described(what: str, scope: str, now: str, new: str, command: SetFee | SetLimit, url: str) -> Description:
    when = words.days(command.valid_from, command.valid_to)
    effects = ((what, scope), ("Now", now), ("New", new), ("Holds", when), ("Reason", command.reason))
    return Description(f"{what}: {scope}, {new} {when}"[:200], None, None, effects, url)


def _ending(what: str, scope: str, now: str, command: EndTerm, url: str) -> Description:
    last = format_date(command.last_day)
    effects = ((what.capitalize(), scope), ("Now", now), ("Last day", last), ("Reason", command.reason))
    return Description(f"End the {what}: {scope}, after {last}"[:200], None, None, effects, url)


def execute_fee(session: Session, actor: Actor, clock: Clock, command: SetFee, request_id: UUID) -> str:
    """Set the fee that a second person has allowed. Raises TermInThePast, TermNotLater."""
    values = {
        "flat_minor": command.flat.minor,
        "rate": command.rate,
        "max_minor": command.most.minor if command.most is not None else None,
    }
    terms.set_term(session, FeeRuleRow, fee_key(command), values, command.valid_from, command.valid_to)
    return FEES_URL


def execute_limit(session: Session, actor: Actor, clock: Clock, command: SetLimit, request_id: UUID) -> str:
    """Set the limit that a second person has allowed. Raises TermInThePast, TermNotLater."""
    values = {
        "max_one_minor": command.max_one.minor if command.max_one is not None else None,
        "max_day_minor": command.max_day.minor if command.max_day is not None else None,
        "max_day_count": command.max_count,
        "source": command.reason[:200],
        "verified": True,
    }
    terms.set_term(session, LimitRow, limit_key(command), values, command.valid_from, command.valid_to)
    return LIMITS_URL


def execute_fee_end(session: Session, actor: Actor, clock: Clock, command: EndTerm, request_id: UUID) -> str:
    terms.end_term(session, FeeRuleRow, command.term_id, command.last_day)
    return FEES_URL


def execute_limit_end(session: Session, actor: Actor, clock: Clock, command: EndTerm, request_id: UUID) -> str:
    terms.end_term(session, LimitRow, command.term_id, command.last_day)
    return LIMITS_URL
