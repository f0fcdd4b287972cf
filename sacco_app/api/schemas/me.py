"""The signed-in member: profile, accounts, movements, transfers, statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import marshmallow as ma

from sacco_app.api.schemas.common import IdField, InSchema, Matching, OutSchema, Text, one_of, pin_field
from sacco_app.api.schemas.fields import LocalInstant, PositiveMoneySchema, money
from sacco_app.api.types import StatementStatus
from sacco_app.savings.types import AccountStatus

LONGEST = timedelta(days=365)


class Profile(OutSchema):
    """Who is signed in."""

    id = IdField(required=True)
    number = ma.fields.String(required=True, metadata={"examples": ["M-000123"]})
    full_name = ma.fields.String(required=True, metadata={"examples": ["Nakimuli Grace"]})
    status = ma.fields.String(required=True, metadata={"examples": ["active"]})
    phone = ma.fields.String(required=True, metadata={"examples": ["+256772123456"]})
    language = ma.fields.String(required=True, metadata={"examples": ["en"]})
    branch = ma.fields.String(required=True, metadata={"examples": ["Head office"]})


class Account(OutSchema):
    """A savings account. `available` is the ledger balance less what is held and less the minimum."""

    id = IdField(required=True)
    number = ma.fields.String(required=True, metadata={"examples": ["REG-000042"]})
    product = ma.fields.String(required=True, attribute="product_name", metadata={"examples": ["Regular savings"]})
    status = one_of(AccountStatus, "active")
    ledger_balance = money("185000")
    held = money("20000")
    minimum = money("10000")
    available = money("155000")
    opened_on = ma.fields.Date(required=True, metadata={"examples": ["2026-03-02"]})


class Accounts(OutSchema):
    """The member's accounts, by number."""

    items = ma.fields.List(ma.fields.Nested(Account), required=True)


class Movement(OutSchema):
    """One line of an account: what came in or went out, and the balance after it."""

    date = ma.fields.Date(required=True, attribute="business_date", metadata={"examples": ["2026-11-23"]})
    posted_at = LocalInstant(required=True, metadata={"examples": ["2026-11-23T09:14:00+03:00"]})
    narration = ma.fields.String(required=True, metadata={"examples": ["Cash deposit"]})
    money_in = money("50000", attribute="credit")
    money_out = money("0", attribute="debit")
    balance_after = money("185000")
    transaction_id = IdField(required=True, allow_none=True)


class MiniStatement(OutSchema):
    """The last movements, newest first."""

    account = ma.fields.Nested(Account, required=True)
    items = ma.fields.List(ma.fields.Nested(Movement), required=True)


class IdempotencyHeader(ma.Schema):
    """The client's own name for this command. The same key again gives the first answer and moves nothing."""

    class Meta:
        unknown = ma.EXCLUDE

    key = Matching(
        r"^[A-Za-z0-9_-]{8,64}$",
        wanted="Send an Idempotency-Key of 8 to 64 letters, digits, _ or -",
        example="0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10",
        required=True,
        data_key="Idempotency-Key",
        metadata={"description": "Made by the client once for each intention, kept through retries: a UUID"},
    )


class TransferRequest(InSchema):
    """From one of the member's accounts to another account, named by its number; `pin` where that is somebody else's."""

    from_account_id = IdField(required=True)
    to_account_number = Text(30, least=3, required=True, example="REG-000043")
    amount = ma.fields.Nested(PositiveMoneySchema, required=True)
    narration = Text(120, load_default="", example="School fees")
    pin = pin_field("Confirms money for somebody else; not asked for between own accounts")


class ReceiverQuery(InSchema):
    """Whose account a number is."""

    account_number = Text(30, least=3, required=True, example="REG-000043")


class Receiver(OutSchema):
    """Whom the member would pay, as initials and stars: to be confirmed before sending."""

    account_number = ma.fields.String(required=True, attribute="number", metadata={"examples": ["REG-000043"]})
    name = ma.fields.String(required=True, attribute="masked_name", metadata={"examples": ["N******* G****"]})
    is_own = ma.fields.Boolean(required=True, metadata={"description": "One of the member's own accounts"})


class Transfer(OutSchema):
    """A transfer that is on the book."""

    id = IdField(required=True)
    number = ma.fields.String(required=True, metadata={"examples": ["TX-261123-7K3MQ9PD"]})
    amount = money("50000")
    fee = money("500", "The SACCO's fee")
    duty = money("75", "Excise duty on the fee", attribute="charge.duty")


class StatementRequest(InSchema):
    """Which account and which days, both ends included."""

    account_id = IdField(required=True)
    from_date = ma.fields.Date(required=True, data_key="from", metadata={"examples": ["2026-10-01"]})
    to_date = ma.fields.Date(required=True, data_key="to", metadata={"examples": ["2026-10-31"]})

    @ma.validates_schema
    def check_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["from_date"] > data["to_date"]:
            raise ma.ValidationError("Ends before it begins", "to")
        if data["to_date"] - data["from_date"] > LONGEST:
            raise ma.ValidationError("At most 366 days at a time", "to")


class Statement(OutSchema):
    """A statement of account: pending, ready or failed. When it is ready, `pdf` says where to fetch it."""

    id = IdField(required=True)
    status = one_of(StatementStatus, "ready")
    requested_at = LocalInstant(required=True, metadata={"examples": ["2026-11-23T09:00:00+03:00"]})
    pdf = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"examples": ["/api/v1/me/statements/0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10/pdf"]},
    )
