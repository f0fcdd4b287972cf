"""Fields that must not be readable in a stolen database: encrypted text, and keyed fingerprints to look it up by."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

_keys: dict[str, Any] = {}


def configure(keys: str) -> None:
    """Set the field keys: Fernet keys separated by commas, newest first (old ones still decrypt).

    Fingerprints use the last key, so that adding a new first key does not make old rows unfindable.
    """
    parts = [part.strip() for part in keys.split(",") if part.strip()]
    _keys["newest"] = Fernet(parts[0])
    _keys["fernet"] = MultiFernet([Fernet(part) for part in parts])
    _keys["fingerprint"] = hashlib.sha256(b"fingerprint:" + parts[-1].encode()).digest()


def encrypt(text: str) -> bytes:
    """`text` as a token of the newest key."""
    token: bytes = _keys["fernet"].encrypt(text.encode())
    return token


def decrypt(token: bytes) -> str:
    """The text behind a token; raises RuntimeError when none of the keys fits."""
    try:
        return str(_keys["fernet"].decrypt(token).decode())
    except InvalidToken as error:
        raise RuntimeError("an encrypted field cannot be read with the configured keys") from error


def renew(token: bytes) -> bytes | None:
    """The same text under the newest key; None when it is under that already. Raises RuntimeError like `decrypt`."""
    try:
        _keys["newest"].decrypt(token)
    except InvalidToken:
        return encrypt(decrypt(token))
    return None


def fingerprint(text: str) -> str:
    """A keyed hash of the normalised text: equal values can be found without being readable."""
    return hmac.new(_keys["fingerprint"], text.strip().upper().encode(), hashlib.sha256).hexdigest()


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(bytes(value))
