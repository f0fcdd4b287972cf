"""What goes over a slow line: every page and every answer weighed as the browser gets it, and what it may keep."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pyotp
import pytest

from sacco_app import demo
from sacco_app.access import queries
from sacco_app.demo import staff
from sacco_app.webkit import assets, navigation

PAGE, ANSWER = 150_000, 15_000
BROTLI = {"Accept-Encoding": "br, gzip"}
LOADED = re.compile(r"""(?:src|href)="(/static/[^"#]+)""")
FONT = re.compile(r"""url\("(inter-latin\.woff2[^"]*)"\)""")


def weigh(client, url: str, **headers: str) -> int:
    answer = client.get(url, headers={**BROTLI, **headers}, follow_redirects=True)
    assert answer.status_code in (200, 204), url
    return len(answer.data)


def page_text(client, url: str) -> str:
    answer = client.get(url, headers=BROTLI)
    return brotli.decompress(answer.data).decode() if answer.headers.get("Content-Encoding") == "br" else answer.text


def first_page(client, url: str) -> int:
    """The bytes of a first visit: the page and all that it names, with the font that its style sheet brings."""
    parts = set(LOADED.findall(page_text(client, url)))
    sheet = next(part for part in parts if "inter.css" in part)
    (font,) = FONT.findall(page_text(client, sheet))
    parts.add(f"/static/vendor/inter/{font}")
    return weigh(client, url) + sum(weigh(client, part) for part in parts)


@pytest.fixture
def signed_in(client, session, clock):
    """A browser for one of the demo SACCO's staff, by role."""
    demo.load(clock)

    def enter(role):
        person = person_of(role)
        answer = client.post("/sign-in", data={"email": person.email, "password": staff.PASSWORD})
        if person.secret:
            answer = client.post("/sign-in/code", data={"code": pyotp.TOTP(person.secret).at(clock.now())})
        assert answer.status_code == 303
        return client

    return enter


def person_of(role):
    return next(person for person in staff.STAFF if person.role == role)


def addresses(app, session, role):
    actor = queries.actor_of(session, queries.find_by_email(session, person_of(role).email).id, ip="")
    with app.test_request_context():
        sections = navigation.navigation_for(app, actor)
    return ["/", *(item["url"] for section in sections for item in section["items"])]


@pytest.mark.parametrize("role", ["teller", "branch_manager", "accountant", "administrator"])
def test_pages_are_light_on_first_sight_and_answers_lighter(app, session, signed_in, role):
    browser = signed_in(role)
    shared = LOADED.findall(page_text(browser, "/"))
    assert all("?v=" in part for part in shared), "each address carries its hash"
    start = first_page(browser, "/")
    assert start < PAGE, f"the start page weighs {start} bytes"
    frame = start - weigh(browser, "/")
    for url in addresses(app, session, role):
        whole = frame + weigh(browser, url)
        assert whole < PAGE, f"{url} weighs {whole} bytes"
        answer = weigh(browser, url, **{"HX-Request": "true"})
        assert answer < ANSWER, f"the answer of {url} weighs {answer} bytes"


def test_the_font_that_is_loaded_early_is_the_one_of_the_style_sheet(client):
    preloaded = re.search(r'rel="preload" href="([^"]+)"', client.get("/sign-in").text)[1]
    sheet = client.get("/static/vendor/inter/inter.css").text
    assert preloaded.removeprefix("/static/vendor/inter/") in FONT.findall(sheet)


def test_an_address_with_the_right_hash_is_kept_for_a_year_any_other_is_asked_for_again(app, client):
    with app.test_request_context():
        address = app.url_for("static", filename="css/app.css")
    kept = client.get(address)
    assert kept.headers["Cache-Control"] == assets.FOREVER
    assert "Cookie" not in kept.headers.get("Vary", "")
    for other in ("/static/css/app.css", "/static/css/app.css?v=000000000000"):
        answer = client.get(other)
        assert answer.headers["Cache-Control"] == "no-cache"
        again = client.get(other, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_hash_changes_with_the_file(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    file: Path = tmp_path / "a.css"
    seen = []
    for text in ("a{}", "b{color:red}"):
        file.write_text(text)
        with app.test_request_context():
            seen.append(app.url_for("static", filename="a.css"))
    assert seen == [f"/static/a.css?v={assets.digest(text)}" for text in (b"a{}", b"b{color:red}")]
    with app.test_request_context():
        assert app.url_for("static", filename="../config.py") == "/static/../config.py"


@pytest.mark.parametrize(("accepted", "unpack"), [("br, gzip", brotli.decompress), ("gzip", gzip.decompress)])
def test_pages_and_static_files_are_compressed_as_the_browser_likes(client, accepted, unpack):
    for url in ("/sign-in", "/static/css/app.css", "/static/vendor/icons.svg"):
        plain = client.get(url)
        packed = client.get(url, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == accepted.split(",")[0]
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert (
            len(packed.data) < len(plain.data) * 0.6
        )  # the token of a small page packs badly: it is random on purpose
        if "static" in url:
            assert unpack(packed.data) == plain.data


def test_what_is_compressed_already_or_small_is_left_alone(client):
    for url in ("/static/vendor/inter/inter-latin.woff2", "/healthz"):
        assert "Content-Encoding" not in client.get(url, headers=BROTLI).headers


def test_a_compressed_file_is_not_sent_twice(client):
    first = client.get("/static/css/app.css", headers=BROTLI)
    again = client.get("/static/css/app.css", headers={**BROTLI, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
