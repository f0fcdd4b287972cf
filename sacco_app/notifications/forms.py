"""Forms of the notifications room."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from sacco_app.webkit.fields import strip
from sacco_app.webkit.forms import SaccoForm


class ResendForm(SaccoForm):
    reason = StringField("Why again", [InputRequired("Say why"), Length(max=300)], filters=(strip,))
