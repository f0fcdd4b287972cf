"""What everybody may do with their own access: password, second factor, sessions."""

from __future__ import annotations

import io
from uuid import UUID

import pyotp
import segno
from flask import Response as FlaskResponse
from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.errors import CodeWrong, PasswordTooWeak, PasswordWrong
from sacco_app.access.forms import ChangePasswordForm, CodeForm
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, signed_in
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.route("/my/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Response:
    form = ChangePasswordForm()
    actor, clock = current_actor(), current_clock()
    pins = {PasswordWrong: "present", PasswordTooWeak: "password"}
    done = submit(form, lambda s: service.change_password(s, actor, clock, form.present.data, form.password.data), pins)
    if done.done:
        notify("The password is changed; other sessions are ended")
        return redirect_to("/")
    return respond("access/change_password.html", block="form_region", status=form.status, form=form)


@blueprint.route("/my/second-factor", methods=["GET", "POST"])
@signed_in
def enrol_totp() -> Response:
    form = CodeForm()
    actor, clock = current_actor(), current_clock()
    enrolled = queries.has_totp(db.session(), actor.user_id)
    prove = service.renew_recovery_codes if enrolled else service.confirm_totp
    done = submit(form, lambda s: prove(s, actor, clock, form.code.data), {CodeWrong: "code"})
    if done.done:
        return respond("access/recovery_codes.html", codes=done.value)
    if enrolled:
        left = queries.recovery_codes_left(db.session(), actor.user_id)
        return respond("access/second_factor.html", block="form_region", status=form.status, form=form, left=left)
    secret = run(actor, clock, lambda s: service.begin_totp(s, actor, clock))
    return respond("access/enrol_totp.html", status=form.status, form=form, secret=secret)


@blueprint.get("/my/second-factor/picture")
@signed_in
def totp_picture() -> Response:
    actor, clock = current_actor(), current_clock()
    secret = run(actor, clock, lambda s: service.begin_totp(s, actor, clock))
    session = db.session()
    issuer, email = organisation.get_profile(session).name, queries.get_user(session, actor.user_id).email
    picture = io.BytesIO()
    segno.make(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)).save(picture, kind="svg", scale=5)
    return FlaskResponse(picture.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/my/sessions")
@signed_in
def my_sessions() -> Response:
    """Everything about the own access on one page."""
    session, own = db.session(), current_actor().user_id
    return respond(
        "access/my_sessions.html",
        rows=queries.open_sessions(session, own),
        attempts=queries.last_attempts(session, own),
        enrolled=queries.has_totp(session, own),
        left=queries.recovery_codes_left(session, own),
    )


@blueprint.post("/my/sessions/<uuid:session_id>/end")
@signed_in
def end_my_session(session_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.end_session(s, actor, clock, session_id, "ended by its user"))
    notify("The session is ended")
    return redirect_to(url_for("access.my_sessions"))
