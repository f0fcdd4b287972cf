"""The words of the menus in three languages (data/texts.*.json). Luganda and Swahili are drafts until reviewed."""

from __future__ import annotations

import json
from importlib.resources import files

from sacco_app.kernel.gsm7 import plain
from sacco_app.ussd.types import LANGUAGES

LANGUAGE_NAMES = {"en": "English", "lg": "Luganda", "sw": "Kiswahili"}


def _load(language: str) -> dict[str, str]:
    text = (files("sacco_app.ussd") / "data" / f"texts.{language}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


TEXTS: dict[str, dict[str, str]] = {language: _load(language) for language in LANGUAGES}


def say(language: str, key: str, **values: object) -> str:
    """The text in a language, with its values, in the alphabet of telephones. An unknown language is English."""
    words = TEXTS.get(language, TEXTS["en"])
    return plain(words[key].format(**values))
