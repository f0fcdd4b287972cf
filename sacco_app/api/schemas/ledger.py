"""The book for accounting partners."""

from __future__ import annotations

import marshmallow as ma

from sacco_app.api.schemas.common import IdField, InSchema, OutSchema, PageQuery, one_of, page_of
from sacco_app.api.schemas.fields import LocalInstant, money
from sacco_app.ledger.types import AccountClass

AS_OF = {"examples": ["2026-11-23"], "description": "At the end of this day; absent: today's business date"}


class GlAccount(OutSchema):
    """An account of the chart. Class: A asset, L liability, E equity, I income, X expense, M memorandum."""

    code = ma.fields.String(required=True, metadata={"examples": ["1210-02"]})
    name = ma.fields.String(required=True, metadata={"examples": ["Current account, second bank"]})
    account_class = one_of(AccountClass, "A", data_key="class")
    normal_side = ma.fields.String(required=True, metadata={"enum": ["D", "C"], "examples": ["D"]})
    is_control = ma.fields.Boolean(required=True, metadata={"description": "Sum of a sub-ledger: never posted by hand"})
    is_active = ma.fields.Boolean(required=True)


GlAccountPage = page_of(GlAccount, "GlAccountPage")


class TrialBalanceQuery(InSchema):
    """Which day and which branch."""

    as_of = ma.fields.Date(metadata=AS_OF)
    branch_id = IdField(metadata={"description": "One branch; absent: the whole SACCO, if the client may see it"})


class TrialBalanceRow(OutSchema):
    """An account with its balance on one side."""

    code = ma.fields.String(required=True, metadata={"examples": ["1210-02"]})
    name = ma.fields.String(required=True, metadata={"examples": ["Current account, second bank"]})
    debit = money("50000")
    credit = money("0")


class TrialBalance(OutSchema):
    """Every account that has a balance. The totals are equal, or the book is wrong."""

    as_of = ma.fields.Date(required=True, metadata={"examples": ["2026-11-23"]})
    branch_id = IdField(required=True, allow_none=True)
    rows = ma.fields.List(ma.fields.Nested(TrialBalanceRow), required=True)
    total_debit = money("9100000")
    total_credit = money("9100000")


class JournalQuery(PageQuery):
    """Journals since a cursor, of one day or of all."""

    business_date = ma.fields.Date(metadata={"examples": ["2026-11-23"]})


class JournalLine(OutSchema):
    """One line: either debit or credit is above zero."""

    account_code = ma.fields.String(required=True, metadata={"examples": ["1210-02"]})
    account_name = ma.fields.String(required=True, metadata={"examples": ["Current account, second bank"]})
    branch_id = IdField(required=True)
    debit = money("50000")
    credit = money("0")


class Journal(OutSchema):
    """A posted journal. It never changes; what was wrong is corrected by another that names it in `reverses_id`."""

    id = IdField(required=True)
    number = ma.fields.Integer(required=True, metadata={"examples": [4711]})
    business_date = ma.fields.Date(required=True, metadata={"examples": ["2026-11-23"]})
    value_date = ma.fields.Date(required=True, metadata={"examples": ["2026-11-23"]})
    posted_at = LocalInstant(required=True, metadata={"examples": ["2026-11-23T09:14:00+03:00"]})
    branch_id = IdField(required=True)
    event = ma.fields.String(required=True, attribute="event_code", metadata={"examples": ["J-04"]})
    narration = ma.fields.String(required=True, metadata={"examples": ["Cash deposit"]})
    reverses_id = IdField(required=True, allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(JournalLine), required=True)


class JournalPage(OutSchema):
    """Journals in the order in which they came into the book.

    `next` goes on where this page ended. On the last page it is null; `resume` is the cursor to come back with later.
    """

    items = ma.fields.List(ma.fields.Nested(Journal), required=True)
    next = ma.fields.String(required=True, allow_none=True, metadata={"examples": ["NDcxMQ"]})
    resume = ma.fields.String(required=True, allow_none=True, metadata={"examples": ["NDcxMQ"]})
