"""Pure rules of the members room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sacco_app.members.errors import SharesNotWhole, TooYoung, TransitionRefused
from sacco_app.members.types import Kin, MemberStatus

MIN_AGE = 14
WHOLE = Decimal("100.00")
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
