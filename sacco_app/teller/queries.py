"""Reads of the teller room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from sacco_app.access import queries as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.chart import chart
from sacco_app.organisation.ports import Check
from sacco_app.teller.models import Banking, CashCount, CashDeclaration, CashMove, Till, TillSession, Vault
from sacco_app.teller.types import (
    SOURCES,
    BankingState,
    CountState,
    MoveFacts,
    MoveKind,
    MoveState,
    TellerPermission,
    TillState,
)

HOLDING = (TillState.OPENED, TillState.SUSPENDED, TillState.COUNTING)
LIVE = (TillState.ISSUED, *HOLDING)


def in_branches(actor: Actor, branch: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """The condition for what lies in the actor's branches."""
    return true() if actor.branch_ids is None else branch.in_(actor.branch_ids)


def bankings_seen_by(actor: Actor) -> Select[Banking]:
    """Cash that was sent to the bank from the actor's branches."""
    return select(Banking).where(in_branches(actor, Banking.branch_id))


_LIVE = select(TillSession).where(TillSession.teller_id == bindparam("teller"), TillSession.state.in_(LIVE))


def live_session_of(session: Session, teller_id: UUID) -> TillSession | None:
    """The teller's float offered, open till or till being counted."""
    return session.scalars(_LIVE, {"teller": teller_id}).first()


def is_blind(till: TillSession) -> bool:
    """Whether its teller is to count without the book: it is handed in, or was sent back to be counted again."""
    return till.state == TillState.COUNTING or bool(till.sent_back)


def stands_still(till: TillSession) -> bool:
    """Whether somebody else than its teller has stopped the till, so that it can be counted."""
    return till.state == TillState.SUSPENDED and till.suspended_by != till.teller_id


def awaits_count(session: Session, till: TillSession) -> bool:
    """Whether the till stands still and was not counted since: its figures wait for the count."""
    if not stands_still(till) or till.suspended_at is None:
        return False
    return all(count.counted_at < till.suspended_at for count in counts_of_till(session, till.id))


def last_closed_of(session: Session, teller_id: UUID) -> TillSession | None:
    """The till that the teller has closed last."""
    query = select(TillSession).where(TillSession.teller_id == teller_id, TillSession.state == TillState.CLOSED)
    return session.scalars(query.order_by(TillSession.closed_at.desc()).limit(1)).first()


def tills(session: Session, actor: Actor) -> list[tuple[Till, TillSession | None]]:
    """The tills of the actor's branches, each with its live session."""
    query = (
        select(Till, TillSession)
        .outerjoin(TillSession, (TillSession.till_id == Till.id) & TillSession.state.in_(LIVE))
        .order_by(Till.code)
    )
    query = query.where(in_branches(actor, Till.branch_id))
    return [(till, live) for till, live in session.execute(query)]


def vaults(session: Session, actor: Actor) -> list[Vault]:
    """The vaults of the actor's branches."""
    query = select(Vault).order_by(Vault.id)
    query = query.where(in_branches(actor, Vault.branch_id))
    return list(session.scalars(query))


def vault_of(session: Session, branch_id: UUID) -> Vault | None:
    """The branch's vault as it is now, not locked."""
    return session.scalars(select(Vault).where(Vault.branch_id == branch_id)).first()


def get_banking(session: Session, actor: Actor, banking_id: UUID) -> Banking:
    """Cash that was sent to the bank from a branch of the actor. Raises NotFound."""
    row = session.get(Banking, banking_id)
    if row is None or not actor.sees_branch(row.branch_id):
        raise NotFound(what="cash for the bank")
    return row


def in_transit(session: Session, branch_id: UUID) -> list[Banking]:
    """Cash of a branch that the bank has not confirmed, oldest first."""
    query = select(Banking).where(Banking.branch_id == branch_id, Banking.state == BankingState.IN_TRANSIT)
    return list(session.scalars(query.order_by(Banking.sent_at)))


def get_count(session: Session, actor: Actor, count_id: UUID) -> CashCount:
    """A count of a vault or a till in the actor's branches. Raises NotFound."""
    found = session.execute(counts_seen_by(actor).where(CashCount.id == count_id)).first()
    if found is None:
        raise NotFound(what="count")
    row: CashCount = found[0]
    return row


