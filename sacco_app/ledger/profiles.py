"""Posting profiles decide where money goes on the book: one person asks for another account, a second one allows it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind, Description
from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import AccountNotFound, ProfileWaits
from sacco_app.ledger.models import PostingProfile
from sacco_app.ledger.types import AccountFacts, EditProfile, Perm

EDIT_PROFILE = "ledger.edit-profile"


def profile_url(profile_id: UUID) -> str:
    return f"/ledger/posting-profiles/{profile_id}"


def ask_profile(session: Session, actor: Actor, clock: Clock, command: EditProfile, reason: str = "") -> UUID:
    """Ask for another account of a leg. Raises AccountNotFound, AccountUnknown, ProfileWaits."""
    actor.require(Perm.ACCOUNT_EDIT)
    _row(session, command)
    chart(session).account(command.account_code)
    if approval_queries.waiting_for(session, profile_url(command.profile_id)):
        raise ProfileWaits
    return approvals.submit(session, actor, clock, EDIT_PROFILE, command, reason)


def _row(session: Session, command: EditProfile, *, lock: bool = False) -> PostingProfile:
    row = session.get(PostingProfile, command.profile_id, with_for_update=lock)
    if row is None:
        raise AccountNotFound
    return row


def describe_profile(session: Session, command: EditProfile) -> Description:
    """The leg, the account that it moves and the one that it will."""
    row, book = _row(session, command), chart(session)

    def named(account: AccountFacts) -> str:
        return f"{account.code} {account.name}"

    effects = (
        ("Event", row.event_code),
        ("Product", row.product_code or "every product"),
        ("Leg", row.leg.replace("_", " ")),
        ("Account", f"{named(book.by_id[row.gl_account_id])} → {named(book.account(command.account_code))}"),
        ("From", "the next journal on"),
    )
    words = f"Posting profile {row.event_code}, {row.leg.replace('_', ' ')}: to {command.account_code}"
    return Description(words, None, None, effects, profile_url(row.id))


def execute_profile(session: Session, actor: Actor, clock: Clock, command: EditProfile, request_id: UUID) -> str:
    """Let the leg move the other account from the next journal on: the second person's act."""
    actor.require(Perm.ACCOUNT_APPROVE)
    row = _row(session, command, lock=True)
    row.gl_account_id = chart(session).account(command.account_code).id
    reference.bump(session)
    return "/ledger/posting-profiles"


def register() -> None:
    """Make the kind known."""
    register_kind(
        CommandKind(
            name=EDIT_PROFILE,
            title="Change of a posting profile",
            command=EditProfile,
            permission=Perm.ACCOUNT_APPROVE,
            describe=describe_profile,
            execute=execute_profile,
        )
    )
