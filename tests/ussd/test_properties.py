"""Whatever is typed: no exception, no money without the PIN, and nothing lost between the accounts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_app.kernel.gsm7 import septets
from sacco_app.ussd.screens import ROOM
from tests.ussd.bank import PIN, Book, Phone

KEYS = st.sampled_from(["1", "2", "3", "4", "5", "98", "0", "00", "1000", "5*0", "0001", "7462", "1234"])
ANYTHING = st.text(max_size=12).filter(lambda text: text.strip() != PIN)
DIALLED = st.one_of(st.just(""), st.lists(st.one_of(KEYS, st.just(PIN)), max_size=8).map("*".join))


def play(dialled, inputs):
    book = Book()
    before = sum(one.balance.minor for one in book.held)
    phone = Phone(book)
    phone.dial(dialled)
    for typed in inputs:
        if not phone.screen.more:
            phone.dial()
        phone.types(typed)
        assert phone.screen.text.strip()
        size = septets(phone.screen.text)
        assert size is not None
        assert size <= ROOM
    after = sum(one.balance.minor for one in book.held)
    assert before - after == book.charge * len(book.posted)
    return book


@settings(max_examples=300, deadline=None)
@given(DIALLED, st.lists(st.one_of(KEYS, ANYTHING), max_size=40))
def test_without_the_pin_no_money_moves_and_no_pin_changes(dialled, inputs):
    book = play(dialled, inputs)
    assert (book.moved, book.pin) == (0, PIN)


@settings(max_examples=300, deadline=None)
@given(DIALLED, st.lists(st.one_of(KEYS, ANYTHING, st.just(PIN)), max_size=40))
def test_with_the_pin_every_shilling_is_accounted_for(dialled, inputs):
    book = play(dialled, inputs)
    assert book.moved == sum(done.amount.minor for done in book.posted.values())
