"""Pure rules of the members room."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from sacco_app.members.errors import SharesNotWhole, TooYoung, TransitionRefused
from sacco_app.members.types import DocumentKind, Kin, KycItem, MemberStatus

WHOLE = Decimal("100.00")
COMMON_PINS = "2580 0852 1470 0741 1379 1397 2468 1122 1004 159753"  # what fingers do on a keypad
SOUNDS = (
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("sh", "s"),
    ("ch", "c"),
    ("th", "t"),
    ("y", "i"),
    ("w", "u"),
    ("z", "s"),
    ("v", "f"),
)
BIRTH_FORMS = ("%d%m", "%m%d", "%m%y", "%y%m", "%d%m%y", "%m%d%y", "%y%m%d", "%Y%m", "%m%Y")
_S = MemberStatus
TRANSITIONS: dict[MemberStatus, frozenset[MemberStatus]] = {
    _S.APPLIED: frozenset({_S.PENDING_APPROVAL, _S.REJECTED}),
    _S.PENDING_APPROVAL: frozenset({_S.ACTIVE, _S.REJECTED, _S.APPLIED}),
    _S.ACTIVE: frozenset({_S.DORMANT, _S.SUSPENDED, _S.BLACKLISTED, _S.WITHDRAWING, _S.DECEASED}),
    _S.DORMANT: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.BLACKLISTED, _S.WITHDRAWING, _S.DECEASED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.BLACKLISTED, _S.WITHDRAWING, _S.DECEASED}),
    _S.BLACKLISTED: frozenset({_S.ACTIVE, _S.WITHDRAWING, _S.DECEASED}),
    _S.WITHDRAWING: frozenset({_S.ACTIVE, _S.EXITED, _S.DECEASED}),
    _S.EXITED: frozenset({_S.APPLIED}),
    _S.DECEASED: frozenset({_S.ACTIVE, _S.EXITED}),  # back to active: a report that was wrong; exited: settled
    _S.REJECTED: frozenset({_S.APPLIED}),
}
AT_ONCE = frozenset({_S.SUSPENDED, _S.APPLIED})  # a freeze protects and cannot wait; an application is judged later
BY_APPLICATION = frozenset({_S.APPLIED, _S.PENDING_APPROVAL})


class Person(Protocol):
    """What the completeness of a file is judged by."""

    nin: str | None
    id_card_number: str
    id_expires_on: date | None
    district: str
    village: str
    occupation: str
    source_of_funds: str
    data_consent_on: date | None
    review_on: date | None


def choices_from(status: str) -> list[MemberStatus]:
    """The steps that staff may choose; out of an application only its decision leads."""
    present = MemberStatus(status)
    return [] if present in BY_APPLICATION else sorted(TRANSITIONS[present])


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


def check_age(day: date, born: date, least: int) -> None:
    """Raise TooYoung below the by-laws' age, in years."""
    if age_on(day, born) < least:
        raise TooYoung(years=least)


def nin_warnings(nin: str, sex: str, born: date) -> list[str]:
    """What looks odd about a NIN: the sex letter and the birth year. Never a reason to refuse (handbook 1.2)."""
    warnings = []
    if nin[1:2] in "MF" and nin[1:2] != sex:
        warnings.append("The NIN's second letter does not fit the sex")
    if nin[2:4].isdigit() and nin[2:4] != f"{born:%y}":
        warnings.append("The NIN's year does not fit the date of birth")
    return warnings


def search_terms(number: str, names: Iterable[str], phones: Iterable[str]) -> set[str]:
    """What a member is found by: the number, its digits, every word of the name, phones with and without country."""
    words = {word for name in names for word in re.split(r"[\s'-]+", name.lower()) if word}
    digits = [phone.lstrip("+") for phone in phones if phone]
    serial = number.rsplit("-", maxsplit=1)[-1]
    called = {form for one in digits for form in (one, f"0{one[3:]}")}
    return (words | called | {number.lower(), serial, serial.lstrip("0")}) - {""}


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


def kyc_items(person: Person, kinds: Collection[str], kin: int, today: date) -> list[KycItem]:
    """What should be known of a member before money moves (handbook 1.2), and whether it is."""
    valid = person.id_expires_on is None or person.id_expires_on >= today
    return [
        KycItem("NIN or the number of another ID", bool(person.nin or person.id_card_number), "edit", needed=True),
        KycItem("ID not expired", bool(person.nin or person.id_card_number) and valid, "edit", needed=True),
        KycItem("Photo", DocumentKind.PHOTO in kinds, "documents", needed=True),
        KycItem("Signature", DocumentKind.SIGNATURE in kinds, "documents", needed=True),
        KycItem("Scan of the ID", DocumentKind.ID_FRONT in kinds, "documents", needed=True),
        KycItem("Where the member lives", bool(person.district and person.village), "edit"),
        KycItem("Occupation and source of funds", bool(person.occupation and person.source_of_funds), "edit"),
        KycItem("Consent to the keeping of data", person.data_consent_on is not None, "edit"),
        KycItem("Next of kin", kin > 0, "next_of_kin"),
        KycItem("Review not overdue", person.review_on is None or person.review_on >= today, "edit"),
    ]


def kyc_percent(items: Sequence[KycItem]) -> int:
    """How much of it is there, in whole per cent."""
    return 100 * sum(item.done for item in items) // len(items)


def lacking(items: Iterable[KycItem]) -> list[str]:
    """What must still come before the applicant is admitted, in words."""
    return [item.label for item in items if item.needed and not item.done]


def sound(name: str) -> frozenset[str]:
    """The words of a name as they sound: how people of the same name write it differently."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = (re.sub(r"[^a-z]", "", word) for word in re.split(r"[\s'-]+", plain))
    return frozenset(_sounds(word) for word in words if word)


def _sounds(word: str) -> str:
    for written, said in SOUNDS:
        word = word.replace(written, said)
    return re.sub(r"(.)\1+", r"\1", word).rstrip("e")
