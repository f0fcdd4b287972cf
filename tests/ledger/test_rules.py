"""Arithmetic of journals."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_app.kernel.money import KES, UGX, CurrencyMismatch, Money
from sacco_app.ledger.errors import JournalEmpty, JournalUnbalanced, LegMisshapen
from sacco_app.ledger.rules import Line, check_balanced, inter_branch, sides
from sacco_app.ledger.types import Leg

ACCOUNT, FROM, TO = uuid4(), uuid4(), uuid4()
BRANCHES = [uuid4() for _ in range(4)]
ONE = Money(1, UGX)


@pytest.mark.parametrize("leg", [Leg("a"), Leg("a", debit=ONE, credit=ONE), Leg("a", debit=Money(-1, UGX))])
def test_a_leg_has_one_side_above_zero(leg):
    with pytest.raises(LegMisshapen):
        sides(leg, UGX)


def test_a_leg_is_in_the_journals_currency():
    with pytest.raises(CurrencyMismatch):
        sides(Leg("a", debit=Money(1, KES)), UGX)


def test_a_journal_needs_two_equal_sides():
    one = Line(ACCOUNT, BRANCHES[0], 5, 0)
    with pytest.raises(JournalEmpty):
        check_balanced([one])
    with pytest.raises(JournalUnbalanced):
        check_balanced([one, Line(ACCOUNT, BRANCHES[0], 0, 4)])


@given(st.lists(st.tuples(st.sampled_from(BRANCHES), st.integers(-(10**12), 10**12)), min_size=1, max_size=8))
def test_every_branch_balances_and_the_branches_owe_each_other_nothing(parts):
    lines = [Line(ACCOUNT, branch, max(minor, 0), max(-minor, 0)) for branch, minor in parts]
    rest = sum(minor for _, minor in parts)
    lines.append(Line(ACCOUNT, BRANCHES[0], max(-rest, 0), max(rest, 0)))
    added = inter_branch(lines, BRANCHES[0], FROM, TO)
    for branch in BRANCHES:
        assert sum(line.debit - line.credit for line in lines + added if line.branch_id == branch) == 0
    assert sum(line.debit - line.credit for line in added) == 0
    assert all((line.debit > 0) != (line.credit > 0) for line in added)
