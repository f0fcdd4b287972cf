"""Fees and limits said in words, for lists, approvals and help."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sacco_app.kernel.dates import format_date
from sacco_app.kernel.money import Currency, Money
from sacco_app.transactions.rules import FeeRule, Limit
from sacco_app.transactions.types import CHANNELS, PLURALS, CountedFor


def per_cent(rate: Decimal) -> str:
    """`1.5 %`."""
    return f"{(rate * 100).normalize():f} %"


def fee_words(flat_minor: int, rate: Decimal, max_minor: int | None, currency: Currency) -> str:
    """`UGX 500 + 1 %, at most UGX 5,000`."""
    parts = [str(Money(flat_minor, currency))] if flat_minor or not rate else []
    parts += [f"{per_cent(rate)} of the amount"] if rate else []
    most = f", at most {Money(max_minor, currency)}" if max_minor is not None else ""
    return " + ".join(parts) + most


def fee_scope(kind: str, product: str | None, channel: str | None, from_minor: int, currency: Currency) -> str:
    """`Withdrawals from UGX 1,000,000 on, product REG, through USSD`."""
    parts = [PLURALS[kind]]
    if from_minor:
        parts[0] += f" from {Money(from_minor, currency)} on"
    if product:
        parts.append(f"product {product}")
    if channel:
        parts.append(f"through {CHANNELS.get(channel, channel)}")
    return ", ".join(parts)


def limit_words(one: int | None, day: int | None, count: int | None, counted_for: str, currency: Currency) -> str:
    """`UGX 1,000,000 in one; UGX 3,000,000 and 10 in a day for each member`."""
    if one == 0:
        return "switched off"
    parts = [f"{Money(one, currency)} in one"] if one is not None else []
    daily = [str(Money(day, currency))] if day is not None else []
    daily += [f"{count} times"] if count is not None else []
    if daily:
        parts.append(f"{' and '.join(daily)} in a day for each {CountedFor(counted_for).words}")
    return "; ".join(parts)


def limit_scope(kind: str, channel: str | None, role: str | None) -> str:
    """`Withdrawals through the counter, by head teller`."""
    through = f" through {CHANNELS.get(channel, channel)}" if channel else ""
    return f"{PLURALS[kind]}{through}" + (f", by {role.replace('_', ' ')}" if role else "")


def days(valid_from: date, valid_to: date | None) -> str:
    """`from 1 Dec 2026`, or `from 1 Dec to 31 Dec 2026`."""
    return f"from {format_date(valid_from)}" + (f" to {format_date(valid_to)}" if valid_to else " on")


def rule_words(rule: FeeRule, currency: Currency) -> str:
    """The fee of a rule, and for what it holds."""
    scope = fee_scope(rule.kind, rule.product, rule.channel, rule.from_minor, currency)
    return f"{scope}: {fee_words(rule.flat_minor, rule.rate, rule.max_minor, currency)}"


def of_limit(limit: Limit, currency: Currency) -> str:
    """What a limit allows."""
    return limit_words(limit.max_one_minor, limit.max_day_minor, limit.max_day_count, limit.counted_for, currency)
