"""What every answer tells the browser: whom to trust, what to keep, how to come back."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not no-referrer: the check of forged forms reads it over HTTPS
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS = {"Strict-Transport-Security": "max-age=31536000"}


def cookie_settings(*, production: bool) -> dict[str, Any]:
    """The session's cookie: for this host and HTTPS alone (`__Host-`), out of reach of scripts and of other sites."""
    return {
        "SESSION_COOKIE_NAME": "__Host-sacco" if production else "sacco",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
    }


def install(app: Flask, *, production: bool, realtime_port: int) -> None:
    """Put the headers on every answer. What a view set itself stays; only static files may be kept by the browser."""
    headers = {**HEADERS, **(HTTPS if production else {})}

    def secure(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _policy(realtime_port, production=production))
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(secure)


def _policy(realtime_port: int, *, production: bool) -> str:
    """The content policy; where the realtime process has a port of its own, pages may connect to that port too."""
    policy = f"{CSP}; upgrade-insecure-requests" if production else CSP
    if not realtime_port or isinstance(request.routing_exception, SecurityError):
        return policy
    host = request.host.rsplit(":", 1)[0]
    return policy.replace(
        "connect-src 'self'", f"connect-src 'self' ws://{host}:{realtime_port} wss://{host}:{realtime_port}"
    )
