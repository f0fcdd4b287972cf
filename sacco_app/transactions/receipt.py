"""What stands on a receipt (handbook 4.1), on the screen, on the till's paper and in the PDF."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import MEMBER_CHANNELS
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.masking import masked_name
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.organisation.errors import ParameterNotSet
from sacco_app.transactions import queries, rules
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import CHANNELS, TITLES, TransactionKind

SHOWS_BALANCE = "receipt.shows_balance"
PARTY = {TransactionKind.DEPOSIT: "Paid in by", TransactionKind.TRANSFER: "Sent to"}


def lines(session: Session, row: Transaction) -> list[tuple[str, str | Money]]:
    """Label and value, line by line, without amount and words; what says nothing is left out."""
    charge, kind = queries.charge_of(row), TransactionKind(row.kind)
    party = masked_name(row.party_name) if row.other_account_id else row.party_name
    told = [
        ("Receipt", row.receipt_number or row.number),
        ("Date", format_instant(row.at)),
        ("Till", row.till_code),
        ("Teller" if row.till_code else "Through", _served_by(row)),
        ("Member", row.member_number),
        ("Name", masked_name(row.member_name)),
        ("Account", row.account_number),
        ("To account", row.other_account_number),
        (PARTY.get(kind, "Paid to"), " · ".join(part for part in (party, row.party_phone) if part)),
        ("Fee", charge.fee or None),
        ("Excise duty on the fee", charge.duty or None),
        ("Balance", _balance(session, row)),
        ("Note", row.narration if row.narration != TITLES[kind] else None),
        ("Reference", row.number),
    ]
    return [(label, value) for label, value in told if value not in (None, "")]


def _served_by(row: Transaction) -> str:
    return CHANNELS[row.channel] if row.channel in MEMBER_CHANNELS else rules.teller_code(row.maker_id)


def _balance(session: Session, row: Transaction) -> Money | None:
    """The balance after it, unless the SACCO keeps balances off paper."""
    if row.balance_after_minor is None:
        return None
    try:
        shown = organisation.parameter(session, SHOWS_BALANCE, row.business_date).value == "yes"
    except ParameterNotSet:
        shown = True
    return Money(row.balance_after_minor, CURRENCIES[row.currency]) if shown else None
