"""The tree of menus (data/menu.json): each node has a kind, which says what is shown and what is done with the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

HOME = "home"


@dataclass(frozen=True, slots=True)
class Node:
    """One place in the menus.

    `next` is where a good answer leads, `again` where a refused new PIN leads. `slot` keeps the choice, `but` leaves out
    what another slot holds, `fewest` is how many accounts it takes to go on. `seals`: the PIN that was right is kept for
    the change of PIN. `needs_pin`: nobody arrives here in whose session the PIN was not right.
    """

    name: str
    kind: str
    next: str = ""
    again: str = ""
    items: tuple[str, ...] = ()
    slot: str = ""
    but: str = ""
    fewest: int = 1
    seals: bool = False
    needs_pin: bool = False


def _load() -> dict[str, Node]:
    tree = json.loads((files("sacco_app.ussd") / "data" / "menu.json").read_text(encoding="utf-8"))
    return {name: Node(name, **(facts | {"items": tuple(facts.get("items", ()))})) for name, facts in tree.items()}


NODES: dict[str, Node] = _load()


def title(name: str) -> str:
    """A node as staff read it: `balance.pin` is `Balance: PIN`."""
    words = name.replace(".", ": ").replace("pin", "PIN")
    return words[:1].upper() + words[1:]
