"""A teller's day from the float to the count, in a real browser, with the people whom it takes."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from sacco_app.demo import people, staff
from tests.browser import other_doors


def sign_in(page: Page, role: str) -> Page:
    person = next(one for one in staff.STAFF if one.role == role)
    page.goto("/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", staff.PASSWORD)
    page.click("main button[type=submit]")
    if person.secret:
        page.fill("[name=code]", pyotp.TOTP(person.secret).now())
        page.click("main button[type=submit]")
    expect(page.locator("header.topbar")).to_be_visible()
    return page


def prepare_cash(page: Page, manager: Page) -> None:
    """The head teller sets a till up, fetches cash with the manager as second custodian, and counts a float."""
    page.goto("/teller/tills/new")
    page.fill("[name=code]", "T1")
    page.fill("[name=name]", "Counter 1")
    page.fill("[name=limit]", "20000000")
    page.click("#form-region button[type=submit]")
    expect(page.locator("main")).to_contain_text("Counter 1")
    page.goto("/teller/vault/fund")
    page.fill("[name=amount]", "30000000")
    page.click("#form-region button[type=submit]")
    page.wait_for_url(re.compile(r"/teller/vault$"))
    approve(manager, "30,000,000")
    page.goto("/teller/vault/float")
    page.select_option("[name=teller_id]", label="Grace Nakato")
    page.fill("[name=pieces_50000]", "40")
    page.fill("[name=pieces_10000]", "50")
    page.click("#form-region button[type=submit]")
    page.wait_for_url(re.compile(r"/teller/vault$"))
    expect(page.locator("main")).to_contain_text("Grace Nakato")


def register_member(page: Page) -> None:
    page.goto("/members/new")
    page.fill("[name=surname]", "Nakimuli")
    page.fill("[name=given_names]", "Florence")
    page.check("[name=sex][value=F]")
    page.fill("[name=date_of_birth]", "1990-05-17")
    page.fill("[name=phone]", "0772 123 456")
    page.fill("[name=nin]", "CF90051234ABCD")
    page.set_input_files("[name=photo]", {"name": "face.jpg", "mimeType": "image/jpeg", "buffer": people.portrait(2)})
    page.set_input_files(
        "[name=signature]", {"name": "sign.jpg", "mimeType": "image/jpeg", "buffer": people.signature(2)}
    )
    page.set_input_files("[name=id_front]", {"name": "id.jpg", "mimeType": "image/jpeg", "buffer": people.portrait(3)})
    page.click("main form:has([name=surname]) button[type=submit]")
    page.wait_for_url(re.compile(r"/members/[0-9a-f-]{36}"))
    expect(page.locator("main")).to_contain_text("Nakimuli")


def approve(page: Page, words: str) -> None:
    page.goto("/approvals")
    page.get_by_role("link", name=re.compile(words)).first.click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("button[name=decision][value=approve]")


def find(page: Page, text: str) -> None:
    """Look somebody up, and wait for the page's script as well: keys pressed before it runs are nobody's."""
    page.fill("main [name=q]", text)
    with page.expect_navigation():
        page.press("main [name=q]", "Enter")


def balance_is(page: Page, amount: str) -> None:
    expect(page.locator("dl.figures")).to_contain_text(amount)


ROLES = ("head_teller", "teller", "branch_manager", "accountant", "administrator")


@pytest.fixture
def staff_pages(pages):
    return {role: sign_in(pages(), role) for role in ROLES}


def test_a_day_at_the_counter(site, staff_pages, pages):
    head, teller, manager = (staff_pages[role] for role in ("head_teller", "teller", "branch_manager"))
    prepare_cash(head, manager)

    teller.goto("/teller/open")
    expect(teller.locator("main")).to_contain_text("2,500,000")
    teller.get_by_role("button", name="The count is right").click()
    expect(teller.locator(".fact-till")).to_contain_text("2,500,000")

    register_member(teller)
    member_url = teller.url
    approve(manager, "Nakimuli")
    teller.goto(member_url)
    expect(teller.locator("main")).to_contain_text("Active")

    teller.get_by_role("link", name=re.compile("Open an? account|Open account")).first.click()
    teller.click("main form:has([name=product_code]) button[type=submit]")
    expect(teller.locator("main")).to_contain_text("REG-")

    teller.goto("/teller")
    find(teller, "nakim")
    balance_is(teller, "Available")
    expect(teller.locator("img[alt^=Photo]")).to_be_visible()
    teller.keyboard.type("50000")
    assert teller.input_value("[name=amount]") == "50,000"
    teller.keyboard.press("Control+Enter")
    expect(teller.locator("#counter [role=status]")).to_contain_text("Fifty thousand Uganda shillings only")
    receipt = teller.locator("#counter [role=status] a", has_text="Look at the receipt").get_attribute("href")
    teller.goto(receipt)
    teller.reload()
    expect(teller.locator("main")).to_contain_text("50,000")
    expect(teller.locator(".sheet-tools")).to_contain_text("Not printed yet")
    teller.go_back()
    print_twice(teller)

    manager.goto("/")
    expect(manager.locator("html.live")).to_be_attached()
    deposit(teller, "nakim", "2000000")
    other_doors.work_off(site.app)
    other_doors.the_dashboard_changes_by_itself(manager, "2,050,000")
    other_doors.the_message_is_in_the_log(staff_pages["administrator"])
    other_doors.the_receipt_is_a_paper(teller)
    temporary = other_doors.issue_pin(teller, member_url)
    stranger = pages()
    assert "2,050,000" in other_doors.balance_by_ussd(stranger, temporary)
    assert '"2050000"' in other_doors.balance_by_app(stranger)
    teller.goto("/teller")
    withdraw_above_the_limit(teller, manager)
    close_400_short(teller, head)
    the_book_is_proven(site, staff_pages["accountant"])


def print_twice(teller: Page) -> None:
    """Looking has counted nothing; from the counter F8 prints the original, and F8 again a duplicate."""
    for duplicate in (False, True):
        with teller.expect_navigation():
            teller.keyboard.press("F8")
        wanted = expect(teller.locator("main"))
        (wanted.to_contain_text if duplicate else wanted.not_to_contain_text)("DUPLICATE")
        expect(teller.locator(".sheet-tools")).to_contain_text("counted as printed")


def deposit(teller: Page, who: str, amount: str) -> None:
    teller.goto("/teller")
    find(teller, who)
    teller.fill("[name=amount]", amount)
    teller.keyboard.press("Control+Enter")
    expect(teller.locator("#counter [role=status]")).to_contain_text("Cash deposit posted")
    teller.wait_for_load_state()


def the_queue_grows_by_itself(manager: Page, amount: str) -> None:
    """The manager's queue was opened before somebody asked, and was not touched since."""
    expect(manager.locator("#results")).to_contain_text(amount)
    expect(manager.locator("#queue-tabs")).to_contain_text("Waiting for me (1)")
    expect(manager.locator(".side .active .count")).to_contain_text("1")


