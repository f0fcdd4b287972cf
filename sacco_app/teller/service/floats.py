"""The morning of a till: the float is counted from the vault, counted again and taken (J-01)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import SelfIssue, TillBusy, TillNotOpen, VaultShortOfCash
from sacco_app.teller.models import Till, TillSession
from sacco_app.teller.service.posting import currency_of, locked_session, move_cash, till_leg, vault_leg, vault_of
from sacco_app.teller.types import IssueFloat, TellerPermission, TillState
from sacco_app.transactions.types import TransactionKind


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
    vault = vault_of(session, till.branch_id)
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
    nudge(session, user_room(command.teller_id), "till")
    return session_id


def _receipts_before(session: Session, till: Till) -> int:
    """Receipt numbers go on when a till is opened again on the same day."""
    day = organisation.business_date(session, till.branch_id)
    query = select(TillSession.receipts).where(TillSession.till_id == till.id, TillSession.business_date == day)
    return max(session.scalars(query), default=0)


def accept_float(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """The teller confirms the count: the cash moves (J-01) and the till is open. Raises TillNotOpen, VaultShortOfCash."""
    offered = queries.get_session(session, actor, session_id)
    vault = vault_of(session, offered.branch_id)
    till = locked_session(session, session_id)
    if till.state != TillState.ISSUED or till.teller_id != actor.user_id:
        raise TillNotOpen
    amount = Money(till.float_minor, currency_of(till))
    if vault.balance_minor < amount.minor:
        raise VaultShortOfCash(amount=amount)
    vault.balance_minor -= amount.minor
    till.balance_minor = amount.minor
    till.state, till.opened_at = TillState.OPENED, clock.now()
    nudge(session, branch_room(till.branch_id), "till")
    if amount:
        legs = (till_leg("till", till, debit=amount), vault_leg("vault", vault, credit=amount))
        move_cash(session, actor, clock, till, "J-01", TransactionKind.FLOAT_ISSUE, amount, legs)


def decline_float(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """The count is not right: the float stays in the vault."""
    till = locked_session(session, session_id)
    if till.state != TillState.ISSUED or till.teller_id != actor.user_id:
        raise TillNotOpen
    till.state, till.closed_at = TillState.DECLINED, clock.now()
    nudge(session, branch_room(till.branch_id), "till")
