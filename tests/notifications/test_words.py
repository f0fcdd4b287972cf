"""Changing the words of messages: lengths, places, versions, readers, a switch."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sacco_app.kernel.audit import AuditEvent
from sacco_app.notifications import queries
from sacco_app.notifications.models import MessageRow, MessageTemplate
from sacco_app.webkit import jobs
from tests.factories.access import make_user, make_user_everywhere, sign_in

EN = "{sacco}: {cur} {amt} came to {acc}.[ Bal {bal}.] Ref {ref}"
LG = "{sacco}: Otereddewo {cur} {amt} ku {acc}.[ Bbalansi {bal}.]"
SW = "{sacco}: Umeweka {cur} {amt} kwa {acc}.[ Salio {bal}.]"
PATH = "/messages/words/DEPOSIT"


def words(**over):
    return {"body_en": EN, "body_lg": LG, "body_sw": SW, "active": "y"} | over


@pytest.fixture
def administrator(client, session, clock):
    return sign_in(client, session, clock, make_user_everywhere(session, clock, "administrator"))


def test_the_list_shows_every_message_and_who_is_wanted(administrator):
    page = administrator.get("/messages/words").text
    assert "Money paid in" in page
    assert "Needs native review: Luganda, Swahili" in page
    assert "Money paid in" in administrator.get("/messages/words?show=unread").text
    assert "Nothing here" in administrator.get("/messages/words?show=off").text


def test_new_words_are_a_new_version_and_what_was_sent_keeps_the_old(administrator, session, app, clock, tell):
    before = tell()
    assert administrator.post(PATH, data=words()).status_code == 303
    after = tell()
    session.expire_all()
    old, new = session.get_one(MessageRow, before), session.get_one(MessageRow, after)
    assert (old.template_version, new.template_version) == (0, 1)
    assert new.body == "UMOJA SACCO: UGX 50,000 came to *0123. Bal UGX 1. Ref R1"
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.subject_type == "message_templates")).all()
    assert "Money paid in, version 1" in administrator.get(f"/messages/{after}").text
    assert "Money paid in, as shipped" in administrator.get(f"/messages/{before}").text
    page = administrator.get(PATH).text
    assert "version 1" in page
    assert ">DEPOSIT<" not in page
    assert "As it was shipped" in page


def test_only_the_language_that_changed_gets_a_version(administrator, session):
    told = {f"body_{lang}": queries.words(session, "DEPOSIT", lang).body for lang in ("en", "lg", "sw")}
    administrator.post(PATH, data=told | {"body_sw": SW, "active": "y"})
    rows = session.scalars(select(MessageTemplate)).all()
    assert [(row.language, row.version) for row in rows] == [("sw", 1)]


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"body_en": ""}, "Write the text"),
        ({"body_en": "{sacco}: {nin} {amt}"}, "{nin} cannot be filled here"),
        ({"body_lg": "{sacco} [Bal {bal}"}, "left open"),
        ({"body_sw": "{sacco} " + "a" * 300}, "too long"),
        ({"body_sw": "{sacco} " + "王" * 120}, "too long"),
    ],
)
def test_words_that_do_not_hold_are_refused_and_kept_on_the_page(administrator, session, over, why):
    answer = administrator.post(PATH, data=words(**over))
    assert answer.status_code == 422
    assert why.lower() in answer.text.lower()
    assert EN in answer.text or "body_en" in over
    assert session.scalars(select(MessageTemplate)).all() == []


def test_the_service_refuses_what_the_form_would(session, clock, system):
    from sacco_app.kernel.uow import transaction
    from sacco_app.notifications import service
    from sacco_app.notifications.errors import WordsNotAccepted
    from sacco_app.notifications.types import NewWords, SaveTemplate

    command = SaveTemplate("DEPOSIT", (NewWords("sw", "", "{nin}", read=True),), active=True)
    with pytest.raises(WordsNotAccepted, match=r"Swahili: \{nin\} cannot"), transaction(system, clock) as inner:
        service.save_template(inner, system, clock, command)


def test_typed_marks_are_straightened(administrator, session):
    administrator.post(PATH, data=words(body_lg="{sacco}: Bw’oba – eŋŋoma {amt}"))
    assert queries.words(session, "DEPOSIT", "lg").body == "{sacco}: Bw'oba - eng'ng'oma {amt}"


def test_changed_words_need_a_reader_until_one_has_read_them(administrator, session):
    administrator.post(PATH, data=words(read_sw="y"))
    assert queries.words(session, "DEPOSIT", "lg").needs_review
    assert not queries.words(session, "DEPOSIT", "sw").needs_review
    assert not queries.words(session, "DEPOSIT", "en").needs_review
    administrator.post(PATH, data=words())
    assert not queries.words(session, "DEPOSIT", "sw").needs_review, "unchanged words stay read"
    administrator.post(PATH, data=words(body_sw=SW + " Asante"))
    assert queries.words(session, "DEPOSIT", "sw").needs_review


def test_a_message_that_is_switched_off_is_not_sent(administrator, session, app, clock, tell, gateway):
    form = words()
    form.pop("active")
    administrator.post(PATH, data=form)
    message_id = tell()
    jobs.drain(app, clock)
    session.expire_all()
    assert session.get_one(MessageRow, message_id).error == "This message is switched off"
    assert gateway.taken == []
    assert "Money paid in" in administrator.get("/messages/words?show=off").text


def test_a_security_alert_stays_on(administrator, session):
    path = "/messages/words/RESET_LINK"
    off = administrator.post(path, data={"subject_en": "New password", "body_en": "{user}\n\n{link}"})
    assert off.status_code == 409
    assert queries.words(session, "RESET_LINK", "en").active


def test_length_and_preview_without_saving(administrator, session):
    page = administrator.post(PATH, data=words(body_en="{sacco}: short", preview="yes"))
    assert page.status_code == 200
    assert "UMOJA SACCO: short" in page.text
    part = administrator.post(f"{PATH}/measure/lg", data={"body_lg": "eŋŋoma 王"}, headers={"HX-Request": "true"})
    assert "UCS-2" in part.text
    assert "hold 70 instead of 160" in part.text
    assert "<html" not in part.text
    assert administrator.post(f"{PATH}/measure/fr", data={}).status_code == 404
    assert session.scalars(select(MessageTemplate)).all() == []


def test_letters_have_a_subject(administrator, session):
    path = "/messages/words/RESET_LINK"
    assert administrator.get(path).status_code == 200
    bad = administrator.post(path, data={"subject_en": "{nin}", "body_en": "{link}", "active": "y"})
    assert bad.status_code == 422
    good = administrator.post(path, data={"subject_en": "New password", "body_en": "{user}\n\n{link}", "active": "y"})
    assert good.status_code == 303
    assert queries.words(session, "RESET_LINK", "en").subject == "New password"


def test_whoever_only_reads_changes_nothing(client, session, clock):
    reader = sign_in(client, session, clock, make_user(session, clock, "compliance_officer"))
    page = reader.get(PATH)
    assert page.status_code == 200
    assert "Put in force" not in page.text
    assert reader.post(PATH, data=words()).status_code == 403
    assert reader.get("/messages/words/NOTHING").status_code == 404
