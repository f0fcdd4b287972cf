"""What the pages of the vault show: each vault with its limit, its tills, what is on its way, and its last count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries
from sacco_app.teller.models import Banking, CashCount, TillSession, Vault
from sacco_app.teller.types import CountState, TillState

INSURED = "vault.insured.limit"


@dataclass(frozen=True, slots=True)
class CountFacts:
    """A count of a vault or a till as pages show it. `teller` is whose till it is; empty for a vault."""

    row: CashCount
    counted: Money
    book: Money
    difference: Money
    counted_by: str
    signed_by: str
    till: str = ""
    teller: str = ""

    @property
    def place(self) -> str:
        """What was counted, in words."""
        handed_in = ", handed in" if self.row.request_id else ""
        return f"Till {self.till}, {self.teller}{handed_in}" if self.till else "Vault"

    @property
    def second_signs(self) -> bool:
        """Whether somebody signs the paper besides who counted and the teller."""
        if self.row.request_id:
            return self.signed_by not in ("", self.teller)
        return not self.till or self.row.state != CountState.RECORDED


@dataclass(frozen=True, slots=True)
class VaultFacts:
    """A vault as its page shows it. `in_tills` is without the tills that are being counted, blind.

    `excess` is what is above the insured limit.
    """

    branch_id: UUID
    branch: str
    day: date
    cash: Money
    insured: Money
    in_tills: Money
    tills_open: int
    tills_counted: int
    transit: Money
    bankings: list[tuple[Banking, Money, datetime]]
    last: CountFacts | None

    @property
    def excess(self) -> Money | None:
        return self.cash - self.insured if self.cash > self.insured else None

    @property
    def counted_today(self) -> bool:
        """Whether a count of this business date is signed or waits to be."""
        return self.last is not None and self.last.row.business_date == self.day


def vaults(session: Session, actor: Actor) -> list[VaultFacts]:
    """The vaults of the actor's branches."""
    branches = {branch.id: branch for branch in organisation.list_branches(session, actor)}
    lives = [live for _, live in queries.tills(session, actor) if live]
    facts = []
    for row in queries.vaults(session, actor):
        currency, branch = CURRENCIES[row.currency], branches[row.branch_id]
        here = [live for live in lives if live.branch_id == row.branch_id]
        held = [live.balance_minor for live in here if not queries.is_blind(live)]
        sent = queries.in_transit(session, row.branch_id)
        insured = organisation.parameter(session, INSURED, branch.business_date).number
        facts.append(
            VaultFacts(
                branch_id=branch.id,
                branch=branch.name,
                day=branch.business_date,
                cash=Money(row.balance_minor, currency),
                insured=Money(int(insured), currency),
                in_tills=Money(sum(held), currency),
                tills_open=len(held),
                tills_counted=len(here) - len(held),
                transit=Money(sum(one.amount_minor for one in sent), currency),
                bankings=[(one, Money(one.amount_minor, currency), one.sent_at) for one in sent],
                last=_last(session, row),
            )
        )
    return sorted(facts, key=lambda one: one.branch)


def _last(session: Session, vault: Vault) -> CountFacts | None:
    row = queries.last_count(session, vault.id)
    return count_facts(session, row) if row else None


def count_facts(session: Session, row: CashCount, till: TillSession | None = None) -> CountFacts:
    """A count with its sums and names; a till's count with its day."""
    people = [row.counted_by, row.signed_by, till.teller_id if till else None]
    currency, names = CURRENCIES[row.currency], access.names(session, people)
    return CountFacts(
        row=row,
        counted=Money(row.counted_minor, currency),
        book=Money(row.book_minor, currency),
        difference=Money(row.counted_minor - row.book_minor, currency),
        counted_by=names.get(row.counted_by, ""),
        signed_by=names.get(row.signed_by, "") if row.signed_by else "",
        till=till.till_code if till else "",
        teller=names.get(till.teller_id, "") if till else "",
    )


def _where(live: TillSession) -> str:
    """A till that was handed in is to be counted; any other is looked at."""
    return f"/teller/sessions/{live.id}" + ("/receive" if live.state == TillState.COUNTING else "")


def till_rows(session: Session, actor: Actor) -> list[list[object]]:
    """The tills with who works at them and what they hold."""
    rows = queries.tills(session, actor)
    names = access.names(session, [live.teller_id for _, live in rows if live])
    return [
        [
            {"text": till.code, "url": _where(live)} if live else till.code,
            till.name,
            names.get(live.teller_id, "") if live else "",
            live.state if live else "closed",
            None
            if live and (queries.is_blind(live) or queries.stands_still(live))
            else Money(live.balance_minor if live else 0, CURRENCIES[till.currency]),
            Money(till.limit_minor, CURRENCIES[till.currency]),
        ]
        for till, live in rows
    ]
