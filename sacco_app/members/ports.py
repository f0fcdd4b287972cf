"""Panels that rooms above put onto a member's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor


@dataclass(frozen=True)
class Panel:
    """A template and what it is rendered with."""

    template: str
    data: Callable[[Session, Actor, UUID], Any]


_panels: dict[str, Panel] = {}


def register_panel(name: str, panel: Panel) -> None:
    """Show a panel on every member's page."""
    _panels[name] = panel


def panels() -> list[Panel]:
    return list(_panels.values())
