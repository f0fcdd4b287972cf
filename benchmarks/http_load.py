"""Tellers in front of browsers: the program under its own gunicorn, held against an empty Flask page under the same one."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from benchmarks.sacco import Sacco
from deploy.dev.setup import ROOT
from sacco_app.kernel.ids import new_id
from tests.factories.access import PASSWORD

HTMX = {"HX-Request": "true"}
AS_MANY = ("--workers", "2", "--threads", "16", "--worker-class", "gthread")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def empty() -> Flask:
    """A page that does nothing."""
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>Empty</title>")
    return app


@contextlib.contextmanager
def served(target: str, environment: dict[str, str], *options: str) -> Iterator[int]:
    """An application under gunicorn on a free port of loopback, by default as the Procfile starts ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    how = options or ("--config", "deploy/gunicorn.conf.py")
    command = [sys.executable, "-m", "gunicorn", *how, "--bind", f"127.0.0.1:{port}", target]
    settings = {**os.environ, **environment, "PORT": str(port), "WEB_THREADS": "16"}
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


class Browser:
    """One browser: a kept connection and its cookies."""

    def __init__(self, port: int, number: int) -> None:
        # Each browser comes from an address of its own, as in life: the door counts knocks by address.
        here = (f"127.0.1.{number + 1}", 0)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=here)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, data: dict[str, str] | None = None, headers: Any = None) -> tuple[int, str]:
        """Ask once, following nothing. Returns status and body."""
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        kind = FORM if data else {}
        body, sent = urlencode(data) if data else None, {**cookie, **kind, **(headers or {})}
        try:
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # the server let a resting connection go
            self.connection.close()
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.read().decode()


def _token(page: str) -> str:
    found = TOKEN.search(page)
    assert found, page[:500]
    return found.group(1)


def sign_in(port: int, number: int, email: str) -> tuple[Browser, str]:
    """A signed-in browser and the token of its forms."""
    browser = Browser(port, number)
    _, page = browser.ask("GET", "/sign-in")
    status, _ = browser.ask("POST", "/sign-in", {"csrf_token": _token(page), "email": email, "password": PASSWORD})
    assert status == 303, status
    _, page = browser.ask("GET", "/teller")
    return browser, _token(page)


def posting(sacco: Sacco, port: int) -> Any:
    """A client that posts the deposit form as htmx does and reads the answer."""

    def client(number: int) -> Any:
        browser, token = sign_in(port, number, sacco.emails[number])
        dice = random.Random(number)

        def act() -> None:
            form = {
                "csrf_token": token,
                "submission_id": str(new_id()),
                "account_id": str(dice.choice(sacco.accounts)),
                "amount": "1,000",
            }
            status, body = browser.ask("POST", "/teller/deposit", form, HTMX)
            assert status == 200, (status, body[:300])

        return act

    return client


def looking(port: int, path: str = "/") -> Any:
    """A client that reads one page without signing in."""

    def client(number: int) -> Any:
        browser = Browser(port, number)

        def act() -> None:
            status, _ = browser.ask("GET", path)
            assert status == 200, status

        return act

    return client
