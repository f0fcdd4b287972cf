"""The other front doors during the teller's day: the message, the paper, the live page, USSD, the member's app."""

from __future__ import annotations

import json
import re

from flask import Flask
from playwright.sync_api import Page, expect

from sacco_app.integrations.ussd.dialects import dialect
from sacco_app.ussd import gateways
from sacco_app.webkit import jobs

SECRET = "b3Kq8ZxV2pLr7TnB1wYc9HdF4sGj6AeU"
HOOK = f"/hooks/ussd/africastalking/{SECRET}"
PHONE, PIN = "+256772123456", "8351"


def open_ussd(app: Flask) -> None:
    """A gateway that may call."""
    settings = {"africastalking": {"secrets": [SECRET]}}
    app.extensions["ussd_gateways"] = gateways.load(json.dumps(settings), dialect)


def work_off(app: Flask) -> None:
    """What the relay and the workers do."""
    with app.app_context():
        jobs.drain(app, app.extensions["clock"])


def the_dashboard_changes_by_itself(manager: Page, amount: str) -> None:
    """The manager's start page was opened before the deposit and was not touched since."""
    expect(manager.locator("#board .stat", has_text="Paid in today")).to_contain_text(amount)


def the_message_is_in_the_log(administrator: Page) -> None:
    administrator.goto("/messages?code=DEPOSIT")
    administrator.locator("#results tbody a", has_text="+256772").first.click()
    expect(administrator.locator("main")).to_contain_text("deposited to")


def the_receipt_is_a_paper(teller: Page) -> None:
    teller.goto("/documents?kind=transactions.receipt&status=ready")
    teller.locator("#results tbody a").first.click()
    link = teller.get_by_role("link", name="Open the PDF").get_attribute("href")
    answer = teller.request.get(str(link))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def issue_pin(teller: Page, member_url: str) -> str:
    """At the counter: a temporary PIN, shown once."""
    teller.goto(f"{member_url}/channel")
    teller.check("[name=agreed]")
    teller.get_by_role("button", name="Issue").click()
    shown = re.search(r"\b\d{6}\b", teller.locator("p.pin").inner_text())
    assert shown
    return shown.group()


def balance_by_ussd(page: Page, temporary: str) -> str:
    """The first call chooses an own PIN, the next one asks for the balance."""

    def hops(session: str, *typed: str) -> str:
        text = ""
        for count in range(len(typed) + 1):
            facts = {"sessionId": session, "serviceCode": "*284*55#", "phoneNumber": PHONE, "networkCode": "64110"}
            answer = page.request.post(HOOK, form={**facts, "text": "*".join(typed[:count])})
            assert answer.ok
            text = answer.text()
        return text

    hops("ATUid_first", "1", "1", temporary, PIN, PIN)
    return hops("ATUid_second", "1", PIN)


def balance_by_app(page: Page) -> str:
    body = {"phone": PHONE, "pin": PIN, "device_name": "Test phone"}
    tokens = page.request.post("/api/v1/sign-in", data=body).json()
    answer = page.request.get("/api/v1/me/accounts", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.ok
    return answer.text()
