"""What the audit trail keeps, in words: labels of fields, money, dates and names instead of what stands in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sacco_app.access.catalogue import PERMISSIONS, SCOPES
from sacco_app.access.rules import device_name
from sacco_app.kernel.dates import format_date, format_instant
from sacco_app.kernel.money import CURRENCIES, Currency, Money

Values = Mapping[str, Any]
NOTHING = "–"
LABELS = {
    "all_branches": "Sees every branch",
    "at": "When",
    "email": "E-mail",
    "ip": "Address",
    "maker_id": "Asked by",
    "member_id": "Member",
    "nin": "NIN",
    "pin_hash": "PIN",
    "result_ref": "Result",
    "requires_totp": "Second factor needed",
    "subject_url": "Record",
    "totp_confirmed": "Second factor set up",
    "totp_secret": "Secret of the second factor",
}
SILENT = {"id", "idempotency_key"}
PAGES = {"result_ref", "subject_url"}
_CODED = {"status", "state", "kind", "outcome", "decision", "channel", "purpose"}
_ROOMS = {"access", "api", "ledger", "operations"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event: what it was and what it is. `url` leads to what the field names, where it names a page."""

    label: str
    before: str
    after: str
    url: str = ""


def heading(action: str) -> str:
    """`savings_holds.created` as people say it: `Savings hold created`. A room before the verb is left out."""
    thing, _, verb = action.partition(".")
    words = verb if thing in _ROOMS else f"{_one(thing)} {verb}"
    return words.replace("_", " ").capitalize().replace("Api ", "API ")


def _one(thing: str) -> str:
    if thing.endswith("ies"):
        return f"{thing[:-3]}y"
    return thing[:-2] if thing.endswith(("ches", "sses")) else thing.removesuffix("s")


def label(key: str) -> str:
    """What a field is called by people: `min_balance_minor` is `Min balance`."""
    plain = key.removesuffix("_minor").removesuffix("_id").removesuffix("_ids").removeprefix("is_")
    return LABELS.get(key) or plain.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Trail:
    """Reads values of events. `names` are of people, roles and branches, by id; `currency` is that of bare amounts."""

    names: Mapping[str, str]
    currency: Currency

    def changes(self, before: Values | None, after: Values | None) -> list[Change]:
        """Every field of an event, those that were before first."""
        was, becomes = before or {}, after or {}
        keys = [*was, *(key for key in becomes if key not in was)]
        return [self._change(key, was, becomes) for key in keys if key not in SILENT]

    def _change(self, key: str, was: Values, becomes: Values) -> Change:
        url = str(becomes.get(key) or was.get(key) or "") if key in PAGES else ""
        here = url if url.startswith("/") and not url.startswith("//") else ""
        return Change(label(key), self._side(key, was), self._side(key, becomes), here)

    def _side(self, key: str, values: Values) -> str:
        return self.value(key, values[key], values) if key in values else NOTHING

    def told(self, before: Values | None, after: Values | None, limit: int = 200) -> str:
        """An event in a line: what says something to people, cut at `limit` characters."""
        sides = (before or {}, after or {})
        kept = {key for side in sides for key, value in side.items() if self._speaks(key, value)}
        changes = self.changes(*({key: side[key] for key in side if key in kept} for side in sides))
        parts = (
            one.after if not before else one.before if not after else f"{one.before} → {one.after}" for one in changes
        )
        text = "; ".join(f"{one.label}: {part}" for one, part in zip(changes, parts, strict=True))
        return text if len(text) <= limit else f"{text[: limit - 1]}…"

    def _speaks(self, key: str, value: Any) -> bool:
        if key in SILENT | PAGES or value in (None, "", [], {}):
            return False
        if isinstance(value, str) and _ID.match(value):
            return value in self.names
        return not isinstance(value, dict) or _is_money(value)

    def value(self, key: str, value: Any, beside: Values) -> str:
        """One value for people; `beside` are the values of the same event, one of which may name the currency."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int):
            return self._number(key, value, beside)
        if isinstance(value, Mapping):
            return self._record(value)
        if isinstance(value, list):
            return self._list(key, value, beside)
        return self._text(key, str(value))

    def _number(self, key: str, value: int, beside: Values) -> str:
        if key.endswith("_minor"):
            return str(Money(value, CURRENCIES.get(str(beside.get("currency")), self.currency)))
        return f"{value:,}"

    def _record(self, value: Mapping[str, Any]) -> str:
        if _is_money(value):
            return str(Money(value["minor"], CURRENCIES[value["currency"]]))
        return "; ".join(f"{label(key)}: {self.value(key, one, value)}" for key, one in value.items()) or NOTHING

    def _list(self, key: str, value: list[Any], beside: Values) -> str:
        return self._joined(self._item(key, one, beside) for one in value) or NOTHING

    def _item(self, key: str, one: Any, beside: Values) -> str:
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
            return f"{one[0]}: {self.value(key, one[1], beside)}"
        return self.value(key, one, beside)

    @staticmethod
    def _joined(items: Iterator[str]) -> str:
        return "; ".join(items)

    def _text(self, key: str, value: str) -> str:
        if value in self.names:
            return self.names[value]
        if value == "(hidden)":
            return "not shown"
        if key in ("device", "user_agent"):
            return device_name(value)
        if key in _CODED:
            return value.replace("_", " ")
        return PERMISSIONS.get(value) or SCOPES.get(value) or _moment(value)


def _is_money(value: Mapping[str, Any]) -> bool:
    return set(value) == {"minor", "currency"} and value["currency"] in CURRENCIES


def _moment(value: str) -> str:
    try:
        if _DAY.match(value):
            return format_date(date.fromisoformat(value))
        if _INSTANT.match(value):
            return format_instant(datetime.fromisoformat(value))
    except ValueError:
        return value
    return value
