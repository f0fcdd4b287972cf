"""Lengths, filling, quiet hours, states: pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sacco_app.notifications import catalogue, rules
from sacco_app.notifications.types import Purpose, ReportState, Status

# Handbook 8-I
DEPOSIT = "UMOJA SACCO: UGX 50,000 deposited to SAV-00123-1 on 05/06/26 10:14. Bal UGX 450,000. Ref TX7F3K2. Not you? Call 0800100200"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        (DEPOSIT, "GSM-7", len(DEPOSIT), 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" + "a" * 158, "GSM-7", 160, 1),
        ("€" + "a" * 159, "GSM-7", 161, 2),
        ("ŋ" * 70, "UCS-2", 70, 1),
        ("ŋ" * 71, "UCS-2", 71, 2),
        ("ŋ" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("[x]", "GSM-7", 5, 1),
    ],
)
def test_lengths_are_those_of_the_handbook(text, encoding, units, segments):
    found = rules.measure(text)
    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


def test_what_switches_the_alphabet_is_named():
    assert rules.measure("Ŋŋ’ ŋ").offending == ("Ŋ", "ŋ", "’")


def test_typed_marks_become_plain_ones():
    assert rules.normalise("Bw’oba si ggwe – eŋŋoma\u00a0“yo”…") == "Bw'oba si ggwe - eng'ng'oma \"yo\"..."


# Handbook 8-K: the shipped words with its longest values
LONGEST = {
    "sacco": "UMOJA SACCO", "name": "NAKATO CHRISTINE", "mno": "M-000123", "tel": "0800100200", "cur": "UGX",
    "amt": "10,000,000", "acc": "SAV-00123-1", "dt": "05/06/26 10:14", "bal": "UGX 10,000,000", "ref": "TX7F3K2",
    "fee": "2,500", "n": "1,000", "tot": "10,000", "ln": "LN-000045", "net": "9,700,000", "inst": "916,800",
    "date": "30/06/26", "code": "*284*55#", "days": "365", "arr": "10,000,000", "ussd": "*284*55*7#", "otp": "123456",
    "g": "1,000,000", "t": "150,000", "time": "10:00", "place": "Kawempe Hall", "after_tax": "1,000",
}  # fmt: skip
LENGTHS = {
    "WELCOME": (97, 117, 103), "DEPOSIT": (129, 122, 118), "WITHDRAW": (133, 149, 134), "SHARE": (75, 71, 70),
    "LOAN_APPROVED": (81, 95, 83), "LOAN_DISBURSED": (105, 109, 103), "LOAN_DUE": (105, 114, 108),
    "LOAN_LATE": (113, 114, 103), "GUAR_REQ": (143, 133, 125), "GUAR_RELEASE": (72, 86, 75), "OTP": (66, 70, 62),
    "DIVIDEND": (77, 80, 76), "AGM": (71, 78, 65), "PHONE_CHANGED": (91, 82, 82),
}  # fmt: skip


@pytest.mark.parametrize("code", LENGTHS)
def test_the_shipped_words_are_as_long_as_the_handbook_says(code):
    texts = catalogue.kind(code).texts
    found = [rules.measure(rules.fill(texts[language], LONGEST)) for language in ("en", "lg", "sw")]
    assert tuple(one.units for one in found) == LENGTHS[code]
    assert {one.encoding for one in found} == {"GSM-7"}


@pytest.mark.parametrize("kind", catalogue.KINDS.values(), ids=lambda kind: kind.code)
def test_every_shipped_text_fits_and_fills(kind):
    assert set(kind.variables) <= catalogue.VARIABLES.keys()
    longest = {name: catalogue.VARIABLES[name].longest for name in kind.variables}
    for text in (*kind.texts.values(), *kind.subjects.values()):
        assert set(rules.places(text)) <= set(kind.variables)
        assert not rules.stray_marks(text)
    if kind.channel == "sms":
        assert tuple(kind.texts) == ("en", "lg", "sw")
        for text in kind.texts.values():
            assert rules.measure(rules.fill(text, longest)).segments <= rules.MAX_SEGMENTS
            assert rules.normalise(text) == text


def test_a_part_in_brackets_falls_away_with_its_value():
    body = "{amt} out.[ Fee {fee}.][ Bal {bal}.] Ref {ref}"
    values = {"amt": "5,000", "ref": "R1", "fee": "", "bal": "UGX 7"}
    assert rules.fill(body, values) == "5,000 out. Bal UGX 7. Ref R1"


def test_a_name_does_not_double_the_price():
    assert rules.measure(rules.fill("Welcome {name}", {"name": "Ŋŋanda Bïrungi’s 王"})).encoding == "GSM-7"


@pytest.mark.parametrize("body", ["{name", "Bal {bal}]", "[x [y]]", "} x"])
def test_marks_that_stand_alone_are_seen(body):
    assert rules.stray_marks(body)


def test_an_account_is_never_told_whole():
    assert rules.masked_account("REG-000123") == "*0123"


def at(hour: int, minute: int = 0) -> datetime:
    """Monday 23 November 2026, hours of Kampala."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC).replace(hour=(hour - 3) % 24, day=23 if hour >= 3 else 22)


@pytest.mark.parametrize(
    ("now", "waits_until"),
    [
        (at(19, 59), None),
        (at(20), datetime(2026, 11, 24, 4, tzinfo=UTC)),
        (at(23, 30), datetime(2026, 11, 24, 4, tzinfo=UTC)),
        (at(2), datetime(2026, 11, 23, 4, tzinfo=UTC)),
        (at(6, 59), datetime(2026, 11, 23, 4, tzinfo=UTC)),
        (at(7), None),
    ],
)
def test_what_can_wait_waits_for_the_morning(now, waits_until):
    assert rules.quiet_until(now, 20, 7, Purpose.SERVICE) == waits_until
    assert rules.quiet_until(now, 20, 7, Purpose.SECURITY) is None
    assert rules.quiet_until(now, 20, 7, Purpose.TRANSACTION) is None
    assert rules.quiet_until(now, 7, 7, Purpose.NEWS) is None


@pytest.mark.parametrize(
    ("present", "reported", "then"),
    [
        (Status.ACCEPTED, ReportState.SENT, Status.SENT),
        (Status.ACCEPTED, ReportState.PENDING, None),
        (Status.SENT, ReportState.SENT, None),
        (Status.SENT, ReportState.DELIVERED, Status.DELIVERED),
        (Status.UNKNOWN, ReportState.DELIVERED, Status.DELIVERED),
        (Status.SENDING, ReportState.FAILED, Status.FAILED),
        (Status.DELIVERED, ReportState.FAILED, None),
        (Status.FAILED, ReportState.DELIVERED, None),
    ],
)
def test_reports_move_a_message_on_and_never_back(present, reported, then):
    assert rules.after_report(present, reported) == then
