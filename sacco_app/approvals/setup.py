"""Base data of the approvals room: how much whom needs whose second signature (handbook 6, limits)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.approvals.models import ApprovalPolicy
from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock

POLICIES: dict[str, tuple[tuple[str, str | None, int, int], ...]] = {
    "UG-SACCO-TIER4": (
        ("teller.withdraw", None, 1_000_001, 1),
        ("teller.withdraw", None, 20_000_001, 2),
        ("teller.withdraw", "head_teller", 5_000_001, 1),
        ("teller.withdraw", "head_teller", 20_000_001, 2),
        ("savings.transfer", None, 5_000_001, 1),
    ),
    "KE-DT-SACCO": (
        ("teller.withdraw", None, 5_000_001, 1),
        ("teller.withdraw", None, 100_000_001, 2),
        ("teller.withdraw", "head_teller", 25_000_001, 1),
        ("teller.withdraw", "head_teller", 100_000_001, 2),
        ("savings.transfer", None, 25_000_001, 1),
    ),
}


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the policies of a new SACCO; one that has any keeps its own."""
    if session.scalars(select(ApprovalPolicy)).first() is not None:
        return
    for kind, role, amount, required in POLICIES[profile]:
        session.add(ApprovalPolicy(kind=kind, maker_role=role, min_amount_minor=amount, required=required))
    reference.bump(session)
