"""Counts of cash: of the vault by two custodians, of tills by surprise and when handed in; the list, and each on paper."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES
from sacco_app.organisation import queries as organisation
from sacco_app.teller import pages, queries, service, strongroom
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.errors import OwnTill, TillNotStopped
from sacco_app.teller.forms import TillCountForm, VaultCountForm, count_form
from sacco_app.teller.models import CashCount, TillSession
from sacco_app.teller.types import CountState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, paginate


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


@blueprint.route("/sessions/<uuid:session_id>/count", methods=["GET", "POST"])
@requires(P.TILL_ASSIGN)
def count_till(session_id: UUID) -> Response:
    """A supervisor counts a till that they have stopped; the page tells no figure."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    till = queries.get_session(session, actor, session_id)
    form = count_form(CURRENCIES[till.currency], TillCountForm)()
    back = (f"Till {till.till_code}", url_for("teller.show_session", session_id=session_id))
    nobody = "" if queries.stands_still(till) else TillNotStopped.template
    if till.teller_id == actor.user_id:
        nobody = OwnTill.template
    done = submit(form, lambda s: service.count_till(s, actor, clock, form.to_command(session_id)))
    if not done.done:
        return pages.count_page(
            f"Count till {back[0].removeprefix('Till ')} by surprise",
            form,
            "Write the count down",
            back,
            "Count every note and coin in the drawer, with the teller beside you. The book is shown afterwards.",
            "A difference within the tolerance is recorded and stays for the close. A larger one waits for another "
            "person; when they agree it is booked as short or over.",
            "The till stands still until you let it go on.",
            nobody=nobody,
        )
    return redirect_to(url_for("teller.show_count", count_id=done.value))


DIFFERENCE = CashCount.counted_minor - CashCount.book_minor
PLACES = {
    "vault": CashCount.vault_id.is_not(None),
    "till": CashCount.session_id.is_not(None) & CashCount.request_id.is_(None),
    "hand-in": CashCount.request_id.is_not(None),
}
PLACE_WORDS = [("vault", "Vaults"), ("till", "Tills by surprise"), ("hand-in", "Tills handed in")]
DIFFERENCES = {"any": DIFFERENCE != 0, "short": DIFFERENCE < 0, "over": DIFFERENCE > 0}


@blueprint.get("/counts")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def list_counts() -> Response:
    """The counts of vaults and tills with their differences."""
    session, actor = db.session(), current_actor()
    columns = (
        Column("counted_at", "Counted", "datetime", sort=CashCount.counted_at),
        Column("place", "What"),
        Column("branch", "Branch"),
        Column("by", "By"),
        Column("signed", "Second person"),
        Column("state", "State", "status", sort=CashCount.state),
        Column("counted", f"Counted, {pages.currency()}", "money", sort=CashCount.counted_minor),
        Column("book", "Book", "money", sort=CashCount.book_minor),
        Column("difference", "Difference", "money", sort=DIFFERENCE),
    )
    names = dict(pages.branches())

    def cells(record: tuple[CashCount, TillSession | None]) -> dict[str, object]:
        facts = strongroom.count_facts(session, *record)
        return {
            "counted_at": facts.row.counted_at,
            "place": {"text": facts.place, "url": url_for("teller.show_count", count_id=facts.row.id)},
            "branch": names.get(facts.row.branch_id, ""),
            "by": facts.counted_by,
            "signed": facts.signed_by,
            "state": facts.row.state,
            "counted": facts.counted,
            "book": facts.book,
            "difference": facts.difference,
        }

    empty = Empty(
        "Nothing was counted in this time",
        "The vault is counted at the end of the day; a till can be counted at any time: stop it, then count.",
    )
    page = paginate(
        session,
        queries.counts_seen_by(actor),
        columns,
        cells,
        filters=_filters(),
        empty=empty,
        default_sort="counted_at",
        default_direction="desc",
    )
    back = ("Tills", url_for("teller.till_list"))
    return pages.list_page(page, "cash-counts", "Cash counts", back)


def _filters() -> tuple[Filter, ...]:
    session, actor = db.session(), current_actor()
    tills = [(till.id, f"{till.code} {till.name}") for till, _ in queries.tills(session, actor)]
    states = [(state.value, state.value.capitalize()) for state in CountState]
    return (
        Filter("place", "What", PLACES.get, "select", PLACE_WORDS),
        pages.id_filter("till", "Till", TillSession.till_id, tills),
        Filter("state", "State", lambda value: CashCount.state == value, "select", states),
        Filter(
            "difference",
            "Difference",
            DIFFERENCES.get,
            "select",
            [("any", "Any"), ("short", "Short"), ("over", "Over")],
        ),
        pages.id_filter("branch", "Branch", CashCount.branch_id, pages.branches()),
        *pages.day_filters(CashCount.business_date),
    )


@blueprint.get("/counts/<uuid:count_id>")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def show_count(count_id: UUID) -> Response:
    """The count on paper: the pieces, the book, the difference, and who signs."""
    session, actor = db.session(), current_actor()
    row = queries.get_count(session, actor, count_id)
    till = queries.get_session(session, actor, row.session_id) if row.session_id else None
    currency = CURRENCIES[row.currency]
    asked = approvals.waiting_for(session, url_for("teller.show_count", count_id=count_id))
    back = (f"Till {till.till_code}", url_for("teller.show_session", session_id=till.id)) if till else None
    return respond(
        "teller/count_certificate.html",
        facts=strongroom.count_facts(session, row, till),
        rows=pages.count_rows(row.counts, currency),
        currency=currency,
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, row.branch_id),
        request_id=asked[0].id if asked else None,
        back=back or pages.vault_link(),
    )
