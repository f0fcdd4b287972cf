"""Documents by e-mail: a member's paper goes to the member alone, any other to the member of staff who wants it.

The words around it carry no full account number (handbook 7.2); the paper itself does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.documents import queries as documents
from sacco_app.documents.errors import NotReady
from sacco_app.documents.types import DocumentFacts, DocumentStatus
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.masking import masked_text
from sacco_app.members import estates
from sacco_app.members.contacts import contact
from sacco_app.members.errors import MailedBefore, NoMailAddress
from sacco_app.notifications import queries as notification_queries
from sacco_app.notifications import service as notifications
from sacco_app.notifications.types import Message

CODE = "DOCUMENT_MAILED"


@dataclass(frozen=True, slots=True)
class Letter:
    """Where a document goes; `refused` says why it does not (the reader wants no e-mail), `not_before` when it leaves."""

    address: str
    refused: str
    not_before: datetime | None


def mail_document(session: Session, actor: Actor, clock: Clock, document_id: UUID) -> Letter:
    """Send a document as an attachment, once to each address. Raises NotFound, NotReady, NoMailAddress, MailedBefore."""
    document = documents.get_document(session, actor, document_id)
    if document.status != DocumentStatus.READY:
        raise NotReady
    message = _message(session, actor, document)
    if not message.to:
        raise NoMailAddress
    taken = notifications.send(session, clock, message)
    if taken is None:
        raise MailedBefore(address=message.to)
    row = notification_queries.get_message(session, Actor.system(), taken)
    return Letter(row.recipient, row.error, row.not_before)


def _message(session: Session, actor: Actor, document: DocumentFacts) -> Message:
    if document.member_id is None:
        user = access.get_user(session, actor.user_id)
        words = {"name": user.name, "paper": masked_text(document.title)}
        return Message(
            CODE, document.id, user.email, words, user_id=user.id, branch_id=user.branch_id, attachment_id=document.id
        )
    reader = contact(session, document.member_id)
    address = "" if estates.is_deceased(session, reader.member_id) else reader.email
    words = {"name": reader.name, "paper": masked_text(document.title)}
    return Message(
        CODE,
        document.id,
        address,
        words,
        reader.language,
        member_id=reader.member_id,
        branch_id=reader.branch_id,
        attachment_id=document.id,
    )
