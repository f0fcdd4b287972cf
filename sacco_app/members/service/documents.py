"""A member's files: kept for ever, the newest accepted one of a kind in use."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.members import files, queries, rules
from sacco_app.members.models import Member, MemberDocument
from sacco_app.members.service import shared
from sacco_app.members.types import DocumentKind, MembersPermission, ReplaceDocument, Upload

REPLACE = "members.replace-document"
RECOGNISED_BY = (DocumentKind.PHOTO, DocumentKind.SIGNATURE)


def keep_document(session: Session, actor: Actor, clock: Clock, member: Member, upload: Upload) -> MemberDocument:
    """Check the file by its content and keep it; not in use before it is accepted. Raises FileNotAccepted."""
    stored = files.store(upload)
    row = MemberDocument(
        id=new_id(),
        member_id=member.id,
        kind=upload.kind,
        path=stored.path,
        mime=stored.mime,
        size=stored.size,
        sha256=stored.sha256,
        added_at=clock.now(),
        added_by=actor.user_id,
        accepted_at=clock.now(),
    )
    session.add(row)
    return row


def attach_document(session: Session, actor: Actor, clock: Clock, member_id: UUID, upload: Upload) -> UUID | None:
    """Keep a file of a member. Another face or signature than the one that tellers compare waits for a second person.

    Returns the request that waits, None when the file is in use at once. Raises FileNotAccepted, ChangeWaits.
    """
    if not (actor.may(MembersPermission.MEMBER_EDIT) or actor.may(MembersPermission.MEMBER_REGISTER)):
        raise NotPermitted(permission=MembersPermission.MEMBER_EDIT)
    member = shared.locked(session, actor, member_id)
    known = queries.latest_documents(session, member_id)
    waits = upload.kind in RECOGNISED_BY and upload.kind in known and member.status not in rules.BY_APPLICATION
    if waits:
        shared.refuse_second_change(session, member_id)
    row = keep_document(session, actor, clock, member, upload)
    if not waits:
        shared.refresh_kyc(session, clock, member)
        return None
    row.accepted_at = None
    session.flush()
    return approvals.submit(session, actor, clock, REPLACE, ReplaceDocument(member_id, row.id))


def describe_replacement(session: Session, command: ReplaceDocument) -> Description:
    """What the approver of another photo or signature is shown."""
    member = session.get_one(Member, command.member_id)
    kind = session.get_one(MemberDocument, command.document_id).kind
    effects = (("Member", f"{member.number} {member.full_name}"), (kind.capitalize(), "replaced by the new one"))
    url = f"{shared.member_url(member.id)}/documents"
    summary = f"Another {kind} of {member.full_name}"
    return Description(summary, member.branch_id, None, effects, url, shared.own_users(session, member.id))


def execute_replacement(
    session: Session, actor: Actor, clock: Clock, command: ReplaceDocument, request_id: UUID
) -> str:
    """From now on tellers compare with the new one."""
    member = shared.locked(session, actor, command.member_id)
    session.get_one(MemberDocument, command.document_id, with_for_update=True).accepted_at = clock.now()
    shared.refresh_kyc(session, clock, member)
    return f"{shared.member_url(member.id)}/documents"
