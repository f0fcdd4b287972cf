"""Pages of the savings products."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.savings import queries, service
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.forms import ProductForm
from sacco_app.savings.service.products import product_url
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.get("/products")
@requires(P.PRODUCT_VIEW)
def list_products() -> Response:
    session, actor = db.session(), current_actor()
    totals = {code: (count, total) for code, count, total in queries.totals(session, actor)}
    rows = []
    for product in queries.products(session).values():
        currency = CURRENCIES[product.currency]
        count, total = totals.get(product.code, (0, 0))
        figures = [Money(minor, currency) for minor in (product.min_balance_minor, product.min_opening_minor, total)]
        rows.append((product, *figures, count))
    return respond("savings/products.html", rows=rows)


@blueprint.route("/products/<string:code>", methods=["GET", "POST"])
@requires(P.PRODUCT_EDIT)
def edit_product(code: str) -> Response:
    product = queries.products(db.session()).get(code)
    if product is None:
        raise NotFound(what="savings product")
    currency = CURRENCIES[product.currency]
    least, first = Money(product.min_balance_minor, currency), Money(product.min_opening_minor, currency)
    form = ProductForm(currency, obj=product, data={"min_balance": least, "min_opening": first})
    actor, clock, reason = current_actor(), current_clock(), form.reason.data or ""
    done = submit(form, lambda s: service.ask_product(s, actor, clock, form.to_command(code), reason))
    if done.done:
        notify("Sent to a second person: the terms change when it is approved")
        return redirect_to(url_for("savings.list_products"))
    waiting = [(one.summary, f"/approvals/{one.id}") for one in approvals.waiting_for(db.session(), product_url(code))]
    return respond(
        "savings/product.html",
        block="form_region",
        status=form.status,
        form=form,
        product=product,
        waiting=waiting,
    )
