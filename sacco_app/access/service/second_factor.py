"""One-time codes (RFC 6238) and recovery codes."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sacco_app.access.errors import CodeWrong
from sacco_app.access.models import RecoveryCode, User
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_code

STEP_SECONDS = 30
RECOVERY_CODES = 8


def code_fits(session: Session, user: User, code: str, now: datetime) -> bool:
    """True for the present one-time code (one step either way), once each, or for an unused recovery code."""
    cleaned = "".join(code.split()).replace("-", "").upper()
    if user.totp_secret and cleaned.isdigit() and len(cleaned) == 6:
        return _uses_step(user, user.totp_secret, cleaned, now)
    digest = hashlib.sha256(cleaned.encode()).hexdigest()
    query = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest)
    recovery = session.scalars(query.where(RecoveryCode.used_at.is_(None)).with_for_update()).first()
    if recovery is None:
        return False
    recovery.used_at = now
    audit.record(session, "users.recovery_code_used", ("users", user.id))
    return True


def _uses_step(user: User, secret: str, digits: str, now: datetime) -> bool:
    step, generator = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for candidate in (step, step - 1, step + 1):
        unused = user.totp_last_step is None or candidate > user.totp_last_step
        if unused and pyotp.utils.strings_equal(generator.at(candidate * STEP_SECONDS), digits):
            user.totp_last_step = candidate
            return True
    return False


def new_secret() -> str:
    """A secret to enrol with. It belongs to nobody until `confirm_totp` has seen its first code."""
    return str(pyotp.random_base32())


def confirm_totp(session: Session, actor: Actor, clock: Clock, secret: str, code: str) -> list[str]:
    """Prove the telephone with the first code of the secret, which is the user's from now on.

    Returns the recovery codes, which are shown once. Raises CodeWrong.
    """
    user = session.get_one(User, actor.user_id, with_for_update=True)
    if user.totp_confirmed or not _uses_step(user, secret, "".join(code.split()), clock.now()):
        raise CodeWrong
    user.totp_secret, user.totp_confirmed = secret, True
    return _new_codes(session, user)


def renew_recovery_codes(session: Session, actor: Actor, clock: Clock, code: str) -> list[str]:
    """New recovery codes against a code of the telephone; the old ones end. Raises CodeWrong."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    if not user.totp_confirmed or not code_fits(session, user, code, clock.now()):
        raise CodeWrong
    audit.record(session, "users.recovery_codes_renewed", ("users", user.id))
    return _new_codes(session, user)


def _new_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_code(10) for _ in range(RECOVERY_CODES)]
    hashes = [hashlib.sha256(code.encode()).hexdigest() for code in codes]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=digest) for digest in hashes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]
