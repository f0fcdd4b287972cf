"""The counter: look up, amount, post, receipt, all on one page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from sacco_app.approvals import service as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound, SaccoError
from sacco_app.kernel.money import Currency
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries as savings
from sacco_app.savings.errors import InsufficientFunds, OwnAccount
from sacco_app.savings.service import is_own
from sacco_app.savings.types import AccountFacts
from sacco_app.teller import counter, queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.errors import AuthorityNeeded, PayerIncomplete, SourceNeeded, TillAboveLimit, TillShortOfCash
from sacco_app.teller.forms import DepositForm, WithdrawalForm
from sacco_app.teller.types import PendingApproval, TillState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.transactions.errors import AboveLimit
from sacco_app.transactions.types import TransactionFacts
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import Outcome, SaccoForm, submit
from sacco_app.webkit.htmx import is_htmx, notify, redirect_to, respond

PINS: dict[type[SaccoError], str] = {
    InsufficientFunds: "amount",
    TillShortOfCash: "amount",
    TillAboveLimit: "amount",
    AboveLimit: "amount",
    PayerIncomplete: "depositor_phone",
    SourceNeeded: "source",
    AuthorityNeeded: "authority",
}
MAX_QUERY = 80


def _currency() -> Currency:
    return organisation.get_profile(db.session()).currency


def _mode() -> str:
    wanted = request.args.get("do", "deposit")
    return wanted if wanted in counter.MODES else "deposit"


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _form(mode: str, **kwargs: Any) -> DepositForm | WithdrawalForm:
    return DepositForm(_currency(), **kwargs) if mode == "deposit" else WithdrawalForm(_currency(), **kwargs)


@blueprint.get("")
@requires(P.TILL_OPERATE)
def console() -> Response:
    session, actor, mode = db.session(), current_actor(), _mode()
    text = request.args.get("q", "").strip()[:MAX_QUERY]
    found = counter.look_up(session, actor, text) if text else []
    chosen = _uuid(request.args.get("account"))
    if chosen is None and len(found) == 1 and len(found[0][1]) == 1:
        chosen = found[0][1][0].id
    account = savings.get_account(session, actor, chosen) if chosen else None
    form = _form(mode, data={"account_id": str(account.id)}) if account else None
    more = len(found) > counter.LOOKUP
    return _page(mode, account, form, text=text, found=[] if account else found[: counter.LOOKUP], more=more)


def _page(mode: str, account: AccountFacts | None, form: SaccoForm | None, **context: Any) -> Response:
    session, actor = db.session(), current_actor()
    till = queries.live_session_of(session, actor.user_id)
    if till is None or till.state != TillState.OPENED:
        return respond("teller/closed.html", till=till)
    posted, pending = (context.pop(name, None) or _uuid(request.args.get(name)) for name in ("posted", "pending"))
    shown: dict[str, Any] = {
        "text": "",
        "found": [],
        "preview": None,
        "paying": None,
        **counter.side(session, actor, till),
        **context,
    }
    if account is not None:
        shown |= {
            "member": members.get_member(session, account.member_id),
            "reasons": counter.reasons(session, account),
            "own": is_own(actor, account.member_id),
            "costs": counter.costs(session, account, mode),
            "asks_source": counter.asks_source(session, form, till.business_date) if mode == "deposit" else None,
        }
    return respond(
        "teller/console.html",
        block="counter",
        status=form.status if form else 200,
        mode=mode,
        account=account,
        form=form,
        currency=till.currency,
        posted=counter.posted(session, actor, posted) if posted else None,
        pending=pending,
        **shown,
    )


def _take(form: DepositForm | WithdrawalForm, account_id: UUID) -> Outcome[TransactionFacts | PendingApproval]:
    actor, clock = current_actor(), current_clock()
    if isinstance(form, DepositForm):
        paid_in = form
        return submit(form, lambda s: service.deposit(s, actor, clock, paid_in.to_command(account_id)), PINS)
    paid_out = form
    return submit(form, lambda s: service.withdraw(s, actor, clock, paid_out.to_command(account_id)), PINS)


def _submitted(mode: str) -> Response:
    session, actor, form = db.session(), current_actor(), _form(mode)
    chosen = _uuid(form.account_id.data)
    if chosen is None:
        raise NotFound(what="savings account")
    account = savings.get_account(session, actor, chosen)
    if request.form.get("preview") and form.validate():
        return _preview(mode, account, form)
    done = _take(form, account.id)
    session.expire_all()
    if not done.done:
        return _page(mode, savings.get_account(session, actor, account.id), form)
    if isinstance(done.value, PendingApproval):
        return _next(mode, pending=done.value.request_id)
    return _next(mode, posted=done.value.id)


def _preview(mode: str, account: AccountFacts, form: DepositForm | WithdrawalForm) -> Response:
    try:
        shown = counter.preview(db.session(), current_actor(), current_clock(), account, mode, form.amount.data)
    except OwnAccount as error:
        form.refuse(error)
        shown = None
    return _page(mode, account, form, preview=shown)


def _next(mode: str, **outcome: Any) -> Response:
    """Show what came of it, ready for the next member: within the same request for htmx, by a redirect for a browser."""
    address = url_for("teller.console", do=mode, **outcome)
    if not is_htmx():
        return redirect_to(address)
    response = _page(mode, None, None, after=True, **outcome)
    response.headers["HX-Push-Url"] = address
    return response


@blueprint.get("/side")
@requires(P.TILL_OPERATE)
def show_side() -> Response:
    """The till beside the counter alone: read again when a nudge says that something changed."""
    session, actor = db.session(), current_actor()
    till = queries.live_session_of(session, actor.user_id)
    if till is None:
        return redirect_to(url_for("teller.console"))
    return respond("teller/_side.html", currency=till.currency, **counter.side(session, actor, till))


@blueprint.post("/deposit")
@requires(P.TILL_OPERATE)
def deposit() -> Response:
    return _submitted("deposit")


@blueprint.post("/withdraw")
@requires(P.TILL_OPERATE)
def withdraw() -> Response:
    return _submitted("withdraw")


@blueprint.get("/fee")
@requires(P.TILL_OPERATE)
def fee() -> Response:
    """What the amount that is being typed costs, and what else must be asked; nothing while it is not an amount."""
    session, actor, mode = db.session(), current_actor(), _mode()
    form = _form(mode, formdata=request.args, meta={"csrf": False})
    chosen = _uuid(form.account_id.data)
    if not chosen or not form.validate():
        return respond("teller/_fee.html", preview=None)
    account = savings.get_account(session, actor, chosen)
    if is_own(actor, account.member_id):
        return respond("teller/_fee.html", preview=None)
    day = organisation.business_date(session, account.branch_id)
    asks = counter.asks_source(session, form, day) if mode == "deposit" else None
    rows = counter.preview(session, actor, current_clock(), account, mode, form.amount.data)
    return respond("teller/_fee.html", preview=rows, form=form, asks_source=asks)


@blueprint.get("/pay/<uuid:request_id>")
@requires(P.TILL_OPERATE)
def show_payout(request_id: UUID) -> Response:
    """What was approved, before the cash goes out: who collects it, what it costs, what is left."""
    paying = counter.payout(db.session(), current_actor(), request_id)
    if paying is None:
        notify("This withdrawal is not to be paid now", "warning")
        return redirect_to(url_for("teller.console", do="withdraw"))
    return _payout_page(paying, SaccoForm())


def _payout_page(paying: counter.Payout, form: SaccoForm) -> Response:
    owner = members.get_member(db.session(), paying.account.member_id)
    return _page("withdraw", None, form, paying=paying, member=owner)


@blueprint.post("/pay/<uuid:request_id>")
@requires(P.TILL_OPERATE)
def pay(request_id: UUID) -> Response:
    """Pay out what was approved."""
    form, session = SaccoForm(), db.session()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: approvals.execute(s, actor, clock, request_id))
    session.expire_all()
    if done.done:
        paid = _uuid(parse_qs(urlsplit(done.value).query).get("posted", [""])[0])
        return _next("withdraw", posted=paid)
    paying = counter.payout(session, actor, request_id)
    return _payout_page(paying, form) if paying else _page("withdraw", None, form)
