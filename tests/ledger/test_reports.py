"""The reports of the book: figures of the handbook, comparison, drill-down, scope of the reader, paper."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from sacco_app.kernel.money import UGX
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import catalogue, queries, statements
from sacco_app.ledger.chart import chart
from sacco_app.ledger.types import AccountClass
from sacco_app.organisation import service as organisation
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import actor_for, make_user, make_user_everywhere, sign_in
from tests.ledger.builders import DAY, draft, leg, post, ugx
from tests.ledger.test_days import SATURDAY, cash, close, works_on

REPORTS = ("trial-balance", "balance-sheet", "income-statement", "day-book")


@pytest.fixture(autouse=True)
def no_sub_ledgers(monkeypatch):
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})


@pytest.fixture
def browser(client, session, clock):
    return sign_in(client, session, clock, make_user_everywhere(session, clock, "accountant"))


def rows(browser, path):
    text = browser.get(path).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_balance_sheet_of_the_scenario(session, scenario):
    sheet = statements.balance_sheet(session, DAY, SATURDAY, UGX, None, with_accounts=True)
    now = {title: amount.minor for title, (amount, _) in sheet.sums.items()}
    assert now == {
        "Total assets": 65_634_000,
        "Total liabilities": 49_798_000,
        "Surplus not yet appropriated": -364_000,
        "Total equity": 15_836_000,
        "Total liabilities and equity": 65_634_000,
    }
    assert {amount.minor for _, amount in sheet.sums.values()} == {0}
    loans = [(row.mark, row.title, row.amount) for row in sheet.rows if "oan" in row.title and row.mark != "sum"]
    assert loans[:2] == [
        ("line", "Loans to members", ugx(40_423_320)),
        ("account", "Loans to members", ugx(40_423_320)),
    ]
    assert ("line", "Allowance for loan losses", ugx(-750_000)) in loans


def test_the_income_statement_of_the_scenario(session, scenario):
    sheet = statements.income_statement(session, (date(2026, 11, 1), DAY), None, UGX, None)
    now = {title: amount.minor for title, (amount, _) in sheet.sums.items()}
    assert now == {
        "Total income": 57_000,
        "Net financial income": 57_000 - 290_000 - 1_000,
        "Net income after provisions": 57_000 - 291_000 - 100_000,
        "Net operating income": -364_000,
        "Surplus before tax": -364_000,
        "Net surplus": -364_000,
    }
    assert [row.amount for row in sheet.rows if row.title == "Bad debts recovered"] == [ugx(-50_000)]
    assert statements.income_by_month(session, date(2026, 1, 1), DAY, UGX, None) == [
        (date(2026, 11, 1), (107_000, 471_000))
    ]


def test_every_account_of_the_chart_has_its_line(session):
    without = [
        account.code
        for account in chart(session).by_id.values()
        if account.account_class is not AccountClass.MEMO and catalogue.line_of(account).title == catalogue.UNMAPPED
    ]
    assert without == ["1910", "2910"]


def test_a_trial_balance_is_compared_with_an_earlier_day(browser, session, system, clock, branch):
    cash(system, clock, branch, 500, business_date=SATURDAY)
    cash(system, clock, branch, 200)
    back = draft("J-05", branch.id, leg("savings", 700), leg("cash", -700))
    post(system, clock, back)
    head, *found = rows(browser, f"/ledger/trial-balance?as_of={DAY}&since={SATURDAY}&format=csv")
    assert head[2:] == ["At 21 Nov 2026", "Debited since", "Credited since", "Debit", "Credit"]
    assert found == [
        ["1120", "Till cash (per teller)", "500", "200", "700", "", ""],
        ["2110", "Savings - ordinary (withdrawable)", "-500", "700", "200", "", ""],
    ]
    page = browser.get(f"/ledger/trial-balance?as_of={DAY}&since={SATURDAY}").text
    assert "from=2026-11-22" in page
    assert "At 21 Nov" not in browser.get(f"/ledger/trial-balance?as_of={DAY}&since={DAY}").text


def test_a_statement_begins_with_days_that_are_closed(browser, session, system, clock, branch):
    works_on(session, branch, SATURDAY)
    cash(system, clock, branch, 500, business_date=SATURDAY)
    close(system, clock, branch, SATURDAY)
    works_on(session, branch, DAY)
    cash(system, clock, branch, 200)
    account = chart(session).account("1120")
    page = browser.get(f"/ledger/accounts/{account.id}?from={DAY}&to={DAY}").text
    assert re.search(r"Opening 23 Nov 2026</span><span[^>]*>UGX 500<", page)
    assert re.search(r"Closing 23 Nov 2026</span><span[^>]*>UGX 700<", page)
    paper = browser.get(f"/ledger/accounts/{account.id}?from={DAY}&to={DAY}&format=pdf").data
    words = PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert "Opening balance UGX 500" in words
    assert "Closing balance UGX 700" in words


def test_a_course_of_days_is_drawn(browser, session, system, clock, branch):
    for back in (4, 3, 2, 1):
        cash(system, clock, branch, 100 * back, business_date=DAY - timedelta(days=back))
    account = chart(session).account("1120")
    page = browser.get(f"/ledger/accounts/{account.id}?to={DAY}").text
    assert "Balance at the end of each day" in page
    assert ">1,000<" in page


def test_the_day_book_tells_what_each_event_moved(browser, scenario):
    page = browser.get("/ledger/day-book").text
    assert "J-04 Cash deposit" in page
    assert re.search(r"Journals on 23 Nov 2026</span><span[^>]*>22<", page)
    only = browser.get("/ledger/day-book?event=J-04").text
    assert re.search(r"Journals on 23 Nov 2026</span><span[^>]*>1<", only)


def test_journals_that_came_after_the_close_are_found(browser, session, system, clock, branch):
    cash(system, clock, branch)
    clock.advance(timedelta(minutes=2))
    close(system, clock, branch)
    clock.advance(timedelta(minutes=2))
    checker = actor_for(session, make_user(session, clock, "branch_manager"))
    cash(system, clock, branch, 77, checker_id=checker.user_id)
    found = rows(browser, "/ledger/journals?kind=late&format=csv")
    assert [row[-1] for row in found] == ["Amount", "77"]
    assert len(rows(browser, "/ledger/journals?kind=manual&format=csv")) == 1


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_shows_only_what_its_reader_may_see(client, session, system, clock, branch, report):
    with transaction(system, clock) as inner:
        organisation.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
    other = next(one for one in list_branches(session) if one.code == "MBR")
    cash(system, clock, branch, 111_111)
    post(system, clock, draft("J-49", other.id, leg("a", 222_222, account_code="5610"), leg("bank", -222_222)))
    sign_in(client, session, clock, make_user(session, clock, "branch_manager", other.id))
    page = client.get(f"/ledger/{report}").text
    assert "222,222" in page
    assert "111,111" not in page
    assert "Kampala Main" not in page.split("</header>")[1].split("<footer")[0]
    assert client.get(f"/ledger/{report}?branch={branch.id}").status_code == 403


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("more", ["", "&detail=accounts&compare=year&before=2026-10-31&since=2026-10-31"])
def test_a_report_is_on_paper_what_it_is_on_the_screen(browser, scenario, report, more):
    page = browser.get(f"/ledger/{report}?x=1{more}").text
    paper = browser.get(f"/ledger/{report}?format=pdf{more}")
    assert paper.mimetype == "application/pdf"
    words = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.data)).pages)
    cells = re.findall(r'<td class="end money" data-label="(?!Debited")[^>]*><span[^>]*>([−0-9,]+)</span>', page)
    assert len(cells) > 10
    assert [cell for cell in cells if cell not in words] == []
    assert "Umoja SACCO" in words


def test_a_role_without_the_chart_is_not_led_to_a_refusal(client, session, clock, scenario):
    sign_in(client, session, clock, make_user(session, clock, "head_teller"))
    for report in ("balance-sheet?detail=accounts", "trial-balance"):
        assert "/ledger/accounts/" not in client.get(f"/ledger/{report}").text


def test_old_figures_stay_while_days_are_closed(session, system, clock, branch):
    for back in (5, 3, 0):
        day = DAY - timedelta(days=back)
        works_on(session, branch, day)
        cash(system, clock, branch, 100 + back, business_date=day)
        before = queries.trial_balance(session, day)
        close(system, clock, branch, day)
        assert queries.trial_balance(session, day) == before
