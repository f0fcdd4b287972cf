"""A telephone on the screen, for development: dials the menus, hangs up, sends a hop twice. Not there in production."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from sacco_app.kernel.gsm7 import septets
from sacco_app.kernel.ids import new_code
from sacco_app.ussd.bank import SaccoBank
from sacco_app.ussd.desk import Desk
from sacco_app.ussd.screens import PREFIX, SCREEN
from sacco_app.ussd.types import EventKind, Screen, UssdEvent
from sacco_app.ussd.types import UssdPermission as P
from sacco_app.webkit.auth import current_clock, requires
from sacco_app.webkit.fields import PhoneField
from sacco_app.webkit.forms import SaccoForm
from sacco_app.webkit.htmx import respond

blueprint = Blueprint("ussd_simulator", __name__, url_prefix="/ussd/simulator")
CODE = "*284*55#"


class PhoneForm(SaccoForm):
    """The telephone. The session and the count of hops travel in the page; what was typed never comes back to it."""

    phone = PhoneField("Telephone", [InputRequired("Enter a telephone number")])
    typed = StringField("Answer", [Length(max=160)])
    session_id = HiddenField()
    hop = IntegerField()


@blueprint.route("", methods=["GET", "POST"])
@requires(P.SIMULATOR_USE)
def phone() -> Response:
    form, screen = PhoneForm(), None
    if form.validate_on_submit():
        screen = _press(form, request.form.get("key", "send"))
    return respond("ussd/simulator.html", block="handset", status=form.status, form=form, code=CODE, **_seen(screen))


def _press(form: PhoneForm, key: str) -> Screen | None:
    """What the key does; the form is made ready for the next one."""
    desk: Desk = current_app.extensions["ussd_desk"]
    if key == "dial":
        form.session_id.data, form.hop.data = f"sim-{new_code(16)}", 0
    kind = EventKind.START if key == "dial" else EventKind.INPUT
    session_id = form.session_id.data or "sim-none"
    event = UssdEvent("simulator", session_id, str(form.phone.data), kind, service_code=CODE, network="simulated")
    typed, form.typed.data, form.typed.raw_data = form.typed.data or "", "", None
    if key == "hang-up":
        desk.end(replace(event, kind=EventKind.END))
        form.session_id.data, form.hop.data = "", 0
        return None
    form.hop.data = (form.hop.data or 0) + (key != "again")
    event = replace(event, latest="" if key == "dial" else typed, sequence=form.hop.data)
    return desk.answer(event, SaccoBank(current_clock(), request.remote_addr or ""))


def _seen(screen: Screen | None) -> dict[str, Any]:
    """The screen, and how much of a telephone's it fills with its prefix."""
    used = PREFIX + (septets(screen.text) or 0) if screen else 0
    return {"screen": screen, "used": used, "room": SCREEN}
