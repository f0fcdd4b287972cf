"""Forms of the notifications room."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from sacco_app.notifications.types import STAFF_TOPICS, Channel, PushTarget
from sacco_app.webkit.fields import strip
from sacco_app.webkit.forms import SaccoForm


class ResendForm(SaccoForm):
    reason = StringField("Why again", [InputRequired("Say why"), Length(max=300)], filters=(strip,))


class OwnWishesForm(SaccoForm):
    """Which topics come by e-mail and as a push; the inbox gets all of them, and security is always mailed."""

    email_approvals = BooleanField("By e-mail")
    push_approvals = BooleanField("In the browser")
    push_security = BooleanField("In the browser")
    push_work = BooleanField("In the browser")

    @classmethod
    def of(cls, said: Mapping[tuple[str, str], bool]) -> OwnWishesForm:
        """The form with what was said before; nothing said means push yes, e-mail no."""
        pushes = {f"push_{topic}": said.get((Channel.PUSH, topic), True) for topic in STAFF_TOPICS}
        return cls(data=pushes | {"email_approvals": said.get((Channel.EMAIL, "approvals"), False)})

    def wishes(self) -> dict[tuple[str, str], bool]:
        told = {(Channel.PUSH.value, topic): bool(self[f"push_{topic}"].data) for topic in STAFF_TOPICS}
        return told | {(Channel.EMAIL.value, "approvals"): bool(self.email_approvals.data)}


BASE64 = re.compile(r"[A-Za-z0-9_-]+")


class PushForm(SaccoForm):
    """What a browser tells of itself when it may be woken."""

    endpoint = HiddenField("Address", [InputRequired("The browser gave no address"), Length(max=500)])
    p256dh = HiddenField("Key", [InputRequired("The browser gave no key"), Length(max=120), Regexp(BASE64)])
    auth = HiddenField("Secret", [InputRequired("The browser gave no secret"), Length(max=60), Regexp(BASE64)])

    def target(self) -> PushTarget:
        return PushTarget(self.endpoint.data, self.p256dh.data, self.auth.data)
