"""Forms of the documents room."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from sacco_app.webkit.forms import SaccoForm


class CompareForm(SaccoForm):
    """A file that somebody was given, to be compared with the one that we made."""

    file = FileField("PDF file", validators=[FileRequired("Choose the PDF file that you were given")])
