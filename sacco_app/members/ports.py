"""What rooms above put onto a member's pages, and what they say when a member wants to leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor

Figure = tuple[str, str, str]


@dataclass(frozen=True)
class Panel:
    """A template and what it is rendered with; `figures` are words, value and note for the head of every page."""

    template: str
    data: Callable[[Session, Actor, UUID], Any]
    figures: Callable[[Session, Actor, UUID], Sequence[Figure]] | None = None


_panels: dict[str, Panel] = {}
_estate_panels: dict[str, Panel] = {}
_bonds: dict[str, Callable[[Session, UUID], Sequence[str]]] = {}


def register_panel(name: str, panel: Panel) -> None:
    """Show a panel on every member's page of accounts."""
    _panels[name] = panel


def panels() -> list[Panel]:
    """Every panel, in the order in which the rooms registered them."""
    return list(_panels.values())


def register_estate_panel(name: str, panel: Panel) -> None:
    """Show what of a member who died is still to be paid out, and to whom."""
    _estate_panels[name] = panel


def estate_panels() -> list[Panel]:
    """Every panel of the page of an estate."""
    return list(_estate_panels.values())


def register_bonds(name: str, tell: Callable[[Session, UUID], Sequence[str]]) -> None:
    """Say what keeps a member from leaving: a balance, a loan, a guarantee (handbook 1.5). Each in a few words."""
    _bonds[name] = tell


def bonds(session: Session, member_id: UUID) -> list[str]:
    """Everything that keeps the member, in words; empty when nothing does."""
    return [words for tell in _bonds.values() for words in tell(session, member_id)]
