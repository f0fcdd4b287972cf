"""What the signed-in member sees, and the money that they move."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from sacco_app.api.blueprint import blueprint, operation
from sacco_app.api.errors import PinNeeded, PinNotRight
from sacco_app.api.guards import MEMBER
from sacco_app.api.limits import LOOK_UP
from sacco_app.api.schemas import me as schemas
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.idempotency import IdempotencyKeyReused
from sacco_app.kernel.uow import run
from sacco_app.members import pins
from sacco_app.members.errors import MemberNotActive, PhoneChangedLately
from sacco_app.organisation import queries as organisation
from sacco_app.savings import errors as refusals
from sacco_app.savings import queries as savings
from sacco_app.savings import service as savings_service
from sacco_app.savings.types import Receiver, Transfer
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import TransactionFacts
from sacco_app.webkit.auth import current_actor, current_clock


def me() -> tuple[Actor, UUID]:
    actor = current_actor()
    assert actor.member_id is not None
    return actor, actor.member_id


@operation("/me", MEMBER, tag="Member", out=schemas.Profile)
def showme() -> dict[str, Any]:
    """Who is signed in"""
    session, (_, member_id) = db.session(), me()
    member = pins.channel_member(session, member_id)
    names = ("id", "number", "full_name", "status", "phone", "language")
    branch = organisation.get_branch(session, member.branch_id)
    return {name: getattr(member, name) for name in names} | {"branch": branch.name}


@operation("/me/accounts", MEMBER, tag="Member", out=schemas.Accounts)
def list_accounts() -> dict[str, Any]:
    """Savings accounts with their balances"""
    return {"items": savings.accounts_of_member(db.session(), me()[1])}


@operation(
    "/me/accounts/<uuid:account_id>/mini-statement",
    MEMBER,
    tag="Member",
    out=schemas.MiniStatement,
    refuses=(NotFound,),
)
def mini_statement(account_id: UUID) -> dict[str, Any]:
    """The last ten movements of an account, newest first"""
    session, (_, member_id) = db.session(), me()
    account = savings.account_of_member(session, member_id, account_id)
    return {"account": account, "items": savings.mini_statement(session, account_id, 10, member_id=member_id)}


@operation(
    "/me/receivers",
    MEMBER,
    tag="Transfers",
    out=schemas.Receiver,
    refuses=(refusals.AccountUnknown,),
    limit=LOOK_UP,
)
@blueprint.arguments(schemas.ReceiverQuery, location="query", unknown=None)
def find_receiver(asked: dict[str, str]) -> Receiver:
    """Whose account this is

    Shows initials and stars, for the member to confirm before money is sent. Not more than a few in a minute.
    """
    return savings.find_receiver(db.session(), me()[0], asked["account_number"])


def _confirm(actor: Actor, member_id: UUID, pin: str | None) -> None:
    """Have the PIN checked in a transaction of its own: a wrong try stays counted. Raises PinNeeded, PinNotRight."""
    if pin is None:
        raise PinNeeded
    clock = current_clock()
    if not run(actor, clock, lambda session: pins.verify_pin(session, clock, member_id, pin)).is_right:
        raise PinNotRight


@operation(
    "/me/transfers",
    MEMBER,
    tag="Transfers",
    method="POST",
    status=201,
    out=schemas.Transfer,
    headers={"Location": "Location", "Idempotent-Replayed": "Replayed"},
    refuses=(
        PinNeeded,
        PinNotRight,
        NotFound,
        refusals.AccountUnknown,
        refusals.SameAccount,
        refusals.InsufficientFunds,
        refusals.AccountNotOpen,
        refusals.TransferToOthersOff,
        refusals.ReceiverCannotTake,
        MemberNotActive,
        PhoneChangedLately,
        IdempotencyKeyReused,
        refusals.AmountNotAccepted,
    ),
)
@blueprint.arguments(schemas.TransferRequest)
@blueprint.arguments(schemas.IdempotencyHeader, location="headers")
def make_transfer(given: dict[str, Any], header: dict[str, str]) -> tuple[TransactionFacts, int, dict[str, str]]:
    """Move money to another account

    Make one `Idempotency-Key` for each intention and send it again with every retry: when the answer was lost on the
    way, the same key with the same body gives the first answer again, with `Idempotent-Replayed: true`, and moves
    nothing. The same key with another body is refused. Money for somebody else is confirmed with the PIN: an app that
    lies open on a table sends nothing away. Three wrong PINs in a row lock it on every channel.
    """
    (actor, member_id), clock = me(), current_clock()
    number = given["to_account_number"].strip().upper()
    own = {account.number for account in savings.accounts_of_member(db.session(), member_id)}
    if number not in own:
        _confirm(actor, member_id, given.get("pin"))
    target = savings.find_by_number(db.session(), Actor.system(), number)
    command = Transfer(given["from_account_id"], target.id, given["amount"], given["narration"], header["key"])
    done = run(actor, clock, lambda session: savings_service.transfer(session, actor, clock, command))
    headers = {"Location": url_for("api.show_transfer", transfer_id=done.id)}
    return done, 201, headers | ({"Idempotent-Replayed": "true"} if done.replayed else {})


@operation("/me/transfers/<uuid:transfer_id>", MEMBER, tag="Transfers", out=schemas.Transfer, refuses=(NotFound,))
def show_transfer(transfer_id: UUID) -> TransactionFacts:
    """A transfer that the member made"""
    return transactions.facts_of_member(db.session(), me()[1], transfer_id)
