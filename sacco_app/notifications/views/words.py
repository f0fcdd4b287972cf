"""The words of messages: the list, and the editor with lengths and a preview in every language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.notifications import catalogue, queries, rules, service
from sacco_app.notifications.forms import WordsForm
from sacco_app.notifications.rules import Measure
from sacco_app.notifications.types import LANGUAGE_NAMES, Channel, Language, MessageKind
from sacco_app.notifications.types import NotificationsPermission as P
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

PURPOSES = {
    "security": "Security: always goes, at any hour",
    "transaction": "Money: goes at any hour, unless the member does not want it",
    "service": "Service: waits for the end of the quiet hours",
    "news": "News: waits for the end of the quiet hours",
}
CHANNELS = {Channel.SMS: "SMS", Channel.EMAIL: "E-mail"}


@dataclass(frozen=True, slots=True)
class Sized:
    """How long a text is, in the longest case, and how it reads with examples."""

    language: str
    preview: str
    longest: Measure
    straightened: tuple[str, ...]
    sms: bool

    @property
    def too_long(self) -> bool:
        return self.sms and self.longest.segments > rules.MAX_SEGMENTS


def _sized(told: MessageKind, language: str, typed: str) -> Sized:
    body = rules.normalise(typed)
    plain = tuple(dict.fromkeys(mark for mark in typed if mark not in body and not mark.isspace()))
    return Sized(
        language,
        rules.fill(body, catalogue.examples(told)),
        rules.measure(rules.fill(body, catalogue.longest(told))),
        plain,
        told.channel is Channel.SMS,
    )


@blueprint.get("/messages/words")
@requires(P.TEMPLATE_VIEW)
def list_words() -> Response:
    session = db.session()
    wanted = request.args.get("show", "")
    groups: dict[str, list[dict[str, Any]]] = {purpose: [] for purpose in PURPOSES}
    for told in sorted(catalogue.KINDS.values(), key=lambda kind: kind.title):
        line = _line(told, {language: queries.words(session, told.code, language) for language in told.texts})
        if not wanted or (wanted == "unread" and line["unread"]) or (wanted == "off" and not line["active"]):
            groups[told.purpose].append(line)
    return respond(
        "notifications/words_list.html",
        block="results",
        groups=[(PURPOSES[purpose], lines) for purpose, lines in groups.items() if lines],
        show=wanted,
    )


def _line(told: MessageKind, words: dict[str, Any]) -> dict[str, Any]:
    sizes = {language: _sized(told, language, one.body).longest for language, one in words.items()}
    return {
        "told": told,
        "channel": CHANNELS[told.channel],
        "english": words[Language.ENGLISH].body,
        "active": words[Language.ENGLISH].active,
        "unread": [LANGUAGE_NAMES[Language(language)] for language, one in words.items() if one.needs_review],
        "parts": max(size.segments for size in sizes.values()) if told.channel is Channel.SMS else None,
        "languages": [LANGUAGE_NAMES[Language(language)] for language in words],
        "changed": any(one.version for one in words.values()),
    }


@blueprint.route("/messages/words/<string:code>", methods=["GET", "POST"])
@requires(P.TEMPLATE_VIEW)
def show_words(code: str) -> Response:
    """Reading is for all who see the words; saving is refused by the service without the right to change them."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    told = catalogue.kind(code)
    words = {language: queries.words(session, code, language) for language in told.texts}
    form = WordsForm.of(told, words)
    if request.method == "POST" and "preview" in request.form:
        form.keep_typed()
        return _page(told, form)
    done = submit(form, lambda s: service.save_template(s, actor, clock, form.to_command(told)))
    if done.done:
        changed = [LANGUAGE_NAMES[Language(language)] for language in done.value]
        notify(f"In force now: {', '.join(changed)}" if changed else "Nothing was changed")
        return redirect_to(url_for("notifications.show_words", code=code))
    return _page(told, form)


def _page(told: MessageKind, form: WordsForm) -> Response:
    session = db.session()
    words = {language: queries.words(session, told.code, language) for language in told.texts}
    past = queries.versions(session, told.code)
    return respond(
        "notifications/words.html",
        block="form_region",
        status=form.status,
        told=told,
        form=form,
        words=words,
        names={language: LANGUAGE_NAMES[Language(language)] for language in told.texts},
        sizes={language: _sized(told, language, form[f"body_{language}"].data or "") for language in told.texts},
        places=[catalogue.VARIABLES[name] for name in told.variables],
        purpose=PURPOSES[told.purpose],
        channel=CHANNELS[told.channel],
        versions=past,
        makers=access.names(session, [one.made_by for one in past]),
        may_edit=may_open(current_actor(), "notifications.measure_words"),
    )


@blueprint.post("/messages/words/<string:code>/measure/<string:language>")
@requires(P.TEMPLATE_EDIT)
def measure_words(code: str, language: str) -> Response:
    """The length and the preview of what is being typed; nothing is saved."""
    told = catalogue.kind(code)
    if language not in told.texts:
        abort(404)
    typed = request.form.get(f"body_{language}", "")[:4000]
    return respond("notifications/_measure.html", size=_sized(told, language, typed))
