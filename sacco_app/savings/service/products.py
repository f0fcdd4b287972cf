"""Terms of products: one person asks, another allows, and every account of the product follows at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.savings import queries
from sacco_app.savings.errors import ProductWaits
from sacco_app.savings.models import SavingsProduct
from sacco_app.savings.types import SaveProduct
from sacco_app.savings.types import SavingsPermission as P

SAVE_PRODUCT = "savings.save-product"
FIELDS = ("Name", "Minimum balance", "First deposit at least", "Dormant after", "New accounts are opened")


def product_url(code: str) -> str:
    return f"/savings/products/{code}"


def ask_product(session: Session, actor: Actor, clock: Clock, command: SaveProduct, reason: str = "") -> UUID:
    """Ask for other terms of a product. Returns the request that waits. Raises ProductWaits, NotFound."""
    actor.require(P.PRODUCT_EDIT)
    _present(session, command.code)
    if approval_queries.waiting_for(session, product_url(command.code)):
        raise ProductWaits(code=command.code)
    return approvals.submit(session, actor, clock, SAVE_PRODUCT, command, reason)


def _present(session: Session, code: str) -> queries.Product:
    product = queries.products(session).get(code)
    if product is None:
        raise NotFound(what="savings product")
    return product


def _words(product: queries.Product | SaveProduct, currency: str) -> tuple[str, ...]:
    least, first = (Money(m, CURRENCIES[currency]) for m in (product.min_balance_minor, product.min_opening_minor))
    return product.name, str(least), str(first), f"{product.dormancy_days} days", "yes" if product.is_active else "no"


def describe_product(session: Session, command: SaveProduct) -> Description:
    """Every term with what it is and what it becomes, and how many accounts feel it."""
    present = _present(session, command.code)
    turned = zip(FIELDS, _words(present, present.currency), _words(command, present.currency), strict=True)
    effects = tuple((field, old if old == new else f"{old} → {new}") for field, old, new in turned)
    count = next((n for code, n, _ in queries.totals(session, Actor.system()) if code == command.code), 0)
    told = (("Product", command.code), *effects, ("Accounts that it holds for", f"{count:,}"))
    return Description(f"Change product {command.code}", None, None, told, product_url(command.code))


def execute_product(session: Session, actor: Actor, clock: Clock, command: SaveProduct, request_id: UUID) -> str:
    save_product(session, actor, clock, command)
    return product_url(command.code)


def save_product(session: Session, actor: Actor, clock: Clock, command: SaveProduct) -> None:
    """Change a product's name and terms: the second person's act; accounts follow at once."""
    actor.require(P.PRODUCT_APPROVE)
    row = session.scalars(select(SavingsProduct).where(SavingsProduct.code == command.code).with_for_update()).one()
    row.name, row.is_active = command.name, command.is_active
    row.min_balance_minor, row.min_opening_minor = command.min_balance_minor, command.min_opening_minor
    row.dormancy_days = command.dormancy_days
    reference.bump(session)
