"""Messages in a real browser: the length of a text while it is typed, the bell, the service worker."""

from __future__ import annotations

from playwright.sync_api import expect

from sacco_app.access import queries as access
from sacco_app.demo import staff
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import run
from sacco_app.notifications import service
from sacco_app.notifications.types import Note
from tests.browser.test_teller_day import sign_in


def tell(site, role, title):
    email = next(one for one in staff.STAFF if one.role == role).email
    clock = site.app.extensions["clock"]

    def work(session):
        user = access.find_by_email(session, email)
        service.tell(session, clock, Note(new_id(), (user.id,), "work", title, "/inbox", "Something is ready"))

    with site.app.app_context():
        run(Actor.system(), clock, work)


def test_the_length_of_a_text_is_told_while_it_is_typed(pages):
    page = sign_in(pages(), "administrator")
    page.goto("/messages/words/WELCOME")
    size = page.locator("#size-lg")
    expect(size).to_contain_text("1 part")
    page.fill("[name=body_lg]", "{sacco}: " + "eŋŋoma – " * 20)
    expect(size).to_contain_text("2 parts")
    expect(size).to_contain_text("saved so: ŋ –")
    page.fill("[name=body_lg]", "{sacco}: {name} 王")
    expect(size).to_contain_text("UCS-2")
    expect(size).to_contain_text("70 instead of 160")
    page.reload()
    expect(page.locator("[name=body_lg]")).to_have_value(
        "{sacco}: Tukwanirizza {name}. Nnamba yo ey'obwa memba {mno}. Tobuulira muntu PIN yo. Yita {tel}"
    )


def test_the_bell_counts_what_nobody_opened(pages, site):
    page = sign_in(pages(), "branch_manager")
    before = page.locator(".bell-count")
    tell(site, "branch_manager", "Statements of October")
    page.reload()
    expect(before).to_have_text("1")
    page.click(".bell")
    expect(page.locator(".inbox")).to_contain_text("Statements of October")
    page.click(".inbox a")
    expect(page.locator(".bell-count")).to_have_count(0)


def test_the_service_worker_starts_under_the_content_policy(pages):
    page = sign_in(pages(), "teller")
    page.goto("/my/messages")
    script = """async () => {
      const worker = await navigator.serviceWorker.register("/service-worker.js", { scope: "/" });
      await navigator.serviceWorker.ready;
      return [worker.scope.endsWith("/"), worker.active !== null];
    }"""
    assert page.evaluate(script) == [True, True]
