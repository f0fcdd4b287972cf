"""The callback of USSD gateways.

It is public because gateways sign nothing: the secret in the path and the list of networks say that it is one of ours,
and nothing is decided by its word alone but whose telephone it is. Money moves by the member's PIN.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, request

from sacco_app.ussd.bank import SaccoBank
from sacco_app.ussd.desk import Desk
from sacco_app.ussd.errors import EventUnreadable, NotOurs
from sacco_app.ussd.gateways import Gateway
from sacco_app.ussd.ports import Incoming, Reply
from sacco_app.ussd.types import EventKind
from sacco_app.webkit.auth import current_clock, public
from sacco_app.webkit.callbacks import admit

blueprint = Blueprint("ussd_hooks", __name__, url_prefix="/hooks/ussd")


@blueprint.route("/<string:gateway>/<string:secret>", methods=["GET", "POST"])
@blueprint.route("/<string:gateway>/<string:secret>/events", methods=["POST"])
@public
def receive_hop(gateway: str, secret: str) -> Response:
    """One hop, or the news that a session ended. What cannot be read is answered 400, what is not for us 403."""
    gateways: dict[str, Gateway] = current_app.extensions["ussd_gateways"]
    known = gateways.get(gateway)
    if known is None:
        abort(404)
    body = admit(secret, known.secrets, known.networks, known.check)
    try:
        event = known.dialect.parse(Incoming(request.method, request.args.to_dict(), body))
    except EventUnreadable as error:
        return Response(error.message, 400, mimetype="text/plain")
    except NotOurs as error:
        return Response(error.message, 403, mimetype="text/plain")
    event = replace(event, gateway=known.name)
    desk: Desk = current_app.extensions["ussd_desk"]
    if event.kind in (EventKind.END, EventKind.TIMEOUT):
        desk.end(event)
        return _answer(known.dialect.acknowledge(event))
    screen = desk.answer(event, SaccoBank(current_clock(), request.remote_addr or ""))
    return _answer(known.dialect.render(event, screen))


def _answer(reply: Reply) -> Response:
    return Response(reply.body, 200, dict(reply.headers), mimetype=reply.mimetype)
