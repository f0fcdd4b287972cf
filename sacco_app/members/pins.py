"""A member's access to USSD and the API: the PIN, its lock, the phone that it is bound to (handbook 7.3, 5.5).

Front doors: `find_by_phone`, then `verify_pin` in a transaction of its own (a wrong try must stay counted whatever comes
after), then act as `member_actor`. A stranger's try costs as much time as a member's; say the same words for both.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.types import CHANNEL_USERS
from sacco_app.kernel import audit, crypto, locks, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.members import rules
from sacco_app.members.errors import (
    ChannelNotSetUp,
    ChannelStateRefused,
    MemberNotActive,
    OwnChannel,
    PhoneChangedLately,
    PhoneHasChannel,
    PinTooWeak,
)
from sacco_app.members.events import ChannelBlocked, ChannelLocked, PinChanged, PinIssued
from sacco_app.members.models import ChannelCredential, Member
from sacco_app.members.types import (
    ChannelAccess,
    ChannelMember,
    MembersPermission,
    MemberStatus,
    PinCheck,
    PinOutcome,
    PinState,
)
from sacco_app.organisation import queries as organisation

LANGUAGES = ("en", "lg", "sw")
MAX_TRIES = 3
TEMPORARY_LIFE = timedelta(hours=72)
COOLING = "members.phone_cooling_hours"
SERVED = (MemberStatus.ACTIVE, MemberStatus.DORMANT)
GONE = (MemberStatus.REJECTED, MemberStatus.EXITED, MemberStatus.DECEASED)
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # as for staff passwords
_NOBODY = _hasher.hash(secrets.token_hex(8))


def _keyed(member_id: UUID, pin: str) -> str:
    """Ten thousand PINs are soon tried, so what is hashed also holds a key that a stolen database does not."""
    return crypto.fingerprint(f"pin:{member_id}:{pin}")


def _fits(member_id: UUID | None, stored: str | None, pin: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, _keyed(member_id or UUID(int=0), pin)) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def _state(row: ChannelCredential | None) -> PinState:
    if row is None or row.pin_hash is None:
        return PinState.NOT_SET
    if row.blocked_at is not None:
        return PinState.BLOCKED
    if row.locked_at is not None:
        return PinState.LOCKED
    return PinState.TEMPORARY if row.is_temporary else PinState.ACTIVE


def _cooling_until(session: Session, row: ChannelCredential | None) -> datetime | None:
    news = [at for at in (row.phone_changed_at, row.issued_at) if at is not None] if row else []
    if not news:
        return None
    hours = organisation.parameter(session, COOLING, local_date(max(news))).number
    return max(news) + timedelta(hours=int(hours))


def find_by_phone(session: Session, phone: str) -> ChannelMember | None:
    """The member whose number this is (E.164). The one with channel access first; None when it could be several."""
    query = (
        select(Member, ChannelCredential)
        .outerjoin(ChannelCredential, ChannelCredential.member_id == Member.id)
        .where(Member.phone == phone, Member.status.not_in(GONE))
        .order_by((ChannelCredential.phone == phone).desc().nulls_last(), Member.number)
        .limit(2)
    )
    rows = session.execute(query).tuples().all()
    if not rows:
        return None
    member, credential = rows[0]
    if len(rows) > 1 and (credential is None or credential.phone != phone):
        return None
    return _greeted(session, member, credential)


def channel_member(session: Session, member_id: UUID) -> ChannelMember:
    """The same for a member who is known already. Raises NotFound."""
    member = session.get(Member, member_id)
    if member is None:
        raise NotFound(what="member")
    return _greeted(session, member, session.get(ChannelCredential, member_id))


def _greeted(session: Session, member: Member, row: ChannelCredential | None) -> ChannelMember:
    names = ("id", "number", "full_name", "status", "branch_id", "phone", "language", "sms_consent")
    plain = {name: getattr(member, name) for name in names}
    return ChannelMember(**plain, pin=_state(row), cooling_until=_cooling_until(session, row))


def channel_access(session: Session, member_id: UUID) -> ChannelAccess:
    """How the member stands with the channels, for the page of staff."""
    row = session.get(ChannelCredential, member_id)
    if row is None:
        return ChannelAccess(PinState.NOT_SET)
    return ChannelAccess(
        state=_state(row),
        phone=row.phone or "",
        consented_at=row.consented_at,
        issued_at=row.issued_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at if row.is_temporary else None,
        since=row.blocked_at or row.locked_at,
        reason=row.block_reason,
        tries_left=MAX_TRIES - row.failed_tries,
        cooling_until=_cooling_until(session, row),
    )


def require_settled_phone(session: Session, clock: Clock, member_id: UUID) -> None:
    """Refuse to pay out while the phone number, or a PIN from the counter, is new. Raises PhoneChangedLately.

    Whoever swapped a SIM must wait, and so must a colleague who issued a PIN for themselves: the member hears of it first.
    """
    until = _cooling_until(session, session.get(ChannelCredential, member_id))
    if until is not None and until > clock.now():
        raise PhoneChangedLately(until=format_instant(until))


def verify_pin(session: Session, clock: Clock, member_id: UUID | None, pin: str) -> PinCheck:
    """Check a PIN under the lock of its row; the third wrong one in a row locks. Never raises for a wrong PIN.

    None as member (an unknown phone) takes the same time and is WRONG. Tell people apart only RIGHT, MUST_CHANGE and
    "not right, or not open: visit your branch": the other outcomes would say whose phone is registered.
    """
    row = _locked(session, member_id) if member_id else None
    fits = _fits(member_id, row.pin_hash if row else None, pin)
    if row is None or row.pin_hash is None:
        return PinCheck(PinOutcome.NOT_SET if member_id else PinOutcome.WRONG)
    if row.blocked_at is not None or session.get_one(Member, row.member_id).status not in SERVED:
        return PinCheck(PinOutcome.BLOCKED)
    if row.locked_at is not None:
        return PinCheck(PinOutcome.LOCKED)
    if not fits:
        return _count_wrong(session, clock, row)
    row.failed_tries = 0
    if not row.is_temporary:
        return PinCheck(PinOutcome.RIGHT, MAX_TRIES)
    late = row.expires_at is not None and row.expires_at <= clock.now()
    return PinCheck(PinOutcome.EXPIRED if late else PinOutcome.MUST_CHANGE, MAX_TRIES)


def _count_wrong(session: Session, clock: Clock, row: ChannelCredential) -> PinCheck:
    row.failed_tries += 1
    audit.record(session, "members.pin_refused", ("members", row.member_id), reason=f"wrong try {row.failed_tries}")
    if row.failed_tries < MAX_TRIES:
        return PinCheck(PinOutcome.WRONG, MAX_TRIES - row.failed_tries)
    row.locked_at = clock.now()
    audit.record(session, "members.channel_locked", ("members", row.member_id))
    outbox.record(session, ChannelLocked(row.member_id, row.phone or "", clock.now()))
    return PinCheck(PinOutcome.LOCKED)


def change_pin(session: Session, clock: Clock, member_id: UUID, present: str, wanted: str) -> PinCheck:
    """Replace the present (or temporary) PIN. RIGHT: it is changed; every other outcome is as of `verify_pin`.

    Raises PinTooWeak, only after the present PIN was right.
    """
    check = verify_pin(session, clock, member_id, present)
    if check.outcome not in (PinOutcome.RIGHT, PinOutcome.MUST_CHANGE):
        return check
    row, member = session.get_one(ChannelCredential, member_id), session.get_one(Member, member_id)
    weakness = rules.pin_weakness(wanted, member.date_of_birth, member.phone)
    if weakness is None and _fits(member_id, row.pin_hash, wanted):
        weakness = "it is the present one"
    if weakness:
        raise PinTooWeak(why=weakness)
    row.pin_hash, row.is_temporary, row.expires_at = _hasher.hash(_keyed(member_id, wanted)), False, None
    row.changed_at = clock.now()
    audit.record(session, "members.pin_changed", ("members", member_id))
    outbox.record(session, PinChanged(member_id, row.phone or "", clock.now()))
    return PinCheck(PinOutcome.RIGHT, MAX_TRIES)


def issue_temporary_pin(session: Session, actor: Actor, clock: Clock, member_id: UUID) -> str:
    """A PIN for the first use, shown once at the counter to a member who agreed; it binds the channels to the phone.

    It ends after 72 hours and takes the place of an earlier PIN. Access that is locked or blocked is unlocked first,
    with its reason; nothing is paid out to others for a while after. Raises MemberNotActive, OwnChannel,
    PhoneHasChannel, ChannelStateRefused.
    """
    member = _served_by(session, actor, member_id)
    if member.status not in SERVED:
        raise MemberNotActive(name=member.full_name, status=member.status.replace("_", " "))
    row, now = _locked(session, member_id), clock.now()
    if (state := _state(row)) in (PinState.LOCKED, PinState.BLOCKED):
        raise ChannelStateRefused(state=state.value, why="unlock it first, with the reason")
    row = row or ChannelCredential(member_id=member_id)
    _bind_phone(session, row, member.phone)
    pin = _random_pin(member)
    row.pin_hash, row.is_temporary, row.expires_at = _hasher.hash(_keyed(member_id, pin)), True, now + TEMPORARY_LIFE
    row.issued_at, row.consented_at, row.failed_tries = now, now, 0
    session.add(row)
    audit.record(session, "members.pin_issued", ("members", member_id))
    outbox.record(session, PinIssued(member_id, member.phone, now))
    return pin


def _random_pin(member: Member) -> str:
    """Six digits, the longest that a PIN has: three tries against a million are better than against ten thousand."""
    while True:
        pin = f"{secrets.randbelow(1_000_000):06d}"
        if rules.pin_weakness(pin, member.date_of_birth, member.phone) is None:
            return pin


def _bind_phone(session: Session, row: ChannelCredential, phone: str) -> None:
    query = select(Member.number).join(ChannelCredential, ChannelCredential.member_id == Member.id)
    holder = session.scalar(query.where(ChannelCredential.phone == phone, Member.id != row.member_id))
    if holder is not None:
        raise PhoneHasChannel(number=holder)
    row.phone = phone


def move_phone(session: Session, clock: Clock, member_id: UUID, phone: str) -> None:
    """The channels follow to a new number; nothing is paid out to it for a while. Raises PhoneHasChannel."""
    row = _locked(session, member_id)
    if row is None or row.pin_hash is None:
        return
    _bind_phone(session, row, phone)
    row.phone_changed_at = clock.now()


def close(session: Session, member_id: UUID) -> None:
    """Whoever left has no PIN, and the number is free for somebody else."""
    row = _locked(session, member_id)
    if row is not None:
        row.phone, row.pin_hash, row.is_temporary, row.expires_at = None, None, False, None


def unlock(session: Session, actor: Actor, clock: Clock, member_id: UUID, reason: str) -> None:
    """Let a member try again after a lock or a block. Raises ChannelNotSetUp, ChannelStateRefused, OwnChannel."""
    _served_by(session, actor, member_id)
    row = _set_up(session, member_id)
    if row.locked_at is None and row.blocked_at is None:
        raise ChannelStateRefused(state="open", why="there is nothing to unlock")
    row.failed_tries, row.locked_at, row.blocked_at, row.block_reason = 0, None, None, ""
    audit.record(session, "members.channel_unlocked", ("members", member_id), reason=reason)


def block(session: Session, actor: Actor, clock: Clock, member_id: UUID, reason: str) -> None:
    """Shut the channels: staff, or the member in person who reports a theft. Raises ChannelNotSetUp, OwnChannel."""
    if not actor.is_the_member(member_id):
        _served_by(session, actor, member_id)
    row = _set_up(session, member_id)
    if row.blocked_at is not None:
        return
    row.blocked_at, row.block_reason = clock.now(), reason
    audit.record(session, "members.channel_blocked", ("members", member_id), reason=reason)
    outbox.record(session, ChannelBlocked(member_id, row.phone or "", clock.now()))


def set_language(session: Session, actor: Actor, clock: Clock, member_id: UUID, language: str) -> None:
    """The member chooses the language of menus and messages: en, lg or sw."""
    actor.require_member(member_id)
    assert language in LANGUAGES
    _member(session, member_id).language = language


def set_sms_consent(session: Session, actor: Actor, clock: Clock, member_id: UUID, *, agreed: bool) -> None:
    """The member asks for messages, or for none."""
    actor.require_member(member_id)
    _member(session, member_id).sms_consent = agreed


def member_actor(session: Session, member_id: UUID, channel: str, ip: str = "") -> Actor:
    """The member in person, after the PIN was right. Holds no permission: rooms offer members verbs of their own that
    call `actor.require_member`. The maker on record is the technical user of the channel (ADR 0006).

    Raises NotFound, MemberNotActive.
    """
    member = session.get(Member, member_id)
    if member is None:
        raise NotFound(what="member")
    if member.status not in SERVED:
        raise MemberNotActive(name=member.full_name, status=member.status.replace("_", " "))
    name, maker = f"{member.number} {member.full_name}"[:120], CHANNEL_USERS[channel]
    return Actor.member(member_id, name, channel, ip=ip, user_id=maker, branch_id=member.branch_id)


def _served_by(session: Session, actor: Actor, member_id: UUID) -> Member:
    """The locked member, if this member of staff may look after the channels."""
    actor.require(MembersPermission.CHANNEL_MANAGE)
    if actor.member_id == member_id:
        raise OwnChannel
    member = _member(session, member_id)
    if not actor.sees_branch(member.branch_id):
        raise NotPermitted(branch_id=str(member.branch_id))
    return member


def _member(session: Session, member_id: UUID) -> Member:
    return locks.acquire(session, [LockRequest(LockRank.MEMBER, Member, (member_id,))]).one(Member, member_id)


def _locked(session: Session, member_id: UUID) -> ChannelCredential | None:
    return session.get(ChannelCredential, member_id, with_for_update=True, populate_existing=True)


def _set_up(session: Session, member_id: UUID) -> ChannelCredential:
    row = _locked(session, member_id)
    if row is None or row.pin_hash is None:
        raise ChannelNotSetUp
    return row
