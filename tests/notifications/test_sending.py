"""One event makes one message; words, consent, quiet hours; what a gateway says; a worker that dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update

from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.notifications import service
from sacco_app.notifications.errors import GatewayBusy, StillSending
from sacco_app.notifications.models import MessageRow, OptOut
from sacco_app.notifications.types import SendResult, SendState, Status
from sacco_app.webkit import jobs

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def row(session, message_id=None):
    session.expire_all()
    query = select(MessageRow)
    return session.scalars(query.where(MessageRow.id == message_id) if message_id else query).one()


def test_an_event_makes_one_message_however_often_it_is_told(app, session, clock, tell, gateway):
    event = new_id()
    assert tell(event_id=event) is not None
    assert tell(event_id=event) is None
    assert tell(event_id=event, to="+256701000789") is not None
    jobs.drain(app, clock)
    assert [one.to for one in gateway.taken] == ["+256772000123", "+256701000789"]


def test_the_reader_is_told_in_the_own_language(session, tell):
    assert "Otereddewo UGX 50,000" in row(session, tell(language="lg")).body
    assert "Umeweka UGX 50,000" in row(session, tell(language="sw")).body
    assert "deposited" in row(session, tell(language="fr")).body


def test_a_message_goes_out_with_price_and_number(app, session, clock, tell):
    message_id = tell()
    jobs.drain(app, clock)
    sent = row(session, message_id)
    assert (sent.status, sent.provider, sent.attempts) == (Status.ACCEPTED, "console", 1)
    assert (sent.cost, sent.cost_currency, sent.segments) == (Decimal("35.0000"), "UGX", 1)


@pytest.mark.parametrize(
    ("code", "over", "why"),
    [
        ("DEPOSIT", {"to": ""}, "no address"),
        ("DEPOSIT", {"consent": False}, "has not agreed"),
        ("PHONE_CHANGED", {"consent": False}, ""),
    ],
)
def test_what_may_not_go_is_written_down_with_the_reason(app, session, clock, tell, gateway, code, over, why):
    message_id = tell(code, **over)
    jobs.drain(app, clock)
    kept = row(session, message_id)
    assert why in kept.error
    assert (kept.status == Status.SUPPRESSED) is bool(why)
    assert bool(gateway.taken) is not bool(why)


def test_stop_stops_everything_but_security(app, session, clock, system, tell, gateway):
    with transaction(system, clock) as inner:
        inner.add(OptOut(channel="sms", address="+256772000123", how="STOP by SMS", since=clock.now()))
    tell("DEPOSIT")
    tell("PHONE_CHANGED")
    jobs.drain(app, clock)
    assert len(gateway.taken) == 1
    assert "phone on account" in gateway.taken[0].text


def test_news_waits_for_the_morning_and_money_does_not(app, session, clock, tell, gateway):
    clock.instant = EVENING
    welcome, deposit = tell("WELCOME"), tell("DEPOSIT")
    jobs.drain(app, clock)
    assert row(session, welcome).not_before == datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert row(session, deposit).status == Status.ACCEPTED
    clock.instant = datetime(2026, 11, 24, 3, 59, tzinfo=UTC)
    jobs.run_tasks(clock)
    jobs.drain(app, clock)
    assert len(gateway.taken) == 1
    clock.advance(timedelta(minutes=2))
    jobs.run_tasks(clock)
    jobs.drain(app, clock)
    assert row(session, welcome).status == Status.ACCEPTED
    assert len(gateway.taken) == 2


def test_a_secret_is_sent_and_never_kept_readable(app, session, clock, tell, gateway):
    message_id = tell("OTP", secrets={"otp": "482913"})
    assert "482913" not in row(session, message_id).body
    stored = session.execute(text("SELECT sealed, body FROM messages WHERE id = :id"), {"id": message_id}).one()
    assert b"482913" not in bytes(stored.sealed)
    jobs.drain(app, clock)
    assert "482913" in gateway.taken[0].text
    assert row(session, message_id).sealed is None


def test_a_national_id_never_leaves_the_house(session, tell):
    told = row(session, tell("WELCOME", values={"name": "Nakato CM92018100J4GK", "mno": "M-000123"})).body
    assert "CM92018100J4GK" not in told
    assert "Welcome Nakato ..." in told


def test_a_refusal_for_good_is_not_tried_again(app, session, clock, tell, gateway):
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.REJECTED, code="403 InvalidPhoneNumber")]
    message_id = tell()
    jobs.drain(app, clock)
    failed = row(session, message_id)
    assert (failed.status, failed.error) == (Status.FAILED, "403 InvalidPhoneNumber")
    clock.advance(timedelta(hours=3))
    jobs.drain(app, clock)
    assert len(gateway.taken) == 1


def test_what_did_not_go_out_is_tried_again(app, session, clock, tell, gateway):
    gateway.answers.insert(0, lambda one: SendResult(one.our_id, SendState.LATER, code="connection refused"))
    message_id = tell()
    jobs.drain(app, clock)
    assert row(session, message_id).status == Status.QUEUED
    clock.advance(timedelta(seconds=11))
    jobs.drain(app, clock)
    assert (row(session, message_id).status, row(session, message_id).attempts) == (Status.ACCEPTED, 2)


def test_trying_ends(app, session, clock, tell, gateway):
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.LATER, code="no balance")]
    message_id = tell()
    for _ in range(8):
        jobs.drain(app, clock)
        clock.advance(timedelta(hours=3))
    ended = row(session, message_id)
    assert (ended.status, ended.error, ended.attempts) == (Status.FAILED, "no balance", 6)
    assert len(gateway.taken) == 6


def test_a_lost_answer_is_unknown_and_not_sent_again(app, session, clock, tell, gateway):
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.UNKNOWN, code="read timeout")]
    message_id = tell()
    for _ in range(3):
        jobs.drain(app, clock)
        clock.advance(timedelta(hours=1))
    assert row(session, message_id).status == Status.UNKNOWN
    assert len(gateway.taken) == 1


class TestAWorkerThatDies:
    """Between the claim and the result: the row stands in `sending`, nobody knows what the gateway got."""

    @pytest.fixture
    def left_behind(self, clock, system, tell):
        message_id = tell()
        values = {"status": "sending", "sending_at": clock.now(), "attempts": 1, "provider": "x"}
        with transaction(system, clock) as inner:
            inner.execute(update(MessageRow).where(MessageRow.id == message_id).values(**values))
        return message_id

    def test_a_gateway_that_does_not_know_our_ids_gets_it_never_again(self, session, clock, gateway, left_behind):
        with pytest.raises(StillSending):
            service.deliver(clock, left_behind)
        clock.advance(timedelta(seconds=61))
        service.deliver(clock, left_behind)
        assert row(session, left_behind).status == Status.UNKNOWN
        assert gateway.taken == []

    def test_a_gateway_that_knows_our_ids_gets_it_again_and_sends_it_once(self, session, clock, left_behind):
        service.deliver(clock, left_behind)
        service.deliver(clock, left_behind)
        assert row(session, left_behind).status == Status.ACCEPTED
        assert session.scalar(text("SELECT count(*) FROM console_messages")) == 1


def test_a_gateway_that_is_away_makes_the_delivery_late_not_lost(app, session, clock, tell, gateway):
    gateway.answers = [lambda one: SendResult(one.our_id, SendState.LATER, code="refused")]
    message_id = tell()
    with pytest.raises(GatewayBusy):
        service.deliver(clock, message_id)


def test_what_a_worker_left_half_sent_is_judged_after_ten_minutes(app, session, clock, system, tell, gateway):
    message_id = tell("OTP", secrets={"otp": "482913"})
    with transaction(system, clock) as inner:
        values = {"status": "sending", "sending_at": clock.now(), "provider": "scripted"}
        inner.execute(update(MessageRow).where(MessageRow.id == message_id).values(**values))
        assert service.settle_left_behind(inner, clock) == 0
    clock.advance(timedelta(minutes=11))
    jobs.run_tasks(clock)
    left = row(session, message_id)
    assert (left.status, left.sealed) == (Status.UNKNOWN, None)
    assert gateway.taken == []
