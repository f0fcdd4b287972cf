"""The blueprint of the API and the one decorator of its operations.

`operation` takes no view without a guard, and writes into the document what follows from the code: the guard's scheme,
what the operation may refuse, the failures that any request of its kind can meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import marshmallow as ma
from flask import request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest

from sacco_app.api.errors import BodyOfAnotherType
from sacco_app.api.guards import Guard
from sacco_app.api.limits import paced
from sacco_app.api.problems import CODES, MEDIA_TYPE, TITLES, WORDS, status_for
from sacco_app.kernel.errors import SaccoError
from sacco_app.webkit.auth import guarded

PREFIX = "/api/v1"
F = TypeVar("F", bound=Callable[..., Any])
ALWAYS = (429, 500)
BODIES = Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING
MAX_BODY = 64 * 1024
WITH_BODY = (400, 413, 415)


def _document(doc: dict[str, Any], info: dict[str, Any], *, method: str, **_context: Any) -> dict[str, Any]:
    guard: Guard = info["house"]["guard"]
    responses = doc["responses"]
    for status in (*ALWAYS, *guard.failures, *(WITH_BODY if "requestBody" in doc else ())):
        responses.setdefault(status, f"Problem{status}")
    if 422 in responses:
        responses[422] = "Problem422"
    if method == "get":
        doc.setdefault("parameters", []).append("IF_NONE_MATCH")
        responses[304] = "NotModified"
    by_status: dict[int, list[type[SaccoError]]] = {}
    for kind in info["house"]["refuses"]:
        by_status.setdefault(status_for(kind), []).append(kind)
    for status, kinds in by_status.items():
        general = [CODES[status]] if status in responses and status in CODES else []
        responses[status] = refusal(status, dict.fromkeys(general, TITLES[status]) | told(kinds))
    doc["operationId"] = info["house"]["name"]
    doc["security"] = [{guard.scheme: list(guard.scopes)}] if guard.scheme else []
    return doc


def told(kinds: list[type[SaccoError]]) -> dict[str, str]:
    """The codes of these errors with their words."""
    return {kind.code: WORDS.get(kind.code, kind.template) for kind in kinds}


def refusal(status: int, words: dict[str, str]) -> dict[str, Any]:
    """The answer of one status with an example for each of its codes."""
    examples = {code: {"value": example_of(status, code, text)} for code, text in words.items()}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}
    headers = {"X-Request-Id": "RequestId", **({"WWW-Authenticate": "Challenge"} if status == 401 else {})}
    codes = ", ".join(f"`{code}`" for code in examples)
    return {"description": f"{TITLES[status]}: {codes}", "headers": headers, "content": content}


def example_of(status: int, code: str, words: str) -> dict[str, Any]:
    """A problem as it may look."""
    return {
        "type": f"urn:sacco:problem:{code}",
        "title": TITLES[status],
        "status": status,
        "code": code,
        "detail": re.sub(r"\{[^}]*\}", "…", words),
        "instance": "urn:uuid:0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10",
    }


class ApiBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint whose operations say in the document how they are guarded and how they fail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_document)


blueprint = ApiBlueprint("api", __name__, url_prefix=PREFIX)


def _of_its_type(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a body that is large, or of another type than the operation reads, before it is looked into."""
    places = {p["in"] for p in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())}
    wanted = next((kind for place, kind in BODIES.items() if place in places), None)
    if wanted is None:
        return view

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = MAX_BODY
        if request.mimetype != wanted:
            raise BodyOfAnotherType(wanted=wanted)
        try:
            request.get_json(silent=True)
        except RecursionError as error:
            raise BadRequest from error
        return view(*args, **kwargs)

    return checked


def operation(
    rule: str,
    guard: Guard,
    *,
    tag: str,
    method: str = "GET",
    status: int = 200,
    out: type[ma.Schema] | None = None,
    refuses: tuple[type[SaccoError], ...] = (),
    headers: Mapping[str, str] | None = None,
    media_type: str | None = None,
    limit: str | None = None,
) -> Callable[[F], F]:
    """Make the view an operation: its path, its guard, what it answers (`out`) and what it may refuse.

    `headers` name components of the document; `limit` is narrower than the guard's, for one caller. The docstring's first paragraph is the summary, the rest the description.
    """

    def register(view: F) -> F:
        named = {"X-Request-Id": "RequestId", **({"ETag": "ETAG"} if method == "GET" else {}), **(headers or {})}
        schema = {"type": "string", "format": "binary"} if media_type else out
        answered = blueprint.response(status, schema, headers=named, content_type=media_type)(
            _of_its_type(paced(view, guard, limit))
        )
        answered._apidoc["house"] = {"guard": guard, "refuses": refuses, "name": view.__name__}
        answered.provide_automatic_options = False  # nobody asks before a call: no browser page calls from elsewhere
        guarded(guard.door)(answered)
        blueprint.route(rule, methods=[method], tags=[tag])(answered)
        registered: F = answered
        return registered

    return register
