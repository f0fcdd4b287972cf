"""The vault's cash from the bank (J-09)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft, Leg
from sacco_app.organisation import queries as organisation
from sacco_app.teller.service.posting import vault_leg, vault_of
from sacco_app.teller.types import FundVault, TellerPermission


def fund_vault(session: Session, actor: Actor, clock: Clock, command: FundVault) -> None:
    """Cash from the bank into the vault (J-09)."""
    actor.require(TellerPermission.VAULT_OPERATE)
    actor.require_branch(command.branch_id)
    ref = new_id()
    claim = idempotency.claim(
        session, "teller.fund-vault", command.idempotency_key, command, result_ref=str(ref), actor_id=actor.user_id
    )
    if claim.replayed:
        return
    vault = vault_of(session, command.branch_id)
    vault.balance_minor += command.amount.minor
    legs = (
        vault_leg("vault", vault, debit=command.amount),
        Leg("bank", credit=command.amount, branch_id=command.branch_id),
    )
    day = organisation.business_date(session, command.branch_id)
    narration = command.narration or "Cash from the bank"
    draft = JournalDraft("J-09", str(ref), day, command.branch_id, command.amount.currency, narration, legs)
    ledger.post_journal(session, actor, clock, draft)
