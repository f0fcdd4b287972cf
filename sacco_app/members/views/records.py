"""The list of members, and a member's record."""

from __future__ import annotations

from uuid import UUID

from flask import send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.kernel import audit
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.members import files, ports, queries, rules, service
from sacco_app.members.errors import NinTaken, TooYoung
from sacco_app.members.forms import DocumentForm, MemberForm, StatusForm
from sacco_app.members.models import Member
from sacco_app.members.types import DocumentKind, MemberStatus, Upload
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

PINS = {NinTaken: "nin", TooYoung: "date_of_birth"}


@blueprint.get("")
@requires(P.MEMBER_VIEW)
def list_members() -> Response:
    actor = current_actor()
    columns = (
        Column("number", "Number", sort=Member.number),
        Column("name", "Name", sort=Member.surname),
        Column("phone", "Phone"),
        Column("admitted_on", "Admitted", "date", sort=Member.admitted_on),
        Column("status", "Status", "status", sort=Member.status),
    )
    statuses = [(status.value, status.value.replace("_", " ").capitalize()) for status in MemberStatus]

    def found(text: str) -> object:
        query = queries.search_query(actor, text, 1000)
        return Member.id.in_(query.with_only_columns(Member.id)) if query is not None else None

    filters = (
        Filter("q", "Number, name or phone", found),  # type: ignore[arg-type]
        Filter("status", "Status", lambda value: Member.status == value, "select", statuses),
    )

    def cells(record: tuple[Member]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.number, "url": url_for("members.show_member", member_id=row.id)}
        return {
            "number": link,
            "name": row.full_name,
            "phone": row.phone,
            "admitted_on": row.admitted_on,
            "status": row.status,
        }

    empty = Empty(
        "No member fits",
        "Search by fewer letters, or register the person.",
        "New member",
        url_for("members.new_member"),
    )
    page = paginate(
        db.session(), queries.in_scope(actor), columns, cells, filters=filters, empty=empty, default_sort="number"
    )
    return export(page, "members") or respond("members/list.html", block="results", page=page)


def _form(**kwargs: object) -> MemberForm:
    session = db.session()
    branches = [(str(b.id), f"{b.code} {b.name}") for b in organisation.list_branches(session, current_actor())]
    return MemberForm(branches, organisation.get_profile(session).currency, **kwargs)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(P.MEMBER_REGISTER)
def new_member() -> Response:
    form = _form()
    actor, clock = current_actor(), current_clock()
    command = form.to_command() if form.validate_on_submit() else None
    done = submit(form, lambda s: service.register_member(s, actor, clock, command), PINS)  # type: ignore[arg-type]
    if done.done:
        notify("The application is taken: it waits for approval")
        return redirect_to(url_for("members.show_member", member_id=done.value))
    return respond("members/form.html", status=form.status, form=form, heading="New member", member=None)


@blueprint.route("/<uuid:member_id>/edit", methods=["GET", "POST"])
@requires(P.MEMBER_EDIT)
def edit_member(member_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    row = queries.get_row(session, actor, member_id)
    kin = [
        {name: getattr(k, name) for name in ("name", "relationship", "phone", "share")}
        for k in queries.next_of_kin(session, member_id)
    ]
    form = _form(obj=row, data={"next_of_kin": kin, "branch_id": str(row.branch_id)})
    confirmed = form.confirmed_duplicate.data
    done = submit(
        form, lambda s: service.update_member(s, actor, clock, member_id, form.details(), confirmed=confirmed), PINS
    )
    if done.done:
        notify("The member is saved")
        return redirect_to(url_for("members.show_member", member_id=member_id))
    return respond("members/form.html", status=form.status, form=form, heading=row.full_name, member=row)


@blueprint.get("/<uuid:member_id>")
@requires(P.MEMBER_VIEW)
def show_member(member_id: UUID) -> Response:
    return _page(member_id)


def _page(
    member_id: UUID, status_form: StatusForm | None = None, document_form: DocumentForm | None = None
) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, member_id)
    allowed = sorted(rules.TRANSITIONS[MemberStatus(row.status)]) if row.status != MemberStatus.PENDING_APPROVAL else []
    form = status_form or StatusForm(allowed)
    trail = select(AuditEvent).where(AuditEvent.subject_type == "members", AuditEvent.subject_id == str(member_id))
    return respond(
        "members/member.html",
        status=max(form.status, document_form.status if document_form else 200),
        row=row,
        facts=queries.get_member(session, member_id),
        branch=organisation.get_branch(session, row.branch_id),
        kin=queries.next_of_kin(session, member_id),
        documents=queries.latest_documents(session, member_id),
        panels=[(panel.template, panel.data(session, actor, member_id)) for panel in ports.panels()],
        warnings=rules.nin_warnings(row.nin, row.sex, row.date_of_birth) if row.nin else [],
        status_form=form if allowed else None,
        document_form=document_form or DocumentForm(),
        events=session.scalars(trail.order_by(AuditEvent.at.desc()).limit(12)).all(),
    )


@blueprint.post("/<uuid:member_id>/status")
@requires(P.MEMBER_EDIT)
def change_status(member_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    row = queries.get_row(db.session(), actor, member_id)
    form = StatusForm(sorted(rules.TRANSITIONS[MemberStatus(row.status)]))
    done = submit(
        form,
        lambda s: service.set_status(s, actor, clock, member_id, MemberStatus(form.new_status.data), form.reason.data),
    )
    if not done.done:
        return _page(member_id, form)
    notify("The status is changed")
    return redirect_to(url_for("members.show_member", member_id=member_id))


@blueprint.post("/<uuid:member_id>/documents")
@requires(P.MEMBER_EDIT, P.MEMBER_REGISTER)
def add_document(member_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)
    form = DocumentForm()

    def work(session: object) -> UUID:
        upload = Upload(DocumentKind(form.kind.data), form.file.data.read(), form.file.data.filename)
        return service.attach_document(session, actor, clock, member_id, upload)  # type: ignore[arg-type]

    done = submit(form, work)
    if not done.done:
        return _page(member_id, None, form)
    notify("The document is kept")
    return redirect_to(url_for("members.show_member", member_id=member_id))


@blueprint.get("/documents/<uuid:document_id>")
@requires(P.DOCUMENT_VIEW)
def show_document(document_id: UUID) -> Response:
    actor = current_actor()
    row = queries.get_document(db.session(), actor, document_id)
    if row.kind not in (DocumentKind.PHOTO, DocumentKind.SIGNATURE):
        run(actor, current_clock(), lambda s: audit.record(s, "members.document_viewed", ("members", row.member_id)))
    path, mime = files.folder() / row.path, row.mime
    answer = send_file(path, mimetype=mime, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
