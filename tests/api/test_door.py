"""Tokens of members' apps: sign-in, rotation, reuse, revocation, and the PIN that stands behind them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.webkit import jobs
from tests.api.conftest import PIN


def test_a_phone_and_its_pin_open_the_app_for_ten_minutes(grace, clock):
    assert grace.tokens["token_type"] == "Bearer"
    assert grace.tokens["expires_in"] == 600
    me = grace.get("/me")
    assert me.status_code == 200, me.text
    assert me.json["full_name"] == "Nakimuli Grace"
    clock.advance(timedelta(seconds=599))
    assert grace.get("/me").status_code == 200
    clock.advance(timedelta(seconds=1))
    late = grace.get("/me")
    assert late.status_code == 401
    assert late.json["code"] == "api.token_expired"
    assert late.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert grace.refresh().status_code == 200
    assert grace.get("/me").status_code == 200


def test_the_member_hears_of_a_sign_in_without_a_word_of_the_device(app, grace, session, clock):
    grace.sign_in(name="Call 0700 000 000 to win")
    jobs.drain(app, clock)
    told = session.execute(text("SELECT body FROM messages WHERE code = 'APP_SIGNED_IN'")).scalars().all()
    assert len(told) == 2
    assert all("23/11/26 09:00" in body and "Call 0700" not in body for body in told)


def test_old_refresh_tokens_are_forgotten(grace, session, clock):
    clock.advance(timedelta(days=61))
    jobs.run_tasks(clock)
    assert session.execute(text("SELECT count(*) FROM api_refresh_tokens")).scalar_one() == 0


def test_wrong_pin_and_unknown_phone_look_the_same(grace, client):
    wrong = grace.sign_in("9182")
    unknown = client.post("/api/v1/sign-in", json={"phone": "+256700000009", "pin": PIN, "device_name": "x"})
    assert wrong.status_code == unknown.status_code == 401
    drop = {"instance"}
    assert {k: v for k, v in wrong.json.items() if k not in drop} == {
        k: v for k, v in unknown.json.items() if k not in drop
    }


def test_three_wrong_pins_lock_every_channel_and_leave_the_open_device_in_peace(grace, session):
    for wrong in ("9182", "9183", "9184"):
        assert (
            grace.client.post("/api/v1/sign-in", json={"phone": grace.phone, "pin": wrong, "device_name": "x"}).json[
                "code"
            ]
            == "api.sign_in_refused"
        )
    again = grace.client.post("/api/v1/sign-in", json={"phone": grace.phone, "pin": PIN, "device_name": "x"})
    assert again.status_code == 401
    assert again.json["code"] == "api.sign_in_refused"
    assert pins.find_by_phone(session, grace.phone).pin == "locked"
    assert grace.get("/me").status_code == 200


def test_a_refresh_token_works_once_and_its_copy_ends_the_device(grace, session):
    first = grace.tokens["refresh_token"]
    assert grace.refresh().status_code == 200
    second = grace.tokens["refresh_token"]
    assert first != second
    stolen = grace.refresh(first)
    assert stolen.status_code == 401
    assert stolen.json["code"] == "api.refresh_refused"
    assert grace.get("/me").json["code"] == "api.device_ended"
    assert grace.refresh(second).status_code == 401
    row = session.execute(
        text("SELECT channel, before, after FROM audit_events WHERE action = 'api.refresh_token_reused'")
    )
    assert row.one().channel == "api"
    ended = session.execute(
        text("SELECT ended_because FROM api_devices WHERE id = :id"), {"id": grace.tokens["device_id"]}
    )
    assert ended.scalar_one() == "token_reused"


def test_refresh_tokens_are_kept_as_hashes_only(grace, session):
    kept = session.execute(text("SELECT token_hash FROM api_refresh_tokens")).scalars().all()
    assert grace.tokens["refresh_token"] not in kept
    assert all(len(one) == 64 for one in kept)


def test_a_sixth_device_takes_the_place_of_the_one_that_was_silent_for_longest(grace, clock):
    first = dict(grace.tokens)
    for number in range(2, 7):
        clock.advance(timedelta(minutes=1))
        grace.sign_in(name=f"Phone {number}")
    names = [one["name"] for one in grace.get("/me/devices").json["items"]]
    assert names == [f"Phone {number}" for number in (6, 5, 4, 3, 2)]
    assert grace.refresh(first["refresh_token"]).status_code == 401


def test_a_refresh_token_ends_after_thirty_days_and_the_device_after_half_a_year(grace, clock):
    clock.advance(timedelta(days=30, seconds=1))
    assert grace.refresh().status_code == 401
    grace.sign_in()
    assert len(grace.get("/me/devices").json["items"]) == 1
    for _ in range(6):
        clock.advance(timedelta(days=29))
        assert grace.refresh().status_code == 200
    clock.advance(timedelta(days=7))
    assert grace.refresh().status_code == 401


def test_devices_are_listed_and_signed_out_one_by_one(grace):
    old = dict(grace.tokens)
    grace.sign_in(name="New phone")
    listed = grace.get("/me/devices").json["items"]
    assert {(one["name"], one["is_this_one"]) for one in listed} == {("Test phone", False), ("New phone", True)}
    assert grace.call("DELETE", f"/me/devices/{old['device_id']}").status_code == 204
    assert grace.call("DELETE", f"/me/devices/{old['device_id']}").status_code == 404
    assert [one["name"] for one in grace.get("/me/devices").json["items"]] == ["New phone"]
    assert grace.refresh(old["refresh_token"]).status_code == 401
    assert grace.post("/sign-out").status_code == 204
    assert grace.get("/me").json["code"] == "api.device_ended"
    assert grace.refresh().status_code == 401


def test_a_temporary_pin_must_be_changed_before_anything_else(make_app, counter, clock):
    app = make_app("+256772000111", amount=0)
    with transaction(counter.teller, clock) as inner:
        temporary = pins.issue_temporary_pin(inner, counter.teller, clock, app.member_id)
    refused = app.sign_in(temporary)
    assert refused.status_code == 403
    assert refused.json["code"] == "api.pin_must_change"
    change = {"phone": app.phone, "pin": temporary, "new_pin": "1234"}
    weak = app.client.post("/api/v1/sign-in/pin", json=change)
    assert weak.status_code == 422
    assert weak.json["code"] == "members.pin_too_weak"
    assert app.client.post("/api/v1/sign-in/pin", json=change | {"new_pin": "7306"}).status_code == 204
    assert app.sign_in("7306").status_code == 200


def test_a_new_pin_or_a_block_signs_every_device_out(grace, counter, clock):
    clock.advance(timedelta(minutes=1))
    change = {"phone": grace.phone, "pin": PIN, "new_pin": "7306"}
    assert grace.client.post("/api/v1/sign-in/pin", json=change).status_code == 204
    assert grace.get("/me").json["code"] == "api.device_ended"
    assert grace.refresh().status_code == 401
    assert grace.sign_in("7306").status_code == 200
    assert len(grace.get("/me/devices").json["items"]) == 1
    with transaction(counter.teller, clock) as inner:
        pins.block(inner, counter.teller, clock, grace.member_id, "Phone stolen")
    assert grace.get("/me").json["code"] == "api.device_ended"
    assert grace.refresh().status_code == 401
