"""Which call is new and which was answered before."""

from __future__ import annotations

import pytest

from sacco_app.kernel.masking import masked_phone
from sacco_app.ussd.desk import Names, Reading, read
from sacco_app.ussd.rules import typed_since
from sacco_app.ussd.store import Kept
from sacco_app.ussd.types import EventKind, Screen, State, UssdEvent

START, INPUT = EventKind.START, EventKind.INPUT


def call(latest="", *, path=None, kind=INPUT, sequence=None):
    return UssdEvent("test", "s1", "+256772000123", kind, latest, path, sequence)


def kept(names, *, path="", latest="", answered=1, more=True, sequence=None):
    screen = Screen("", more=more)
    return Kept(State("k", "m"), screen, names.mark(path), len(path), names.mark(latest), sequence, answered)


@pytest.fixture
def names(app):
    return Names.of(call())


@pytest.mark.parametrize(
    ("known", "path", "reading"),
    [
        ("", "", Reading.REPEAT),
        ("", "1", Reading.ON),
        ("", "1*2", Reading.ON),
        ("1", "1", Reading.REPEAT),
        ("1", "1*", Reading.ON),
        ("1", "1*5*0", Reading.ON),
        ("1", "12", Reading.REPEAT),
        ("1*2", "1", Reading.REPEAT),
        ("1*2", "1*3", Reading.REPEAT),
        ("1*2", "3*2*1", Reading.REPEAT),
        ("1*2", "", Reading.REPEAT),
    ],
)
def test_everything_typed_so_far_must_grow(names, known, path, reading):
    session = kept(names, path=known)
    assert read(session, session, call(path=path, kind=INPUT if path else START), names) is reading


def test_a_session_that_is_over_is_answered_alike_until_it_is_dialled_again(names):
    session = kept(names, path="1*1*8351", more=False)
    for path, reading in (("1*1*8351", "repeat"), ("1*1*8351*1", "repeat"), ("1*1", "repeat"), ("", "fresh")):
        assert read(session, session, call(path=path, kind=INPUT if path else START), names) == reading


def test_the_same_key_twice_is_two_answers_unless_it_came_while_we_were_answering(names):
    """Nobody can answer a screen that was not shown yet."""
    before, after = kept(names, latest="1", answered=2), kept(names, latest="1", answered=3)
    assert read(after, after, call("1"), names) is Reading.ON
    assert read(after, before, call("1"), names) is Reading.REPEAT
    assert read(after, before, call("2"), names) is Reading.ON


def test_the_count_of_a_gateway_tells_a_repeated_hop(names):
    session = kept(names, latest="1", answered=2, sequence=2)
    for sequence, reading in ((1, Reading.REPEAT), (2, Reading.REPEAT), (3, Reading.ON)):
        assert read(session, session, call("1", sequence=sequence), names) is reading
    over = kept(names, answered=4, sequence=4, more=False)
    assert read(over, over, call(kind=START, sequence=1), names) is Reading.FRESH
    assert read(over, over, call("1", sequence=5), names) is Reading.REPEAT


def test_a_beginning_that_comes_twice_is_one(names):
    session = kept(names, answered=1)
    assert read(session, session, call(kind=START), names) is Reading.REPEAT
    later = kept(names, answered=3)
    assert read(later, later, call(kind=START), names) is Reading.FRESH
    assert read(None, None, call("1"), names) is Reading.FRESH


def test_names_say_nothing_and_differ_by_telephone(app):
    one, other = Names.of(call()), Names.of(UssdEvent("test", "s1", "+256772000124", START))
    assert one.session != other.session
    assert "772000123" not in repr(one)


def test_what_was_typed_is_what_the_path_grew_by():
    assert typed_since(0, "1*2") == "1*2"
    assert typed_since(1, "3*5*0") == "5*0"
    assert typed_since(1, "3*") == ""


def test_a_telephone_is_masked():
    assert masked_phone("+256772000123") == "+25677****123"
    assert masked_phone("+2567") == "*****"
