"""The menus, path by path, in each language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sacco_app.kernel.money import UGX, Money
from sacco_app.ussd import engine
from sacco_app.ussd.menu import NODES
from sacco_app.ussd.texts import TEXTS
from sacco_app.ussd.types import LANGUAGES, Line, Outcome, PinAnswer
from tests.ussd.bank import PIN, Book, Phone, account


@pytest.fixture
def book():
    return Book()


@pytest.fixture
def phone(book):
    return Phone(book)


def test_the_main_menu(phone):
    assert phone.dial() == "Umoja SACCO\n1 Balance\n2 Mini statement\n3 Move money\n4 My account"


def test_balance_asks_for_the_account_and_the_pin_last(phone):
    phone.dial()
    assert phone.types("1") == (
        "Balance of\n1 Regular savings ..0001\n2 Holiday savings ..0002\n3 Regular savings ..0003\n0 Back 00 Home"
    )
    assert phone.types("2") == "Enter your PIN\n0 Back 00 Home"
    assert phone.types(PIN) == "Holiday savings ..0002\nBalance UGX 20,000\nAvailable UGX 15,000"
    assert (phone.screen.more, phone.screen.outcome) == (False, Outcome.DONE)


def test_a_single_account_is_not_asked_for(phone, book):
    book.held = book.held[:1]
    phone.dial()
    assert phone.types("1").startswith("Enter your PIN")
    assert phone.types("0").startswith("Umoja SACCO")
    assert phone.types("3").startswith("You have no account for this")


def test_a_mini_statement_shows_the_last_lines(phone):
    phone.dial()
    text = phone.types("2", "1", PIN)
    assert text.splitlines()[:3] == ["Regular savings ..0001", "Balance UGX 105,000", "23/11 -50,000"]
    assert not phone.screen.more


def test_a_long_statement_takes_two_screens(phone, book):
    book.lines = [Line(line.day, Money(-999_999_999_999_999, UGX)) for line in book.lines]
    phone.dial()
    first = phone.types("2", "1", PIN)
    assert first.endswith("98 More\n00 Home")
    assert phone.types("5") == first
    second = phone.types("98")
    assert not phone.screen.more
    assert first.count("23/11") + second.count("23/11") == 5


def test_money_moves_between_own_accounts_after_confirmation_and_pin(phone, book):
    phone.dial()
    assert "Available UGX 100,000" in phone.types("3", "1", "1")
    assert phone.types("40,000") == (
        "Okello Grace: move UGX 40,000\nfrom Regular savings ..0001\nto Holiday savings ..0002\nFee 500\n"
        "1 Yes\n0 Back 00 Home"
    )
    assert phone.types("1") == "Move UGX 40,000.\nEnter your PIN\n0 Back 00 Home"
    assert book.moved == 0
    assert phone.types(PIN).startswith("Moved UGX 40,000 from Regular savings ..0001 to Holiday savings ..0002.")
    assert book.moved == 40_000
    assert [one.balance.minor for one in book.held] == [64_500, 60_000, 5_000]


@pytest.mark.parametrize("typed", ["", "abc", "5*0", "-5", "0.5", "1e5", "99999999999999999999999", "٣"])
def test_an_amount_that_is_none_is_asked_for_again(phone, typed):
    phone.dial()
    assert phone.types("3", "1", "1", typed).startswith("Enter the amount in digits.")


def test_more_than_is_there_with_the_fee_is_said_at_once(phone):
    phone.dial()
    assert phone.types("3", "1", "1", "99,501").startswith("Only UGX 100,000 is available, fee included.")
    assert phone.types("99,500").startswith("Okello Grace: move UGX 99,500")


def test_a_refusal_of_the_book_says_that_nothing_moved(phone, book):
    book.refuses = True
    phone.dial()
    assert phone.types("3", "1", "1", "1000", "1", PIN).startswith("This could not be done. Nothing was moved.")
    assert phone.screen.outcome is Outcome.REFUSED


def test_what_was_spent_meanwhile_is_refused(phone, book):
    phone.dial()
    phone.types("3", "1", "1", "90000", "1")
    book.held[0] = account(1, 6_000)
    phone.state = replace(phone.state, slots={**phone.state.slots, "from": str(book.held[0].id)})
    assert phone.types(PIN) == "Only UGX 1,000 is available, fee included."
    assert book.moved == 0


def test_an_account_that_is_gone_ends_the_session_politely(phone, book):
    phone.dial()
    phone.types("1", "1")
    book.held = []
    assert phone.types(PIN).startswith("You have no account")


def test_three_wrong_pins_lock(phone, book):
    phone.dial()
    phone.types("1", "1")
    assert phone.types("0001").startswith("Wrong PIN. Tries left: 2.\nEnter your PIN")
    assert phone.types("0002").startswith("Wrong PIN. Tries left: 1.")
    assert phone.types("0003").startswith("Your PIN is locked.")
    assert phone.screen.outcome is Outcome.REFUSED
    assert book.moved == 0


def test_what_is_no_pin_is_not_counted(phone, book):
    phone.dial()
    assert phone.types("1", "1", "12", "abcd", "1234567", "").startswith("A PIN has 4 to 6 digits.")
    assert book.tries == 3


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        (PinAnswer.NOT_SET, "You have no PIN"),
        (PinAnswer.LOCKED, "Your PIN is locked"),
        (PinAnswer.BLOCKED, "Phone access is shut"),
        (PinAnswer.EXPIRED, "Your first PIN has expired"),
    ],
)
def test_who_has_no_open_pin_is_told_at_once(phone, book, pin, words):
    book.member_ = replace(book.member_, pin=pin)
    assert phone.dial().startswith(words)
    assert not phone.screen.more


def test_a_stranger_is_sent_to_a_branch_in_three_languages(phone):
    phone.number = "+256700000000"
    text = phone.dial()
    assert "Visit a branch" in text
    assert "Genda ku ttabi" in text
    assert "Tembelea tawi" in text
    assert not phone.screen.more


def test_a_former_member_is_sent_to_a_branch(phone, book):
    book.member_ = replace(book.member_, served=False)
    assert phone.dial().startswith("Your membership is not open for this")


def test_the_language_is_chosen_once(phone, book):
    book.member_ = replace(book.member_, chosen=False)
    assert phone.dial() == "Welcome to Umoja SACCO.\nChoose your language\n1 English\n2 Luganda\n3 Kiswahili"
    assert phone.types("9").startswith("Choose a number shown.")
    assert phone.types("00").startswith("Choose a number shown.")
    assert phone.types("2").startswith("Umoja SACCO\n1 Bbalansi")
    assert phone.dial().startswith("Umoja SACCO\n1 Bbalansi")


def test_the_language_can_be_changed_later(phone):
    phone.dial()
    assert phone.types("4", "2", "3") == "Umoja SACCO\n1 Salio\n2 Taarifa fupi\n3 Hamisha pesa\n4 Akaunti yangu"


def test_a_pin_is_changed_with_the_present_one(phone, book):
    phone.dial()
    assert phone.types("4", "1").startswith("Enter your present PIN")
    assert phone.types(PIN).startswith("Choose a new PIN")
    assert phone.types("7462").startswith("Enter the new PIN again")
    assert phone.types("7463").startswith("The two PINs differ.\nChoose a new PIN")
    assert phone.types("1234", "1234").startswith("That PIN is easy to guess.")
    assert phone.types("7462", "7462").startswith("Your PIN is changed.")
    assert book.pin == "7462"
    assert not phone.state.sealed


def test_a_first_pin_must_be_changed_before_anything_is_done(phone, book):
    book.temporary = True
    phone.dial()
    assert phone.types("3", "1", "1", "40000", "1", PIN).startswith("Your PIN was a first one.\nChoose a new PIN")
    assert book.moved == 0
    assert phone.types("7462", "7462").startswith("Moved UGX 40,000")
    assert (book.pin, book.temporary, book.moved) == ("7462", False, 40_000)


def test_a_first_pin_can_be_changed_in_its_menu_too(phone, book):
    book.temporary = True
    phone.dial()
    assert phone.types("4", "1", PIN, "7462", "7462").startswith("Your PIN is changed.")


def test_going_back_from_the_new_pin_asks_for_the_present_one_again(phone):
    phone.dial()
    phone.types("4", "1", PIN, "7462")
    assert phone.types("0").startswith("Enter your present PIN")
    assert not phone.state.sealed
    assert not phone.state.proved


def test_back_and_home(phone):
    phone.dial()
    phone.types("3", "1", "1", "5000")
    assert phone.types("0").startswith("From Regular savings")
    assert phone.types("0").startswith("Move money to")
    assert phone.types("0").startswith("Move money from")
    assert phone.types("2", "00").startswith("Umoja SACCO")
    assert phone.types("0").startswith("Choose a number shown.\nUmoja SACCO")
    assert phone.state.slots == {}


def test_many_accounts_are_paged(phone, book):
    book.held = [account(number, 50_000) for number in range(1, 10)]
    phone.dial()
    first = phone.types("1")
    assert "98 More" in first
    assert phone.types("x").startswith("Choose a number shown.\nBalance of\n1 Regular")
    shown = first.count("..")
    while "98 More" in phone.screen.text:
        shown += phone.types("98").count("..")
    assert shown == 9
    assert phone.types("98").startswith("Choose a number shown.")
    assert phone.types("9", PIN).startswith("Regular savings ..0009")


def test_messages_can_be_stopped_and_started(phone, book):
    phone.dial()
    assert phone.types("4", "3").startswith("You get SMS messages.\n1 Stop SMS")
    phone.types("1")
    assert book.member_.messages is False
    phone.dial()
    assert phone.types("4", "3", "1") == "You will get SMS messages."


def test_a_lost_phone_is_shut_without_the_pin(phone, book):
    phone.dial()
    assert phone.types("4", "4").startswith("Shut phone access now?")
    assert not book.blocked
    assert phone.types("1").startswith("Phone access is shut.")
    assert book.blocked


def test_help_gives_the_number_to_call(phone):
    phone.dial()
    assert phone.types("4", "5") == "Umoja SACCO. Call +256800100200. We never ask for your PIN."


def test_what_was_dialled_behind_the_code_is_followed_up_to_the_pin(phone, book):
    assert phone.dial("1*2").startswith("Enter your PIN")
    assert phone.dial(f"1*2*{PIN}").startswith("Enter your PIN")
    assert phone.dial(f"3*1*1*1000*1*{PIN}").startswith("Okello Grace: move UGX 1,000")
    assert phone.dial("4*4*1").startswith("Shut phone access now?")
    assert (book.tries, book.moved, book.blocked) == (3, 0, False)
    assert phone.dial("7").startswith("Choose a number shown.\nUmoja SACCO")


def test_what_was_dialled_does_not_choose_the_language(phone, book):
    book.member_ = replace(book.member_, chosen=False)
    assert phone.dial("2").startswith("Welcome to Umoja SACCO")


def test_a_broken_off_transfer_is_gone_on_with(phone, book):
    phone.dial()
    phone.types("3", "1", "1", "40000", "1")
    earlier = engine.broken_off(phone.state)
    assert phone.dial(earlier=earlier) == "You were not finished.\n1 Go on\n2 Main menu"
    assert phone.types("1").startswith("Move UGX 40,000.\nEnter your PIN")
    assert phone.types("0").startswith("Okello Grace: move UGX 40,000")
    phone.types("1", PIN)
    assert book.moved == 40_000


def test_a_transfer_gone_on_with_after_it_was_done_is_not_done_twice(phone, book):
    phone.dial()
    phone.types("3", "1", "1", "40000", "1")
    earlier = engine.broken_off(phone.state)
    phone.types(PIN)
    phone.dial(earlier=earlier)
    assert phone.types("1", PIN).startswith("Moved UGX 40,000")
    assert book.moved == 40_000


def test_two_transfers_in_one_session_are_two(phone, book):
    book.held[0] = account(1, 205_000)
    phone.dial()
    phone.types("3", "1", "1", "40000", "1")
    before = phone.state
    phone.types(PIN)
    phone.state, phone.screen = before, replace(phone.screen, more=True)
    phone.types("00", "3", "1", "1", "40000", "1", PIN)
    assert book.moved == 80_000


def test_nothing_behind_the_pin_can_be_gone_on_with(phone):
    phone.dial()
    phone.types("4", "1", PIN, "7462")
    assert engine.broken_off(phone.state) is None
    phone.dial()
    assert engine.broken_off(phone.state) is None


def test_the_pin_is_not_in_what_can_be_printed(phone):
    phone.dial()
    phone.types("4", "1", PIN, "7462")
    assert PIN not in repr(phone.state)
    assert "7462" not in repr(phone.state)


def test_every_target_in_the_tree_exists_and_has_its_words():
    for node in NODES.values():
        for target in (node.next, node.again, *node.items):
            assert not target or target in NODES, (node.name, target)
        for item in node.items:
            assert f"item.{item}" in TEXTS["en"]


def test_money_and_balances_are_reached_through_the_pin_alone():
    behind = {name for name, node in NODES.items() if node.needs_pin}
    assert {"balance.shown", "statement.shown", "transfer.done", "pin.new", "pin.changed"} <= behind
    for node in NODES.values():
        for target in (node.next, node.again, *node.items):
            if target in behind:
                assert node.kind in ("pin", "new_pin", "repeat_pin"), (node.name, target)


def test_the_catalogues_say_the_same_things():
    import string

    def holes(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for language in LANGUAGES:
        assert TEXTS[language].keys() == TEXTS["en"].keys()
        for key, text in TEXTS["en"].items():
            assert holes(TEXTS[language][key]) == holes(text), (language, key)
    assert all("review" in TEXTS[language]["review"] for language in ("lg", "sw"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_path_ends_well_in_each_language(language):
    words = TEXTS[language]
    for path, key in (
        (("1", "1", PIN), "balance.shown"),
        (("2", "1", PIN), "statement.shown"),
        (("3", "1", "1", "1000", "1", PIN), "transfer.done"),
        (("4", "1", PIN, "7462", "7462"), "pin.changed"),
        (("4", "3", "1"), "messages.stopped"),
        (("4", "4", "1"), "block.done"),
        (("4", "5"), "help"),
    ):
        book = Book()
        book.member_ = replace(book.member_, language=language)
        phone = Phone(book)
        phone.dial()
        text = phone.types(*path)
        assert not phone.screen.more
        for part in words[key].split("{")[0].split("\n"):
            assert part in text
        assert phone.screen.outcome is Outcome.DONE
