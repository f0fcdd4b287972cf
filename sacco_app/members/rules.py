"""Pure rules of the members room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from sacco_app.members.errors import SharesNotWhole, TooYoung, TransitionRefused
from sacco_app.members.types import Kin, MemberStatus

MIN_AGE = 14
WHOLE = Decimal("100.00")
COMMON_PINS = "2580 0852 1470 0741 1379 1397 2468 1122 1004 159753"  # what fingers do on a keypad
BIRTH_FORMS = ("%d%m", "%m%d", "%m%y", "%y%m", "%d%m%y", "%m%d%y", "%y%m%d", "%Y%m", "%m%Y")
_S = MemberStatus
TRANSITIONS: dict[MemberStatus, frozenset[MemberStatus]] = {
    _S.PENDING_APPROVAL: frozenset({_S.ACTIVE, _S.REJECTED}),
    _S.ACTIVE: frozenset({_S.DORMANT, _S.SUSPENDED, _S.WITHDRAWING, _S.DECEASED}),
    _S.DORMANT: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.WITHDRAWING, _S.DECEASED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.WITHDRAWING, _S.DECEASED}),
    _S.WITHDRAWING: frozenset({_S.ACTIVE, _S.EXITED, _S.DECEASED}),
    _S.EXITED: frozenset(),
    _S.DECEASED: frozenset(),
    _S.REJECTED: frozenset(),
}


def check_transition(old: str, new: MemberStatus) -> None:
    """Raise TransitionRefused unless the life cycle allows the step."""
    if new not in TRANSITIONS[MemberStatus(old)]:
        raise TransitionRefused(old=old.replace("_", " "), new=new.replace("_", " "))


def check_shares(kin: Iterable[Kin]) -> None:
    """Nominees' shares sum to 100.00 % exactly, or there are none. Raises SharesNotWhole."""
    shares = [person.share for person in kin]
    if shares and (sum(shares) != WHOLE or min(shares) <= 0):
        raise SharesNotWhole(total=sum(shares))


def age_on(day: date, born: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_age(day: date, born: date) -> None:
    """Raise TooYoung below the by-laws' age."""
    if age_on(day, born) < MIN_AGE:
        raise TooYoung(years=MIN_AGE)


def nin_warnings(nin: str, sex: str, born: date) -> list[str]:
    """What looks odd about a NIN: the sex letter and the birth year. Never a reason to refuse (handbook 1.2)."""
    warnings = []
    if nin[1:2] in "MF" and nin[1:2] != sex:
        warnings.append("The NIN's second letter does not fit the sex")
    if nin[2:4].isdigit() and nin[2:4] != f"{born:%y}":
        warnings.append("The NIN's year does not fit the date of birth")
    return warnings


def search_terms(number: str, names: Iterable[str], phone: str) -> set[str]:
    """What a member is found by: the number, its digits, every word of the name, the phone with and without country."""
    words = {word for name in names for word in re.split(r"[\s'-]+", name.lower()) if word}
    digits = phone.lstrip("+")
    serial = number.rsplit("-", maxsplit=1)[-1]
    return (words | {number.lower(), serial, serial.lstrip("0"), digits, f"0{digits[3:]}"}) - {""}


def pin_weakness(pin: str, born: date, phone: str) -> str | None:
    """Why a PIN is too easy to guess, or None: 4 to 6 digits, no runs, no birthday, not of the phone (handbook 7.3)."""
    if not re.fullmatch(r"[0-9]{4,6}", pin):
        return "4 to 6 digits"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {9}) or pin in COMMON_PINS.split() or pin[:2] * (len(pin) // 2) == pin:
        return "not digits that repeat or run on"
    if re.fullmatch(r"(19|20)\d\d", pin) or any(pin == born.strftime(form) for form in BIRTH_FORMS):
        return "not a birthday or a year"
    if phone.endswith(pin):
        return "not the end of your phone number"
    return None
