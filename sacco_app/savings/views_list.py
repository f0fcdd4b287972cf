"""The list of savings accounts: who has what, and which of them sleep."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, or_
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.models import SavingsAccount
from sacco_app.savings.types import AccountStatus
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

STATUSES = [(status.value, status.value.capitalize()) for status in AccountStatus]


@blueprint.get("/accounts")
@requires(P.ACCOUNT_VIEW)
def list_accounts() -> Response:
    session, actor = db.session(), current_actor()
    names, row = members.labels(), SavingsAccount
    branches = organisation.list_branches(session, actor)
    codes, products = {branch.id: branch.code for branch in branches}, queries.products(session)
    columns = (
        Column("number", "Account", sort=row.number),
        Column("member", "Member", sort=names.c.name),
        Column("product", "Product", sort=row.product_code),
        Column("branch", "Branch"),
        Column("status", "Status", "status", sort=row.status),
        Column("last", "Last movement", "date", sort=row.last_activity_on),
        Column("held", "Held", "money", sort=row.held_minor, total=row.held_minor),
        Column("balance", "Ledger balance", "money", sort=row.ledger_balance_minor, total=row.ledger_balance_minor),
    )

    def cells(record: Any) -> dict[str, Any]:
        account, number, name = record
        currency = CURRENCIES[account.currency]
        return {
            "number": {"text": account.number, "url": url_for("savings.show_account", account_id=account.id)},
            "member": {"text": f"{number} {name}", "url": url_for("members.show_member", member_id=account.member_id)},
            "product": products[account.product_code].name,
            "branch": codes.get(account.branch_id),
            "status": account.status,
            "last": account.last_activity_on,
            "held": Money(account.held_minor, currency),
            "balance": Money(account.ledger_balance_minor, currency),
        }

    def words(value: str) -> ColumnElement[bool]:
        return or_(row.number.startswith(value.upper()), names.c.number == value.upper())

    choices = [(str(branch.id), f"{branch.code} {branch.name}") for branch in branches]
    filters = (
        Filter("q", "Account or member number", words),
        Filter("status", "Status", lambda value: row.status == value, "select", STATUSES),
        Filter(
            "product", "Product", lambda value: row.product_code == value, "select", queries.product_choices(session)
        ),
        Filter("branch", "Branch", lambda value: queries.of_branch(value), "select", choices),
    )
    query = queries.in_scope(actor).join(names, names.c.id == row.member_id).add_columns(names.c.number, names.c.name)
    empty = Empty("No account like this", "Accounts are opened on a member's page.")
    page = paginate(session, query, columns, cells, filters=filters, empty=empty, default_sort="number")
    currency = organisation.get_profile(session).currency
    page.totals = {key: Money(int(value), currency) for key, value in page.totals.items()}
    return export(page, "savings-accounts") or respond("savings/list.html", block="results", page=page)
