"""Base data of the organisation: profile, head office, parameters of the regulator profile, public holidays."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.organisation.models import Branch, Holiday, Organisation, Parameter

PROFILES: dict[str, dict[str, str]] = {
    "UG-SACCO-TIER4": {"country": "UG", "currency": "UGX"},
    "KE-DT-SACCO": {"country": "KE", "currency": "KES"},
}
SINCE = date(2021, 1, 1)
UNCONFIRMED = "unconfirmed: ask the regulator"
PARAMETERS: dict[str, tuple[tuple[str, str, str, bool], ...]] = {
    "UG-SACCO-TIER4": (
        (
            "wht.interest.rate",
            "0",
            "Exempt to 30 June 2027, contested: confirm with a tax adviser (handbook 1.9)",
            False,
        ),
        (
            "wht.dividend.rate",
            "0",
            "Exempt to 30 June 2027, contested: confirm with a tax adviser (handbook 1.9)",
            False,
        ),
        ("capital.core.min_ratio", "0.10", "Tier 4 licensing guideline of October 2020 (handbook 4.6)", False),
        ("liquidity.min_ratio", "0.15", UNCONFIRMED, False),
        ("aml.large_cash.threshold", "20000000", "Anti-Money Laundering Act s.8: 1,000 currency points", False),
        ("till.difference.tolerance", "500", "House rule (handbook 6)", True),
        ("backdating.window_days", "3", "House rule (handbook 3.1)", True),
    ),
    "KE-DT-SACCO": (
        ("wht.interest.rate", "0.15", "Income Tax Act (handbook 1.9)", False),
        ("wht.dividend.rate", "0.05", "Income Tax Act, residents (handbook 1.9)", False),
        ("capital.core.min_ratio", "0.10", "SASRA capital adequacy notes (handbook 4.5)", False),
        ("liquidity.min_ratio", "0.15", "SASRA Form 2 (handbook 4.5)", False),
        (
            "aml.large_cash.threshold",
            "200000000",
            "POCAMLA 2023: USD 15,000 equivalent, in cents; set by rate table",
            False,
        ),
        ("till.difference.tolerance", "2000", "House rule, in cents (handbook 6)", True),
        ("backdating.window_days", "3", "House rule (handbook 3.1)", True),
    ),
}
UGANDA_2026 = (
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 26), "Boxing Day"),
    (date(2027, 1, 1), "New Year"),
    (date(2027, 1, 26), "NRM Liberation Day"),
)


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make what is not there yet."""
    today = local_date(clock.now())
    if session.scalars(select(Organisation)).first() is None:
        session.add(
            Organisation(
                **PROFILES[profile],
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
    known = set(session.scalars(select(Parameter.key)))
    for key, value, source, verified in PARAMETERS[profile]:
        if key not in known:
            session.add(Parameter(key=key, value=value, valid_from=SINCE, source=source, verified=verified))
    days = set(session.scalars(select(Holiday.day)))
    session.add_all(Holiday(day=day, name=name) for day, name in UGANDA_2026 if day not in days)
    reference.bump(session)
