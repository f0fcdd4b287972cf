"""Pages of the chart, the posting profiles and the periods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.ledger import accounts, periods, profiles
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import AccountCodeTaken, AccountNotFound
from sacco_app.ledger.forms import EditAccountForm, NewAccountForm, PeriodForm, ProfileForm
from sacco_app.ledger.models import GlAccount, LedgerPeriod, PostingProfile
from sacco_app.ledger.types import CLASS_NAMES, AccountClass, EditProfile, Perm
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

_CODE_TAKEN: dict[type[SaccoError], str] = {AccountCodeTaken: "code"}


@blueprint.get("/accounts")
@requires(Perm.ACCOUNT_VIEW)
def list_accounts() -> Response:
    columns = (
        Column("code", "Code", sort=GlAccount.code),
        Column("name", "Name", sort=GlAccount.name),
        Column("class", "Class", sort=GlAccount.account_class),
        Column("side", "Side"),
        Column("control", "Posted by", sort=GlAccount.is_control),
        Column("pearls", "PEARLS", sort=GlAccount.pearls),
        Column("kef", "Form 6/7", sort=GlAccount.kef),
        Column("liquidity", "Form 2", sort=GlAccount.liquidity),
        Column("cash_flow", "Cash flow"),
        Column("status", "Status", "status"),
    )

    def cells(record: Any) -> dict[str, Any]:
        row = record[0]
        return {
            "code": {"text": row.code, "url": url_for("ledger.show_account", account_id=row.id)},
            "name": row.name,
            "class": CLASS_NAMES[AccountClass(row.account_class)],
            "side": "Debit" if row.normal_side == "D" else "Credit",
            "control": "System only" if row.is_control else "System and people",
            "pearls": row.pearls,
            "kef": row.kef,
            "liquidity": row.liquidity,
            "cash_flow": row.cash_flow,
            "status": "active" if row.is_active else "inactive",
        }

    filters = (
        Filter("q", "Search", lambda value: or_(GlAccount.code.startswith(value), GlAccount.name.ilike(f"%{value}%"))),
        Filter(
            "class",
            "Class",
            lambda value: GlAccount.account_class == value,
            "select",
            [(key.value, words) for key, words in CLASS_NAMES.items()],
        ),
    )
    page = paginate(
        db.session(),
        select(GlAccount),
        columns,
        cells,
        filters=filters,
        empty=Empty("No account is like that"),
        default_sort="code",
    )
    return export(page, "chart-of-accounts") or respond("ledger/accounts.html", block="results", page=page)


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires(Perm.ACCOUNT_EDIT)
def new_account() -> Response:
    actor, clock = current_actor(), current_clock()
    form = NewAccountForm()
    outcome = submit(form, lambda s: accounts.add_account(s, actor, clock, form.to_command()), _CODE_TAKEN)
    if outcome.done:
        notify("The account was added")
        return redirect_to(url_for("ledger.show_account", account_id=outcome.value))
    return respond("ledger/account_form.html", block="form_region", status=form.status, form=form, account=None)


@blueprint.route("/accounts/<uuid:account_id>/edit", methods=["GET", "POST"])
@requires(Perm.ACCOUNT_EDIT)
def edit_account(account_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    account = db.session().get(GlAccount, account_id)
    if account is None:
        raise AccountNotFound
    form = EditAccountForm(obj=account)
    outcome = submit(form, lambda s: accounts.edit_account(s, actor, clock, form.to_command(account_id)), _CODE_TAKEN)
    if outcome.done:
        notify("The account was changed")
        return redirect_to(url_for("ledger.list_accounts"))
    return respond("ledger/account_form.html", block="form_region", status=form.status, form=form, account=account)


@blueprint.get("/posting-profiles")
@requires(Perm.ACCOUNT_VIEW)
def list_profiles() -> Response:
    columns = (
        Column("event", "Event", sort=PostingProfile.event_code),
        Column("product", "Product", sort=PostingProfile.product_code),
        Column("leg", "Leg", sort=PostingProfile.leg),
        Column("account", "Account", sort=GlAccount.code),
    )

    editable = may_open(current_actor(), "ledger.edit_profile")

    def cells(record: Any) -> dict[str, Any]:
        row, account = record
        url = url_for("ledger.edit_profile", profile_id=row.id) if editable else ""
        return {
            "event": row.event_code,
            "product": row.product_code or "Every product",
            "leg": {"text": row.leg.replace("_", " "), "url": url},
            "account": f"{account.code} {account.name}",
        }

    query: Any = select(PostingProfile, GlAccount)
    page = paginate(
        db.session(),
        query.join(GlAccount, GlAccount.id == PostingProfile.gl_account_id),
        columns,
        cells,
        filters=(Filter("event", "Event", lambda value: PostingProfile.event_code == value.upper()),),
        empty=Empty("No posting profile is like that"),
        default_sort="event",
    )
    return export(page, "posting-profiles") or respond("ledger/profiles.html", block="results", page=page)


@blueprint.route("/posting-profiles/<uuid:profile_id>", methods=["GET", "POST"])
@requires(Perm.ACCOUNT_EDIT)
def edit_profile(profile_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    profile = session.get(PostingProfile, profile_id)
    if profile is None:
        raise AccountNotFound
    book = chart(session)
    form = ProfileForm()
    form.account_code.choices = [(a.code, f"{a.code} {a.name}") for a in book.by_code.values() if a.is_active]
    if not form.is_submitted():
        form.account_code.data = book.by_id[profile.gl_account_id].code
    reason = form.reason.data or ""
    outcome = submit(
        form,
        lambda s: profiles.ask_profile(s, actor, clock, EditProfile(profile_id, form.account_code.data), reason),
    )
    if outcome.done:
        notify("Sent to a second person: the leg moves the other account when it is approved")
        return redirect_to(url_for("ledger.list_profiles"))
    asked = approvals.waiting_for(session, profiles.profile_url(profile_id))
    return respond(
        "ledger/profile_form.html",
        block="form_region",
        status=form.status,
        form=form,
        profile=profile,
        waiting=[(one.summary, f"/approvals/{one.id}") for one in asked],
    )


@blueprint.route("/periods", methods=["GET", "POST"])
@requires(Perm.REPORT_VIEW)
def list_periods() -> Response:
    actor, clock = current_actor(), current_clock()
    form = PeriodForm()
    outcome = submit(form, lambda s: periods.set_status(s, actor, clock, form.to_command()))
    if outcome.done:
        notify("The period was moved")
        return redirect_to(url_for("ledger.list_periods"))
    columns = (
        Column("month", "Month", sort=LedgerPeriod.month),
        Column("status", "Status", "status", sort=LedgerPeriod.status),
    )
    page = paginate(
        db.session(),
        select(LedgerPeriod),
        columns,
        lambda record: {"month": f"{record[0].month:%B %Y}", "status": record[0].status},
        empty=Empty("No periods yet"),
        default_sort="month",
        default_direction="desc",
    )
    return export(page, "periods") or respond(
        "ledger/periods.html",
        block="form_region",
        status=form.status,
        page=page,
        form=form,
        may_edit=actor.may(Perm.PERIOD_EDIT),
    )
