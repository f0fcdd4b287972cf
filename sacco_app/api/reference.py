"""The document as a page for people: operations in order, fields in words, a call to copy. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

Document = dict[str, Any]
WHOLE = ("Money", "PositiveMoney")
KINDS = {"uuid": "id", "date": "date", "date-time": "time", "binary": "file"}
GUARDS = {"member": "Member's token", "client": "Client's token", "client_secret": "Client's id and secret"}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that goes in or comes out."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One status, with the codes that it may carry and what they say."""

    status: str
    title: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as it is shown."""

    name: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[Markup, ...]
    guard: str
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    result: tuple[Field, ...]
    answers: tuple[Answer, ...]
    call: str
    reply: str


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one tag."""

    name: str
    anchor: str
    paragraphs: tuple[Markup, ...]
    operations: tuple[Operation, ...]


def prose(text: str) -> tuple[Markup, ...]:
    """Paragraphs of plain text in which `code` and **weight** are marked. Everything else is escaped."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(" ".join(paragraph.split()))))
        paragraphs.append(Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", marked)))  # noqa: S704 - escaped above
    return tuple(paragraphs)


def sections(document: Document, home: str) -> tuple[Section, ...]:
    """What the page shows, in the order of the tags. `home` is the address that calls go to."""
    return tuple(
        Section(
            tag["name"], tag["name"].lower(), prose(tag["description"]), tuple(_of_tag(document, tag["name"], home))
        )
        for tag in document["tags"]
    )


def _of_tag(document: Document, tag: str, home: str) -> Iterator[Operation]:
    for path, told_of_path in document["paths"].items():
        for method, told in told_of_path.items():
            if method != "parameters" and tag in told["tags"]:
                placed = [*told_of_path.get("parameters", ()), *told.get("parameters", ())]
                yield _operation(document, method, path, told, [_resolve(document, one) for one in placed], home)


def _operation(
    document: Document, method: str, path: str, told: Document, placed: list[Document], home: str
) -> Operation:
    scheme, scopes = next(iter(told["security"][0].items())) if told["security"] else ("", [])
    bodies: Document = told.get("requestBody", {}).get("content", {})
    media_type = next(iter(bodies), "")
    body: Document = bodies.get(media_type, {})
    status = min(told["responses"])
    result: Document = next(iter(_resolve(document, told["responses"][status]).get("content", {}).values()), {})
    named = [
        Field(one["name"], _kind(document, one["schema"]), one.get("required", False), one.get("description", ""))
        for one in placed
        if one["name"] != "If-None-Match"
    ]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        paragraphs=prose(told["description"]) if told.get("description") else (),
        guard=GUARDS.get(scheme, "Open to all"),
        scopes=tuple(scopes),
        parameters=tuple(named),
        body=tuple(_fields(document, body["schema"])) if body else (),
        result=tuple(_fields(document, result["schema"])) if result else (),
        answers=tuple(_answer(document, code, one) for code, one in told["responses"].items()),
        call=_call(method.upper(), f"{home}{path}", scheme, media_type, body.get("example"), placed),
        reply=json.dumps(result["example"], indent=2, ensure_ascii=False) if "example" in result else "",
    )


def _resolve(document: Document, thing: Document) -> Document:
    """What a reference stands for."""
    if "$ref" not in thing:
        return thing
    found: Any = document
    for step in thing["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Document = found
    return resolved


def _fields(document: Document, schema: Document, prefix: str = "") -> Iterator[Field]:
    """The fields of a body, those of inner objects after them with their path."""
    told = _resolve(document, schema)
    for name, field in told.get("properties", {}).items():
        where, required = f"{prefix}{name}", name in told.get("required", ())
        yield Field(where, _kind(document, field), required, field.get("description", ""))
        inner = field.get("items", field)
        if "$ref" in inner and inner["$ref"].rsplit("/", 1)[1] not in WHOLE:
            yield from _fields(document, inner, f"{where}[]." if "items" in field else f"{where}.")


def _kind(document: Document, schema: Document) -> str:
    """A type in a word or two."""
    if "items" in schema:
        return "list"
    if "$ref" in schema or "allOf" in schema or "anyOf" in schema:
        inner = schema.get("$ref") or (schema.get("allOf") or schema["anyOf"])[0].get("$ref", "")
        return "money" if inner.rsplit("/", 1)[-1] in WHOLE else "object"
    if "enum" in schema:
        return " · ".join(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    plain = KINDS.get(
        schema.get("format", ""), {"string": "text", "integer": "number", "boolean": "yes or no"}[kinds[0]]
    )
    return f"{plain} or null" if "null" in kinds else plain


def _answer(document: Document, status: str, answer: Document) -> Answer:
    told = _resolve(document, answer)
    media: Document = told.get("content", {}).get("application/problem+json", {})
    named: Document = media.get("examples", {})
    examples: list[Document] = [one["value"] for one in named.values()] or [media["example"]] if media else []
    codes = tuple((one["code"], one["detail"]) for one in examples)
    return Answer(status, told["description"].split(":")[0], codes)


def _call(method: str, url: str, scheme: str, media_type: str, body: Any, placed: list[Document]) -> str:
    """A call to copy into a terminal."""
    for one in placed:
        if one["in"] == "path":
            url = url.replace("{" + one["name"] + "}", str(_sample(one)))
    query = [
        f"{one['name']}={quote(str(_sample(one)))}" for one in placed if one["in"] == "query" and one.get("required")
    ]
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}'{url}{'?' + '&'.join(query) if query else ''}'"]
    if scheme:
        lines.append(
            '-u "$CLIENT_ID:$CLIENT_SECRET"' if scheme == "client_secret" else '-H "Authorization: Bearer $TOKEN"'
        )
    lines += [f"-H '{one['name']}: {_sample(one)}'" for one in placed if one["in"] == "header" and one.get("required")]
    if media_type == "application/json":
        lines += [f"-H 'Content-Type: {media_type}'", f"-d '{_quoted(json.dumps(body, ensure_ascii=False))}'"]
    elif body:
        lines += [f"-d '{name}={value}'" for name, value in body.items()]
    return " \\\n  ".join(lines)


def _sample(parameter: Document) -> Any:
    schema = parameter["schema"]
    samples = {"uuid": "0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10"}
    return (schema.get("examples") or [samples.get(schema.get("format", ""), parameter["name"].upper())])[0]


def _quoted(text: str) -> str:
    """Text between single quotes of a shell."""
    return text.replace("'", "'\\''")
