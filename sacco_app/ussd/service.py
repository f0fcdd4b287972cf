"""Changes of the USSD room: the audit row of a session, and the language that was chosen once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.members import queries as members
from sacco_app.ussd.models import UssdChoice, UssdSession
from sacco_app.ussd.rules import STALE_AFTER
from sacco_app.ussd.types import Hop, Outcome


def note_hop(session: Session, clock: Clock, row_id: UUID | None, hop: Hop) -> UUID:
    """Write down how far a session came; its first hop makes the row. Returns the row's id."""
    now = clock.now()
    branch_id = members.get_member(session, hop.member_id).branch_id if hop.member_id else None
    row = session.get(UssdSession, row_id) if row_id else None
    if row is None:
        row = UssdSession(
            id=new_id(),
            session_hash=hop.session_hash,
            gateway=hop.gateway,
            service_code=hop.service_code[:40],
            network=hop.network[:20],
            phone_masked=hop.phone_masked,
            phone_hash=hop.phone_hash,
            member_id=hop.member_id,
            branch_id=branch_id,
            started_at=now,
            hops=0,
        )
        session.add(row)
    row.language, row.last_menu, row.last_at = hop.language, hop.menu, now
    row.hops += 1
    row.outcome = hop.outcome
    row.ended_at = None if hop.outcome is Outcome.OPEN else now
    return row.id


def end_session(session: Session, clock: Clock, session_hash: str, outcome: Outcome) -> None:
    """The gateway says that a session is over. What we ended ourselves stays as it was; an unknown one is nothing."""
    running = UssdSession.session_hash == session_hash, UssdSession.ended_at.is_(None)
    session.execute(update(UssdSession).where(*running).values(outcome=outcome.value, ended_at=clock.now()))


def end_stale_sessions(session: Session, clock: Clock) -> int:
    """Sessions of which no gateway told the end were left. Returns how many there were."""
    now = clock.now()
    stale = UssdSession.ended_at.is_(None), UssdSession.last_at < now - STALE_AFTER
    change = update(UssdSession).where(*stale).values(outcome=Outcome.LEFT.value, ended_at=UssdSession.last_at)
    return len(session.execute(change.returning(UssdSession.id)).all())


def remember_choice(session: Session, clock: Clock, member_id: UUID) -> None:
    """The language was chosen on the telephone; a second time changes nothing."""
    chosen = insert(UssdChoice).values(member_id=member_id, chosen_at=clock.now())
    session.execute(chosen.on_conflict_do_nothing())
