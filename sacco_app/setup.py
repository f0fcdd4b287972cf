"""The base data of a new SACCO, room by room from the ground up."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy.orm import Session

from sacco_app.kernel.clock import Clock

ROOMS_WITH_BASE_DATA = (
    "organisation",
    "access",
    "approvals",
    "ledger",
    "members",
    "transactions",
    "savings",
    "teller",
)


def install_all(session: Session, clock: Clock, profile: str) -> None:
    """Install what each room needs before its first day; safe to run again. `profile` is a regulator profile's code."""
    for room in ROOMS_WITH_BASE_DATA:
        name = f"sacco_app.{room}.setup"
        if find_spec(name) is not None:
            import_module(name).install(session, clock, profile)
            session.flush()
