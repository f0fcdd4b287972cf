"""Reads of the teller room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.ledger.chart import chart
from sacco_app.organisation.ports import Check
from sacco_app.teller.models import Till, TillSession, Vault
from sacco_app.teller.types import TillState

LIVE = (TillState.ISSUED, TillState.OPENED, TillState.COUNTING)


def live_session_of(session: Session, teller_id: UUID) -> TillSession | None:
    """The teller's float offered, open till or till being counted."""
    query = select(TillSession).where(TillSession.teller_id == teller_id, TillSession.state.in_(LIVE))
    return session.scalars(query).first()


def tills(session: Session, actor: Actor) -> list[tuple[Till, TillSession | None]]:
    """The tills of the actor's branches, each with its live session."""
    query = (
        select(Till, TillSession)
        .outerjoin(TillSession, (TillSession.till_id == Till.id) & TillSession.state.in_(LIVE))
        .order_by(Till.code)
    )
    if actor.branch_ids is not None:
        query = query.where(Till.branch_id.in_(actor.branch_ids))
    return [(till, live) for till, live in session.execute(query)]


def vaults(session: Session, actor: Actor) -> list[Vault]:
    """The vaults of the actor's branches."""
    query = select(Vault).order_by(Vault.id)
    if actor.branch_ids is not None:
        query = query.where(Vault.branch_id.in_(actor.branch_ids))
    return list(session.scalars(query))


def recent_closings(session: Session, actor: Actor, limit: int = 10) -> list[TillSession]:
    """The latest closed days with their differences."""
    query = select(TillSession).where(TillSession.state == TillState.CLOSED)
    if actor.branch_ids is not None:
        query = query.where(TillSession.branch_id.in_(actor.branch_ids))
    return list(session.scalars(query.order_by(TillSession.closed_at.desc()).limit(limit)))


def get_session(session: Session, actor: Actor, session_id: UUID) -> TillSession:
    """A till session of the actor's branches. Raises NotFound."""
    row = session.get(TillSession, session_id)
    if row is None or not actor.sees_branch(row.branch_id):
        raise NotFound(what="till session")
    return row


def tills_closed(session: Session, branch_id: UUID, day: date) -> Check:
    """For the close of a day: no till of the branch is open, offered or being counted."""
    query = select(TillSession.till_code).where(TillSession.branch_id == branch_id, TillSession.state.in_(LIVE))
    codes = list(session.scalars(query.order_by(TillSession.till_code)))
    note = f"Till {', '.join(codes)} is not closed" if codes else ""
    return Check("Every till is closed", not codes, note, "teller.till_list")


def till_balances(session: Session) -> Select[str, UUID, int]:
    """Cash of every till, for the proof of the book; a closed till holds nothing."""
    code = literal(chart(session).leg("J-04", None, "cash").code)
    held = (TillSession.till_id == Till.id) & TillSession.state.in_((TillState.OPENED, TillState.COUNTING))
    return (
        select(code, Till.id, func.coalesce(TillSession.balance_minor, 0))
        .select_from(Till)
        .outerjoin(TillSession, held)
    )


def vault_balances(session: Session) -> Select[str, UUID, int]:
    """Cash of every vault, for the proof of the book."""
    return select(literal(chart(session).leg("J-01", None, "vault").code), Vault.id, Vault.balance_minor)