def counts_seen_by(actor: Actor) -> Select[Any]:
    """The counts of vaults and tills in the actor's branches, a till's with its day.

    The counts of a till that was handed in are shown when it is closed: until then it may be counted again.
    """
    query: Select[Any] = (
        select(CashCount).add_columns(TillSession).outerjoin(TillSession, TillSession.id == CashCount.session_id)
    )
    shown = or_(CashCount.request_id.is_(None), TillSession.state == TillState.CLOSED)
    return query.where(in_branches(actor, CashCount.branch_id), shown)


def counts_of_hand_in(session: Session, request_id: UUID) -> list[CashCount]:
    """What custodians have counted since a till was handed in by this request, the earliest first."""
    query = select(CashCount).where(CashCount.request_id == request_id)
    return list(session.scalars(query.order_by(CashCount.counted_at, CashCount.id)))


def counts_of_till(session: Session, session_id: UUID) -> list[CashCount]:
    """The surprise counts of a till's day, newest first."""
    query = select(CashCount).where(CashCount.session_id == session_id, CashCount.request_id.is_(None))
    return list(session.scalars(query.order_by(CashCount.counted_at.desc())))


def last_count(session: Session, vault_id: UUID) -> CashCount | None:
    """The latest count of a vault that was not refused."""
    query = select(CashCount).where(CashCount.vault_id == vault_id, CashCount.state != CountState.REFUSED)
    return session.scalars(query.order_by(CashCount.counted_at.desc()).limit(1)).first()


def vault_counted(session: Session, branch_id: UUID, day: date) -> Check:
    """For the close of a day: the vault was counted by two custodians on that day."""
    query = select(CashCount.id).where(
        CashCount.vault_id.is_not(None),
        CashCount.branch_id == branch_id,
        CashCount.business_date == day,
        CashCount.state == CountState.SIGNED,
    )
    vault = vault_of(session, branch_id)
    holds = vault is None or not vault.balance_minor or session.scalar(query.limit(1)) is not None
    note = "" if holds else "No count of this day is signed by two custodians"
    return Check("The vault is counted", holds, note, "teller.vault_page", blocks=False)


def get_session(session: Session, actor: Actor, session_id: UUID) -> TillSession:
    """A till session of the actor's branches. Raises NotFound."""
    row = session.get(TillSession, session_id)
    if row is None or not actor.sees_branch(row.branch_id):
        raise NotFound(what="till session")
    return row


def days_seen_by(actor: Actor) -> Select[TillSession]:
    """The tills' days that the actor may look at: all of the branches, or the own ones. Their count stays blind."""
    query = select(TillSession).where(TillSession.state != TillState.DECLINED)
    query = query.where(in_branches(actor, TillSession.branch_id))
    if actor.may(TellerPermission.TILL_VIEW):
        return query
    seen = (TillSession.state != TillState.COUNTING, TillSession.sent_back == "")
    return query.where(TillSession.teller_id == actor.user_id, *seen)


def get_day(session: Session, actor: Actor, session_id: UUID) -> TillSession:
    """One day of a till that the actor may look at. Raises NotFound."""
    row = session.scalars(days_seen_by(actor).where(TillSession.id == session_id)).first()
    if row is None:
        raise NotFound(what="till session")
    return row


_TILL: BindParameter[UUID] = bindparam("till")
_MOVES = select(CashMove).where(or_(CashMove.from_session_id == _TILL, CashMove.to_session_id == _TILL))
_OPEN_MOVES = _MOVES.where(CashMove.state == MoveState.OFFERED).order_by(CashMove.offered_at)


def moves_of(session: Session, session_id: UUID) -> list[CashMove]:
    """Cash offered to or from a till in the middle of its day, newest first."""
    query = _MOVES.order_by(CashMove.offered_at.desc(), CashMove.id.desc())
    return list(session.scalars(query, {"till": session_id}))


def open_moves_of(session: Session, session_id: UUID) -> list[CashMove]:
    """What of it waits for the other side."""
    return list(session.scalars(_OPEN_MOVES, {"till": session_id}))


