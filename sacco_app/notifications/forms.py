"""Forms of the notifications room."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from sacco_app.notifications import catalogue, rules
from sacco_app.notifications.types import (
    LANGUAGE_NAMES,
    STAFF_TOPICS,
    Channel,
    Language,
    MessageKind,
    NewWords,
    PushTarget,
    SaveTemplate,
    Words,
)
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


class WordsForm(SaccoForm):
    """The words of a message in each of its languages; `of` makes the fields that the message needs."""

    active = BooleanField("Send this message")
    told: MessageKind

    @classmethod
    def of(cls, told: MessageKind, words: Mapping[str, Words]) -> WordsForm:
        """The form of a message with the words in force."""
        fields: dict[str, object] = {"told": told}
        data: dict[str, object] = {"active": words[Language.ENGLISH].active}
        for language, present in words.items():
            name = LANGUAGE_NAMES[Language(language)]
            if told.channel is Channel.EMAIL:
                fields[f"subject_{language}"] = StringField(f"Subject in {name}", [Length(max=150)])
                data[f"subject_{language}"] = present.subject
            fields[f"body_{language}"] = TextAreaField(f"Text in {name}", [Length(max=4000)])
            data[f"body_{language}"] = present.body
            if language != Language.ENGLISH:
                fields[f"read_{language}"] = BooleanField(f"A native speaker of {name} has read this text")
        return type("WordsOfMessage", (cls,), fields)(data=data)  # type: ignore[no-any-return]

    def keep_typed(self) -> None:
        """Check what was typed, so that the page says what is wrong with it."""
        self.validate()
        self._status = 200

    def validate(self, extra_validators: object = None) -> bool:
        holds: bool = super().validate(extra_validators)
        sms, longest = self.told.channel is Channel.SMS, catalogue.longest(self.told)
        for name in (field.name for field in self if field.name.startswith(("body_", "subject_"))):
            text = rules.normalise(self[name].data or "")
            found = rules.faults(text, self.told.variables, longest, sms=sms)
            if found:
                self[name].errors = [*self[name].errors, *(f"{why[0].upper()}{why[1:]}" for why in found)]
        return holds and not self.errors

    def to_command(self, told: MessageKind) -> SaveTemplate:
        words = tuple(
            NewWords(language, self._text("subject", language), self._text("body", language), self._read(language))
            for language in told.texts
        )
        return SaveTemplate(told.code, words, bool(self.active.data))

    def _text(self, part: str, language: str) -> str:
        return (self[f"{part}_{language}"].data or "") if f"{part}_{language}" in self else ""

    def _read(self, language: str) -> bool:
        return bool(self[f"read_{language}"].data) if f"read_{language}" in self else False
