"""The other pages of a member: accounts, documents, next of kin, history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import send_file, url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel import audit
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.members import files, ports, queries, service, words
from sacco_app.members.forms import (
    BASES,
    DOCUMENTS,
    EMPLOYMENT,
    LANGUAGES,
    MARITAL,
    SEXES,
    DocumentForm,
    NextOfKinForm,
    kin_from,
)
from sacco_app.members.models import MemberDocument, NextOfKin
from sacco_app.members.types import DocumentKind, Upload
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import member_page
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to
from sacco_app.webkit.tables import Column, Empty, export, paginate

SPARE_ROWS = 2
UNTOLD = (None, "", False, 0)
QUIET = (
    *("id", "member_id", "branch_id", "path", "sha256", "number", "size", "mime", "added_at", "added_by", "since"),
    *("accepted_at", "applied_on", "nationality", "language", "risk_rating", "issued_at", "consented_at"),
)
NAMED: dict[str, Mapping[str, str]] = {
    "sex": dict(SEXES),
    "language": dict(LANGUAGES),
    "marital_status": dict(MARITAL),
    "employment": dict(EMPLOYMENT),
    "kind": {kind.value: name for kind, name in DOCUMENTS.items()},
    "basis": {basis.value: name for basis, name in BASES.items()},
}
ACTIONS = {
    "members.created": "Application taken",
    "members.changed": "Details changed",
    "members.status_changed": "Status changed",
    "members.document_viewed": "Identity document looked at",
    "members.pin_issued": "Temporary PIN issued",
    "members.pin_changed": "PIN chosen by the member",
    "members.pin_refused": "Wrong PIN",
    "members.channel_locked": "Channels locked after wrong PINs",
    "members.channel_unlocked": "Channels unlocked",
    "members.channel_blocked": "Channels blocked",
    "member_documents.created": "File kept",
    "member_documents.changed": "File accepted",
    "next_of_kin.created": "Next of kin named",
    "channel_credentials.created": "Channel access set up",
    "channel_credentials.changed": "Channel access changed",
}


@blueprint.get("/<uuid:member_id>/accounts")
@requires(P.MEMBER_VIEW)
def show_accounts(member_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    queries.get_row(session, actor, member_id)
    panels = [(panel.template, panel.data(session, actor, member_id)) for panel in ports.panels()]
    return member_page("members/accounts.html", member_id, panels=panels)


@blueprint.get("/<uuid:member_id>/documents")
@requires(P.MEMBER_VIEW)
def show_documents(member_id: UUID) -> Response:
    return _documents(member_id, DocumentForm())


def _documents(member_id: UUID, form: DocumentForm) -> Response:
    session = db.session()
    queries.get_row(session, current_actor(), member_id)
    rows = queries.all_documents(session, member_id)
    return member_page(
        "members/documents.html",
        member_id,
        status=form.status,
        form=form,
        kinds=DOCUMENTS,
        current=queries.latest_documents(session, member_id),
        documents=rows,
        names=access.names(session, [one.added_by for one in rows]),
    )


@blueprint.post("/<uuid:member_id>/documents")
@requires(P.MEMBER_EDIT, P.MEMBER_REGISTER)
def add_document(member_id: UUID) -> Response:
    form, actor, clock = DocumentForm(), current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)

    def work(session: Session) -> UUID | None:
        upload = Upload(DocumentKind(form.kind.data), form.file.data.read(), form.file.data.filename or "file")
        return service.attach_document(session, actor, clock, member_id, upload)

    done = submit(form, work)
    if not done.done:
        return _documents(member_id, form)
    notify("The file is kept" if done.value is None else "The file is kept; it waits for a second person")
    return redirect_to(url_for("members.show_documents", member_id=member_id))


@blueprint.get("/documents/<uuid:document_id>")
@requires(P.DOCUMENT_VIEW)
def show_document(document_id: UUID) -> Response:
    """The file itself. Who looks at an identity document is noted."""
    actor = current_actor()
    row = queries.get_document(db.session(), actor, document_id)
    if row.kind not in (DocumentKind.PHOTO, DocumentKind.SIGNATURE):
        run(actor, current_clock(), lambda s: audit.record(s, "members.document_viewed", ("members", row.member_id)))
    name = f"{row.kind}-{row.id.hex[-6:]}.{row.path.rsplit('.', maxsplit=1)[-1]}"
    answer = send_file(files.folder() / row.path, mimetype=row.mime, max_age=0, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/<uuid:member_id>/next-of-kin", methods=["GET", "POST"])
@requires(P.MEMBER_VIEW)
def show_next_of_kin(member_id: UUID) -> Response:
    """Reading is for all who see members; what is posted is refused by the service without the right to edit."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    queries.get_row(session, actor, member_id)
    present = queries.kin_of(session, member_id)
    spare: list[dict[str, Any]] = [{}] * SPARE_ROWS
    form = NextOfKinForm(data={"rows": [{n: getattr(k, n) for n in k.__dataclass_fields__} for k in present] + spare})
    reason = form.reason.data or ""
    done = submit(form, lambda s: service.change_kin(s, actor, clock, member_id, kin_from(form.rows), reason))
    if done.done:
        notify("Saved" if done.value is None else "It waits for a second person")
        return redirect_to(url_for("members.show_next_of_kin", member_id=member_id))
    past = queries.next_of_kin(session, member_id, past=True)
    rows = [[k.name, k.relationship, k.phone, k.born_on, k.address, f"{k.share:.2f}"] for k in present]
    return member_page(
        "members/next_of_kin.html", member_id, status=form.status, form=form, kin=present, kin_rows=rows, past=past
    )


