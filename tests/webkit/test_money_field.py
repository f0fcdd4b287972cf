"""An amount is read in the currency of the SACCO, also when the form learns of it late."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import Form

from sacco_app.kernel.money import KES, Money
from sacco_app.webkit.fields import MoneyField


class Paper(Form):
    amount = MoneyField("Amount")


def test_setting_the_currency_reads_the_text_again():
    form = Paper(MultiDict({"amount": "12.50"}))
    assert not form.validate()
    form.amount.currency = KES
    assert form.validate()
    assert form.amount.data == Money(1250, KES)


def test_what_is_wrong_in_the_new_currency_is_said():
    form = Paper(MultiDict({"amount": "12.505"}))
    form.amount.currency = KES
    assert not form.validate()


def test_a_number_too_long_for_any_book_is_refused():
    assert not Paper(MultiDict({"amount": "9" * 40})).validate()
