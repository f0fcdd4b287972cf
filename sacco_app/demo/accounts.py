"""What the accountant of the demo SACCO has booked: opening balances, the costs of each month, an invoice that waits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from PIL import Image, ImageDraw

from sacco_app.approvals import service as approvals
from sacco_app.kernel.dates import add_months
from sacco_app.kernel.files import fingerprint
from sacco_app.kernel.money import UGX, Money
from sacco_app.ledger import manual
from sacco_app.ledger.papers import Paper
from sacco_app.ledger.types import ManualLine, PostManualJournal

if TYPE_CHECKING:
    from sacco_app.demo.load import History

BANK = "1210"
OPENING = (
    (BANK, 420_000_000),
    ("1410", 180_000_000),
    ("1715", 150_000_000),
    ("1730", 14_000_000),
    ("2630", -340_000_000),
    ("3210", -96_000_000),
    ("3310", -248_000_000),
    ("3230", -80_000_000),
)
COSTS = (
    ("5510", 5_400_000),
    ("5512", 540_000),
    ("5610", 900_000),
    ("5615", 260_000),
    ("5620", 640_000),
    ("5635", 350_000),
)
INTEREST = 9_800_000
GROWTH = 3
PAY_DAY = 26


class Accounts:
    """The accountant makes, the branch manager approves."""

    def __init__(self, history: History, branch_id: UUID, first: date) -> None:
        self.history, self.branch_id, self.made = history, branch_id, 0
        self.maker = history.person("accountant")
        self.checker = history.person("branch_manager")
        self.month, self.percent = first.replace(day=1), 100
        self._book(first, "Opening balances", "Audited accounts of last year", OPENING)

    def until(self, day: date) -> None:
        """Book the month on the first day from the 26th on."""
        if day.day >= PAY_DAY and day >= self.month:
            self._book_month(day, self.percent)
            self.month, self.percent = add_months(day.replace(day=1), 1), self.percent + GROWTH

    def leave_one_waiting(self, day: date) -> None:
        """An invoice of today that nobody has approved yet."""
        lines = (("5625", 380_000), ("2490", -380_000))
        self._ask(day, "Passbooks, 500 pieces", "Invoice 2211 of Nile Printers", lines, (_invoice(day),))

    def _book_month(self, day: date, percent: int) -> None:
        costs = [(code, minor * percent // 100) for code, minor in COSTS]
        total = sum(minor for _, minor in costs)
        self._book(day, f"Costs of {day:%B}", "Payroll and invoices of the month", (*costs, (BANK, -total)))
        earned = INTEREST * (percent + 10) // 100
        self._book(day, "Interest on treasury bills", "Statement of the bank", ((BANK, earned), ("4420", -earned)))

    def _book(self, day: date, narration: str, reason: str, lines: Sequence[tuple[str, int]]) -> None:
        asked = self._ask(day, narration, reason, lines)
        self.history.do(self.checker, lambda s, actor, clock: approvals.approve(s, actor, clock, asked, "Seen"), 1)

    def _ask(
        self, day: date, narration: str, reason: str, lines: Sequence[tuple[str, int]], papers: tuple[Paper, ...] = ()
    ) -> UUID:
        self.made += 1
        command = PostManualJournal(
            branch_id=self.branch_id,
            business_date=day,
            narration=narration,
            reason=reason,
            lines=tuple(_line(code, minor) for code, minor in lines),
            maker_id=self.maker.user_id,
            idempotency_key=f"demo-journal-{self.made}",
            papers=tuple(fingerprint(paper.content) for paper in papers),
        )
        asked = self.history.do(
            self.maker, lambda s, actor, clock: manual.submit_manual(s, actor, clock, command, papers), 1
        )
        assert asked is not None
        return asked


def _line(code: str, minor: int) -> ManualLine:
    money = Money(abs(minor), UGX)
    return ManualLine(code, money, None) if minor > 0 else ManualLine(code, None, money)


def _invoice(day: date) -> Paper:
    """A drawn invoice as PDF."""
    image = Image.new("RGB", (1240, 900), "white")
    pen = ImageDraw.Draw(image)
    for place, size, text in (
        ((90, 80), 52, "Nile Printers Ltd"),
        ((90, 150), 28, "Plot 14, Jinja Road, Kampala"),
        ((90, 260), 40, "Invoice 2211"),
        ((90, 330), 30, f"{day:%d %B %Y}, to Umoja SACCO"),
        ((90, 450), 32, "500 passbooks at 760"),
        ((90, 560), 40, "UGX 380,000"),
    ):
        pen.text(place, text, fill=(20, 30, 40), font_size=size)
    buffer = io.BytesIO()
    image.save(buffer, "PDF", resolution=150)
    return Paper("invoice-2211.pdf", buffer.getvalue())
