"""Setting tills up, a teller's break, and a supervisor's hand on a till (handbook 6)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.nudges import nudge, user_room
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries
from sacco_app.teller.errors import TillCodeTaken, TillFrozen, TillNotOpen
from sacco_app.teller.models import Till, TillSession
from sacco_app.teller.service.posting import locked_session, open_session
from sacco_app.teller.types import SaveTill, TellerPermission, TillState


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


def suspend_till(session: Session, actor: Actor, clock: Clock) -> None:
    """The teller takes a break: nothing can be posted at the till until they go on. Raises TillNotOpen."""
    actor.require(TellerPermission.TILL_OPERATE)
    _suspend(session, actor, clock, open_session(session, actor))


def resume_till(session: Session, actor: Actor, clock: Clock) -> None:
    """The break is over. Raises TillNotOpen, and TillFrozen when somebody else has stopped the till."""
    actor.require(TellerPermission.TILL_OPERATE)
    mine = queries.live_session_of(session, actor.user_id)
    till = locked_session(session, mine.id) if mine else None
    if till is None or till.state != TillState.SUSPENDED:
        raise TillNotOpen
    if till.suspended_by != actor.user_id:
        assert till.suspended_by
        raise TillFrozen(who=access.get_user(session, till.suspended_by).name)
    _resume(session, till)


def freeze_till(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """A supervisor stops a till: its teller can neither post nor go on. Raises TillNotOpen, NotFound."""
    actor.require(TellerPermission.TILL_ASSIGN)
    till = _seen(session, actor, session_id)
    if till.state not in (TillState.OPENED, TillState.SUSPENDED):
        raise TillNotOpen
    _suspend(session, actor, clock, till)


def release_till(session: Session, actor: Actor, clock: Clock, session_id: UUID) -> None:
    """A supervisor lets a till go on. Raises TillNotOpen, NotFound."""
    actor.require(TellerPermission.TILL_ASSIGN)
    till = _seen(session, actor, session_id)
    if till.state != TillState.SUSPENDED:
        raise TillNotOpen
    _resume(session, till)


def _seen(session: Session, actor: Actor, session_id: UUID) -> TillSession:
    queries.get_session(session, actor, session_id)
    return locked_session(session, session_id)


def _suspend(session: Session, actor: Actor, clock: Clock, till: TillSession) -> None:
    till.state, till.suspended_by, till.suspended_at = TillState.SUSPENDED, actor.user_id, clock.now()
    nudge(session, user_room(till.teller_id), "till")


def _resume(session: Session, till: TillSession) -> None:
    till.state, till.suspended_by, till.suspended_at = TillState.OPENED, None, None
    nudge(session, user_room(till.teller_id), "till")
