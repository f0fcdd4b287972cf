"""What was said at the counter: where large cash comes from, by what right somebody else was paid (handbook 5.1, 6)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.teller import pages
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.models import CashDeclaration
from sacco_app.teller.types import SOURCES
from sacco_app.teller.types import TellerPermission as P
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import TITLES, TransactionKind
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.tables import Column, Empty, Filter, paginate


@blueprint.get("/declarations")
@requires(P.TILL_VIEW)
def list_declarations() -> Response:
    """Cash of which more was asked than who and how much."""
    session = db.session()
    query = transactions.in_scope(current_actor())
    row = query.selected_columns
    query = query.join(CashDeclaration, CashDeclaration.transaction_id == row.id).add_columns(CashDeclaration)
    columns = (
        Column("at", "When", "datetime", sort=row.at),
        Column("number", "Transaction"),
        Column("kind", "What", sort=row.kind),
        Column("member", "Member", sort=row.member_name),
        Column("party", "Paid by or to"),
        Column("said", "What was said"),
        Column("maker", "Teller"),
        Column("amount", "Amount", "money", sort=row.amount_minor),
    )
    source = Filter(
        "source", "Comes from", lambda value: CashDeclaration.source == value, "select", list(SOURCES.items())
    )
    people: dict[Any, str] = {}

    def cells(record: Any) -> dict[str, object]:
        posted, declared = record
        if posted.maker_id not in people:
            people.update(access.names(session, [posted.maker_id]))
        return {
            "at": posted.at,
            "number": {
                "text": posted.number,
                "url": url_for("transactions.show_transaction", transaction_id=posted.id),
            },
            "kind": TITLES[TransactionKind(posted.kind)],
            "member": f"{posted.member_number} {posted.member_name}",
            "party": " · ".join(part for part in (posted.party_name, posted.party_phone) if part),
            "said": declared.authority or _source(declared.source, posted.narration),
            "maker": people.get(posted.maker_id, ""),
            "amount": Money(posted.amount_minor, CURRENCIES[posted.currency]),
        }

    empty = Empty("Nothing was declared in this time", "Large deposits and payouts to somebody else appear here.")
    page = paginate(
        session,
        query,
        columns,
        cells,
        filters=(source, *pages.day_filters(CashDeclaration.business_date)),
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    return pages.list_page(page, "cash-declarations", "Cash declarations")


def _source(source: str, note: str) -> str:
    return note if source == "other" else SOURCES.get(source, source)
