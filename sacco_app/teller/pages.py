"""What the pages of the room share: branches, currency, filters, the pages of a form and of a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.money import Currency, Money
from sacco_app.organisation import queries as organisation
from sacco_app.teller.forms import CountForm
from sacco_app.webkit.auth import current_actor
from sacco_app.webkit.forms import SaccoForm
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Filter, Page, export


def currency() -> Currency:
    """The currency of the SACCO."""
    return organisation.get_profile(db.session()).currency


def branches() -> list[tuple[UUID, str]]:
    """The branches of the actor, for a select."""
    return [(branch.id, branch.name) for branch in organisation.list_branches(db.session(), current_actor())]


def vault_link() -> tuple[str, str]:
    """The way back to the vault."""
    return "Vault", url_for("teller.vault_page")


def day_filters(column: Any) -> tuple[Filter, Filter]:
    """From and to, both days included; what is no day says nothing."""

    def bound(value: str, *, until: bool) -> ColumnElement[bool] | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return None
        found: ColumnElement[bool] = column <= day if until else column >= day
        return found

    return (
        Filter("from", "From", lambda value: bound(value, until=False), "date"),
        Filter("to", "To", lambda value: bound(value, until=True), "date"),
    )


def id_filter(name: str, label: str, column: Any, choices: list[tuple[UUID, str]]) -> Filter:
    """One of some rows; what is no id says nothing."""

    def picked(value: str) -> ColumnElement[bool] | None:
        try:
            found: ColumnElement[bool] = column == UUID(value)
        except ValueError:
            return None
        return found

    return Filter(name, label, picked, "select", [(str(one), words) for one, words in choices])


def count_page(
    heading: str, form: CountForm, label: str, back: tuple[str, str], *advice: str, nobody: str = ""
) -> Response:
    """The page on which cash is counted by denomination. `nobody` says why it cannot be done now."""
    return respond(
        "teller/count.html",
        block="form_region",
        status=form.status,
        form=form,
        heading=heading,
        advice=advice,
        submit_label=label,
        back=back,
        path=request.path,
        nobody=nobody,
    )


def form_page(heading: str, form: SaccoForm, label: str, back: tuple[str, str], *advice: str) -> Response:
    """The page of a short form."""
    return respond(
        "teller/form.html",
        block="form_region",
        status=form.status,
        form=form,
        heading=heading,
        submit_label=label,
        advice=advice,
        back=back,
        currency=currency(),
        path=request.path,
    )


def list_page(page: Page, name: str, heading: str, back: tuple[str, str] | None = None) -> Response:
    """A list on screen, or as the file that was asked for, called `name`."""
    known: dict[str, Any] = {"back": back} if back else {}
    return export(page, name) or respond("teller/list.html", block="results", page=page, heading=heading, **known)


def count_rows(counts: Iterable[Sequence[int]], of: Currency) -> list[list[object]]:
    """A count, as a command or its row has it, for a table: note or coin, pieces, amount."""
    return [[Money(value, of).format(), pieces, Money(value * pieces, of)] for value, pieces in counts if pieces]
