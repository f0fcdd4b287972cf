"""A real browser against the application on a database of its own, which commits for real."""

from __future__ import annotations

import dataclasses
import logging
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.dev.servers import create_database
from sacco_app import realtime
from sacco_app.app import create_app
from sacco_app.demo import staff
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import SystemClock
from sacco_app.kernel.db import db
from sacco_app.kernel.ids import new_code
from sacco_app.kernel.uow import run
from sacco_app.organisation.queries import list_branches
from sacco_app.setup import install_all
from tests.browser.other_doors import open_ussd

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the test tells what went wrong."""


@dataclass(frozen=True)
class Site:
    """A running back office."""

    url: str
    app: Flask


@pytest.fixture(scope="module")
def site(config, tmp_path_factory) -> Iterator[Site]:
    """The application, a SACCO's base data and one person for each role, behind a real port."""
    if "host=" not in config.database_url:
        pytest.skip("a database of its own can only be made on the embedded server")
    url = create_database(config.database_url, f"sacco_browser_{new_code(8).lower()}")
    own = dataclasses.replace(config, database_url=url, upload_dir=tmp_path_factory.mktemp("pictures"))
    live = make_server("127.0.0.1", 0, realtime.create(own), threaded=True, request_handler=Quiet)
    app = create_app(dataclasses.replace(own, realtime_port=live.server_port), SystemClock())
    open_ussd(app)
    clock = app.extensions["clock"]
    with app.app_context():
        upgrade()
        run(Actor.system(), clock, lambda session: install_all(session, clock, "UG-SACCO-TIER4"))
        run(Actor.system(), clock, lambda session: _hire(session, clock))
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threads = [threading.Thread(target=one.serve_forever, daemon=True) for one in (server, live)]
    for thread in threads:
        thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    logging.getLogger("socketio.server").disabled = True  # its listener outlives Valkey and would complain for ever
    for one in (server, live):
        one.shutdown()
    for thread in threads:
        thread.join()
    with app.app_context():
        db.engine.dispose()


def _hire(session, clock) -> None:
    office = list_branches(session)[0]
    staff.hire(session, clock, {person.branch: office.id for person in staff.STAFF})


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def pages(chromium, site) -> Iterator[Any]:
    """Gives a page of a browser of its own, and fails on errors in the console of any of them."""
    contexts, errors = [], []

    def new_page(**options: Any) -> Page:
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, base_url=site.url, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert not errors
