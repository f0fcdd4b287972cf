"""The OpenAPI document: complete in itself, published, and reviewed when it changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sacco_app.api.document import document

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def test_the_published_document_is_that_of_the_program(app):
    now = json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PUBLISHED.write_text(now)
    assert now == PUBLISHED.read_text(), "the API has changed: review, then UPDATE_SNAPSHOTS=1"
