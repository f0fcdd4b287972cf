"""Fees, numbers and amounts in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sacco_app.kernel.money import KES, UGX, Money
from sacco_app.transactions.errors import AboveLimit
from sacco_app.transactions.rules import (
    FeeRule,
    Limit,
    Used,
    charge,
    check_day,
    check_one,
    fee,
    in_words,
    limits_for,
    receipt_number,
    transaction_number,
)

SINCE, TODAY = date(2021, 1, 1), date(2026, 11, 23)
RULES = (
    FeeRule("withdrawal", None, None, 0, 1_000, Decimal(0), None, SINCE, date(2026, 11, 30)),
    FeeRule("withdrawal", None, None, 0, 1_500, Decimal(0), None, date(2026, 12, 1), None),
    FeeRule("withdrawal", None, None, 1_000_000, 2_000, Decimal(0), None, SINCE, None),
    FeeRule("withdrawal", None, "ussd", 0, 700, Decimal(0), None, SINCE, None),
    FeeRule("withdrawal", "GOLD", None, 0, 0, Decimal("0.01"), 5_000, SINCE, None),
)


@pytest.mark.parametrize(
    ("product", "amount", "expected"),
    [(None, 999_999, 1_000), (None, 1_000_000, 2_000), ("GOLD", 100_000, 1_000), ("GOLD", 9_000_000, 5_000)],
)
def test_the_fee_is_the_one_of_the_highest_step_reached(product, amount, expected):
    assert fee(RULES, "withdrawal", Money(amount, UGX), TODAY, product) == Money(expected, UGX)


def test_a_fee_changes_on_its_day_and_not_before():
    amount = Money(50_000, UGX)
    assert fee(RULES, "withdrawal", amount, date(2026, 11, 30)) == Money(1_000, UGX)
    assert fee(RULES, "withdrawal", amount, date(2026, 12, 1)) == Money(1_500, UGX)
    assert fee(RULES, "withdrawal", amount, date(2020, 12, 31)) == Money(0, UGX)


def test_a_channel_has_its_own_fee_and_a_product_comes_before_it():
    assert fee(RULES, "withdrawal", Money(2_000_000, UGX), TODAY, None, "ussd") == Money(700, UGX)
    assert fee(RULES, "withdrawal", Money(50_000, UGX), TODAY, "GOLD", "ussd") == Money(500, UGX)


def test_what_has_no_rule_costs_nothing():
    assert fee(RULES, "deposit", Money(50_000, UGX), TODAY) == Money(0, UGX)


def test_duty_is_rounded_half_up_on_the_fee():
    assert charge(Money(1_003, UGX), Decimal("0.15")).duty == Money(150, UGX)
    assert charge(Money(1_010, UGX), Decimal("0.15")).total == Money(1_162, UGX)


def limit(channel=None, role=None, one=None, day=None, count=None, counted_for="member", until=None):
    return Limit("withdrawal", channel, role, counted_for, one, day, count, SINCE, until)


def test_a_limit_for_a_role_stands_in_place_of_the_one_for_everybody():
    everybody, head, ussd = limit(one=1_000), limit(role="head_teller", one=5_000), limit("ussd", one=500)
    ended = limit(one=1, until=date(2026, 11, 22))
    book = (everybody, head, ussd, ended)
    assert limits_for(book, "withdrawal", "counter", ("teller",), TODAY) == [everybody]
    assert limits_for(book, "withdrawal", "counter", ("head_teller",), TODAY) == [head]
    assert limits_for(book, "withdrawal", "ussd", (), TODAY) == [everybody, ussd]
    assert limits_for(book, "deposit", "ussd", (), TODAY) == []


@pytest.mark.parametrize(
    ("held", "amount", "used", "words"),
    [
        (limit("ussd", one=0), 1, Used(0, 0), "Withdrawals through USSD are switched off at present"),
        (limit(one=500), 501, Used(0, 0), "A withdrawal is at most UGX 500"),
        (
            limit("api", day=900),
            500,
            Used(500, 1),
            "Withdrawals a day through the API are at most UGX 900 for each member: UGX 400 is left today",
        ),
        (
            limit(count=2, counted_for="maker"),
            1,
            Used(5, 2),
            "Withdrawals a day are at most 2 for each member of staff: none is left today",
        ),
    ],
)
def test_a_refusal_says_what_the_limit_is_and_what_is_left(held, amount, used, words):
    with pytest.raises(AboveLimit) as refused:
        check_one(held, Money(amount, UGX))
        check_day(held, Money(amount, UGX), used)
    assert refused.value.message == words


def test_what_fits_exactly_is_allowed():
    held = limit(one=500, day=900, count=2)
    check_one(held, Money(500, UGX))
    check_day(held, Money(500, UGX), Used(400, 1))


def test_numbers_tell_the_day():
    assert transaction_number(date(2026, 11, 23), "K7QX4M2P") == "T261123-K7QX4M2P"
    assert receipt_number("T1", date(2026, 11, 23), 7) == "T1-261123-0007"


def test_amounts_in_words():
    assert in_words(Money(50_000, UGX)) == "Fifty thousand Uganda shillings only"
    assert in_words(Money(123_456, KES)).startswith(
        "One thousand, two hundred and thirty four Kenya shillings and fifty six"
    )
