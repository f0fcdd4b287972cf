"""What may be shown to strangers of a name, a number or a text."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<![\w-])\+?\d{9,15}(?![\w-])")
_ADDRESS = re.compile(r"\b(\w)[\w.+-]*(?=@[\w-]+\.)")
_ACCOUNT = re.compile(r"\b[A-Z]{2,5}-[\d-]{5,}")


def masked_name(full_name: str) -> str:
    """`N****** C***`: enough to recognise oneself, too little to learn a name."""
    return " ".join(f"{part[0]}{'*' * (len(part) - 1)}" for part in full_name.split())


def masked_number(number: str) -> str:
    """`REG-…123`: the kind and the last three characters."""
    return f"{number[:4]}…{number[-3:]}" if len(number) > 7 else number


def masked_phone(phone: str) -> str:
    """`+25677****123`: enough to recognise, too little to call."""
    return f"{phone[:6]}{'*' * max(0, len(phone) - 9)}{phone[-3:]}" if len(phone) > 9 else "*" * len(phone)


def masked_text(text: str) -> str:
    """A text in which telephone numbers, e-mail addresses and account numbers are masked."""
    hidden = _PHONE.sub(lambda found: masked_phone(found[0]), text)
    return _ACCOUNT.sub(lambda found: masked_number(found[0]), _ADDRESS.sub(r"\1***", hidden))
