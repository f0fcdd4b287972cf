"""One dialect class for all USSD gateways that send a session, a telephone and an input; the map says how (protocols 1).

Forms, queries and JSON; everything typed so far or the latest input; an answer with `CON`/`END` before it, as JSON, or
with the verdict in a header. A gateway that is not in data/dialects.json is described in the settings and needs no code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

import phonenumbers

from sacco_app.ussd.errors import EventUnreadable, NotOurs
from sacco_app.ussd.ports import Incoming, Reply
from sacco_app.ussd.types import EventKind, Outcome, Screen, UssdEvent

NEEDED = ("session", "phone", "input")
MAPS: dict[str, dict[str, Any]] = json.loads(
    (files("sacco_app.integrations.ussd") / "data" / "dialects.json").read_text(encoding="utf-8")
)
OUR_SETTINGS = ("secrets", "allow", "addresses", "dialect")
NOTHING = Screen("", more=False)


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Where a gateway writes what.

    `reads` is form, query or json; `input` accumulated or latest. `kind` tells a beginning from an answer and an end,
    `ended` marks the news of an end by a field that hops do not have. `owner` is the account that calls must name,
    `code` our dialled code, `extension` what a shared code puts before everything typed. `region` is for numbers
    without a country code. One of `prefix`, `json`, `headers` says how is answered.
    """

    method: str
    reads: str
    input: str
    fields: Mapping[str, str]
    kind: Mapping[str, Any] = field(default_factory=dict)
    ended: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    code: str = ""
    extension: str = ""
    region: str = "UG"
    prefix: bool = False
    json: Mapping[str, Any] | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [name for name in NEEDED if name not in self.fields]
        if missing:
            raise ValueError(f"the map does not say which field is {', '.join(missing)}")
        if self.reads not in ("form", "query", "json") or self.input not in ("accumulated", "latest"):
            raise ValueError("reads is form, query or json; input is accumulated or latest")
        if self.input == "latest" and not self.kind:
            raise ValueError("without everything typed so far, `kind` must tell a beginning from an answer")


def dialect(settings: Mapping[str, Any]) -> MappedDialect:
    """The dialect of a gateway: the map that it names, with what the settings put in its place. Raises ValueError."""
    known = MAPS.get(settings["dialect"], {})
    told = known | {name: value for name, value in settings.items() if name not in OUR_SETTINGS}
    try:
        return MappedDialect(settings["dialect"], FieldMap(**told))
    except TypeError as error:
        raise ValueError(f"no such dialect, or a map that is not whole ({error})") from None