@blueprint.get("/<uuid:member_id>/history")
@requires(P.MEMBER_VIEW)
def show_history(member_id: UUID) -> Response:
    """Everything that happened to the record and to what belongs to it, from the audit trail."""
    session = db.session()
    row = queries.get_row(session, current_actor(), member_id)
    columns = (
        Column("at", "When", "datetime", sort=AuditEvent.at),
        Column("what", "What"),
        Column("told", "Before and after"),
        Column("who", "Who", sort=AuditEvent.actor_name),
        Column("channel", "Where"),
        Column("reason", "Reason"),
    )

    def cells(record: tuple[AuditEvent]) -> dict[str, object]:
        event = record[0]
        return {
            "at": event.at,
            "what": ACTIONS.get(event.action, event.action.replace(".", ": ").replace("_", " ").capitalize()),
            "told": _told(event),
            "who": event.actor_name,
            "channel": event.channel,
            "reason": event.reason,
        }

    query = select(AuditEvent).where(_belongs_to(member_id))
    empty = Empty("Nothing happened yet")
    page = paginate(session, query, columns, cells, empty=empty, default_sort="at", default_direction="desc")
    return export(page, f"history-{row.number}") or member_page("members/history.html", member_id, page=page)


def _belongs_to(member_id: UUID) -> Any:
    parts: list[Any] = [
        and_(AuditEvent.subject_type == kind, AuditEvent.subject_id == str(member_id))
        for kind in ("members", "channel_credentials")
    ]
    for model, kind in ((MemberDocument, "member_documents"), (NextOfKin, "next_of_kin")):
        ids = [str(one) for one in db.session().scalars(select(model.id).where(model.member_id == member_id))]
        parts.append(and_(AuditEvent.subject_type == kind, AuditEvent.subject_id.in_(ids)))
    return or_(*parts)


def _word(name: str, value: Any) -> str:
    """A value as the form called it where it was chosen from a list."""
    chosen = NAMED.get(name, {}).get(value) if isinstance(value, str) else None
    return chosen or words.recorded(value)


def _told(event: AuditEvent) -> str:
    before, after = event.before or {}, event.after or {}
    names = [name for name in dict.fromkeys([*before, *after]) if name not in QUIET]
    if event.before is None:
        shown = [f"{words.label(n)} {_word(n, after[n])}" for n in names if after.get(n) not in UNTOLD]
    else:
        shown = [f"{words.label(n)} {_word(n, before.get(n))} → {_word(n, after.get(n))}" for n in names]
    text = "; ".join(shown)
    return text if len(text) <= 240 else f"{text[:239]}…"
