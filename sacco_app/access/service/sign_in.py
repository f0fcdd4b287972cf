"""The door: password, second factor, sessions. Failures are counted, so nothing here raises for a wrong guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.access import rules
from sacco_app.access.events import NewDevice
from sacco_app.access.models import LoginAttempt, StaffSession, User
from sacco_app.access.service.passwords import refresh_hash, verify_password
from sacco_app.access.service.second_factor import code_fits
from sacco_app.access.types import AccessPermission, Credentials, Outcome, SignInResult, SignInState
from sacco_app.kernel import appends, audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.ids import new_id

REFUSED = "The e-mail address or the password is not right"
FLOODED = "Too many attempts from this address: wait a quarter of an hour"
WRONG_CODE = "This code is not right, or was used already: wait for the next one"
FAILURES = (Outcome.WRONG, Outcome.WRONG_CODE)


def check_password(session: Session, actor: Actor, clock: Clock, given: Credentials) -> SignInResult:
    """Check the password; opens a session when no second factor is set up, else asks for the code.

    An address that nobody has is refused, counted and locked like one that somebody has.
    """
    email = given.email.strip().lower()[:120]
    user = session.scalars(select(User).where(User.email == email).with_for_update()).first()
    now = clock.now()
    if _failures_from(session, given.ip, now) >= rules.ADDRESS_LIMIT:
        _note(session, now, email, user, Outcome.FLOODED, given.ip, given.device)
        return SignInResult(SignInState.REFUSED, FLOODED)
    until = user.locked_until if user else _stranger_locked_until(session, email, now)
    if until is not None and until > now:
        return _locked(session, now, email, user, until, given.ip, given.device)
    right = verify_password(user.password_hash if user else None, given.password)
    if user is None or not right or not user.is_active:
        _count_failure(session, user, now)
        _note(session, now, email, user, Outcome.WRONG, given.ip, given.device)
        return SignInResult(SignInState.REFUSED, REFUSED)
    _known(session, actor, user)
    refresh_hash(user, given.password)
    if user.totp_confirmed:
        return SignInResult(SignInState.CODE_NEEDED, user_id=user.id)
    return _open(session, user, now, given.ip, given.device)


def check_code(
    session: Session, actor: Actor, clock: Clock, user_id: UUID, code: str, ip: str, device: str
) -> SignInResult:
    """Check the one-time or recovery code of a user whose password was right."""
    user = session.get_one(User, user_id, with_for_update=True)
    _known(session, actor, user)
    now = clock.now()
    if user.locked_until is not None and user.locked_until > now:
        return _locked(session, now, user.email, user, user.locked_until, ip, device)
    if not user.is_active or not code_fits(session, user, code, now):
        _count_failure(session, user, now)
        _note(session, now, user.email, user, Outcome.WRONG_CODE, ip, device)
        return SignInResult(SignInState.REFUSED, WRONG_CODE)
    return _open(session, user, now, ip, device)


def _known(session: Session, actor: Actor, user: User) -> None:
    """From the right password on the visitor has a name in the audit trail."""
    session.info["actor"] = replace(actor, user_id=user.id, name=user.name, branch_id=user.branch_id)


def _failures_from(session: Session, ip: str, now: datetime) -> int:
    query = select(func.count()).where(
        LoginAttempt.ip == ip, LoginAttempt.at > now - rules.ADDRESS_WINDOW, LoginAttempt.outcome.in_(FAILURES)
    )
    return session.scalar(query) or 0


def _stranger_locked_until(session: Session, email: str, now: datetime) -> datetime | None:
    query = select(func.count(), func.max(LoginAttempt.at)).where(
        LoginAttempt.email == email, LoginAttempt.at > now - rules.GUESS_WINDOW, LoginAttempt.outcome.in_(FAILURES)
    )
    failures, last = session.execute(query).one()
    return last + rules.lock_duration(failures) if last else None


def _locked(
    session: Session, now: datetime, email: str, user: User | None, until: datetime, ip: str, device: str
) -> SignInResult:
    _note(session, now, email, user, Outcome.LOCKED, ip, device)
    return SignInResult(SignInState.REFUSED, f"Too many attempts: try again at {format_instant(until)}")


def _note(
    session: Session, now: datetime, email: str, user: User | None, outcome: Outcome, ip: str, device: str
) -> None:
    appends.append(
        session,
        LoginAttempt,
        id=new_id(),
        at=now,
        email=email,
        user_id=user.id if user else None,
        outcome=outcome.value,
        ip=ip[:45],
        device=device[:200],
    )


def _count_failure(session: Session, user: User | None, now: datetime) -> None:
    if user is None:
        return
    user.failed_attempts += 1
    shut_for = rules.lock_duration(user.failed_attempts)
    if shut_for:
        user.locked_until = now + shut_for
    audit.record(session, "users.sign_in_refused", ("users", user.id), reason=f"failure {user.failed_attempts}")


def _open(session: Session, user: User, now: datetime, ip: str, device: str) -> SignInResult:
    user.failed_attempts, user.locked_until = 0, None
    _tell_of_new_device(session, user, now, ip, device)
    opened = StaffSession(
        id=new_id(), user_id=user.id, started_at=now, last_seen_at=now, ip=ip[:45], device=device[:200]
    )
    session.add(opened)
    _note(session, now, user.email, user, Outcome.DONE, ip, device)
    audit.record(session, "users.signed_in", ("users", user.id), after={"ip": ip, "device": device[:200]})
    return SignInResult(SignInState.DONE, user_id=user.id, session_id=opened.id)


def _tell_of_new_device(session: Session, user: User, now: datetime, ip: str, device: str) -> None:
    """The first sign-in ever is no news; later a browser that was never seen is."""
    query = select(StaffSession.device).where(StaffSession.user_id == user.id).distinct()
    known = {rules.device_kind(earlier) for earlier in session.scalars(query)}
    name = rules.device_kind(device[:200])
    if known and name not in known:
        outbox.record(session, NewDevice(user.id, user.email, name, ip, now))


def touch_session(session: Session, clock: Clock, session_id: UUID) -> None:
    """Note that the session is in use."""
    row = session.get(StaffSession, session_id)
    if row is not None:
        row.last_seen_at = clock.now()


def end_session(session: Session, actor: Actor, clock: Clock, session_id: UUID, why: str) -> None:
    """End a session: one's own, or anybody's in one's branches with the permission to revoke."""
    row = session.get(StaffSession, session_id)
    if row is None:
        raise NotFound(what="session")
    if row.user_id != actor.user_id:
        if not actor.may(AccessPermission.SESSION_REVOKE):
            raise NotPermitted
        actor.require_branch(session.get_one(User, row.user_id).branch_id)
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, "users.session_ended", ("users", row.user_id), reason=why)
