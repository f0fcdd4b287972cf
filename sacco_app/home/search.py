"""Global search: members by number, name, phone or NIN; accounts and receipts by number."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sacco_app.home.types import Hit
from sacco_app.kernel.actor import Actor


def find(session: Session, actor: Actor, text: str) -> list[Hit]:
    """What the text may mean, the surest first, only what the actor may see."""
    return []
