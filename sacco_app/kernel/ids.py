"""Identifiers: time-ordered UUIDs (RFC 9562 version 7), made by the program so that no insert needs an answer."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A UUIDv7: sorts by creation millisecond, so indexes grow at one end."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def new_code(length: int) -> str:
    """An unguessable code that can be read aloud: no 0/O, 1/I/L, U. 10 characters are about 49 bits."""
    number, letters = secrets.randbelow(len(_CODE_ALPHABET) ** length), []
    for _ in range(length):
        number, place = divmod(number, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[place])
    return "".join(letters)
