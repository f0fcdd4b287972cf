"""Fees, numbers and amounts in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sacco_app.kernel.money import KES, UGX, Money
from sacco_app.transactions.rules import FeeRule, fee, in_words, receipt_number, transaction_number

RULES = (
    FeeRule("withdrawal", None, 0, 1_000, Decimal(0), None),
    FeeRule("withdrawal", None, 1_000_000, 2_000, Decimal(0), None),
    FeeRule("withdrawal", "GOLD", 0, 0, Decimal("0.01"), 5_000),
)


@pytest.mark.parametrize(
    ("product", "amount", "expected"),
    [(None, 999_999, 1_000), (None, 1_000_000, 2_000), ("GOLD", 100_000, 1_000), ("GOLD", 9_000_000, 5_000)],
)
def test_the_fee_is_the_one_of_the_highest_step_reached(product, amount, expected):
    assert fee(RULES, "withdrawal", product, Money(amount, UGX)) == Money(expected, UGX)


def test_what_has_no_rule_costs_nothing():
    assert fee(RULES, "deposit", None, Money(50_000, UGX)) == Money(0, UGX)


def test_numbers_tell_the_day():
    assert transaction_number(date(2026, 11, 23), "K7QX4M2P") == "T261123-K7QX4M2P"
    assert receipt_number("T1", date(2026, 11, 23), 7) == "T1-261123-0007"


def test_amounts_in_words():
    assert in_words(Money(50_000, UGX)) == "Fifty thousand Uganda shillings only"
    assert in_words(Money(123_456, KES)).startswith(
        "One thousand, two hundred and thirty four Kenya shillings and fifty six"
    )