def open_moves_of_vault(session: Session, actor: Actor) -> list[CashMove]:
    """Cash between vault and tills of the actor's branches that waits for one of the sides."""
    query = select(CashMove).where(
        CashMove.state == MoveState.OFFERED,
        or_(CashMove.from_session_id.is_(None), CashMove.to_session_id.is_(None)),
    )
    query = query.where(in_branches(actor, CashMove.branch_id))
    return list(session.scalars(query.order_by(CashMove.offered_at)))


def move_facts(session: Session, rows: Sequence[CashMove]) -> list[MoveFacts]:
    """Offers with the names of both sides."""
    ids = {one for row in rows for one in (row.from_session_id, row.to_session_id) if one}
    tills = {row.id: row for row in session.scalars(select(TillSession).where(TillSession.id.in_(ids)))} if ids else {}
    people = [row.offered_by for row in rows] + [row.decided_by for row in rows]
    names = access.names(session, [*people, *(till.teller_id for till in tills.values())])

    def side(session_id: UUID | None) -> str:
        till = tills.get(session_id) if session_id else None
        return f"Till {till.till_code}, {names.get(till.teller_id, '')}" if till else "Vault"

    return [
        MoveFacts(
            id=row.id,
            kind=MoveKind(row.kind),
            state=MoveState(row.state),
            amount=Money(row.amount_minor, CURRENCIES[row.currency]),
            counts=tuple((value, pieces) for value, pieces in row.counts),
            giver=side(row.from_session_id),
            taker=side(row.to_session_id),
            taker_id=tills[row.to_session_id].teller_id if row.to_session_id else None,
            offered_by_id=row.offered_by,
            offered_by=names.get(row.offered_by, ""),
            offered_at=row.offered_at,
            decided_by=names.get(row.decided_by, "") if row.decided_by else "",
            decided_at=row.decided_at,
            remark=row.remark,
            transaction_id=row.transaction_id,
        )
        for row in rows
    ]


def get_move(session: Session, actor: Actor, move_id: UUID) -> CashMove:
    """One offer of cash in the actor's branches. Raises NotFound."""
    row = session.get(CashMove, move_id)
    if row is None or not actor.sees_branch(row.branch_id):
        raise NotFound(what="cash")
    return row


def open_tills(session: Session, actor: Actor, branch_id: UUID | None = None) -> list[TillSession]:
    """The tills that can give and take cash now."""
    query = select(TillSession).where(TillSession.state == TillState.OPENED).order_by(TillSession.till_code)
    if branch_id is not None:
        query = query.where(TillSession.branch_id == branch_id)
    query = query.where(in_branches(actor, TillSession.branch_id))
    return list(session.scalars(query))


def declared(session: Session, transaction_id: UUID) -> list[tuple[str, str]]:
    """What was said at the counter about a transaction, for its page."""
    row = session.get(CashDeclaration, transaction_id)
    if row is None:
        return []
    told = [("Where the money comes from", SOURCES.get(row.source, row.source)), ("Authority seen", row.authority)]
    return [(label, words) for label, words in told if words]


def tills_closed(session: Session, branch_id: UUID, day: date) -> Check:
    """For the close of a day: no till of the branch is open, offered or being counted."""
    query = select(TillSession.till_code).where(TillSession.branch_id == branch_id, TillSession.state.in_(LIVE))
    codes = list(session.scalars(query.order_by(TillSession.till_code)))
    note = f"Till {', '.join(codes)} is not closed" if codes else ""
    return Check("Every till is closed", not codes, note, "teller.till_list")


def till_balances(session: Session) -> Select[str, UUID, int]:
    """Cash of every till, for the proof of the book; a closed till holds nothing."""
    code = literal(chart(session).leg("J-04", None, "cash").code)
    held = (TillSession.till_id == Till.id) & TillSession.state.in_(HOLDING)
    return (
        select(code, Till.id, func.coalesce(TillSession.balance_minor, 0))
        .select_from(Till)
        .outerjoin(TillSession, held)
    )


def vault_balances(session: Session) -> Select[str, UUID, int]:
    """Cash of every vault, for the proof of the book."""
    return select(literal(chart(session).leg("J-01", None, "vault").code), Vault.id, Vault.balance_minor)
