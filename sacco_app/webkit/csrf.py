"""The token that proves a form is ours, written differently into every page.

Answers are compressed, and a secret that stands next to text of a stranger's choosing can be read from the length of the
answer (BREACH). So the token is never sent twice in the same shape: it travels xor-ed with fresh random bytes.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from flask import Flask, current_app, g
from flask_wtf.csrf import CSRFProtect, _FlaskFormCSRF, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import Field

_SALT = "wtf-csrf-token"


def masked_token() -> str:
    """The token of this session as this page shows it."""
    if "masked_csrf_token" not in g:
        plain = generate_csrf().encode()
        pad = secrets.token_bytes(len(plain))
        g.masked_csrf_token = base64.urlsafe_b64encode(pad + _xor(pad, plain)).decode()
    return str(g.masked_csrf_token)


def unmask(masked: str) -> str:
    """What `masked_token` hid; nothing for what it did not make."""
    try:
        both = base64.urlsafe_b64decode(masked.encode())
        half = len(both) // 2
        return _xor(both[:half], both[half:]).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def _xor(pad: bytes, text: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(pad, text, strict=True))


class FormToken(_FlaskFormCSRF):  # type: ignore[misc]
    """The hidden field of a form. `Protection` has looked at it before any view runs."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        return masked_token()


class Protection(CSRFProtect):  # type: ignore[misc]
    """Refuses every change without the token of the session. A page from before a change of SECRET_KEY still posts."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = masked_token
        app.context_processor(lambda: {"csrf_token": masked_token})

    def _get_csrf_token(self) -> str:
        token = unmask(super()._get_csrf_token() or "")
        for former in current_app.config["SECRET_KEY_FALLBACKS"] or ():
            try:
                raw = URLSafeTimedSerializer(former, salt=_SALT).loads(token)
            except BadData:
                continue
            return str(URLSafeTimedSerializer(current_app.secret_key or "", salt=_SALT).dumps(raw))
        return token
