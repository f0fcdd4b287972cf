"""The staff of the demo SACCO, whose passwords and second factors are known to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pyotp
from sqlalchemy import update
from sqlalchemy.orm import Session

from sacco_app.access import queries, service
from sacco_app.access.types import CreateUser
from sacco_app.demo import telephone
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import Base

PASSWORD = "demo four quiet herons"  # noqa: S105 - known on purpose, refused in production
DOMAIN = "umoja.example"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff. `secret` is the second factor where the role demands one."""

    role: str
    name: str
    branch: str
    secret: str | None = None
    everywhere: bool = False
    login: str = ""

    @property
    def email(self) -> str:
        return f"{self.login or self.role.replace('_', '.')}@{DOMAIN}"


STAFF = (
    Person("teller", "Grace Nakato", "HQ"),
    Person("head_teller", "Moses Okello", "HQ", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    Person("loan_officer", "Sarah Atim", "HQ"),
    Person("credit_committee", "Ibrahim Ssali", "HQ", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", everywhere=True),
    Person("accountant", "Esther Namubiru", "HQ", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK", everywhere=True),
    Person("branch_manager", "Daniel Mugisha", "HQ", "NBSWY3DPO5XXE3DENBSWY3DPO5XXE3DE"),
    Person("compliance_officer", "Ruth Akello", "HQ", "ONQWGY3POJSWG33NONQWGY3POJSWG33N", everywhere=True),
    Person("auditor", "Joseph Wasswa", "HQ", everywhere=True),
    Person("administrator", "Peter Kigozi", "HQ", "PFXXK4TTMVRXEZLUPFXXK4TTMVRXEZLU", everywhere=True),
    Person("teller", "Brian Tumusiime", "MBR", login="teller.mbarara"),
    Person("head_teller", "Joy Kyomuhendo", "MBR", "OBQXG43XN5ZGIMRTOBQXG43XN5ZGIMRT", login="head.teller.mbarara"),
    Person("branch_manager", "Agnes Ninsiima", "MBR", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", login="manager.mbarara"),
    Person("teller", "Lucy Aber", "GUL", login="teller.gulu"),
    Person("head_teller", "Denis Ojok", "GUL", "MJQXGZJTGIYTEMZUMJQXGZJTGIYTEMZU", login="head.teller.gulu"),
    Person("branch_manager", "Christine Lamunu", "GUL", "NVQW4YLHMVZDCMRTNVQW4YLHMVZDCMRT", login="manager.gulu"),
)


def hire(session: Session, clock: Clock, branches: dict[str, UUID]) -> None:
    """Make the staff, each with password and second factor set."""
    system = Actor.system()
    users = Base.metadata.tables["users"]
    for person in STAFF:
        command = CreateUser(
            person.email, person.name, (person.role,), branches[person.branch], person.everywhere, PASSWORD
        )
        user_id = service.create_user(session, system, clock, command)
        if person.secret:
            known = update(users).where(users.c.id == user_id)
            session.execute(known.values(totp_secret=person.secret, totp_confirmed=True))


def actor(session: Session, role: str, branch: str = "HQ") -> Actor:
    """The person of the demo staff who has the role in the branch, as an actor."""
    person = next(one for one in STAFF if one.role == role and one.branch == branch)
    found = queries.find_by_email(session, person.email)
    assert found is not None
    return queries.actor_of(session, found.id, ip="127.0.0.1")


def sign_ins(clock: Clock) -> list[str]:
    """One line for each person: role, e-mail, password, secret and the code of this moment."""
    lines = [f"Password of everybody: {PASSWORD}", ""]
    lines.append(f"{'role':<20}{'e-mail':<38}{'secret of the second factor':<36}code now")
    for person in STAFF:
        code = pyotp.TOTP(person.secret).at(clock.now()) if person.secret else "not needed"
        role = person.role.replace("_", " ")
        lines.append(f"{role:<20}{person.email:<38}{person.secret or '–':<36}{code}")
    return [*lines, "", f"A member's telephone, for USSD and the API: {telephone.phone()}, PIN {telephone.PIN}"]
