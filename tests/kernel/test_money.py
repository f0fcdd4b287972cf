"""Amounts are exact, and what people type is understood or refused in words."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_app.kernel.money import KES, UGX, CurrencyMismatch, Money, MoneyNotUnderstood


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("50000", UGX, 50_000),
        ("50,000", UGX, 50_000),
        ("UGX 50 000", UGX, 50_000),
        ("ugx1,234,567", UGX, 1_234_567),
        ("50,000.00", UGX, 50_000),
        ("12.5", KES, 1_250),
        ("1,234.56", KES, 123_456),
        ("-300", UGX, -300),
    ],
)
def test_amounts_are_read_as_people_type_them(text, currency, minor):
    assert Money.parse(text, currency).minor == minor


@pytest.mark.parametrize(
    "text", ["", "abc", "1.5", "12..3", "1e5", "٥٠٠", "9" * 20, "NaN", "50 000,5x", "12,5", "5,0000", ",500", "1,,000"]
)
def test_what_is_not_an_amount_of_shillings_is_refused(text):
    with pytest.raises(MoneyNotUnderstood):
        Money.parse(text, UGX)


def test_amounts_are_written_with_separators_and_a_true_minus():
    assert Money(1_234_567, UGX).format() == "1,234,567"
    assert Money(-123_456, KES).format(with_code=True) == "KES \u22121,234.56"


def test_two_currencies_never_meet():
    with pytest.raises(CurrencyMismatch):
        Money(1, UGX) + Money(1, KES)


def test_rounding_names_its_mode():
    assert Money(1_000_001, UGX).times(Decimal("0.5")).minor == 500_001
    assert Money(1_000_001, UGX).times(Decimal("0.5"), ROUND_DOWN).minor == 500_000


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_allocation_loses_nothing_and_is_fair_to_one_unit(total, weights):
    parts = Money(total, UGX).allocate([Decimal(weight) for weight in weights])
    assert sum(part.minor for part in parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Decimal(part.minor) - Decimal(total) * weight / sum(weights)) < 1


def test_pool_of_the_handbook_is_shared_to_the_shilling():
    """domain.md 8-C3: UGX 341,607 voted by the AGM."""
    weights = [Decimal(w) for w in (670_000, 900_000, 300_000, 2_400_000)]
    assert [part.minor for part in Money(341_607, UGX).allocate(weights)] == [53_601, 72_001, 24_001, 192_004]
