"""A parameter is set by two people: a tax rate or a waiting time that one could change alone would guard nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.desk import Change, ChangeKind, desk, register_change
from sacco_app.kernel.money import Currency, Money
from sacco_app.organisation import queries, service
from sacco_app.organisation.errors import ParameterWaits
from sacco_app.organisation.types import OrganisationPermission, SetParameter

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENTERED = {
    "share": "a share of one: 0.15 is 15 %",
    "hour": "the hour of the day, 0 to 23",
    "weekdays": "digits, 0 for Monday to 6 for Sunday",
}
SET_PARAMETER = "organisation.set-parameter"
_WORDS: dict[str, list[str]] = json.loads((files("sacco_app.organisation") / "data/words.json").read_text())


def title(key: str) -> str:
    """What a parameter is called by people."""
    return _WORDS[key][0] if key in _WORDS else key.replace(".", ", ").replace("_", " ").capitalize()


def unit(key: str, currency: Currency) -> str:
    """In what a new value is entered."""
    kind = _WORDS[key][1] if key in _WORDS else ""
    money = currency.code if currency.exponent == 0 else f"the smallest unit of {currency.code}"
    return money if kind == "money" else ENTERED.get(kind, kind)


def parameter_url(key: str) -> str:
    return f"/organisation/parameters/{key}"


def ask_set_parameter(session: Session, actor: Actor, clock: Clock, command: SetParameter) -> UUID:
    """Ask for a new value from a day on. Raises ParameterNotLater, ParameterNotANumber, ParameterWaits."""
    actor.require(OrganisationPermission.PARAMETER_EDIT)
    service.check_parameter(session, command)
    if desk().waiting(session, parameter_url(command.key)):
        raise ParameterWaits
    return desk().submit(session, actor, clock, SET_PARAMETER, command, command.source)


def describe_set_parameter(session: Session, command: SetParameter) -> Change:
    """The value that ends and the one that begins."""
    present, currency = queries.parameter_history(session, command.key)[0], queries.get_profile(session).currency
    turned = f"{shown(command.key, present.value, currency)} → {shown(command.key, command.value, currency)}"
    effects = (
        ("Parameter", title(command.key)),
        ("Value", turned),
        ("Valid from", format_date(command.valid_from)),
        ("Source", command.source),
        ("Verified against the source", "yes" if command.verified else "not yet"),
    )
    return Change(f"{title(command.key)}: {turned}", effects, parameter_url(command.key))


def execute_set_parameter(session: Session, actor: Actor, clock: Clock, command: SetParameter, request_id: UUID) -> str:
    service.set_parameter(session, actor, clock, command)
    return parameter_url(command.key)


def register() -> None:
    """Offer the kind at the desk."""
    kind = ChangeKind(
        SET_PARAMETER,
        "Value of a parameter",
        SetParameter,
        OrganisationPermission.PARAMETER_APPROVE,
        describe_set_parameter,
        execute_set_parameter,
    )
    register_change(kind)


def known_keys() -> list[str]:
    """The parameters that have words."""
    return list(_WORDS)


def shown(key: str, value: str, currency: Currency) -> str:
    """A value for people, with its unit; one that is none of its kind as it was entered."""
    kind = _WORDS[key][1] if key in _WORDS else ""
    try:
        return _shown(kind, value, currency)
    except (ArithmeticError, ValueError, IndexError):
        return value


def _shown(kind: str, value: str, currency: Currency) -> str:
    match kind:
        case "money":
            return str(Money(int(value), currency))
        case "share":
            return f"{(Decimal(value) * 100).normalize():f} %"
        case "hour":
            return f"{int(value):02d}:00"
        case "weekdays":
            return ", ".join(WEEKDAYS[int(digit)] for digit in value) or "none"
        case "days" | "hours" | "years":
            return f"{int(value)} {kind}"
        case _:
            return value
