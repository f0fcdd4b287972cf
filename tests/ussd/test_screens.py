"""Every screen that can be reached, in every language, with the longest values, fits a telephone of 160 characters."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from sacco_app.kernel.gsm7 import clip, plain, septets
from sacco_app.kernel.money import KES, UGX, Money
from sacco_app.ussd import engine
from sacco_app.ussd.entries import CLOSED
from sacco_app.ussd.menu import NODES
from sacco_app.ussd.screens import ROOM, account_label
from sacco_app.ussd.types import LANGUAGES, EventKind, Line, State, UssdEvent
from tests.ussd.bank import PHONE, PIN, Book, Phone, account

KEYS = ("1", "2", "3", "4", "5", "98", "0", "00", PIN, "0001", "7462", "1234", "9000000000000", "9999999999999999", "x")
WIDE = {UGX: 10**13 - 1, KES: 10**14 - 1}


def wide_book(language, currency, *, temporary=False):
    """Long names, many accounts, amounts of thirteen digits; the SACCO's name does not fit a line."""
    book = Book(sacco="Nakawa Teachers and Traders Savings Cooperative", help_line="+256800100200", temporary=temporary)
    book.held = [account(123_456 + n, WIDE[currency], "Children's education savings", currency) for n in range(7)]
    book.lines = [Line(date(2026, 11, 23), Money(-WIDE[currency], currency))] * 5
    book.charge = WIDE[currency] // 10**6
    name = "Ssekandi-Nabwire Nakimuli Florence"
    book.member_ = replace(book.member_, name=name, language=language, chosen=False)
    return book


def starts(language, currency):
    for temporary in (False, True):
        yield wide_book(language, currency, temporary=temporary), PHONE, None
    for change in ({"served": False}, *({"pin": pin} for pin in CLOSED)):
        book = wide_book(language, currency)
        book.member_ = replace(book.member_, chosen=True, **change)
        yield book, PHONE, None
    yield wide_book(language, currency), "+256700000000", None
    poor = wide_book(language, currency)
    poor.held, poor.member_ = [], replace(poor.member_, chosen=True, messages=False)
    yield poor, PHONE, None
    quiet = wide_book(language, currency)
    quiet.lines, quiet.refuses, quiet.member_ = [], True, replace(quiet.member_, chosen=True)
    earlier = {"node": "transfer.amount", "trail": ["home"], "slots": {"from": str(quiet.held[0].id)}}
    yield quiet, PHONE, earlier


def walk(language, currency):
    """Every screen there is, by trying every key on every screen; those that differ in digits alone count as one."""
    waiting = []
    for book, number, earlier in starts(language, currency):
        event = UssdEvent("test", "s1", number, EventKind.START)
        waiting.append((book, *engine.handle(State("s1", earlier=earlier), event, book)))
    seen = set()
    while waiting:
        book, state, screen = waiting.pop()
        sealed = tuple(sorted(state.sealed.items()))
        shape = re.sub(r"\d", "9", screen.text)
        place = (shape, state.node, sealed, book.temporary, book.tries, len(book.held), book.refuses)
        if place in seen:
            continue
        seen.add(place)
        yield state, screen
        for typed in KEYS if screen.more else ():
            copy = replace(book, held=[*book.held], posted={**book.posted})
            event = UssdEvent("test", "s1", PHONE, EventKind.INPUT, typed)
            waiting.append((copy, *engine.handle(state, event, copy)))


@pytest.mark.parametrize("currency", [UGX, KES], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits(language, currency):
    nodes, too_long = set(), {}
    for state, screen in walk(language, currency):
        nodes.add(state.node)
        size = septets(screen.text)
        assert size is not None, f"not in the alphabet of telephones: {screen.text!r}"
        if size > ROOM:
            too_long[state.node, size] = screen.text
        if screen.more:
            assert screen.text.count("\n") < 11
    assert not too_long, too_long
    assert nodes == NODES.keys(), "a node that nobody reaches is dead"


def test_the_alphabet_of_telephones():
    assert septets("Nakato") == 6
    assert septets("[x]") == 5
    assert septets("\u014b") is None
    assert plain("\u014b\u2019\u2212é\u0101ğ漢") == "ng''-éag?"
    assert clip("Savings for [all]", 14) == "Savings for ["


def test_an_account_shows_the_end_of_its_number_only():
    assert account_label("Regular savings", "REG-123456") == "Regular savings ..3456"


def test_a_screen_of_six_at_most():
    book = Book()
    book.held = [account(number, 1, "Kids") for number in range(1, 9)]
    phone = Phone(book)
    phone.dial()
    assert phone.types("1").count("..") == 6
