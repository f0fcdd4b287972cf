"""Papers of manual journals: looked at by the approver, kept with the journal, shown to nobody else."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from sacco_app.kernel import files
from sacco_app.kernel.uow import transaction
from sacco_app.ledger.models import JournalPaper
from sacco_app.organisation import service as organisation
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import make_user, sign_in
from tests.ledger.test_views import JOURNAL, approve, request_id

PDF = b"%PDF-1.7 an invoice %%EOF"


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 40), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def browser(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "accountant"))


@pytest.fixture
def send(browser, branch):
    def post(*papers, key="a"):
        handed_in = [(io.BytesIO(content), name) for content, name in papers]
        data = JOURNAL | {"branch_id": str(branch.id), "submission_id": key, "papers": handed_in}
        return browser.post("/ledger/journals/new", data=data, content_type="multipart/form-data")

    return post


def count(session):
    return session.scalar(select(func.count()).select_from(JournalPaper))


def test_the_approver_sees_the_papers_and_the_journal_keeps_them(client, session, clock, send):
    assert send((PDF, "invoice 17.pdf"), (picture(), "minute.png")).status_code == 303
    asked = request_id(session, "ledger.manual-journal")
    client.post("/sign-out")
    sign_in(client, session, clock, make_user(session, clock, "branch_manager", email="looks@umoja.example"))
    page = client.get(f"/approvals/{asked}").text
    for name in ("invoice 17.pdf", "minute.png"):
        assert name in page
    pdf, jpeg = (
        f"/ledger/papers/{row.id}" for row in session.scalars(select(JournalPaper).order_by(JournalPaper.name))
    )
    answer = client.get(pdf)
    assert (answer.data, answer.mimetype, answer.headers["Cache-Control"]) == (
        PDF,
        "application/pdf",
        "private, no-store",
    )
    assert Image.open(io.BytesIO(client.get(jpeg).data)).size[0] == files.LONGEST_SIDE
    outcome = approve(session, clock, "ledger.manual-journal")
    assert "invoice 17.pdf" in client.get(outcome.result_ref).text


def test_the_same_form_sent_twice_keeps_its_papers_once(session, send):
    assert [send((PDF, "invoice.pdf")).status_code for _ in range(2)] == [303, 303]
    assert count(session) == 1
    refused = send((PDF.replace(b"an", b"another"), "invoice.pdf"))
    assert refused.status_code == 409
    assert "already used for something else" in refused.text


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        ([(b"<script>", "invoice.pdf")], "invoice.pdf: not a PDF or a picture"),
        ([(PDF + b" " * files.MAX_BYTES, "long.pdf")], "long.pdf: larger than 5 MB"),
        ([(PDF, f"{n}.pdf") for n in range(5)], "At most 4 papers"),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_is_lost(session, send, papers, words):
    answer = send(*papers)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Rent for November"' in answer.text
    assert count(session) == 0
    assert session.execute(text("SELECT count(*) FROM approval_requests")).scalar() == 0


def test_nobody_else_sees_them(client, session, system, clock, send):
    send((PDF, "invoice.pdf"))
    path = f"/ledger/papers/{session.scalars(select(JournalPaper.id)).one()}"
    with transaction(system, clock) as inner:
        other = organisation.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
    for role, branch_id, status in (("teller", None, 403), ("branch_manager", other, 404)):
        client.post("/sign-out")
        sign_in(client, session, clock, make_user(session, clock, role, branch_id, email=f"other-{role}@umoja.example"))
        assert client.get(path).status_code == status
