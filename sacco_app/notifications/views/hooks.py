"""The callbacks of SMS providers: what they say is stored as it is and answered 200, read later."""

from __future__ import annotations

from flask import Response, abort, current_app, request

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports, service
from sacco_app.notifications.types import Call, CallKind
from sacco_app.notifications.views.blueprint import hooks
from sacco_app.webkit.auth import current_clock, public
from sacco_app.webkit.callbacks import admit, kept_headers

KINDS = {kind.value: kind for kind in (CallKind.REPORT, CallKind.INBOUND, CallKind.OPT_OUT)}


@hooks.post("/<string:provider>/<string:secret>/<string:kind>")
@public
def receive_sms_call(provider: str, secret: str, kind: str) -> Response:
    settings = current_app.extensions["config"].messaging
    body = admit(secret, settings.callback_secrets, settings.callback_networks, settings.callback_check)
    sender = ports.provider_at(provider)
    if sender is None or kind not in KINDS:
        abort(404)
    clock, content_type = current_clock(), request.content_type or ""
    call = Call(sender, KINDS[kind], content_type, body, kept_headers(), request.remote_addr or "")
    run(Actor.system("SMS provider", channel="callback"), clock, lambda s: service.keep_call(s, clock, call))
    return Response("", 200, mimetype="text/plain")
