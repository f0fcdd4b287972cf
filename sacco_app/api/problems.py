"""Every failure as application/problem+json (RFC 9457): a code for the program, a sentence for the person."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, json, request
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from sacco_app.api.errors import BodyOfAnotherType, ClientRefused, OAuthRefused, ScopeMissing, Unauthorized
from sacco_app.kernel.db import db
from sacco_app.kernel.dberrors import translate
from sacco_app.kernel.errors import NotPermitted, SaccoError
from sacco_app.kernel.idempotency import IdempotencyKeyReused
from sacco_app.webkit import logs
from sacco_app.webkit.errors import answers_itself, status_of
from sacco_app.webkit.limits import retry_after

log = logging.getLogger("sacco.api")
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "The request could not be read",
    401: "Who are you?",
    403: "Not with this token",
    404: "There is nothing here",
    405: "Not with this method",
    409: "This was refused",
    413: "The body is too large",
    415: "The body is of another type",
    422: "Something is missing or wrong",
    429: "Too many requests",
    500: "Something went wrong on our side",
    502: "Another system did not answer",
    503: "Not at the moment",
}
CODES = {
    400: "api.malformed",
    404: "not_found",
    405: "api.method_not_allowed",
    413: "api.too_large",
    415: BodyOfAnotherType.code,
    422: "invalid_input",
    429: "api.too_many_requests",
}


WORDS = {
    NotPermitted.code: "This token does not allow that",
    IdempotencyKeyReused.code: "This Idempotency-Key was used before with another body: a new intention needs a new key",
}


def problem(
    status: int,
    code: str,
    detail: str = "",
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> Response:
    """The answer of a failure. `errors` name the fields that are wrong; `more` are extension members."""
    body = {
        "type": f"urn:sacco:problem:{code}",
        "title": TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400]),
        "status": status,
        "code": code,
        "detail": detail or TITLES.get(status, ""),
        "instance": f"urn:uuid:{logs.request_id()}",
        **({"errors": errors} if errors else {}),
        **(more or {}),
    }
    response = Response(json.dumps(body), status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def status_for(kind: type[SaccoError]) -> int:
    """The status of a class of errors on this front door."""
    own = {Unauthorized: 401, OAuthRefused: 400, BodyOfAnotherType: 415}
    found = next((status for family, status in own.items() if issubclass(kind, family)), None)
    return found or status_of(kind.__new__(kind))


def _refused(error: SaccoError) -> Response:
    status, more = status_for(type(error)), {}
    if isinstance(error, OAuthRefused):
        more = {"error": error.word}
    if isinstance(error, ClientRefused):
        more = {"error": "invalid_client"}
    detail = WORDS.get(error.code, error.message)
    return problem(status, error.code, detail, headers=_challenge(error), more=more)


def _challenge(error: SaccoError) -> dict[str, str]:
    """How to get in (RFC 6750, RFC 7617)."""
    if isinstance(error, ClientRefused):
        return {"WWW-Authenticate": 'Basic realm="SACCO API"'}
    if isinstance(error, Unauthorized):
        told = "" if error.code == Unauthorized.code else ' error="invalid_token"'
        return {"WWW-Authenticate": f"Bearer{told}"}
    if isinstance(error, ScopeMissing):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.facts["scope"]}"'}
    return {}


def _flat(messages: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            yield from _flat(inner, f"{path}.{step}" if path and step else path or step)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield {"field": path, "message": str(message)}


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    headers = {name: value for name, value in error.get_headers() if name in ("Retry-After", "WWW-Authenticate")}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == 429:
        headers["Retry-After"] = str(retry_after())
    messages = getattr(error, "data", {}).get("messages", {})
    errors = [found for place in messages.values() for found in _flat(place)]
    detail = "; ".join(f"{e['field']}: {e['message']}" if e["field"] else e["message"] for e in errors[:5])
    return problem(status, CODES.get(status, "api.failed"), detail, errors=errors, headers=headers)


def _nowhere(error: HTTPException) -> Response:
    answer = _http(error)
    assert isinstance(answer, Response)
    return finish(answer)


def _database(error: DBAPIError) -> Response:
    translated = translate(error)
    return _refused(translated) if isinstance(translated, SaccoError) else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error %s at %s %s", logs.request_id(), request.method, request.path, exc_info=error)
    db.session.remove()
    status = 503 if isinstance(error, OperationalError) else 500
    return problem(status, "api.unexpected", "It is noted. Tell us the instance if it goes on.")


def finish(response: Response) -> Response:
    """What every answer carries, and a read's ETag: who has that body already gets 304 without it."""
    response.headers["Cache-Control"] = "no-store"
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


def attach(blueprint: Blueprint) -> None:
    """Failures of the blueprint's views; once, however many applications it is registered with."""
    blueprint.register_error_handler(SaccoError, _refused)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(DBAPIError, _database)
    blueprint.register_error_handler(Exception, _unexpected)
    blueprint.after_request(finish)


def register(app: Flask, prefix: str) -> None:
    """Failures of paths under `prefix` that no view has."""
    answers_itself(app, prefix, _nowhere)
