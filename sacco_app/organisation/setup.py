"""Base data of the organisation: profile, head office, and what a regulator profile brings (data/profiles.json)."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.organisation.models import Branch, Holiday, Organisation, Parameter

PROFILES: dict[str, dict[str, Any]] = json.loads((files("sacco_app.organisation") / "data/profiles.json").read_text())
SINCE = date(2021, 1, 1)


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make what is not there yet; what a SACCO has changed is left as it is."""
    shipped = PROFILES[profile]
    if session.scalars(select(Organisation)).first() is None:
        _found(session, local_date(clock.now()), profile, shipped)
    known = set(session.scalars(select(Parameter.key)))
    for key, value, source, verified in shipped["parameters"]:
        if key not in known:
            session.add(Parameter(key=key, value=value, valid_from=SINCE, source=source, verified=verified))
    days = set(session.scalars(select(Holiday.day).where(Holiday.branch_id.is_(None))))
    for text, name in shipped["holidays"]:
        if date.fromisoformat(text) not in days:
            session.add(Holiday(day=date.fromisoformat(text), name=name))
    reference.bump(session)


def _found(session: Session, today: date, profile: str, shipped: dict[str, Any]) -> None:
    session.add(
        Organisation(
            country=shipped["country"],
            currency=shipped["currency"],
            name="Umoja SACCO",
            short_name="UMOJA SACCO",
            registration_number="RCS 10234",
            licence_number="",
            phone="+256800100200",
            email="info@umoja.example",
            address="Plot 12, Bombo Road, Kampala",
            complaints_phone="0800 100 200",
            regulator_profile=profile,
        )
    )
    session.add(Branch(code="HQ", name="Kampala Main", business_date=today, is_head_office=True, address="Kampala"))
