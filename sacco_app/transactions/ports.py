"""What rooms above tell the transactions room: their products, and what else they know about a transaction."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

ProductChoices = Callable[[Session], list[tuple[str, str]]]
Details = Callable[[Session, UUID], list[tuple[str, str]]]
_products: dict[str, ProductChoices] = {}
_details: dict[str, Details] = {}


def register_products(room: str, choices: ProductChoices) -> None:
    """Offer the products of a room, as code and name."""
    _products[room] = choices


def product_choices(session: Session) -> list[tuple[str, str]]:
    """Every product on which transactions are made."""
    return [pair for _, choices in sorted(_products.items()) for pair in choices(session)]


def register_details(room: str, details: Details) -> None:
    """Say more about a transaction on its page, as label and value: what the room has asked when it was made."""
    _details[room] = details


def details_of(session: Session, transaction_id: UUID) -> list[tuple[str, str]]:
    """Everything that rooms above know about a transaction."""
    return [pair for _, details in sorted(_details.items()) for pair in details(session, transaction_id)]
