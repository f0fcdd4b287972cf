"""Pure rules of the access room: passwords, lockout, time-outs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

FREE_ATTEMPTS = 5
LONGEST_LOCK = timedelta(minutes=60)
GUESS_WINDOW = timedelta(hours=1)
ADDRESS_WINDOW = timedelta(minutes=15)
ADDRESS_LIMIT = 40
MIN_PASSWORD = 10
COMMON = frozenset({"password", "1234567890", "qwertyuiop", "0123456789", "password12", "passw0rd12", "umojasacco"})

_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR"),
    ("Firefox", "Firefox"),
    ("Chrome", "(?:Headless)?Chrome"),
    ("Safari", "Version"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def lock_duration(failures: int) -> timedelta:
    """How long the door stays shut after so many failures in a row: from the fifth on 1, 2, 4 … 60 minutes."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(failures - FREE_ATTEMPTS, 10)), LONGEST_LOCK)


def password_weakness(password: str, email: str, name: str) -> str | None:
    """Why a password is too weak, or None. Length beats symbols (NIST SP 800-63B)."""
    lowered = password.lower()
    if len(password) < MIN_PASSWORD:
        return f"at least {MIN_PASSWORD} characters"
    if len(set(lowered)) < 5 or lowered in COMMON:
        return "not a common or repeated one"
    if email.split("@", maxsplit=1)[0].lower() in lowered or any(
        len(part) > 3 and part.lower() in lowered for part in name.split()
    ):
        return "not your own name"
    return None


def device_name(user_agent: str) -> str:
    """What a browser calls itself, for people: `Chrome 131 on Windows`. What is not known is shown as it came."""
    browser = next((found for name, mark in _BROWSERS if (found := _version(user_agent, name, mark))), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if browser and system else browser or user_agent[:60]


def device_kind(user_agent: str) -> str:
    """The same without the version: an update makes no new device."""
    return re.sub(r" \d+", "", device_name(user_agent), count=1)


def _version(user_agent: str, name: str, mark: str) -> str | None:
    found = re.search(rf"{mark}/(\d+)", user_agent)
    return f"{name} {found[1]}" if found else None


def is_expired(now: datetime, started: datetime, seen: datetime, idle: timedelta, absolute: timedelta) -> bool:
    """True when a session was idle too long or is too old altogether."""
    return now - seen > idle or now - started > absolute


def time_limits(idle_minutes: int, absolute_hours: int) -> tuple[timedelta, timedelta]:
    """How long a session may be idle, and how long it lasts at most."""
    return timedelta(minutes=idle_minutes), timedelta(hours=absolute_hours)