class MappedDialect:
    """Reads and answers by a field map."""

    def __init__(self, name: str, fields: FieldMap) -> None:
        self.name = name
        self._map = fields

    def parse(self, incoming: Incoming) -> UssdEvent:
        """Raises EventUnreadable without session, telephone or input, NotOurs for the account of somebody else."""
        facts = self._read(incoming)
        session, phone = self._text(facts, "session"), self._phone(facts)
        if not session or len(session) > 120:
            raise EventUnreadable(why="it names no session")
        owner = self._map.fields.get("owner")
        if self._map.owner and owner and facts.get(owner) != self._map.owner:
            raise NotOurs
        event = UssdEvent(
            gateway=self.name,
            session_id=session,
            phone=phone,
            kind=self._kind(facts),
            service_code=self._text(facts, "code"),
            network=self._text(facts, "network"),
            raw={name: value for name, value in facts.items() if name != self._map.fields["input"]},
        )
        if event.kind in (EventKind.END, EventKind.TIMEOUT):
            return replace(event, outcome=self._outcome(facts))
        if self._map.fields["input"] not in facts:
            raise EventUnreadable(why="it holds no input")
        return self._with_input(event, facts)

    def _with_input(self, event: UssdEvent, facts: Mapping[str, Any]) -> UssdEvent:
        if self._map.input == "accumulated":  # as it is: what is typed next is told by how it grows
            path = self._without_extension(str(facts[self._map.fields["input"]]))
            return replace(event, kind=EventKind.INPUT if path else EventKind.START, path=path)
        typed = self._text(facts, "input")
        latest = self._behind_the_code(typed) if event.kind is EventKind.START else typed
        return replace(event, latest=latest, sequence=self._sequence(facts))

    def render(self, event: UssdEvent, screen: Screen) -> Reply:
        """The screen with the gateway's word for go on or stop."""
        if self._map.json is not None:
            return Reply(json.dumps(_fill(self._map.json, event, screen)), "application/json")
        headers = {name: str(_fill(value, event, screen)) for name, value in self._map.headers.items()}
        before = ("CON " if screen.more else "END ") if self._map.prefix else ""
        return Reply(f"{before}{screen.text}", headers=headers)

    def acknowledge(self, event: UssdEvent) -> Reply:
        """Nobody reads the answer to the news of an end."""
        return self.render(event, NOTHING) if self._map.json is not None else Reply("")

    def _read(self, incoming: Incoming) -> Mapping[str, Any]:
        if incoming.method != self._map.method:
            raise EventUnreadable(why=f"this gateway calls with {self._map.method}")
        if self._map.reads == "query":
            return incoming.query
        try:
            text = incoming.body.decode()
            if self._map.reads == "form":
                return dict(parse_qsl(text, keep_blank_values=True))
            facts = json.loads(text)
        except ValueError:
            raise EventUnreadable(why="the body is not what its gateway sends") from None
        if not isinstance(facts, dict):
            raise EventUnreadable(why="the body is not an object")
        return {name: value for name, value in facts.items() if not isinstance(value, dict | list)}

    def _text(self, facts: Mapping[str, Any], name: str) -> str:
        value = facts.get(self._map.fields.get(name, ""))
        return "" if value is None else str(value).strip()

    def _phone(self, facts: Mapping[str, Any]) -> str:
        """E.164. Gateways leave the plus out; a form turns one that was not encoded into a space."""
        typed = self._text(facts, "phone")
        digits = typed if typed.startswith(("+", "0")) else f"+{typed}"
        try:
            number = phonenumbers.parse(digits, self._map.region)
        except phonenumbers.NumberParseException:
            raise EventUnreadable(why="it names no telephone") from None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def _kind(self, facts: Mapping[str, Any]) -> EventKind:
        if self._map.ended and self._map.ended["field"] in facts:
            return EventKind.END
        if not self._map.kind:
            return EventKind.INPUT
        said = str(facts.get(self._map.kind["field"])).lower()
        kinds = (kind for kind in EventKind if said in self._map.kind.get(kind.value, ()))
        kind = next(kinds, None)
        if kind is None:
            raise EventUnreadable(why="it does not say whether the session begins")
        return kind

    def _outcome(self, facts: Mapping[str, Any]) -> Outcome:
        """An end that we do not know the word for was the member's."""
        outcomes = self._map.ended.get("outcomes", {})
        return Outcome(outcomes.get(str(facts.get(self._map.ended.get("field", ""))), Outcome.LEFT))

    def _without_extension(self, path: str) -> str:
        extension = self._map.extension
        if extension and (path == extension or path.startswith(f"{extension}*")):
            return path[len(extension) + 1 :]
        return path

    def _behind_the_code(self, dialled: str) -> str:
        """`*284*55*1*2#` with our code `*284*55#` is `1*2`."""
        ours = self._map.code.rstrip("#")
        return dialled[len(ours) + 1 :].rstrip("#") if ours and dialled.startswith(f"{ours}*") else ""

    def _sequence(self, facts: Mapping[str, Any]) -> int | None:
        text = self._text(facts, "sequence")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _fill(template: Any, event: UssdEvent, screen: Screen) -> Any:
    """The template with `@text`, `@more`, `@session`, `@menu` and `@in:field` filled in; `{"@more": [a, b]}` chooses."""
    if isinstance(template, Mapping):
        if template.keys() == {"@more"}:
            return template["@more"][0 if screen.more else 1]
        return {name: _fill(value, event, screen) for name, value in template.items()}
    if not isinstance(template, str) or not template.startswith("@"):
        return template
    if template.startswith("@in:"):
        return event.raw.get(template[4:], "")
    told = {"@text": screen.text, "@more": screen.more, "@session": event.session_id, "@menu": screen.menu}
    return told[template]
