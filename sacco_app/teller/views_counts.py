"""Counts of the vault: by one custodian, signed by the second, on paper as the vault certificate."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES
from sacco_app.organisation import queries as organisation
from sacco_app.teller import pages, queries, service, strongroom
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import VaultCountForm, count_form
from sacco_app.teller.models import VaultCount
from sacco_app.teller.types import CountState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate


@blueprint.route("/vault/count", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def count_vault() -> Response:
    """Count the vault; the second custodian counts too and signs."""
    actor, clock = current_actor(), current_clock()
    form = count_form(pages.currency(), VaultCountForm)()
    form.offer(pages.branches())
    done = submit(form, lambda s: service.count_vault(s, actor, clock, form.to_command()))
    if not done.done:
        return pages.count_page(
            "Count the vault",
            form,
            "Hand the count in",
            pages.vault_link(),
            "Count every packet, note and coin in the vault. The book is compared at the moment you hand the count in.",
            "The second custodian counts too and signs. A difference is booked as short or over only then.",
        )
    return redirect_to(url_for("teller.show_count", count_id=done.value))


@blueprint.get("/vault/counts")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def list_counts() -> Response:
    """The counts of the vaults with their differences."""
    session, actor = db.session(), current_actor()
    query = select(VaultCount)
    if actor.branch_ids is not None:
        query = query.where(VaultCount.branch_id.in_(actor.branch_ids))
    columns = (
        Column("counted_at", "Counted", "datetime", sort=VaultCount.counted_at),
        Column("branch", "Vault"),
        Column("by", "By"),
        Column("signed", "Signed by"),
        Column("state", "State", "status", sort=VaultCount.state),
        Column("counted", f"In the vault, {pages.currency()}", "money", sort=VaultCount.counted_minor),
        Column("book", "Book", "money", sort=VaultCount.book_minor),
        Column("difference", "Difference", "money", sort=VaultCount.counted_minor - VaultCount.book_minor),
    )
    names = dict(pages.branches())

    def cells(record: tuple[VaultCount]) -> dict[str, object]:
        facts = strongroom.count_facts(session, record[0])
        return {
            "counted_at": facts.row.counted_at,
            "branch": {
                "text": names.get(facts.row.branch_id, ""),
                "url": url_for("teller.show_count", count_id=facts.row.id),
            },
            "by": facts.counted_by,
            "signed": facts.signed_by,
            "state": facts.row.state,
            "counted": facts.counted,
            "book": facts.book,
            "difference": facts.difference,
        }

    states = [(state.value, state.value.capitalize()) for state in CountState]
    state = Filter("state", "State", lambda value: VaultCount.state == value, "select", states)
    branch = pages.id_filter("branch", "Vault", VaultCount.branch_id, pages.branches())
    empty = Empty("The vault was not counted in this time", "Count it at the end of the day, with a second custodian.")
    page = paginate(
        session,
        query,
        columns,
        cells,
        filters=(state, branch, *pages.day_filters(VaultCount.business_date)),
        empty=empty,
        default_sort="counted_at",
        default_direction="desc",
    )
    return export(page, "vault-counts") or respond(
        "teller/list.html", block="results", page=page, heading="Counts of the vault", back=pages.vault_link()
    )


@blueprint.get("/vault/counts/<uuid:count_id>")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def show_count(count_id: UUID) -> Response:
    """The vault certificate: the pieces, the book, the difference, and who signs."""
    session, actor = db.session(), current_actor()
    row = queries.get_count(session, actor, count_id)
    currency = CURRENCIES[row.currency]
    asked = approvals.waiting_for(session, url_for("teller.show_count", count_id=count_id))
    return respond(
        "teller/vault_certificate.html",
        facts=strongroom.count_facts(session, row),
        rows=pages.count_rows(tuple((value, pieces) for value, pieces in row.counts), currency),
        currency=currency,
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, row.branch_id),
        request_id=asked[0].id if asked else None,
        back=pages.vault_link(),
    )
