"""What a member of staff is told of, and where: inbox, e-mail, browsers that may be woken."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FlaskResponse
from flask import current_app, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from sacco_app.access.rules import device_kind
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports, queries, service
from sacco_app.notifications.forms import OwnWishesForm, PushForm
from sacco_app.notifications.types import STAFF_TOPICS
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, public, signed_in
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.route("/my/messages", methods=["GET", "POST"])
@signed_in
def own_messages() -> Response:
    actor = current_actor()
    said = queries.wishes(db.session(), user_id=actor.user_id)
    form = OwnWishesForm.of(said)
    done = submit(form, lambda s: service.save_wishes(s, form.wishes(), user_id=actor.user_id))
    if done.done:
        notify("Your wishes are kept")
        return redirect_to(url_for("notifications.own_messages"))
    return _page(form, PushForm())


def _page(form: OwnWishesForm, push_form: PushForm) -> Response:
    gateway = ports.push_gateway()
    return respond(
        "notifications/own.html",
        status=max(form.status, push_form.status),
        form=form,
        push_form=push_form,
        topics=STAFF_TOPICS,
        browsers=queries.subscriptions(db.session(), current_actor().user_id),
        push_key=gateway.public_key if gateway else "",
        plain=SaccoForm(),
    )


@blueprint.post("/my/messages/browsers")
@signed_in
def add_browser() -> Response:
    form, actor, clock = PushForm(), current_actor(), current_clock()
    hosts = current_app.extensions["config"].messaging.push_hosts
    device = device_kind(request.user_agent.string)
    done = submit(form, lambda s: service.subscribe(s, actor, clock, form.target(), device, hosts))
    if not done.done:
        return _page(OwnWishesForm.of(queries.wishes(db.session(), user_id=actor.user_id)), form)
    notify("This browser is woken when something waits for you")
    return redirect_to(url_for("notifications.own_messages"))


@blueprint.post("/my/messages/browsers/<uuid:subscription_id>/remove")
@signed_in
def remove_browser(subscription_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.unsubscribe(s, actor, clock, subscription_id))
    notify("The browser is not woken any more")
    return redirect_to(url_for("notifications.own_messages"))


@blueprint.get("/service-worker.js")
@public
def service_worker() -> FlaskResponse:
    """At the root, because a service worker serves the pages below its own address."""
    answer = send_from_directory(current_app.static_folder or "", "js/service-worker.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
