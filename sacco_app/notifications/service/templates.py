"""Changing the words of messages. Every change is a new version; what was sent keeps the version that it had."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.notifications import catalogue, queries, rules
from sacco_app.notifications.errors import SecurityStaysOn, WordsNotAccepted
from sacco_app.notifications.models import MessageTemplate
from sacco_app.notifications.types import (
    LANGUAGE_NAMES,
    Channel,
    Language,
    MessageKind,
    NewWords,
    NotificationsPermission,
    Purpose,
    SaveTemplate,
)


def save_template(session: Session, actor: Actor, clock: Clock, command: SaveTemplate) -> list[str]:
    """Put new words in force where they differ from the present ones. Returns the languages that changed.

    Words in a language of members count as unread until somebody who speaks it says otherwise; changed words are unread
    again. Raises NotFound, WordsNotAccepted, SecurityStaysOn.
    """
    actor.require(NotificationsPermission.TEMPLATE_EDIT)
    told = catalogue.kind(command.code)
    if told.purpose is Purpose.SECURITY and not command.active:
        raise SecurityStaysOn
    changed = []
    for new in command.words:
        if new.language not in told.texts:
            raise NotFound(what="language of a message")
        if _save(session, actor, clock, told, new, active=command.active):
            changed.append(new.language)
    if changed:
        reference.bump(session)
    return changed


def _save(session: Session, actor: Actor, clock: Clock, told: MessageKind, new: NewWords, *, active: bool) -> bool:
    subject, body = rules.normalise(new.subject), rules.normalise(new.body)
    _check(told, new.language, subject, body)
    present = queries.words(session, told.code, new.language)
    same = (subject, body) == (present.subject, present.body)
    unread = new.language != Language.ENGLISH and not new.read and (present.needs_review or not same)
    if same and (present.active, present.needs_review) == (active, unread):
        return False
    newest = session.scalar(
        select(func.max(MessageTemplate.version)).where(
            MessageTemplate.code == told.code, MessageTemplate.language == new.language
        )
    )
    session.add(
        MessageTemplate(
            code=told.code,
            channel=told.channel,
            language=new.language,
            version=(newest or 0) + 1,
            subject=subject,
            body=body,
            active=active,
            needs_review=unread,
            made_at=clock.now(),
            made_by=actor.user_id,
        )
    )
    return True


def _check(told: MessageKind, language: str, subject: str, body: str) -> None:
    sms = told.channel is Channel.SMS
    checked = [body] if sms else [subject, body]
    for text in checked:
        for why in rules.faults(text, told.variables, catalogue.longest(told), sms=sms):
            raise WordsNotAccepted(language=LANGUAGE_NAMES[Language(language)], why=why)
