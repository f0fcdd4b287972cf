"""The left navigation. Each room says what it offers; a role sees only what it may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from sacco_app.kernel.actor import Actor
from sacco_app.webkit.auth import may_open

SECTIONS = ("Today", "Counter", "Members", "Products", "Accounting", "Control", "Administration")


@dataclass(frozen=True)
class NavItem:
    """One entry: section, words, endpoint, icon (Tabler name) and place. `badge` counts work waiting."""

    section: str
    label: str
    endpoint: str
    icon: str
    order: int = 50
    badge: Callable[[Actor], int] | None = None


def add_navigation(app: Flask, *items: NavItem) -> None:
    """Offer entries; called by each room's `register(app)`."""
    app.extensions.setdefault("navigation", []).extend(items)


def navigation_for(app: Flask, actor: Actor) -> list[dict[str, Any]]:
    """The sections and entries that this actor may open."""
    offered: list[NavItem] = sorted(app.extensions.get("navigation", []), key=lambda item: (item.order, item.label))
    allowed = [item for item in offered if may_open(actor, item.endpoint)]
    here = _here(allowed)
    return [
        {"label": section, "items": [_entry(item, actor, here) for item in allowed if item.section == section]}
        for section in SECTIONS
        if any(item.section == section for item in allowed)
    ]


def _here(items: list[NavItem]) -> NavItem | None:
    """The one entry that the page belongs to: its own, else the nearest above it in the addresses of its room."""
    near = [item for item in items if item.endpoint.split(".")[0] == request.blueprint and _is_above(item)]
    own = [item for item in items if item.endpoint == request.endpoint]
    return next(iter(own), max(near, key=lambda item: len(url_for(item.endpoint)), default=None))


def _is_above(item: NavItem) -> bool:
    url = url_for(item.endpoint).rstrip("/")
    return bool(url) and f"{request.path}/".startswith(f"{url}/")


def _entry(item: NavItem, actor: Actor, here: NavItem | None) -> dict[str, Any]:
    return {
        "key": item.endpoint.replace(".", "-"),
        "label": item.label,
        "url": url_for(item.endpoint),
        "icon": item.icon,
        "active": item is here,
        "counts": item.badge is not None,
        "badge": item.badge(actor) if item.badge else 0,
    }
