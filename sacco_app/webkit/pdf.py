"""HTML to PDF by WeasyPrint. A document takes pictures, styles and fonts from our own static files and from nowhere else."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sacco_app.kernel.errors import RuleViolation

STATIC = Path(__file__).resolve().parents[2] / "static"


class PdfUnavailable(RuleViolation):
    """The machine lacks the libraries that WeasyPrint draws with."""

    code = "webkit.pdf_unavailable"
    template = "PDF files cannot be made on this machine: its administrator installs Pango (see docs/operations.md)"


class ForeignFile(ValueError):
    """A document named a file that is not ours."""


def _own_path(url: str) -> Path:
    parts = urlsplit(url)
    path = Path(os.path.normpath(unquote(parts.path)))
    if parts.scheme != "file" or parts.netloc or not path.is_relative_to(STATIC):
        raise ForeignFile(url)
    return path


def load_engine() -> Any:
    """WeasyPrint, imported once: workers call it before they fork. Raises PdfUnavailable."""
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable from error
    for name in ("fontTools", "weasyprint"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return weasyprint


def render_pdf(html: str) -> bytes:
    """The PDF of an HTML page whose relative links start at `static/`. Raises PdfUnavailable."""
    engine = load_engine()

    class OwnFiles(engine.URLFetcher):  # type: ignore[misc, name-defined]
        """Fetches `data:` and what lies in `static/`."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                url = _own_path(url).as_uri()
            return super().fetch(url, headers)

    page = engine.HTML(string=html, base_url=f"{STATIC.as_uri()}/", url_fetcher=OwnFiles())
    made: bytes = page.write_pdf()
    return made
