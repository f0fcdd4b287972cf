"""For somebody who cannot get in: a link for a new password, a new telephone. Nobody alone can take another's account.

A link goes to the user's own address. Where no mail server is set, a second person agrees before it is shown.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries
from sacco_app.access.errors import LinkNotAllowed
from sacco_app.access.events import LinkShown, ResetRequested
from sacco_app.access.models import PasswordReset, User
from sacco_app.access.service.passwords import LINK_LIFE, end_all_sessions, token_hash, void_links
from sacco_app.access.service.users import load_user, require_other
from sacco_app.access.types import AccessPermission, ShowLink
from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotPermitted


def issue_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> str:
    """A token with which the user sets a password within 24 hours; told once, stored as a hash. Older ones end.

    For the program alone, which prints it at the set-up or sends it to the user's own address: whoever holds the token
    can become that user. Raises NotPermitted for people, NotFound.
    """
    if not actor.is_system:
        raise NotPermitted
    user = load_user(session, actor, user_id)
    token = _new_token()
    _add_link(session, clock, user.id, token)
    audit.record(session, "users.reset_link_issued", ("users", user.id))
    return token


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _add_link(session: Session, clock: Clock, user_id: UUID, token: str, shown_to: UUID | None = None) -> None:
    void_links(session, clock, user_id)
    expires = clock.now() + LINK_LIFE
    session.add(PasswordReset(user_id=user_id, token_hash=token_hash(token), expires_at=expires, shown_to=shown_to))


def send_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Send the user a link by e-mail to the user's own address: who asks for it never sees it. Raises NotFound."""
    actor.require(AccessPermission.USER_EDIT)
    user = load_user(session, actor, user_id)
    _ask_for_letter(session, clock, user, actor.ip)


def allow_link(session: Session, actor: Actor, clock: Clock, command: ShowLink) -> None:
    """Let who asked be shown a link, once, within 24 hours: the second person's act. Older links end."""
    actor.require(AccessPermission.USER_APPROVE)
    user = load_user(session, actor, command.user_id)
    _add_link(session, clock, user.id, _new_token(), command.maker_id)


def show_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> str:
    """The token of the link that a second person has allowed this actor to see; from now on it works.

    Raises LinkNotAllowed without that, and the second time.
    """
    actor.require(AccessPermission.USER_EDIT)
    user = load_user(session, actor, user_id)
    link = session.scalars(queries.links_to_show(user.id, actor.user_id, clock.now()).with_for_update()).first()
    if link is None:
        raise LinkNotAllowed
    token = _new_token()
    link.token_hash, link.shown_to = token_hash(token), None
    audit.record(session, "users.reset_link_shown", ("users", user.id))
    outbox.record(session, LinkShown(user.id, actor.name, clock.now()))
    return token


def request_reset(session: Session, actor: Actor, clock: Clock, email: str, ip: str) -> None:
    """Somebody at the door says that they forgot. The link is made when the message is, so that no token is stored."""
    query = select(User).where(User.email == email.strip().lower()[:120], User.is_active, User.is_technical.is_(False))
    user = session.scalars(query).first()
    if user is None:
        return
    _ask_for_letter(session, clock, user, ip)


def _ask_for_letter(session: Session, clock: Clock, user: User, ip: str) -> None:
    audit.record(session, "users.reset_requested", ("users", user.id), after={"ip": ip})
    outbox.record(session, ResetRequested(user.id, user.email, ip, clock.now()))


def reset_totp(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Let a user enrol a new telephone; nobody does this for themselves (OwnRights). Open sessions end."""
    actor.require(AccessPermission.USER_APPROVE)
    require_other(actor, user_id)
    user = load_user(session, actor, user_id)
    user.totp_secret, user.totp_confirmed, user.totp_last_step = None, False, None
    end_all_sessions(session, clock, user.id)
