"""Papers are made once by a worker, seen by those who may, and proven to anybody who holds one."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from sacco_app.documents import jobs as document_jobs
from sacco_app.documents import queries, service
from sacco_app.documents.models import Document
from sacco_app.documents.types import RequestDocument
from sacco_app.kernel import deliveries
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.deliveries import Delivery
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.masking import masked_number
from sacco_app.kernel.uow import transaction
from sacco_app.members.models import Member
from sacco_app.notifications.models import MessagePreference, MessageRow
from sacco_app.savings.documents import request_run, request_statement
from sacco_app.savings.queries import get_account, owner_of
from sacco_app.webkit import jobs
from sacco_app.webkit.pdf import STATIC, ForeignFile, _own_path, render_pdf
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.counter import make_counter

DAY = date(2026, 11, 23)


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def manager(session, clock):
    return make_user(session, clock, "branch_manager")


def text_of(document):
    reader = PdfReader(service.file_of(document.path))
    return "\n".join(page.extract_text() for page in reader.pages)


def documents(session, **wanted):
    session.expire_all()
    rows = session.scalars(select(Document).filter_by(**wanted).order_by(Document.requested_at))
    return [queries.facts(row) for row in rows]


def ask(session, clock, actor, counter, first=DAY, last=DAY):
    with transaction(actor, clock) as inner:
        return request_statement(inner, actor, clock, counter.account_id, first, last)


def test_a_deposit_gets_one_receipt_on_paper_however_often_the_job_comes(app, session, clock, counter):
    facts = counter.deposit(50_000)
    jobs.drain(app, clock)
    (receipt,) = documents(session, title=f"Receipt {facts.receipt_number}")
    assert receipt.status == "ready"
    words = text_of(receipt)
    assert "Fifty thousand Uganda shillings only" in words
    assert facts.receipt_number in words
    before = service.file_of(receipt.path).read_bytes()
    document_jobs.make(clock, receipt.id)
    assert service.file_of(receipt.path).read_bytes() == before
    assert hashlib.sha256(before).hexdigest() == receipt.sha256


def test_a_statement_runs_its_balance_from_brought_forward_to_carried_forward(app, session, clock, counter, manager):
    counter.deposit(50_000)
    counter.deposit(25_000)
    counter.withdraw(10_000)
    document_id = ask(session, clock, actor_for(session, manager), counter)
    jobs.drain(app, clock)
    document = queries.get_document(session, actor_for(session, manager), document_id)
    words = text_of(document)
    balance = counter.balance()
    for figure in ("Balance brought forward", "50,000", "75,000", f"{balance:,}", "Balance carried forward"):
        assert figure in words
    assert dict(document.facts)["Closing balance"] == f"UGX {balance:,}"


def test_the_pages_ask_show_and_fetch(app, client, session, clock, counter, manager):
    counter.deposit(50_000)
    sign_in(client, session, clock, manager)
    url = f"/savings/accounts/{counter.account_id}/statement"
    assert client.get(url).status_code == 200
    backwards = client.post(url, data={"first": "2026-11-23", "last": "2026-11-01"})
    assert backwards.status_code == 422
    assert "before the first" in backwards.text
    assert client.post(url, data={"first": "2026-11-01", "last": "2027-11-01"}).status_code == 422
    asked = client.post(url, data={"first": "2026-11-01", "last": "2026-11-23"})
    page = asked.headers["Location"]
    assert "It is being made" in client.get(page).text
    assert client.get(f"{page}/file").status_code == 409
    jobs.drain(app, clock)
    assert "Open the PDF" in client.get(page).text
    fetched = client.get(f"{page}/file")
    assert fetched.mimetype == "application/pdf"
    assert fetched.data.startswith(b"%PDF-")
    listed = client.get("/documents?kind=savings.statement").text
    assert "Statement REG-" in listed


@pytest.mark.parametrize("address", ["okello@example.org", ""])
def test_a_statement_goes_to_the_member_by_mail_once(app, client, session, clock, counter, manager, address):
    member = session.get_one(Member, owner_of(session, counter.account_id))
    member.email = address
    session.flush()
    sign_in(client, session, clock, manager)
    document = ask(session, clock, actor_for(session, manager), counter)
    url = f"/members/documents/{document}/mail"
    assert "still being made" in client.post(url, follow_redirects=True).text
    jobs.drain(app, clock)
    assert "E-mail it to the member" in client.get(f"/documents/{document}").text
    told = client.post(url, follow_redirects=True).text
    assert ("on its way to okello@example.org" if address else "nobody to send it to") in told
    assert ("was sent to okello@example.org before" if address else "nobody to send it to") in client.post(
        url, follow_redirects=True
    ).text
    sent = session.scalars(select(MessageRow).filter_by(code="DOCUMENT_MAILED")).all()
    assert [(row.recipient, row.attachment_id, row.member_id) for row in sent] == (
        [(address, document, member.id)] if address else []
    )
    number = get_account(session, Actor.system(), counter.account_id).number
    for row in sent:
        assert number not in row.subject + row.body
        assert f"Statement {masked_number(number)}".replace("…", "...") in row.subject


@pytest.mark.parametrize(
    ("hour", "wanted", "words"),
    [(9, False, "It does not go to okello@example.org: the reader does not want"), (21, True, "quiet hours are over")],
)
def test_a_statement_that_does_not_go_now_is_not_said_to_go(
    app, client, session, clock, counter, manager, hour, wanted, words
):
    member_id = owner_of(session, counter.account_id)
    session.get_one(Member, member_id).email = "okello@example.org"
    session.add(MessagePreference(member_id=member_id, channel="email", topic="service", wanted=wanted))
    session.flush()
    document = ask(session, clock, actor_for(session, manager), counter)
    jobs.drain(app, clock)
    clock.instant += timedelta(hours=hour - 9)
    sign_in(client, session, clock, manager)
    told = client.post(f"/members/documents/{document}/mail", follow_redirects=True).text
    assert words in told
    assert "on its way" not in told


def test_a_report_goes_to_whoever_wants_it(app, client, session, clock, counter):
    accountant = make_user(session, clock, "accountant")
    sign_in(client, session, clock, accountant)
    page = client.post("/ledger/trial-balance/document?as_of=2026-11-23").headers["Location"]
    jobs.drain(app, clock)
    assert "E-mail it to me" in client.get(page).text
    told = client.post(f"/members{page}/mail", follow_redirects=True).text
    assert f"on its way to {accountant.email}" in told


def test_a_trial_balance_on_paper_has_equal_totals(app, client, session, clock, counter):
    counter.deposit(50_000)
    sign_in(client, session, clock, make_user(session, clock, "accountant"))
    page = client.post("/ledger/trial-balance/document?as_of=2026-11-23").headers["Location"]
    jobs.drain(app, clock)
    assert "Open the PDF" in client.get(page).text
    (document,) = documents(session, kind="ledger.trial_balance")
    facts = dict(document.facts)
    assert facts["Total debit"] == facts["Total credit"]
    assert facts["Total debit"].removeprefix("UGX ") in text_of(document)


def test_nobody_sees_documents_of_another_branch_or_kind(app, client, session, clock, counter, manager):
    counter.deposit(50_000)
    document_id = ask(session, clock, actor_for(session, manager), counter)
    jobs.drain(app, clock)
    stranger = Actor(new_id(), "Stranger", actor_for(session, manager).permissions, branch_ids=frozenset({new_id()}))
    with pytest.raises(NotFound):
        queries.get_document(session, stranger, document_id)
    with pytest.raises(NotFound):
        queries.document_of_member(session, new_id(), document_id)
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    assert client.get(f"/documents/{document_id}").status_code == 403


def test_a_holder_proves_the_paper_and_a_forger_does_not(app, session, clock, counter, manager):
    counter.deposit(50_000)
    ask(session, clock, actor_for(session, manager), counter)
    jobs.drain(app, clock)
    (document,) = documents(session, kind="savings.statement")
    public = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    url = f"/documents/check/{document.check_code}"
    page = public.get(url)
    assert "UGX 50,000" in page.text
    assert "Nakimuli" not in page.text
    content = service.file_of(document.path).read_bytes()
    assert "the very one" in public.post(url, data={"file": (io.BytesIO(content), "s.pdf")}).text
    assert "not the one" in public.post(url, data={"file": (io.BytesIO(content + b" "), "s.pdf")}).text
    assert public.post(url, data={}).status_code == 422
    assert public.get("/documents/check/NOSUCHCODE2345").status_code == 404


def test_a_run_makes_every_statement_and_tells_how_far_it_is(app, client, session, clock, counter, manager):
    counter.deposit(50_000)
    sign_in(client, session, clock, manager)
    page = client.post("/savings/statements", data={"first": "2026-11-01", "last": "2026-11-23"}).headers["Location"]
    assert "0 of 1" in client.get(page).text
    jobs.drain(app, clock)
    assert "1 of 1" in client.get(page).text
    assert "1 of 1 papers are ready" in client.get("/inbox").text
    assert {row.queue for row in session.scalars(select(Delivery).where(Delivery.subscriber.like("%bulk%")))} == {
        "bulk"
    }


def test_a_run_of_nothing_is_refused(client, session, clock, manager):
    sign_in(client, session, clock, manager)
    answer = client.post("/savings/statements", data={"first": "2026-11-01", "last": "2026-11-23"})
    assert answer.status_code == 409
    assert "No document would be made" in answer.text


def test_a_run_needs_its_permission(client, session, clock, counter):
    sign_in(client, session, clock, counter.teller_user)
    assert client.get("/savings/statements").status_code == 403
    teller = actor_for(session, counter.teller_user)
    with pytest.raises(Exception, match="role"), transaction(teller, clock) as inner:
        request_run(inner, teller, clock, None, DAY, DAY)


def test_what_cannot_be_made_says_so_and_waits_for_the_administrator(app, client, session, clock, manager):
    actor = actor_for(session, manager)
    params = {"account_id": str(new_id()), "from": "2026-11-01", "to": "2026-11-23"}
    with transaction(actor, clock) as inner:
        wish = RequestDocument("savings.statement", params, "Statement of nobody", branch_id=manager.branch_id)
        document_id = service.request_document(inner, actor, clock, wish)
    jobs.drain(app, clock)
    sign_in(client, session, clock, manager)
    assert "could not be made" in client.get(f"/documents/{document_id}").text
    assert session.scalar(select(func.count()).where(Delivery.failed_at.is_not(None))) == 1


def test_a_failure_is_told_in_plain_words_and_the_open_page_hears_of_the_retry(
    app, client, session, clock, counter, manager, monkeypatch
):
    def broken(*_):
        raise NotADirectoryError("/srv/papers")

    counter.deposit(50_000)
    jobs.drain(app, clock)
    document_id = ask(session, clock, actor_for(session, manager), counter)
    with monkeypatch.context() as patch:
        patch.setattr(service, "keep", broken)
        jobs.drain(app, clock)
    sign_in(client, session, clock, manager)
    page = client.get(f"/documents/{document_id}", headers={"HX-Request": "true"}).text
    assert "something went wrong on our side" in page
    assert "NotADirectoryError" not in page
    assert "nudge-documents from:body" in page
    failed = session.scalars(select(Delivery).where(Delivery.failed_at.is_not(None))).one()
    assert "NotADirectoryError" in failed.error
    deliveries.retry(session, failed.id, clock.now())
    jobs.drain(app, clock)
    page = client.get(f"/documents/{document_id}", headers={"HX-Request": "true"}).text
    assert "Open the PDF" in page
    assert "hx-trigger" not in page


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", f"{STATIC.as_uri()}/../config.py", "https://example.org/x.css", "file://host/static/x"],
)
def test_a_document_reads_no_foreign_file(url):
    with pytest.raises(ForeignFile):
        _own_path(url)


def test_a_page_that_asks_for_a_foreign_file_is_made_without_it():
    assert render_pdf('<p>Text<img src="file:///etc/hostname"></p>').startswith(b"%PDF-")
