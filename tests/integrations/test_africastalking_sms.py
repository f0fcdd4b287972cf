"""The adapter of Africa's Talking against every documented request and answer, and against a line that breaks."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs

import httpx
import pytest

from sacco_app.integrations.africastalking.reports import AfricasTalkingReports
from sacco_app.integrations.africastalking.sms import AfricasTalkingSms
from sacco_app.kernel.errors import ExternalFailure
from sacco_app.kernel.ids import new_id
from sacco_app.notifications.types import Outgoing, ReportState, SendState
from tests.notifications import africastalking as case

A, B, C, D = "+256772000123", "+254722000456", "+25677200", "+256701000789"


def adapter(answer, seen=None):
    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer[0], text=answer[1])

    transport = httpx.MockTransport(handle)
    return AfricasTalkingSms("https://sandbox.example", "kikuubo", "a key", "KIKUUBO", transport)


def ask(answer, *numbers, text="Hello"):
    results = adapter(answer).send([Outgoing(new_id(), number, text) for number in numbers or (A,)])
    return [(result.state, result.code) for result in results]


def test_one_call_carries_a_text_to_several_numbers():
    seen = []
    text = "Dear member, UGX 50,000 received on your savings. Ref SV-000123."
    adapter(case.ANSWERS["mixed"], seen).send([Outgoing(new_id(), A, text), Outgoing(new_id(), B, text)])
    [request] = seen
    assert str(request.url) == "https://sandbox.example/version1/messaging"
    assert (request.headers["apiKey"], request.headers["Accept"]) == ("a key", "application/json")
    assert parse_qs(request.content.decode()) == parse_qs(case.REQUEST_OF_TWO)


def test_different_texts_and_the_same_number_twice_are_different_calls():
    seen = []
    batch = [Outgoing(new_id(), A, "one"), Outgoing(new_id(), A, "one"), Outgoing(new_id(), B, "two")]
    results = adapter(case.ANSWERS["success"], seen).send(batch)
    assert len(seen) == 3
    assert [result.our_id for result in results] == [one.our_id for one in batch]


@pytest.mark.parametrize(
    ("name", "number", "cost", "currency"),
    [("success", A, Decimal("35.0000"), "UGX"), ("queued", B, Decimal("0.8000"), "KES")],
)
def test_what_was_taken_has_an_id_and_a_price(name, number, cost, currency):
    [result] = adapter(case.ANSWERS[name]).send([Outgoing(new_id(), number, "Hello")])
    assert (result.state, result.cost, result.currency) == (SendState.ACCEPTED, cost, currency)
    assert result.provider_id.startswith("ATXid_")


def test_each_recipient_is_read_though_the_answer_says_201():
    assert ask(case.ANSWERS["mixed"], A, C, B, D) == [
        (SendState.ACCEPTED, "101 Success"),
        (SendState.REJECTED, "403 InvalidPhoneNumber"),
        (SendState.REJECTED, "406 UserInBlacklist"),
        (SendState.LATER, "405 InsufficientBalance"),
    ]


def test_a_refused_sender_refuses_all():
    assert ask(case.ANSWERS["invalid_sender"]) == [(SendState.REJECTED, "InvalidSenderId")]


def test_a_wrong_key_sends_nothing_and_is_tried_again_after_somebody_has_mended_it():
    assert ask(case.ANSWERS["bad_key"]) == [(SendState.LATER, "HTTP 401: The supplied authentication is invalid")]


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
def test_what_never_reached_the_provider_may_be_tried_again(error):
    assert ask(error)[0][0] is SendState.LATER


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
        (502, "bad gateway"),
        (201, ""),
        (201, "<html>"),
        (201, '{"SMSMessageData": null}'),
        (201, f'{{"SMSMessageData": {{"Recipients": [{{"number": "{A}", "statusCode": 401}}]}}}}'),
    ],
)
def test_an_answer_that_was_lost_leaves_it_unknown(answer):
    assert ask(answer)[0][0] is SendState.UNKNOWN


@pytest.mark.parametrize(
    ("code", "state"),
    [(c, SendState.ACCEPTED) for c in (100, 101, 102)]
    + [(c, SendState.LATER) for c in (405, 407, 500, 501)]
    + [(c, SendState.REJECTED) for c in (402, 403, 404, 406, 409, 502, 999)],
)
def test_every_code_has_its_meaning(code, state):
    body = f'{{"SMSMessageData": {{"Recipients": [{{"number": "256772000123", "statusCode": "{code}"}}]}}}}'
    assert ask((201, body))[0][0] is state


def test_the_key_is_not_in_what_may_be_printed():
    assert "a key" not in repr(adapter(case.ANSWERS["success"]))


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [
        ("sent", ReportState.SENT, "Sent"),
        ("submitted", ReportState.SENT, "Submitted"),
        ("buffered", ReportState.SENT, "Buffered"),
        ("success", ReportState.DELIVERED, "Success"),
        ("failed", ReportState.FAILED, "Failed DeliveryFailure"),
        ("rejected", ReportState.FAILED, "Rejected UserInBlackList"),
        ("absent_subscriber", ReportState.FAILED, "AbsentSubscriber"),
        ("expired", ReportState.FAILED, "Expired"),
        ("unheard_of", ReportState.PENDING, "Teleported"),
        ("unknown_id", ReportState.DELIVERED, "Success"),
    ],
)
def test_reports_are_read(name, state, code):
    [report] = AfricasTalkingReports().reports(case.REPORTS[name].encode())
    assert (report.state, report.code, report.to) == (state, code, A)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"status=Success", b"{}"])
def test_a_report_without_its_id_is_nothing(body):
    assert AfricasTalkingReports().reports(body) == []


def test_texts_and_opt_outs_are_read():
    reads = AfricasTalkingReports()
    [text] = reads.inbound(case.INBOUND_PLAIN.encode())
    assert (text.sender, text.text, text.provider_id) == (A, "BAL", "c3b0a5d2-0000-4000-8000-000000000001")
    assert reads.inbound(case.INBOUND_STOP.encode())[0].text == "STOP"
    assert reads.opt_outs(case.OPT_OUT.encode()) == [A]
    assert [(one.provider_id, one.sender) for one in reads.fetched(case.FETCHED.encode())] == [("1071", A), ("1072", B)]
    with pytest.raises(ValueError, match="not an answer"):
        reads.fetched(b'{"Messages": 1}')


def test_texts_are_fetched_from_the_last_one_on():
    seen = []
    assert adapter((200, case.FETCHED), seen).fetch(1070) == case.FETCHED.encode()
    assert str(seen[0].url).endswith("/version1/messaging?username=kikuubo&lastReceivedId=1070")
    with pytest.raises(ExternalFailure):
        adapter(httpx.ReadTimeout("slow")).fetch(0)
