"""How the fields of a member are called and shown, on forms of approval and in the history. A NIN is never whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sacco_app.kernel.dates import format_date, format_instant
from sacco_app.members.types import Kin

LABELS = {
    "title": "Title", "surname": "Surname", "given_names": "Given names", "other_names": "Other names", "sex": "Sex",
    "date_of_birth": "Date of birth", "birth_place": "Place of birth", "nationality": "Nationality",
    "marital_status": "Marital status", "nin": "NIN", "id_card_number": "Card number", "id_expires_on": "Card expires",
    "tin": "TIN", "phone": "Phone", "phone_2": "Second phone", "wallet_phone": "Mobile money number",
    "wallet_name": "Mobile money name", "email": "E-mail", "language": "Language", "sms_consent": "Agrees to SMS",
    "district": "District", "sub_county": "Sub-county", "parish": "Parish", "village": "Village",
    "occupation": "Occupation", "employment": "Employment", "employer": "Employer", "payroll_number": "Payroll number",
    "source_of_funds": "Source of funds", "monthly_income_minor": "Monthly income", "is_pep": "Politically exposed",
    "pep_detail": "Position or relation", "risk_rating": "Risk", "review_on": "Next review", "status": "Status",
    "data_consent_on": "Consent to the keeping of data", "branch_id": "Branch", "applied_on": "Applied",
    "admitted_on": "Admitted", "number": "Number", "kind": "Kind", "name": "Name", "relationship": "Relationship",
    "share": "Share %", "since": "Since", "until": "Until", "born_on": "Born", "address": "Address",
    "accepted_at": "Accepted", "is_temporary": "Temporary", "pin_hash": "PIN", "locked_at": "Locked",
    "blocked_at": "Blocked", "block_reason": "Reason", "issued_at": "Issued", "changed_at": "Changed",
    "consented_at": "Agreed", "expires_at": "Ends", "phone_changed_at": "Phone changed",
}  # fmt: skip


def label(name: str) -> str:
    """The words for a field."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def masked_nin(nin: str | None) -> str:
    """`••••••••••4JGK`: enough to compare with the card, too little to use."""
    return f"••••••••••{nin[-4:]}" if nin else "none"


def shown(name: str, value: Any) -> str:
    """A value of a field as people read it."""
    if name == "nin":
        return masked_nin(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "none"


def turned(name: str, before: Any, after: Any) -> str:
    """`0772 … → 0781 …`"""
    return f"{shown(name, before)} → {shown(name, after)}"


def kin_line(kin: Iterable[Kin]) -> str:
    """All nominees with their shares in one line."""
    return "; ".join(f"{one.name} ({one.relationship}) {one.share} %" for one in kin) or "nobody"


def recorded(value: Any) -> str:
    """A value as the audit trail keeps it, for people: dates and instants in words, statuses without underscores."""
    if value in (None, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    try:
        return format_instant(datetime.fromisoformat(text)) if "T" in text else format_date(date.fromisoformat(text))
    except ValueError:
        return text.replace("_", " ")
