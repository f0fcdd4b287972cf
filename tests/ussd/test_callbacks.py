"""Whole sessions through the callback, on PostgreSQL and Valkey: what the member reads and what is on the book."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.kernel.uow import run
from sacco_app.members import pins
from sacco_app.ussd import jobs
from sacco_app.ussd.bank import SaccoBank
from sacco_app.ussd.desk import Desk
from sacco_app.ussd.store import SessionStore
from sacco_app.ussd.types import EventKind, UssdEvent
from sacco_app.webkit.callbacks import BODY_LIMIT
from tests.ussd.conftest import HOOK, OLD_SECRET, PIN, SECRET

TRANSFER = ("3", "1", "40000", "1")


def rows(session, columns="outcome"):
    session.expire_all()
    found = session.execute(text(f"SELECT {columns} FROM ussd_sessions ORDER BY started_at, id")).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in found]


def test_a_first_call_chooses_the_language_for_good(make_handset, session):
    handset = make_handset()
    assert handset.dial().startswith("CON Welcome to")
    assert "1 Bbalansi" in handset.types("2")
    assert "1 Bbalansi" in handset.dial()
    assert (
        session.execute(text("SELECT language FROM members WHERE id = :id"), {"id": handset.member_id}).scalar() == "lg"
    )


def test_a_balance(handset):
    handset.dial()
    assert handset.types("1").startswith("CON Balance of\n1 Regular savings ..")
    assert handset.types("1").startswith("CON Enter your PIN")
    assert handset.types(PIN).endswith("Balance UGX 100,000\nAvailable UGX 95,000")
    assert handset.answer.text.startswith("END ")
    assert handset.answer.mimetype == "text/plain"


def test_a_mini_statement(handset):
    handset.dial()
    lines = handset.types("2", "1", PIN).splitlines()
    assert lines[1:] == ["Balance UGX 100,000", "23/11 +100,000"]


def test_a_transfer_is_on_the_book_with_its_channel(handset, session, balances):
    handset.dial()
    handset.types(*TRANSFER)
    assert balances(handset) == [100_000, 0]
    assert handset.types(PIN).startswith("END Moved UGX 40,000 from Regular savings ..")
    assert balances(handset) == [60_000, 40_000]
    row = session.execute(text("SELECT channel, member_id FROM transactions WHERE kind = 'transfer'")).one()
    assert (row.channel, row.member_id) == ("ussd", handset.member_id)


def test_a_repeated_hop_gets_the_same_screen_and_does_nothing_twice(handset, balances, session):
    first = handset.dial()
    assert handset.again() == first
    for typed in TRANSFER:
        shown = handset.types(typed)
        assert handset.again() == shown
    done = handset.types(PIN)
    assert handset.again() == done
    assert handset.types("1") == done
    assert balances(handset) == [60_000, 40_000]
    assert session.execute(text("SELECT count(*) FROM transactions WHERE kind = 'transfer'")).scalar() == 1


def test_a_late_copy_of_an_earlier_hop_changes_nothing(handset, balances):
    handset.dial()
    shown = handset.types(*TRANSFER)
    path, handset.path = handset.path, handset.path[:2]
    assert handset.again() == shown
    handset.path = path
    assert handset.types(PIN).startswith("END Moved")
    assert balances(handset) == [60_000, 40_000]


def test_a_session_whose_state_was_lost_does_not_pay_twice(handset, balances, valkey, session):
    handset.dial()
    handset.types(*TRANSFER, PIN)
    for name in valkey.scan_iter("ussd:session:*"):
        valkey.delete(name)
    handset.again()  # the whole path comes again: it is followed up to the confirmation, never past it
    assert handset.answer.text.startswith("CON Okello Grace: move UGX 40,000")
    assert handset.types("1").startswith("CON Move UGX 40,000.\nEnter your PIN")
    assert handset.types(PIN).startswith("END Moved UGX 40,000")
    assert balances(handset) == [60_000, 40_000]


def test_what_is_typed_with_a_star_is_one_input(handset):
    handset.dial()
    handset.types("3", "1")
    assert handset.types("5*0").startswith("CON Enter the amount in digits.")
    assert handset.types("5000").startswith("CON Okello Grace: move UGX 5,000")


def test_a_short_cut_stops_before_the_pin(handset):
    assert handset.dial("1*1").startswith("CON Enter your PIN")
    assert handset.dial(f"1*1*{PIN}").startswith("CON Enter your PIN")
    assert handset.types(PIN).startswith("END Regular savings")


def test_a_first_pin_is_changed_on_the_telephone(make_handset, session, clock, balances):
    handset = make_handset(pin="temporary")
    handset.dial()
    handset.types("1", *TRANSFER)
    assert handset.types(handset.temporary).startswith("CON Your PIN was a first one.\nChoose a new PIN")
    assert handset.types("1111", "1111").startswith("CON That PIN is easy to guess.")
    assert handset.types("7462", "7462").startswith("END Moved UGX 40,000")
    assert balances(handset) == [60_000, 40_000]
    handset.dial()
    assert handset.types("1", "1", "7462").startswith("END Regular savings")


def test_three_wrong_pins_lock_the_member_everywhere(handset, session, clock, balances):
    handset.dial()
    handset.types(*TRANSFER)
    assert handset.types("0001", "0002").startswith("CON Wrong PIN. Tries left: 1.")
    assert handset.types("0003").startswith("END Your PIN is locked.")
    assert handset.dial().startswith("END Your PIN is locked.")
    session.expire_all()
    assert pins.channel_access(session, handset.member_id).state == "locked"
    assert balances(handset) == [100_000, 0]
    assert rows(session)[-2:] == ["refused", "refused"]


def test_a_pin_is_changed(handset):
    handset.dial()
    assert handset.types("4", "1", PIN, "7462", "7462").startswith("END Your PIN is changed.")
    handset.dial()
    assert handset.types("1", "1", PIN).startswith("CON Wrong PIN.")
    assert handset.types("7462").startswith("END Regular savings")


def test_a_member_stops_messages_and_shuts_a_lost_phone(handset, session):
    handset.dial()
    assert handset.types("4", "3", "1") == "END You will get no more SMS messages."
    agreed = session.execute(text("SELECT sms_consent FROM members WHERE id = :id"), {"id": handset.member_id})
    assert agreed.scalar() is False
    handset.dial()
    assert handset.types("4", "4", "1").startswith("END Phone access is shut.")
    assert handset.dial().startswith("END Phone access is shut.")


def test_a_suspended_member_and_a_stranger_are_sent_to_a_branch(handset, session):
    session.execute(text("UPDATE members SET status = 'suspended' WHERE id = :id"), {"id": handset.member_id})
    assert handset.dial().startswith("END Your membership is not open for this.")
    handset.number = "+256701999999"
    assert handset.dial().startswith("END This number is not registered. Visit a branch")


def test_a_dormant_member_reads_but_moves_nothing(handset, session, balances):
    session.execute(text("UPDATE members SET status = 'dormant' WHERE id = :id"), {"id": handset.member_id})
    handset.dial()
    assert handset.types("1", "1", PIN).startswith("END Regular savings")
    handset.dial()
    assert handset.types(*TRANSFER, PIN).startswith("END Your membership is not open for this.")
    assert balances(handset) == [100_000, 0]


def test_a_member_without_a_pin_is_told_where_to_get_one(make_handset):
    handset = make_handset(pin=None)
    assert handset.dial().startswith("END You have no PIN for this phone yet.")


def test_a_transfer_that_broke_off_is_gone_on_with_once(handset, balances):
    handset.dial()
    handset.types(*TRANSFER)
    handset.ends("Incomplete")
    assert handset.dial().startswith("CON You were not finished.\n1 Go on")
    handset.ends("Incomplete")
    assert handset.dial().startswith("CON You were not finished.")
    assert handset.types("1").startswith("CON Move UGX 40,000.\nEnter your PIN")
    assert handset.types(PIN).startswith("END Moved UGX 40,000")
    assert handset.dial().startswith("CON UMOJA")
    assert balances(handset) == [60_000, 40_000]


def test_another_telephone_cannot_go_on_with_a_session(handset, make_handset):
    other = make_handset()
    handset.dial()
    handset.types("1", "1")
    other.session_id, other.path = handset.session_id, list(handset.path)
    assert other.again().startswith("CON Welcome to")


# What is written down


def test_each_session_leaves_a_row_without_what_was_typed(handset, session, clock):
    clock.advance(timedelta(minutes=1))
    handset.dial()
    clock.advance(timedelta(seconds=20))
    handset.types(*TRANSFER, PIN)
    columns = "member_id, branch_id IS NOT NULL, phone_masked, gateway, network, language, hops, last_menu, outcome"
    told = rows(session, f"{columns}, extract(epoch FROM ended_at - started_at)::int")[-1]
    assert told == (
        handset.member_id,
        True,
        f"{handset.number[:6]}****{handset.number[-3:]}",
        "africastalking",
        "64110",
        "en",
        6,
        "transfer.done",
        "done",
        20,
    )


@pytest.mark.parametrize(("status", "outcome"), [("Success", "done"), ("Incomplete", "left"), ("Failed", "failed")])
def test_the_gateway_tells_how_a_session_ended(handset, session, status, outcome):
    handset.dial()
    handset.types("1")
    answer = handset.ends(status)
    assert (answer.status_code, answer.text) == (200, "")
    assert rows(session)[-1] == outcome


def test_what_we_ended_stays_as_it_was(handset, session):
    handset.dial()
    handset.types("1", "1", PIN)
    handset.ends("Failed")
    assert rows(session)[-1] == "done"


def test_the_end_of_an_unknown_session_is_answered(handset):
    handset.session_id = "ATUid_never"
    assert handset.ends("Incomplete").status_code == 200


def test_sessions_that_nobody_ended_were_left(handset, session, clock, system):
    handset.dial()
    clock.advance(timedelta(minutes=6))
    handset.dial()
    run(system, clock, lambda inner: jobs.end_stale_sessions(inner, system, clock))
    assert rows(session)[-2:] == ["left", "open"]


def test_the_pin_is_nowhere(handset, session, valkey, caplog):
    caplog.set_level(logging.DEBUG)
    handset.dial()
    handset.types("4", "1", PIN, "749362")
    stored = b"".join(valkey.dump(name) or b"" for name in valkey.scan_iter("*"))
    names = b" ".join(valkey.scan_iter("*"))
    handset.types("749362")
    handset.dial()
    handset.types(*TRANSFER, "749362")
    handset.ends("Success")
    stored += b"".join(valkey.dump(name) or b"" for name in valkey.scan_iter("*"))
    tables = session.scalars(
        text(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
    )
    book = "".join(str(session.scalars(text(f'SELECT t::text FROM "{name}" t')).all()) for name in list(tables))
    for secret in (PIN, "749362"):
        alone = re.compile(rf"(?<![0-9a-f-]){secret}(?![0-9a-f-])")  # digits inside an id or a hash are no PIN
        assert not alone.search(book)
        assert not alone.search(caplog.text)
    for secret in (b"749362", handset.number.encode(), str(handset.member_id).encode(), b"UMOJA"):
        assert secret not in stored + names


# The door


def test_a_wrong_secret_is_nothing_and_the_old_one_still_opens(handset, client):
    facts = handset.facts(text="")
    assert client.post(HOOK.replace(SECRET, "x" * 32), data=facts).status_code == 404
    assert client.post(HOOK.replace("africastalking", "nobody"), data=facts).status_code == 404
    assert client.post(HOOK.replace(SECRET, OLD_SECRET), data=facts).status_code == 200
    assert client.post(f"{HOOK}/other", data=facts).status_code == 404


def test_it_needs_no_form_token_and_no_cookie(handset, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert handset.dial().startswith("CON ")
    assert "Set-Cookie" not in handset.answer.headers


def test_what_cannot_be_read_is_answered_400(handset, client):
    facts = handset.facts(text="")
    del facts["sessionId"]
    answer = client.post(HOOK, data=facts)
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert client.get(HOOK).status_code == 400
    wrong = {
        "sessionID": "5a1b",
        "userID": "someone_else",
        "msisdn": "256772000123",
        "newSession": True,
        "userData": "1",
    }
    assert client.post(HOOK.replace("africastalking", "arkesel"), json=wrong).status_code == 403


def test_a_long_body_is_refused(handset, client):
    assert client.post(HOOK, data=handset.facts(text="1" * BODY_LIMIT)).status_code == 413


def test_a_stranger_is_kept_out_where_the_networks_are_known(handset, client):
    url = HOOK.replace("africastalking", "guarded")
    assert client.post(url, data=handset.facts(text="")).status_code == 404
    inside = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.post(url, data=handset.facts(text=""), environ_overrides=inside).status_code == 200


def test_one_telephone_cannot_flood_us(app, handset, clock, config):
    desk = Desk(SessionStore(config.redis_url), clock, hops_a_minute=5, resume_minutes=5)
    event = UssdEvent("africastalking", "flood", "+256701555555", EventKind.START, path="")
    bank = SaccoBank(clock)
    assert [desk.answer(event, bank).text[:11] for _ in range(6)][-2:] == ["This number", "Too many tr"]


def test_without_valkey_the_member_is_asked_to_dial_again(handset, clock, caplog, app, monkeypatch):
    nowhere = Desk(SessionStore("redis://127.0.0.1:1"), clock, hops_a_minute=40, resume_minutes=5)
    monkeypatch.setitem(app.extensions, "ussd_desk", nowhere)
    assert handset.dial() == "END Sorry, we cannot answer now. Please dial again in a few minutes."
    assert "Traceback" not in caplog.text


def test_an_error_of_ours_is_a_polite_screen_and_a_line_without_values(handset, session, caplog):
    handset.dial()
    handset.types("1", "1")
    session.execute(text("ALTER TABLE channel_credentials RENAME TO channel_credentials_away"))
    assert handset.types(PIN).startswith("END Sorry, we cannot answer now.")
    session.execute(text("ALTER TABLE IF EXISTS channel_credentials_away RENAME TO channel_credentials"))
    assert "unexpected error" in caplog.text
    assert f"'{PIN}'" not in caplog.text
    assert "[parameters:" not in caplog.text
    assert str(handset.member_id) not in caplog.text


# JSON with the latest input only


class Arkesel:
    """The same telephone at a gateway that sends the latest input alone."""

    def __init__(self, handset):
        self.handset, self.session = handset, f"ark-{handset.session_id}"

    def sends(self, typed, *, new=False):
        facts = {"sessionID": self.session, "userID": "ours", "msisdn": self.handset.number[1:], "network": "MTN"}
        url = HOOK.replace("africastalking", "arkesel")
        answer = self.handset.client.post(url, json=facts | {"newSession": new, "userData": typed})
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        return json.loads(answer.text)


def test_a_transfer_by_json(handset, balances):
    phone = Arkesel(handset)
    assert phone.sends("*284*55#", new=True)["message"].startswith("UMOJA")
    for typed in TRANSFER:
        assert phone.sends(typed)["continueSession"] is True
    done = phone.sends(PIN)
    assert (done["continueSession"], done["message"][:17]) == (False, "Moved UGX 40,000 ")
    assert phone.sends(PIN) == done
    assert phone.sends("1") == done
    assert balances(handset) == [60_000, 40_000]


def test_a_number_of_the_hop_tells_a_repeated_one(handset):
    url = HOOK.replace("africastalking", "hubtel")

    def sends(kind, typed, sequence):
        facts = {"Type": kind, "Mobile": handset.number, "SessionId": handset.session_id, "Message": typed}
        return json.loads(handset.client.post(url, json=facts | {"Sequence": sequence}).text)

    sends("Initiation", "*713*55#", 1)
    first = sends("Response", "4", 2)
    assert sends("Response", "4", 2) == first
    assert first["Message"].startswith("My account")
    assert sends("Response", "5", 3)["Type"] == "release"
    assert sends("Timeout", "", 4)["Message"] == ""


def test_a_session_id_that_is_used_again_begins_anew(handset, balances):
    phone = Arkesel(handset)
    phone.sends("*284*55#", new=True)
    for typed in (*TRANSFER, PIN):
        phone.sends(typed)
    assert phone.sends("*284*55#", new=True)["message"].startswith("UMOJA")
    for typed in ("3", "1", "10000", "1", PIN):
        done = phone.sends(typed)
    assert done["message"].startswith("Moved UGX 10,000")
    assert balances(handset) == [50_000, 50_000]
