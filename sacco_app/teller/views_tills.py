"""The tills: the list, and setting one up."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.teller import pages, service, strongroom
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.errors import TillCodeTaken
from sacco_app.teller.forms import TillForm
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.get("/tills")
@requires(P.TILL_VIEW, P.TILL_ASSIGN)
def till_list() -> Response:
    """The tills with who works at them."""
    session, actor = db.session(), current_actor()
    return respond(
        "teller/tills.html",
        tills=strongroom.till_rows(session, actor),
        currency=pages.currency(),
    )


@blueprint.route("/tills/new", methods=["GET", "POST"])
@requires(P.TILL_ASSIGN)
def new_till() -> Response:
    """Set up a till."""
    actor, clock = current_actor(), current_clock()
    form = TillForm(pages.branches(), pages.currency())
    done = submit(form, lambda s: service.save_till(s, actor, clock, form.to_command()), {TillCodeTaken: "code"})
    if not done.done:
        back = ("Tills", url_for("teller.till_list"))
        return pages.form_page(
            "New till", form, "Set the till up", back, "Cash above the limit is refused at 110 % of it."
        )
    notify("The till is set up")
    return redirect_to(url_for("teller.till_list"))