def withdraw_above_the_limit(teller: Page, manager: Page) -> None:
    manager.goto("/approvals")
    expect(manager.locator("main")).to_contain_text("Nothing waits for you")
    expect(manager.locator("html.live")).to_be_attached()
    teller.keyboard.press("F3")
    teller.wait_for_url(re.compile("do=withdraw"))
    find(teller, "0772123456")
    teller.fill("[name=amount]", "1500000")
    teller.press("[name=amount]", "Tab")
    expect(teller.locator("#counter")).to_contain_text("1,502,000")
    teller.click("#counter form > .form-actions button[type=submit]")
    expect(teller.locator("main")).to_contain_text("Waiting for approval")
    the_queue_grows_by_itself(manager, "1,500,000")
    find(teller, "nakim")
    balance_is(teller, "543,000")
    approve(manager, "1,500,000")
    teller.goto("/teller")
    teller.get_by_role("link", name="Pay", exact=True).click()
    expect(teller.locator("#counter")).to_contain_text("1,502,000")
    teller.get_by_role("button", name="Pay UGX 1,500,000 now").click()
    expect(teller.locator("#counter [role=status]")).to_contain_text("Cash withdrawal posted")
    find(teller, "nakim")
    balance_is(teller, "548,000")


def close_400_short(teller: Page, head: Page) -> None:
    """3,050,000 are in the book: 2,500,000 + 50,000 + 2,000,000 - 1,500,000; 3,049,600 are counted."""
    teller.goto("/teller/close")
    assert "3,050,000" not in teller.locator("body").inner_text()
    counted = {50_000: 60, 20_000: 2, 5_000: 1, 2_000: 2, 500: 1, 100: 1}
    count(teller, counted)
    expect(teller.locator("main")).to_contain_text("Your till is handed in")
    head.goto("/teller/tills")
    head.get_by_role("link", name="T1", exact=True).click()
    assert "3,049,600" not in head.locator("body").inner_text()
    count(head, counted)
    expect(head.locator("body")).to_contain_text("UGX 400 short")


def count(page: Page, counted: dict[int, int]) -> None:
    for value, number in counted.items():
        page.fill(f"[name=pieces_{value}]", str(number))
    expect(page.locator("[data-total]")).to_have_text("3,049,600")
    page.click("#form-region form:has([name=pieces_50000]) button[type=submit]")


def the_book_is_proven(site, accountant: Page) -> None:
    accountant.goto("/ledger/trial-balance")
    expect(accountant.locator("main")).to_contain_text("2110")
    totals = accountant.locator("main tfoot td.money").all_inner_texts()
    figures = [text for text in totals if text.strip() not in ("", "–")]
    assert len(figures) >= 2
    assert figures[0] == figures[1]
    result = site.app.test_cli_runner().invoke(args=["ledger", "check"])
    assert result.exit_code == 0, result.output
