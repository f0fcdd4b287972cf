"""One URL, two sizes: the whole page for a browser, the named block for htmx 4."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as BaseResponse


def is_htmx() -> bool:
    """True when only a part of the page is wanted."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-Request-Type", "partial") == "partial"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def respond(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render the page, or for htmx only its `block`. The route names the block, never the client."""
    body = render_block(template, block, **context) if block and is_htmx() else render_template(template, **context)
    response = make_response(body, status)
    response.headers.add("Vary", "HX-Request")
    return response


def redirect_to(url: str) -> BaseResponse:
    """Leave for another page: 303 for a browser, 200 with HX-Redirect for htmx (which does not see a 3xx)."""
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return Response("", 200, {"HX-Redirect": url})
    return redirect(url, code=303)


def notify(message: str, category: str = "success") -> None:
    """A short message on the next page that is shown."""
    flash(message, category)


def trigger(response: Response, **events: Any) -> Response:
    """Tell the page that something changed: `trigger(response, **{"till:changed": {...}})`."""
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def local_url(target: str | None, default: str) -> str:
    """`target` if it is a path on this site, else `default`: no open redirects."""
    if not target:
        return default
    parts = urlsplit(target)
    same_host = not parts.netloc or parts.netloc == request.host
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if parts.scheme not in ("", "http", "https") or not same_host or not path.startswith("/"):
        return default
    if path.startswith("//") or "\\" in path:
        return default
    return path


def template_exists(name: str) -> bool:
    """True when the application has this template."""
    return name in current_app.jinja_env.list_templates()
