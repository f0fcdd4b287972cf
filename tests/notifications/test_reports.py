"""Callbacks of the provider: the door, reports that move a message on, STOP and START."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from config import Messaging
from sacco_app.kernel.uow import transaction
from sacco_app.notifications import ports, queries, service
from sacco_app.notifications.models import DeliveryReport, MessageRow, ReportOutcome
from sacco_app.notifications.service import reports
from sacco_app.notifications.types import Channel, Report, ReportState, SendResult, SendState, Status
from sacco_app.webkit import jobs
from tests.factories.access import make_user, make_user_everywhere, sign_in
from tests.notifications import africastalking as case

SECRET, OLD_SECRET = "s" * 32, "o" * 32
DLR = f"/hooks/sms/at/{SECRET}/dlr"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def settings(app, monkeypatch):
    def put(**over):
        known = {"callback_secrets": (SECRET, OLD_SECRET)}
        config = dataclasses.replace(app.extensions["config"], messaging=Messaging(**(known | over)))
        monkeypatch.setitem(app.extensions, "config", config)

    put()
    return put


@pytest.fixture
def call(client, settings, app, clock):
    def post(body, path=DLR, **kwargs):
        answer = client.post(path, data=body, content_type=FORM, **kwargs)
        jobs.drain(app, clock)
        return answer

    post.client = client
    return post


@pytest.fixture
def sent(app, session, clock, system, tell, gateway):
    """A message that the provider has taken under the id of the samples."""
    gateway.name = "africastalking"
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.ACCEPTED, case.ID)]
    message_id = tell(to=case.TO)
    jobs.drain(app, clock)

    def status():
        session.expire_all()
        return session.get_one(MessageRow, message_id).status

    return status


def outcomes(session):
    session.expire_all()
    return [row.outcome for row in session.scalars(select(ReportOutcome).order_by(ReportOutcome.at))]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("sent", Status.SENT),
        ("submitted", Status.SENT),
        ("buffered", Status.SENT),
        ("success", Status.DELIVERED),
        ("failed", Status.FAILED),
        ("rejected", Status.FAILED),
        ("absent_subscriber", Status.FAILED),
        ("expired", Status.FAILED),
        ("unheard_of", Status.ACCEPTED),
        ("unknown_id", Status.ACCEPTED),
    ],
)
def test_every_report_moves_the_message_where_it_says(call, sent, name, status):
    assert call(case.REPORTS[name]).status_code == 200
    assert sent() == status


def test_what_is_final_stays(call, sent, session):
    for name in ("success", "success", "failed", "sent"):
        assert call(case.REPORTS[name]).status_code == 200
    assert sent() == Status.DELIVERED
    assert outcomes(session) == ["applied", "nothing_new", "nothing_new", "nothing_new"]


def test_what_fits_no_message_is_kept_and_answered_200(call, session):
    assert call(case.REPORTS["unknown_id"]).status_code == 200
    assert call("what=is+this").status_code == 200
    assert outcomes(session) == ["unmatched"]
    assert len(session.scalars(select(DeliveryReport)).all()) == 2


def test_a_report_that_comes_before_the_answer_is_not_lost(call, app, session, clock, tell, gateway):
    gateway.name = "africastalking"
    assert call(case.REPORTS["success"]).status_code == 200
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.ACCEPTED, case.ID)]
    message_id = tell(to=case.TO)
    jobs.drain(app, clock)
    session.expire_all()
    assert session.get_one(MessageRow, message_id).status == Status.DELIVERED
    assert outcomes(session) == ["applied"]


class TestAMessageOfUnknownFate:
    @pytest.fixture
    def lost(self, app, session, clock, tell, gateway):
        gateway.name = "africastalking"
        gateway.answers = [lambda one: SendResult(one.our_id, SendState.UNKNOWN, code="no answer")]

        def send():
            message_id = tell(to=case.TO)
            jobs.drain(app, clock)
            return message_id

        return send

    def test_is_settled_by_the_only_report_that_can_mean_it(self, call, session, lost):
        message_id = lost()
        call(case.REPORTS["success"])
        session.expire_all()
        row = session.get_one(MessageRow, message_id)
        assert (row.status, row.provider_id, row.error) == (Status.DELIVERED, case.ID, "")

    def test_stays_unknown_when_there_are_two(self, call, session, lost):
        both = [lost(), lost()]
        call(case.REPORTS["success"])
        session.expire_all()
        assert {session.get_one(MessageRow, one).status for one in both} == {Status.UNKNOWN}
        assert outcomes(session) == ["unmatched"]

    def test_stays_unknown_after_three_days(self, call, session, clock, lost):
        message_id = lost()
        clock.advance(timedelta(days=4))
        call(case.REPORTS["success"])
        session.expire_all()
        assert session.get_one(MessageRow, message_id).status == Status.UNKNOWN

    def test_stays_unknown_while_another_is_being_sent(self, call, session, clock, system, tell, lost):
        message_id, other = lost(), tell(to=case.TO)
        with transaction(system, clock) as inner:
            values = {"status": "sending", "sending_at": clock.now(), "provider": "africastalking"}
            inner.execute(update(MessageRow).where(MessageRow.id == other).values(**values))
            raw = service.keep_call(inner, clock, _call(case.REPORTS["success"]))
        with transaction(system, clock) as inner:
            service.read_call(inner, clock, raw)
        session.expire_all()
        assert session.get_one(MessageRow, message_id).status == Status.UNKNOWN


def _call(body):
    from sacco_app.notifications.types import Call, CallKind

    return Call("africastalking", CallKind.REPORT, FORM, body.encode(), {}, "")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (DLR, 200),
        (f"/hooks/sms/at/{OLD_SECRET}/dlr", 200),
        (f"/hooks/sms/at/{'x' * 32}/dlr", 404),
        (f"/hooks/sms/other/{SECRET}/dlr", 404),
        (f"/hooks/sms/at/{SECRET}/what", 404),
        (f"/hooks/sms/at/{SECRET}/fetched", 404),
    ],
)
def test_the_door_knows_the_secret(call, session, path, status):
    assert call(case.REPORTS["success"], path).status_code == status
    assert len(session.scalars(select(DeliveryReport)).all()) == (status == 200)


def test_no_secret_set_means_no_door(call, settings):
    settings(callback_secrets=())
    assert call(case.REPORTS["success"], "/hooks/sms/at//dlr").status_code == 404
    assert call(case.REPORTS["success"]).status_code == 404


def test_a_long_body_is_refused(call):
    assert call("x" * 70_000).status_code == 413


def test_strangers_are_shut_out_where_that_is_wanted(call, settings):
    known = {"callback_networks": ("192.0.2.0/24",)}
    for check, status in (("off", 200), ("warn", 200), ("enforce", 404)):
        settings(**known, callback_check=check)
        assert call(case.REPORTS["sent"], environ_base={"REMOTE_ADDR": "198.51.100.9"}).status_code == status
    assert call(case.REPORTS["sent"], environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_what_arrived_cannot_be_changed(call, session):
    call(case.REPORTS["sent"])
    raw = session.scalars(select(DeliveryReport)).one()
    assert raw.body == case.REPORTS["sent"].encode()
    with pytest.raises(DBAPIError, match=r"append-only|not be changed|refuse"), session.begin_nested():
        session.execute(text("UPDATE delivery_reports SET provider = 'x'"))


@pytest.mark.parametrize(("body", "kind"), [(case.INBOUND_STOP, "in"), (case.OPT_OUT, "optout")])
def test_stop_is_obeyed(call, session, tell, gateway, app, clock, body, kind):
    call(body, f"/hooks/sms/at/{SECRET}/{kind}")
    call(body, f"/hooks/sms/at/{SECRET}/{kind}")
    assert queries.opted_out(session, Channel.SMS, case.TO) is not None
    tell("WELCOME", to=case.TO)
    tell("PHONE_CHANGED", to=case.TO)
    jobs.drain(app, clock)
    assert len(gateway.taken) == 1
    call(case.INBOUND_STOP.replace("text=STOP", "text=start"), f"/hooks/sms/at/{SECRET}/in")
    session.expire_all()
    assert queries.opted_out(session, Channel.SMS, case.TO) is None


def test_any_other_text_is_only_shown(call, session):
    call(case.INBOUND_PLAIN, f"/hooks/sms/at/{SECRET}/in")
    row = session.scalars(select(ReportOutcome)).one()
    assert (row.code, row.recipient, row.outcome) == ("BAL", case.TO, "read")
    assert queries.opted_out(session, Channel.SMS, case.TO) is None


def test_texts_are_fetched_where_no_callback_reaches_us(app, session, clock):
    asked = []

    class Fetcher:
        name = "africastalking"

        def fetch(self, after):
            asked.append(after)
            return case.FETCHED.encode() if after < 1072 else b'{"SMSMessageData": {"Messages": []}}'

    ports.bind_fetcher(Fetcher())
    try:
        for _ in range(3):
            jobs.run_tasks(clock)
            jobs.drain(app, clock)
            clock.advance(timedelta(minutes=6))
    finally:
        ports.bind_fetcher(None)
    assert asked == [0, 1072, 1072]
    assert queries.opted_out(session, Channel.SMS, "+254722000456") is not None


def test_a_failed_message_says_why(call, sent, session):
    call(case.REPORTS["rejected"])
    assert session.scalars(select(MessageRow)).one().error == "Rejected UserInBlackList"


def test_reports_about_states_that_we_do_not_know_change_nothing(session, clock):
    row = MessageRow(status=Status.ACCEPTED)
    assert reports.move(row, clock, Report("x", ReportState.PENDING)) == "nothing_new"


def test_what_providers_told_is_listed(call, sent, session, clock, system):
    call(case.REPORTS["success"])
    call(case.INBOUND_PLAIN, f"/hooks/sms/at/{SECRET}/in")
    everywhere = make_user_everywhere(session, clock, "administrator")
    browser = sign_in(call.client, session, clock, everywhere)
    page = browser.get("/messages/reports").text
    assert "Moved a message on" in page
    assert "BAL" in page
    branch = sign_in(call.client, session, clock, make_user(session, clock, "branch_manager"))
    page = branch.get("/messages/reports").text
    assert "Moved a message on" in page
    assert "BAL" not in page, "whose text it is nobody knows: only who sees every branch reads it"
    message = session.scalars(select(MessageRow)).one()
    assert "Reported: Success" in branch.get(f"/messages/{message.id}").text
