"""The base data of a new SACCO, room by room from the ground up."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.access import service as access_service
from sacco_app.access.types import CreateUser
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.organisation import queries as organisation

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


def first_staff(session: Session, actor: Actor, clock: Clock, email: str, role: str) -> str:
    """The first person of a role, seeing every branch, or the one who is there already: a link to set the password.

    Afterwards users are made on the pages, by two people: so there must be two to begin with.
    """
    found = access.find_by_email(session, email)
    if found is None:
        name = email.split("@", maxsplit=1)[0].replace(".", " ").title()
        home = organisation.list_branches(session)[0].id
        command = CreateUser(email, name, (role,), home, all_branches=True)
        user_id = access_service.create_user(session, actor, clock, command)
    else:
        user_id = found.id
    session.flush()
    return access_service.issue_reset_link(session, actor, clock, user_id)
