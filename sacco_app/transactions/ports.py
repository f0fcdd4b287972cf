"""What rooms above tell the transactions room: their products, for fees that hold for one alone."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

ProductChoices = Callable[[Session], list[tuple[str, str]]]
_products: dict[str, ProductChoices] = {}


def register_products(room: str, choices: ProductChoices) -> None:
    """Offer the products of a room, as code and name."""
    _products[room] = choices


def product_choices(session: Session) -> list[tuple[str, str]]:
    """Every product on which transactions are made."""
    return [pair for _, choices in sorted(_products.items()) for pair in choices(session)]
