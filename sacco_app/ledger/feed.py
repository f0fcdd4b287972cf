"""The book as a stream: journals in the order of their numbers, none missed however many are posted at the same time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.queries import in_scope
from sacco_app.ledger.types import JournalLineView, StreamedJournal

SETTLED = text("age(journals.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)")


def journals_after(
    session: Session, actor: Actor, number: int, limit: int, day: date | None = None
) -> list[StreamedJournal]:
    """The next journals of the actor's branches with a higher number, at most `limit`; of one business date or of all.

    A number is drawn when a journal is written and seen when it is committed: a higher one may be seen first. So the
    stream ends before the oldest transaction that is still writing, and whoever goes on from the last number that they
    saw never passes over a journal that was late.
    """
    query = select(Journal).where(Journal.number > number, in_scope(actor, Journal.branch_id), SETTLED)
    if day is not None:
        query = query.where(Journal.business_date == day)
    journals = session.scalars(query.order_by(Journal.number).limit(limit)).all()
    lines = _lines(session, [journal.id for journal in journals])
    names = [name for name in StreamedJournal.__dataclass_fields__ if name != "lines"]
    return [
        StreamedJournal(**{name: getattr(journal, name) for name in names}, lines=tuple(lines[journal.id]))
        for journal in journals
    ]


def _lines(session: Session, journal_ids: list[UUID]) -> dict[UUID, list[JournalLineView]]:
    query = (
        select(JournalLine, GlAccount)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.journal_id.in_(journal_ids))
        .order_by(JournalLine.journal_id, JournalLine.line_no)
    )
    lines: dict[UUID, list[JournalLineView]] = defaultdict(list)
    for line, account in session.execute(query):
        currency = CURRENCIES[line.currency]
        debit, credit = Money(line.debit_minor, currency), Money(line.credit_minor, currency)
        lines[line.journal_id].append(
            JournalLineView(account.id, account.code, account.name, line.branch_id, debit, credit)
        )
    return lines
