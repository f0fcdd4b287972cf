"""What everybody may do with their own access: password, second factor, sessions."""

from __future__ import annotations

import io
from uuid import UUID

import pyotp
import segno
from flask import Response as FlaskResponse
from flask import session as browser
from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.errors import CodeWrong, OwnRights, PasswordTooWeak, PasswordWrong
from sacco_app.access.forms import ChangePasswordForm, CodeForm
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel import crypto
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, signed_in
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

UNCONFIRMED = "unconfirmed_factor"


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
    actor, clock = current_actor(), current_clock()
    if queries.has_totp(db.session(), actor.user_id):
        return _renew_codes()
    form, secret = CodeForm(), _unconfirmed_secret()
    done = submit(form, lambda s: service.confirm_totp(s, actor, clock, secret, form.code.data), {CodeWrong: "code"})
    if done.done:
        browser.pop(UNCONFIRMED, None)
        return respond("access/recovery_codes.html", codes=done.value)
    demanded = queries.needs_totp(db.session(), actor.user_id)
    return respond("access/enrol_totp.html", status=form.status, form=form, secret=secret, demanded=demanded)


def _renew_codes() -> Response:
    actor, clock = current_actor(), current_clock()
    left = queries.recovery_codes_left(db.session(), actor.user_id)
    form = CodeForm(left)
    done = submit(form, lambda s: service.renew_recovery_codes(s, actor, clock, form.code.data), {CodeWrong: "code"})
    if done.done:
        return respond("access/recovery_codes.html", codes=done.value)
    return respond("access/second_factor.html", block="form_region", status=form.status, form=form, left=left)


def _unconfirmed_secret() -> str:
    """The secret that this browser enrols with: encrypted in its session, not the user's before the first code."""
    own = str(current_actor().user_id)
    kept = browser.get(UNCONFIRMED)
    if isinstance(kept, dict) and kept.get("for") == own:
        try:
            return crypto.decrypt(kept["token"].encode())
        except RuntimeError:
            browser.pop(UNCONFIRMED)
    secret = service.new_secret()
    browser[UNCONFIRMED] = {"for": own, "token": crypto.encrypt(secret).decode()}
    return secret


@blueprint.get("/my/second-factor/picture")
@signed_in
def totp_picture() -> Response:
    """The secret that is being set up, as a picture; never that of a telephone that is set up already (OwnRights)."""
    session, actor = db.session(), current_actor()
    if queries.has_totp(session, actor.user_id):
        raise OwnRights
    secret = _unconfirmed_secret()
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
