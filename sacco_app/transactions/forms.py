"""Forms of the transactions room."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from sacco_app.webkit.fields import strip
from sacco_app.webkit.forms import SaccoForm


class ReverseForm(SaccoForm):
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=200)], filters=(strip,))
