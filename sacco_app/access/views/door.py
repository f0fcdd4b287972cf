"""Sign-in, second factor, sign-out, setting a password by link."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import g, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.errors import PasswordTooWeak
from sacco_app.access.forms import CodeForm, ForgottenForm, NewPasswordForm, SignInForm
from sacco_app.access.types import Credentials, SignInResult, SignInState
from sacco_app.access.views.blueprint import blueprint
from sacco_app.access.views.identity import StaffIdentity, visitor
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_clock, public, signed_in
from sacco_app.webkit.htmx import local_url, notify, redirect_to, respond
from sacco_app.webkit.limits import RESET, SIGN_IN, limited

CODE_LIFE = timedelta(minutes=5)


def _sacco_name() -> str:
    return organisation.get_profile(db.session()).name


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limited(SIGN_IN, methods=("POST",))
def sign_in() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        device = request.user_agent.string
        given = Credentials(form.email.data, form.password.data, request.remote_addr or "", device)
        result = run(visitor(), current_clock(), lambda s: service.check_password(s, visitor(), current_clock(), given))
        if result.state is SignInState.DONE:
            return _enter(result)
        if result.state is SignInState.CODE_NEEDED:
            session["code_for"] = str(result.user_id)
            session["code_at"] = current_clock().now().isoformat()
            return redirect_to(url_for("access.sign_in_code", next=request.args.get("next")))
        form.refusal = result.message
    return respond("access/sign_in.html", status=_status(form), form=form, sacco_name=_sacco_name())


def _status(form: SignInForm | CodeForm) -> int:
    return 401 if form.refusal else form.status


def _enter(result: SignInResult) -> Response:
    assert result.session_id is not None
    _leave("another sign-in in this browser")
    session.clear()
    login_user(StaffIdentity(result.session_id))
    return redirect_to(local_url(request.args.get("next"), "/"))


def _leave(why: str) -> None:
    actor: Actor | None = g.get("actor")
    if actor is None or actor.session_id is None:
        return
    ended, clock = actor.session_id, current_clock()
    run(actor, clock, lambda s: service.end_session(s, actor, clock, ended, why))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@limited(SIGN_IN, methods=("POST",))
def sign_in_code() -> Response:
    started = session.get("code_at")
    clock = current_clock()
    if not started or clock.now() - datetime.fromisoformat(started) > CODE_LIFE:
        session.clear()
        return redirect_to(url_for("access.sign_in", next=request.args.get("next")))
    user_id = UUID(session["code_for"])
    form = CodeForm(queries.recovery_codes_left(db.session(), user_id))
    if form.validate_on_submit():
        ip, device = request.remote_addr or "", request.user_agent.string
        result = run(
            visitor(), clock, lambda s: service.check_code(s, visitor(), clock, user_id, form.code.data, ip, device)
        )
        if result.state is SignInState.DONE:
            return _enter(result)
        form.refusal = result.message
    return respond("access/sign_in_code.html", status=_status(form), form=form, sacco_name=_sacco_name())


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    _leave("signed out")
    session.clear()
    notify("You are signed out")
    return redirect_to(url_for("access.sign_in"))


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
@limited(RESET, methods=("POST",))
def forgot_password() -> Response:
    """The answer is the same whether somebody has this address or not."""
    form, clock = ForgottenForm(), current_clock()
    if form.validate_on_submit():
        actor, ip = visitor(), request.remote_addr or ""
        run(actor, clock, lambda s: service.request_reset(s, actor, clock, form.email.data, ip))
        notify("If somebody here has this address, a link is on its way to it. It works once, for 24 hours.")
        return redirect_to(url_for("access.sign_in"))
    return respond("access/forgot_password.html", status=form.status, form=form, sacco_name=_sacco_name())


@blueprint.route("/set-password/<string:token>", methods=["GET", "POST"])
@public
@limited(SIGN_IN, methods=("POST",))
def set_password(token: str) -> Response:
    form = NewPasswordForm()
    if form.validate_on_submit():
        wanted = form.password.data
        try:
            run(
                visitor(),
                current_clock(),
                lambda s: service.set_password_by_link(s, visitor(), current_clock(), token, wanted),
            )
        except SaccoError as error:
            form.refuse(error, {PasswordTooWeak: "password"})
        else:
            notify("The password is set: sign in with it")
            return redirect_to(url_for("access.sign_in"))
    return respond("access/set_password.html", status=form.status, form=form, sacco_name=_sacco_name())
