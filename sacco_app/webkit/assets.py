"""What goes over the line: static files under addresses that change with their content, and answers compressed.

An address that carries the hash of what it names (`?v=`) may be kept for a year; any other is asked for again with its
ETag. Pictures, fonts, PDF and XLSX are compressed already and are left alone.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_compress import Compress
from werkzeug.security import safe_join

FOREVER = "public, max-age=31536000, immutable"
COMPRESSED = (
    "text/html",
    "text/css",
    "text/csv",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "image/svg+xml",
)


def install(app: Flask) -> None:
    """Before everything else that looks at answers, so that compression comes last."""
    app.config.update(
        COMPRESS_MIMETYPES=list(COMPRESSED),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=600,
    )
    Compress(app)
    app.session_interface = PageSessions()
    app.url_defaults(_with_hash)
    app.after_request(_keep_forever)


class PageSessions(SecureCookieSessionInterface):
    """Sessions of pages. A static file is the same for everybody: no cookie decides whether it may be kept."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # type: ignore[override]
        if request.endpoint != "static":
            super().save_session(app, session, response)


def digest(content: bytes) -> str:
    """The hash that an address carries; `deploy/dev/vendor.py` writes the same one into style sheets."""
    return hashlib.sha256(content).hexdigest()[:12]


@lru_cache(maxsize=512)
def _digest_of(path: str, _changed: int, _size: int) -> str:
    return digest(Path(path).read_bytes())


def _version(name: str) -> str | None:
    """The hash of a static file as it is now; None when there is no such file."""
    path = safe_join(current_app.static_folder or "", name)
    try:
        state = Path(path or "").stat()
        return _digest_of(str(path), state.st_mtime_ns, state.st_size)
    except OSError:
        return None


def _with_hash(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _version(values["filename"])


def _keep_forever(response: Response) -> Response:
    asked = request.args.get("v")
    if request.endpoint == "static" and asked and asked == _version((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = FOREVER
    return response
