"""Members and figures for partners."""

from __future__ import annotations

import marshmallow as ma

from sacco_app.api.schemas.common import IdField, InSchema, OutSchema, e164
from sacco_app.api.schemas.fields import money
from sacco_app.api.schemas.ledger import AS_OF


class MemberQuery(InSchema):
    """A telephone number as the branch knows it."""

    phone = e164(required=True)


class PartnerMember(OutSchema):
    """A member, as little as the scope allows: `full_name` and `phone` need `members:contact`, else they are null."""

    id = IdField(required=True)
    number = ma.fields.String(required=True, metadata={"examples": ["M-000123"]})
    masked_name = ma.fields.String(required=True, metadata={"examples": ["N******* G****"]})
    status = ma.fields.String(required=True, metadata={"examples": ["active"]})
    branch_id = IdField(required=True)
    full_name = ma.fields.String(required=True, allow_none=True, metadata={"examples": ["Nakimuli Grace"]})
    phone = ma.fields.String(required=True, allow_none=True, metadata={"examples": ["+256772123456"]})


class PartnerMembers(OutSchema):
    """The members who have this phone number: commonly none or one."""

    items = ma.fields.List(ma.fields.Nested(PartnerMember), required=True)


class FigureQuery(InSchema):
    """Which day and which branch."""

    as_of = ma.fields.Date(metadata=AS_OF)
    branch_id = IdField(metadata={"description": "One branch; absent: the whole SACCO, if the client may see it"})


class BalanceSheet(OutSchema):
    """Totals of the balance sheet: assets = liabilities + equity + surplus."""

    as_of = ma.fields.Date(required=True, metadata={"examples": ["2026-11-23"]})
    branch_id = IdField(required=True, allow_none=True)
    assets = money("48500000")
    liabilities = money("36200000")
    equity = money("10100000")
    surplus = money("2200000", "Income less expenses that are not closed yet")


class ProductSavings(OutSchema):
    """Savings of one product now."""

    product = ma.fields.String(required=True, metadata={"examples": ["Regular savings"]})
    accounts = ma.fields.Integer(required=True, metadata={"examples": [1240]})
    total = money("36200000")


class SavingsByProduct(OutSchema):
    """Savings by product in the branches that the client sees."""

    items = ma.fields.List(ma.fields.Nested(ProductSavings), required=True)
    total = money("36200000")
