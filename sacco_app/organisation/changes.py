"""A parameter is set by two people: a tax rate or a waiting time that one could change alone would guard nothing."""

from __future__ import annotations

import json
from importlib.resources import files
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.desk import Change, ChangeKind, desk, register_change
from sacco_app.organisation import queries, service
from sacco_app.organisation.errors import ParameterWaits
from sacco_app.organisation.types import OrganisationPermission, SetParameter

SET_PARAMETER = "organisation.set-parameter"
_WORDS: dict[str, list[str]] = json.loads((files("sacco_app.organisation") / "data/words.json").read_text())


def title(key: str) -> str:
    """What a parameter is called by people."""
    return _WORDS[key][0] if key in _WORDS else key.replace(".", ", ").replace("_", " ").capitalize()


def unit(key: str) -> str:
    """In what it is counted."""
    return _WORDS[key][1] if key in _WORDS else ""


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
    present = queries.parameter_history(session, command.key)[0]
    effects = (
        ("Parameter", title(command.key)),
        ("Value", f"{shown(present.value)} → {shown(command.value)}"),
        ("Counted in", unit(command.key) or "as it is"),
        ("From", format_date(command.valid_from)),
        ("Source", command.source),
        ("Verified against the source", "yes" if command.verified else "not yet"),
    )
    return Change(
        f"{title(command.key)}: {shown(present.value)} → {shown(command.value)}", effects, parameter_url(command.key)
    )


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


def shown(value: str) -> str:
    """A value for people: large whole numbers with separators, the rest as it is."""
    return f"{int(value):,}" if value.isascii() and value.isdigit() and len(value) > 4 else value
