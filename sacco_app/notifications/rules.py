"""Pure rules of the notifications room: how long a text is, how it is filled, when it may go, how a state moves on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from sacco_app.kernel import gsm7
from sacco_app.kernel.clock import KAMPALA
from sacco_app.notifications.types import Purpose, ReportState, Status

MAX_SEGMENTS = 2
_NIN = re.compile(r"\b[A-Z]{2}[0-9A-Z]{12}\b")
_PLACE = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_STRAY = re.compile(r"[{}\[\]]")


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is as SMS (handbook 7.1): units are septets or UCS-2 characters; `offending` switch to UCS-2."""

    encoding: str
    units: int
    segments: int
    offending: tuple[str, ...] = ()

    @property
    def room(self) -> int:
        """How many units fit into the segments that are paid for."""
        one, more = (160, 153) if self.encoding == "GSM-7" else (70, 67)
        return one if self.segments <= 1 else more * self.segments


def normalise(text: str) -> str:
    """Typed text as telephones write it: curly quotes and dashes straight, Luganda eng as `ng'`, white space plain."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(gsm7.WRITTEN_AS.get(character, character) for character in text).strip()


def measure(text: str) -> Measure:
    """Encoding, units and segments: 160 or 153 septets, 70 or 67 UCS-2 units a part."""
    units = gsm7.septets(text)
    if units is not None:
        return Measure("GSM-7", units, _parts(units, 160, 153))
    odd = tuple(dict.fromkeys(c for c in text if c not in gsm7.BASIC and c not in gsm7.EXTENDED))
    units = len(text.encode("utf-16-be")) // 2
    return Measure("UCS-2", units, _parts(units, 70, 67), odd)


def _parts(units: int, one: int, more: int) -> int:
    return 1 if units <= one else -(-units // more)


def places(body: str) -> tuple[str, ...]:
    """The names in braces, each once, in order."""
    return tuple(dict.fromkeys(_PLACE.findall(body)))


def stray_marks(body: str) -> bool:
    """True when a brace or bracket belongs to no name or optional part."""
    return bool(_STRAY.search(_PLACE.sub("", _OPTIONAL.sub(r"\1", body))))


def faults(body: str, known: Collection[str], longest: Mapping[str, str], *, sms: bool) -> list[str]:
    """What is wrong with the words of a message, in sentences. `longest` are the values of the longest case."""
    if not body:
        return ["write the text"]
    found = []
    strange = [name for name in places(body) if name not in known]
    if strange:
        found.append(f"{_braced(strange)} cannot be filled here: this message knows {_braced(known)}")
    if stray_marks(body):
        found.append("a brace or bracket is left open, or stands alone")
    size = measure(fill(body, longest))
    if sms and size.segments > MAX_SEGMENTS:
        most = replace(size, segments=MAX_SEGMENTS).room
        found.append(
            f"too long: {size.units} characters in the longest case make {size.segments} parts, "
            f"{MAX_SEGMENTS} parts hold {most}"
        )
    return found


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with its values. A part in [brackets] falls away when one of the values in it is empty.

    Values are written in the telephone's alphabet where the template is: a name must not double the price.
    """
    plain = gsm7.septets(_PLACE.sub("", body)) is not None
    known = {name: gsm7.plain(value) if plain else value for name, value in values.items()}

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(known.get(name) for name in places(part[1])) else ""

    filled = _OPTIONAL.sub(optional, body)
    return _PLACE.sub(lambda place: known.get(place[1], ""), filled).strip()


def without_nin(value: str) -> str:
    """A value without what looks like a national identification number: it never leaves the house in a message."""
    return _NIN.sub("…", value) if _NIN.search(value) else value


def masked_account(number: str) -> str:
    """`*0123`: the last four figures, never the whole number (handbook 7.1)."""
    return f"*{number[-4:]}"


def quiet_until(now: datetime, quiet_from: int, quiet_to: int, purpose: Purpose) -> datetime | None:
    """The instant when a message may go, if it has to wait; hours of the Kampala day, security and money never wait."""
    if purpose in (Purpose.SECURITY, Purpose.TRANSACTION) or quiet_from == quiet_to:
        return None
    local = now.astimezone(KAMPALA)
    morning = datetime.combine(local.date(), time(quiet_to), KAMPALA)
    if quiet_from < quiet_to:
        quiet = quiet_from <= local.hour < quiet_to
    else:
        quiet = local.hour >= quiet_from or local.hour < quiet_to
        if local.hour >= quiet_from:
            morning += timedelta(days=1)
    return morning.astimezone(now.tzinfo) if quiet else None


_RANK = {Status.SENDING: 0, Status.UNKNOWN: 0, Status.ACCEPTED: 1, Status.SENT: 2}
_REPORTED = {
    ReportState.SENT: Status.SENT,
    ReportState.DELIVERED: Status.DELIVERED,
    ReportState.FAILED: Status.FAILED,
}


def after_report(status: str, state: ReportState) -> Status | None:
    """Where a report moves a message; None when it says nothing new. What is final stays (protocols 0.3)."""
    wanted = _REPORTED.get(state)
    present = Status(status)
    if wanted is None or present not in _RANK:
        return None
    if wanted is Status.SENT and _RANK[present] >= _RANK[Status.SENT]:
        return None
    return wanted


def push_endpoint_fits(endpoint: str, hosts: Iterable[str]) -> bool:
    """True for an address of a push service that we know: we call it, so nobody may send us anywhere else.

    A host that begins with a dot stands for all below it. Only a machine's own address may go without encryption.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    return known and (parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1"))
