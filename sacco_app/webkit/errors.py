"""The front door's words for every failure: a page, a banner for htmx, never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from sacco_app.kernel.db import db
from sacco_app.kernel.dberrors import translate
from sacco_app.kernel.errors import (
    Conflict,
    ExternalFailure,
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    SaccoError,
)
from sacco_app.webkit import logs
from sacco_app.webkit.auth import SignInNeeded
from sacco_app.webkit.htmx import is_htmx, redirect_to, respond
from sacco_app.webkit.limits import retry_after

log = logging.getLogger("sacco")
STATUS: tuple[tuple[type[SaccoError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (Conflict, 409),
    (RuleViolation, 409),
    (InvalidInput, 422),
    (ExternalFailure, 502),
)
TOO_MANY = 429
TITLES = {
    400: "That request could not be read",
    401: "Sign in first",
    403: "Your role does not allow this",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "This was refused",
    413: "The file is too large",
    422: "Something is missing or wrong",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    502: "Another system did not answer",
    503: "The database does not answer",
}


def status_of(error: SaccoError) -> int:
    """The HTTP status of a family of errors."""
    return next((status for family, status in STATUS if isinstance(error, family)), 500)


def error_page(status: int, message: str = "") -> Response:
    """The page of an error, with the number by which the log finds the request; for htmx only its banner."""
    title = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    template = "errors/_banner.html" if is_htmx() else "errors/error.html"
    return respond(template, status=status, code=status, title=title, message=message, reference=logs.spoken_id())


def answers_itself(app: Flask, prefix: str, answer: Callable[[HTTPException], Response]) -> None:
    """Paths under `prefix` say in their own way that there is nothing, or not with this method: no view hears of it."""
    app.extensions.setdefault("own_errors", {})[prefix] = answer


def _own_answer(error: HTTPException) -> Response | None:
    doors: dict[str, Callable[[HTTPException], Response]] = current_app.extensions.get("own_errors", {})
    found = next((answer for prefix, answer in doors.items() if f"{request.path}/".startswith(f"{prefix}/")), None)
    return found(error) if found else None


def _too_many() -> Response:
    seconds = retry_after()
    wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
    return error_page(TOO_MANY, f"Wait {wait}, then try again.")


def register_error_handlers(app: Flask, sign_in_endpoint: str) -> None:
    """Install the handlers. JSON blueprints have their own, nearer ones."""

    @app.errorhandler(SignInNeeded)
    def sign_in(_error: SignInNeeded) -> BaseResponse:
        target = request.headers.get("HX-Current-URL") or request.full_path.rstrip("?")
        wanted = target if request.method == "GET" or is_htmx() else None
        return redirect_to(app.url_for(sign_in_endpoint, next=wanted))

    @app.errorhandler(SaccoError)
    def refused(error: SaccoError) -> Response:
        return error_page(status_of(error), error.message)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return error_page(400, "The form was open too long or came from elsewhere: go back, reload it and repeat.")

    @app.errorhandler(SecurityError)
    def foreign_name(_error: SecurityError) -> Response:
        return Response("Nothing is served under this name\n", 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        own = _own_answer(error)
        answer = own or (_too_many() if error.code == TOO_MANY else error_page(error.code))
        if error.code == TOO_MANY:
            answer.headers["Retry-After"] = str(retry_after())
        return answer

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> Response:
        translated = translate(error)
        if isinstance(translated, SaccoError):
            return refused(translated)
        return unexpected(error)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        db.session.remove()
        g.actor = None  # the page around the words must not ask the database again
        return error_page(503 if isinstance(error, OperationalError) else 500)
