"""The door: password, second factor, sessions. Failures are counted, so nothing here raises for a wrong guess."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import rules
from sacco_app.access.models import StaffSession, User
from sacco_app.access.service.second_factor import code_fits
from sacco_app.access.service.users import verify_password
from sacco_app.access.types import AccessPermission, Credentials, SignInResult, SignInState
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.ids import new_id

REFUSED = "The e-mail address or the password is not right"


def check_password(session: Session, actor: Actor, clock: Clock, given: Credentials) -> SignInResult:
    """Check the password; opens a session when no second factor is set up, else asks for the code."""
    query = select(User).where(User.email == given.email.strip().lower()).with_for_update()
    user = session.scalars(query).first()
    now = clock.now()
    if user is not None and user.locked_until is not None and user.locked_until > now:
        audit.record(session, "users.sign_in_refused", ("users", user.id), reason="locked")
        return SignInResult(SignInState.REFUSED, f"Too many attempts: try again at {format_instant(user.locked_until)}")
    right = verify_password(user.password_hash if user else None, given.password)
    if user is None or not right or not user.is_active:
        _count_failure(session, user, now)
        return SignInResult(SignInState.REFUSED, REFUSED)
    if user.totp_confirmed:
        return SignInResult(SignInState.CODE_NEEDED, user_id=user.id)
    return _open(session, user, now, given.ip, given.device)


def check_code(
    session: Session, actor: Actor, clock: Clock, user_id: UUID, code: str, ip: str, device: str
) -> SignInResult:
    """Check the one-time or recovery code of a user whose password was right."""
    user = session.get_one(User, user_id, with_for_update=True)
    now = clock.now()
    if user.locked_until is not None and user.locked_until > now:
        return SignInResult(SignInState.REFUSED, f"Too many attempts: try again at {format_instant(user.locked_until)}")
    if not code_fits(session, user, code, now):
        _count_failure(session, user, now)
        return SignInResult(SignInState.REFUSED, "This code is not right, or was used already: wait for the next one")
    return _open(session, user, now, ip, device)


def _count_failure(session: Session, user: User | None, now: datetime) -> None:
    if user is None:
        audit.record(session, "users.sign_in_refused", ("users", "unknown"))
        return
    user.failed_attempts += 1
    shut_for = rules.lock_duration(user.failed_attempts)
    if shut_for:
        user.locked_until = now + shut_for
    audit.record(session, "users.sign_in_refused", ("users", user.id), reason=f"failure {user.failed_attempts}")


def _open(session: Session, user: User, now: datetime, ip: str, device: str) -> SignInResult:
    user.failed_attempts, user.locked_until = 0, None
    opened = StaffSession(
        id=new_id(), user_id=user.id, started_at=now, last_seen_at=now, ip=ip[:45], device=device[:200]
    )
    session.add(opened)
    audit.record(session, "users.signed_in", ("users", user.id), after={"ip": ip, "device": device[:200]})
    return SignInResult(SignInState.DONE, user_id=user.id, session_id=opened.id)


def touch_session(session: Session, clock: Clock, session_id: UUID) -> None:
    """Note that the session is in use."""
    row = session.get(StaffSession, session_id)
    if row is not None:
        row.last_seen_at = clock.now()


def end_session(session: Session, actor: Actor, clock: Clock, session_id: UUID, why: str) -> None:
    """End a session: one's own, or anybody's with the permission to revoke."""
    row = session.get(StaffSession, session_id)
    if row is None:
        raise NotFound(what="session")
    if row.user_id != actor.user_id and not actor.may(AccessPermission.SESSION_REVOKE):
        raise NotPermitted
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, "users.session_ended", ("users", row.user_id), reason=why)
