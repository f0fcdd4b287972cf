"""One line for each request and each event: JSON in production, short text while developing.

A line names the request, the route, the user's id; never a path with its values, a query, a form, an address or a name.
Text that others wrote (messages of exceptions, of the database) is stripped of what may identify a person or open a door.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, has_request_context, request

from sacco_app.kernel.ids import new_id

log = logging.getLogger("sacco.request")
_bound: ContextVar[dict[str, Any]] = ContextVar("bound", default={})  # noqa: B039 - never changed in place
_GIVEN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HIDDEN = "…"
_DETAIL = re.compile(r"(?m)^\s*(DETAIL|CONTEXT|HINT):.*$|\[parameters:.*?\]$|\(Background on this error.*", re.DOTALL)
_PRIVATE = re.compile(
    r"(?P<keep>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # e-mail
    r"|\b[A-Z]{2}[A-Z0-9]{12}\b"  # national id
    r"|\+?\d[\d \-]{5,}\d"  # telephone, account, card
    r"|(?=[\w-]*\d)[\w-]{32,}"  # keys and tokens
    r"|(?i:\b(?:password|secret|token|pin|otp)\b\s*[=:]\s*\S+)"
)
_QUOTED = re.compile(r"""(['"])(?P<inside>.*?)\1""", re.DOTALL)
_OUR_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
QUIET = ("alembic.runtime.plugins", "httpx", "httpcore", "fontTools", "weasyprint", "werkzeug")


def redact(text: str) -> str:
    """`text` without e-mails, telephones, national ids, long numbers, keys, and the details a database adds."""
    return _PRIVATE.sub(lambda found: found["keep"] or _HIDDEN, _DETAIL.sub("", text))


def _redact_foreign(text: str) -> str:
    """Like `redact`, and without what stands in quotation marks unless it is a name of our code."""

    def inside(found: re.Match[str]) -> str:
        return found[0] if _OUR_NAME.fullmatch(found["inside"]) else f"{found[1]}{_HIDDEN}{found[1]}"

    return redact(_QUOTED.sub(inside, text.split("\n[SQL:", maxsplit=1)[0]))[:500].strip()


def describe(error: BaseException) -> list[str]:
    """An exception as lines: its class and what may be told of its message, then where it happened, outermost first."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__name__}: {_redact_foreign(str(seen))}")
        lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


class Lines(logging.Formatter):
    """Writes a record as one line of JSON, or as text that a developer reads."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        number = {"request": request_id()} if has_request_context() and request_id() else {}
        facts = {**_bound.get(), **number, **getattr(record, "facts", {})}
        if not self.as_json:
            text = " ".join([f"{record.levelname} {record.name} {record.getMessage()}", *map(str, facts.values())])
            return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            **facts,
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = describe(record.exc_info[1])
        return json.dumps(entry, default=str, ensure_ascii=False)


def configure(*, production: bool) -> None:
    """Send every logger of this process to standard error as `Lines`. Safe to call again."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, Lines) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(Lines(as_json=production))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in QUIET if production else (*QUIET, "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def for_gunicorn(*, production: bool) -> dict[str, Any]:
    """The setting `logconfig_dict` of gunicorn, so that its own lines look like ours."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines, "as_json": production}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"level": "INFO", "handlers": ["lines"]},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            **{name: {"level": "WARNING"} for name in (*QUIET, "alembic")},
        },
    }


@contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """Every line inside the block carries these facts: `with logs.bound(delivery=id):`."""
    token = _bound.set({**_bound.get(), **facts})
    try:
        yield
    finally:
        _bound.reset(token)


def request_id() -> str:
    """The id of this request: in its log lines, in the answer's header, in a problem of the API."""
    return str(g.get("request_id", ""))


def spoken_id() -> str:
    """The end of the id, which is its random part: what a page shows and a person reads out."""
    return request_id()[-12:]


def install(app: Flask, *, trust_given_id: bool) -> None:
    """Number each request and write a line when it is answered. A reverse proxy's number is taken where it is trusted."""

    def begin() -> None:
        given = request.headers.get("X-Request-Id", "") if trust_given_id else ""
        g.request_id = UUID(given) if _GIVEN_ID.fullmatch(given) else new_id()
        g.request_began = time.perf_counter()

    def answered(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        quiet = request.endpoint in ("static", "healthz") and response.status_code < 400
        level = logging.DEBUG if quiet else logging.ERROR if response.status_code >= 500 else logging.INFO
        log.log(level, "%s %s", request.method, _route(), extra={"facts": _facts(response)})
        return response

    app.before_request(begin)
    app.after_request(answered)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "(no such page)"


def _facts(response: Response) -> dict[str, Any]:
    actor = g.get("actor")
    took = (time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000
    return {
        "status": response.status_code,
        "ms": round(took),
        **({"user": str(actor.user_id)} if actor else {}),
    }
