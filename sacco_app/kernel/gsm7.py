"""The alphabet of telephones (GSM 03.38): how long a text is in septets, and how to write any text within it.

One character outside the alphabet makes the whole message UCS-2 and more than halves its room (handbook 7.1).
"""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
WRITTEN_AS = {
    "\u014b": "ng'",
    "\u014a": "Ng'",
    "\u02bc": "'",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2026": "...",
    "\u00a0": " ",
    "\u202f": " ",
}


def septets(text: str) -> int | None:
    """The length in septets (an extended character counts two); None when the text is not GSM-7."""
    if not all(character in BASIC or character in EXTENDED for character in text):
        return None
    return sum(2 if character in EXTENDED else 1 for character in text)


def plain(text: str) -> str:
    """The text in GSM-7: curly quotes and dashes straightened, Luganda eng as `ng'`, accents off, the rest `?`."""
    return "".join(_written(character) for character in text)


def _written(character: str) -> str:
    if character in BASIC or character in EXTENDED:
        return character
    if character in WRITTEN_AS:
        return WRITTEN_AS[character]
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if part in BASIC)
    return bare or "?"


def clip(text: str, limit: int) -> str:
    """The plain text, cut to at most `limit` septets."""
    text, used = plain(text), 0
    for index, character in enumerate(text):
        used += 2 if character in EXTENDED else 1
        if used > limit:
            return text[:index].rstrip()
    return text.rstrip()
