"""The count of the vault against the book, by two custodians; short and over are posted when the second has signed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.types import Leg
from sacco_app.organisation import queries as organisation
from sacco_app.teller import rules
from sacco_app.teller.errors import VaultShortOfCash
from sacco_app.teller.models import CashCount, Vault
from sacco_app.teller.service.differences import as_stored
from sacco_app.teller.service.posting import vault_leg, vault_of
from sacco_app.teller.service.vault import VaultCash, post_vault
from sacco_app.teller.types import CountState, CountVault, SignCount, TellerPermission
from sacco_app.transactions.types import TransactionKind

COUNT = "teller.count-vault"


def count_vault(session: Session, actor: Actor, clock: Clock, command: CountVault) -> UUID:
    """Write a count of the vault down, with the book at this moment, and let it wait for the second custodian.

    Returns the count's id. Raises CountWaits when one waits already (at the flush).
    """
    actor.require(TellerPermission.VAULT_OPERATE)
    actor.require_branch(command.branch_id)
    count_id = new_id()
    claim = idempotency.claim(
        session, COUNT, command.idempotency_key, command, result_ref=str(count_id), actor_id=actor.user_id
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    vault = vault_of(session, command.branch_id)
    row = CashCount(
        id=count_id,
        vault_id=vault.id,
        branch_id=vault.branch_id,
        business_date=organisation.business_date(session, vault.branch_id),
        currency=vault.currency,
        state=CountState.WAITING,
        counts=as_stored(command.counts),
        counted_minor=rules.counted(command.counts),
        book_minor=vault.balance_minor,
        remark=command.remark,
        counted_by=actor.user_id,
        counted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    approvals.submit(session, actor, clock, COUNT, SignCount(count_id), command.remark)
    return count_id


def locked_count(session: Session, count_id: UUID) -> CashCount:
    """A count of a vault or a till, locked. Raises NotFound."""
    request = LockRequest(LockRank.CASH_COUNT, CashCount, (count_id,))
    return locks.acquire(session, [request]).one(CashCount, count_id)


def count_effects(session: Session, row: CashCount) -> tuple[tuple[str, str], ...]:
    """What a second person is told of any count: the pieces, the book, the difference, who counted."""
    currency = CURRENCIES[row.currency]
    return (
        ("Counted", str(Money(row.counted_minor, currency))),
        ("Book", str(Money(row.book_minor, currency))),
        ("Difference", str(Money(row.counted_minor - row.book_minor, currency))),
        ("In notes and coins", rules.counts_in_words([(value, pieces) for value, pieces in row.counts], currency)),
        ("Counted by", access.get_user(session, row.counted_by).name),
    )


def describe_count(session: Session, command: SignCount) -> Description:
    """What the second custodian signs: the pieces, the book and the difference."""
    row = session.get_one(CashCount, command.count_id)
    currency = CURRENCIES[row.currency]
    difference = Money(row.counted_minor - row.book_minor, currency)
    branch = organisation.get_branch(session, row.branch_id).name
    effects = (("Vault", branch), *count_effects(session, row))
    words = f"a difference of {difference}" if difference else "no difference"
    url = f"/teller/counts/{row.id}"
    return Description(
        f"Sign the count of the vault, {branch}: {words}",
        row.branch_id,
        Money(abs(difference.minor), currency),
        effects,
        url,
    )


def sign_count(session: Session, actor: Actor, clock: Clock, command: SignCount, request_id: UUID) -> str:
    """The second custodian has counted the same: the difference is posted (J-06, J-07). Raises VaultShortOfCash."""
    seen = session.get_one(CashCount, command.count_id)
    vault = vault_of(session, seen.branch_id)
    row = locked_count(session, command.count_id)
    row.state, row.signed_by, row.signed_at = CountState.SIGNED, actor.user_id, clock.now()
    difference = Money(row.counted_minor - row.book_minor, CURRENCIES[row.currency])
    if difference:
        row.transaction_id = _post(session, actor, clock, vault, row, difference)
    return f"/teller/counts/{row.id}"


def _post(session: Session, actor: Actor, clock: Clock, vault: Vault, row: CashCount, difference: Money) -> UUID:
    """What the count has shown is put right in the book, whatever has moved since."""
    branch = row.branch_id
    if difference.minor < 0:
        amount, event, kind, word = -difference, "J-06", TransactionKind.VAULT_SHORT, "short"
        legs = (Leg("shortage", debit=amount, branch_id=branch), vault_leg("vault", vault, credit=amount))
        if vault.balance_minor < amount.minor:
            raise VaultShortOfCash(amount=amount)
    else:
        amount, event, kind, word = difference, "J-07", TransactionKind.VAULT_OVER, "over"
        legs = (vault_leg("vault", vault, debit=amount), Leg("overage", credit=amount, branch_id=branch))
    vault.balance_minor += difference.minor
    cash = VaultCash(event, kind, amount, f"Vault {word} at the count", legs, row.counted_by, actor.user_id)
    return post_vault(session, actor, clock, branch, cash)


def refuse_count(session: Session, actor: Actor, clock: Clock, command: SignCount, request_id: UUID) -> None:
    """The second person has counted something else, or the count was taken back: it is to be counted anew."""
    locked_count(session, command.count_id).state = CountState.REFUSED
