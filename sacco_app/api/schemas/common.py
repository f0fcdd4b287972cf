"""Pieces that every group of operations uses."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, Range

from sacco_app.api.paging import DEFAULT_LIMIT, MAX_LIMIT

NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
EXAMPLE_ID = "0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10"


class Matching(ma.fields.String):
    """Text that fits a pattern from its first to its last character. The document says the pattern."""

    def __init__(self, pattern: str, *, wanted: str, example: str, **kwargs: Any) -> None:
        self._pattern, self._wanted = re.compile(pattern), wanted
        metadata = {"pattern": pattern, "examples": [example]} | kwargs.pop("metadata", {})
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if text.endswith("\n") or not self._pattern.match(text):
            raise ma.ValidationError(self._wanted)
        return text


class Text(ma.fields.String):
    """A line of text: no control characters, nothing that cannot be stored."""

    def __init__(self, most: int, *, least: int = 0, example: str = "", **kwargs: Any) -> None:
        metadata = {"pattern": NO_CONTROL} | ({"examples": [example]} if example else {}) | kwargs.pop("metadata", {})
        super().__init__(validate=Length(least, most), metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if any(letter < " " or letter == "\x7f" or "\ud800" <= letter <= "\udfff" for letter in text):
            raise ma.ValidationError("Control characters are not taken")
        return text


class InSchema(ma.Schema):
    """What comes in. A name that we do not know is an error, so that a misspelt one is not taken for absent."""

    class Meta:
        unknown = ma.RAISE


class OutSchema(ma.Schema):
    """What goes out. More may be added: clients pass over what they do not know."""

    class Meta:
        unknown = ma.EXCLUDE


def one_of(choices: type[StrEnum], example: str, **kwargs: Any) -> ma.fields.String:
    """One of a few words."""
    metadata = {"enum": [choice.value for choice in choices], "examples": [example]}
    return ma.fields.String(required=True, metadata=metadata, **kwargs)


def e164(**kwargs: Any) -> Matching:
    """A telephone number with the country's code."""
    return Matching(
        r"^\+[1-9][0-9]{6,14}$",
        wanted="A phone number with the country's code, like +256772123456",
        example="+256772123456",
        metadata={"description": "As the branch knows it, with the country's code (E.164)"},
        **kwargs,
    )


def pin_field(description: str, **kwargs: Any) -> Matching:
    """The PIN of a member."""
    return Matching(
        r"^[0-9]{4,6}$", wanted="Four to six digits", example="0471", metadata={"description": description}, **kwargs
    )


class IdField(ma.fields.UUID):
    """An id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"examples": [EXAMPLE_ID]} | kwargs.pop("metadata", {}), **kwargs)


class PageQuery(InSchema):
    """Which page of a list."""

    cursor = Text(200, least=1, metadata={"description": "`next` of the page before; absent for the first page"})
    limit = ma.fields.Integer(
        load_default=DEFAULT_LIMIT, validate=Range(1, MAX_LIMIT), metadata={"description": "Most rows on a page"}
    )


class FieldError(OutSchema):
    """What is wrong with one field."""

    field = ma.fields.String(required=True, metadata={"examples": ["amount.amount"]})
    message = ma.fields.String(required=True, metadata={"examples": ["Digits above zero, like 50000"]})


class Problem(OutSchema):
    """A failure (RFC 9457). Programs look at `code`, people read `detail`, support asks for `instance`."""

    type = ma.fields.String(required=True, metadata={"examples": ["urn:sacco:problem:savings.insufficient_funds"]})
    title = ma.fields.String(required=True, metadata={"examples": ["This was refused"]})
    status = ma.fields.Integer(required=True, metadata={"examples": [409]})
    code = ma.fields.String(required=True, metadata={"examples": ["savings.insufficient_funds"]})
    detail = ma.fields.String(required=True, metadata={"examples": ["Only UGX 3,000 is available"]})
    instance = ma.fields.String(required=True, metadata={"examples": [f"urn:uuid:{EXAMPLE_ID}"]})
    errors = ma.fields.List(ma.fields.Nested(FieldError), metadata={"description": "Fields that are wrong (422)"})
    error = ma.fields.String(metadata={"description": "RFC 6749 error code, from the token endpoint alone"})


def page_of(item: type[ma.Schema], name: str) -> type[ma.Schema]:
    """The schema of a page of these."""
    return type(
        name,
        (OutSchema,),
        {
            "__doc__": "One page. `next` is null on the last one.",
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next": ma.fields.String(required=True, allow_none=True, metadata={"examples": ["IlVHWCI"]}),
        },
    )
