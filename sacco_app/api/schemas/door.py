"""Sign-in, tokens, devices."""

from __future__ import annotations

import marshmallow as ma

from sacco_app.api.schemas.common import IdField, InSchema, OutSchema, Text, e164, pin_field
from sacco_app.api.schemas.fields import LocalInstant


class SignIn(InSchema):
    """A phone number and its PIN, and the name under which the device will be listed."""

    phone = e164(required=True)
    pin = pin_field("Four to six digits", required=True)
    device_name = Text(80, least=1, required=True, example="Grace's Tecno Spark 20")


class ChoosePin(InSchema):
    """The present (or temporary) PIN and the one to use from now on."""

    phone = e164(required=True)
    pin = pin_field("The present PIN, or the temporary one from the branch", required=True)
    new_pin = pin_field("Not a birthday, not digits that repeat or run on", required=True)


class Refresh(InSchema):
    """The refresh token of the last answer. It works once."""

    refresh_token = Text(100, least=1, required=True, example="kXl5l2T0wD8rJxN3v7GqkY1m9oBzC4sUePhAWfRt6Ec")


class Tokens(OutSchema):
    """An access token for the next ten minutes, and a refresh token that buys the next pair, once."""

    access_token = ma.fields.String(required=True, metadata={"examples": ["eyJhbGciOiJIUzI1NiIs…"]})
    token_type = ma.fields.Constant("Bearer", required=True, metadata={"enum": ["Bearer"], "type": "string"})
    expires_in = ma.fields.Integer(required=True, metadata={"examples": [600], "description": "Seconds"})
    refresh_token = ma.fields.String(
        required=True, metadata={"examples": ["kXl5l2T0wD8rJxN3v7GqkY1m9oBzC4sUePhAWfRt6Ec"]}
    )
    refresh_expires_at = LocalInstant(required=True, metadata={"examples": ["2026-12-23T09:00:00+03:00"]})
    device_id = IdField(required=True)


class Device(OutSchema):
    """An app that is signed in."""

    id = IdField(required=True)
    name = ma.fields.String(required=True, metadata={"examples": ["Grace's Tecno Spark 20"]})
    signed_in_at = LocalInstant(required=True, metadata={"examples": ["2026-11-23T09:00:00+03:00"]})
    last_seen_at = LocalInstant(required=True, metadata={"examples": ["2026-11-23T17:20:00+03:00"]})
    is_this_one = ma.fields.Boolean(required=True, metadata={"description": "The device that asks"})


class Devices(OutSchema):
    """The devices on which the member is signed in, the latest seen first."""

    items = ma.fields.List(ma.fields.Nested(Device), required=True)


class ClientTokenRequest(ma.Schema):
    """RFC 6749, 4.4. The client's id and secret come as HTTP Basic."""

    class Meta:
        unknown = ma.EXCLUDE

    grant_type = Text(40, required=True, metadata={"enum": ["client_credentials"], "examples": ["client_credentials"]})
    scope = Text(200, example="ledger:read", metadata={"description": "Some of the client's scopes; absent: all"})


class ClientToken(OutSchema):
    """RFC 6749, 5.1."""

    access_token = ma.fields.String(required=True, metadata={"examples": ["eyJhbGciOiJIUzI1NiIs…"]})
    token_type = ma.fields.Constant("Bearer", required=True, metadata={"enum": ["Bearer"], "type": "string"})
    expires_in = ma.fields.Integer(required=True, metadata={"examples": [600]})
    scope = ma.fields.String(required=True, metadata={"examples": ["ledger:read reports:read"]})
