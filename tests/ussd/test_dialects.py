"""What gateways send and want to be answered, as their documents and recorded traffic show it (protocols 1)."""

from __future__ import annotations

import json

import pytest

from sacco_app.integrations.ussd.dialects import MAPS, dialect
from sacco_app.ussd.errors import EventUnreadable, NotOurs
from sacco_app.ussd.gateways import GatewaySettingsWrong, load
from sacco_app.ussd.ports import Incoming
from sacco_app.ussd.types import EventKind, Outcome, Screen

SECRET = "k7Qm2ZxV9pLr4TnB6wYc8HdF3sGj5AeU"
MENU = Screen("Kikuubo SACCO\n1 Balance\n2 Save", more=True, menu="home")
BYE = Screen("Thank you", more=False, menu="help")
AT = "sessionId=ATUid_9f1c&serviceCode=%2A284%2A55%23&phoneNumber=%2B256772000123&networkCode=64110&text="


def form(text: str) -> Incoming:
    return Incoming("POST", body=text.encode())


def query(**facts: str) -> Incoming:
    return Incoming("GET", query=facts)


def body(**facts: object) -> Incoming:
    return Incoming("POST", body=json.dumps(facts).encode())


def speaks(name: str, **settings: object):
    return dialect({"dialect": name} | settings)


def told(event):
    return event.kind, event.latest, event.path


# Africa's Talking: a form, everything typed so far, CON or END before the answer


def test_africas_talking_first_hop():
    event = speaks("africastalking").parse(form(AT))
    assert (event.session_id, event.phone, event.service_code) == ("ATUid_9f1c", "+256772000123", "*284*55#")
    assert (event.network, *told(event)) == ("64110", EventKind.START, "", "")


@pytest.mark.parametrize("path", ["1", "2*50000*1234", "2*50000*1234*1", "3*5*0", "1*2", "1* "])
def test_africas_talking_gives_everything_typed_as_it_is(path):
    event = speaks("africastalking").parse(form(AT + path.replace("*", "%2A").replace(" ", "+")))
    assert told(event) == (EventKind.INPUT, "", path)


def test_africas_talking_from_its_sandbox_and_with_a_bare_plus():
    sandbox = AT.replace("%2B256772000123", "+254722000456").replace("64110", "99999")
    event = speaks("africastalking").parse(form(sandbox))
    assert (event.phone, event.network) == ("+254722000456", "99999")


@pytest.mark.parametrize(
    "broken",
    [
        AT.replace("sessionId=ATUid_9f1c&", ""),
        AT.replace("phoneNumber=%2B256772000123&", ""),
        AT.replace("%2B256772000123", "nobody"),
        AT.replace("&text=", ""),
        AT.replace("ATUid_9f1c", "x" * 121),
        "",
    ],
)
def test_africas_talking_without_what_is_needed_is_refused(broken):
    with pytest.raises(EventUnreadable):
        speaks("africastalking").parse(form(broken))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Success", Outcome.DONE),
        ("Incomplete", Outcome.LEFT),
        ("Failed", Outcome.FAILED),
        ("SomethingNew", Outcome.LEFT),
    ],
)
def test_africas_talking_tells_the_end(status, outcome):
    text = (
        "date=2026-11-20+09%3A15%3A42&sessionId=ATUid_9f1c&serviceCode=%2A284%2A55%23&networkCode=64110&phoneNumber="
        f"%2B256772000123&status={status}&cost=UGX+25.0000&durationInMillis=23811&hopsCount=4&input=2%2A50000%2A1234"
        "&lastAppResponse=END+Your+balance&errorMessage=Application+timed+out"
    )
    spoken = speaks("africastalking")
    event = spoken.parse(form(text))
    assert (event.kind, event.outcome) == (EventKind.END, outcome)
    assert "1234" not in repr(event)
    assert spoken.acknowledge(event).body == ""


def test_africas_talking_is_answered_with_a_prefix():
    spoken = speaks("africastalking")
    event = spoken.parse(form(AT))
    assert spoken.render(event, MENU).body == "CON Kikuubo SACCO\n1 Balance\n2 Save"
    assert spoken.render(event, BYE).body == "END Thank you"
    assert spoken.render(event, BYE).mimetype == "text/plain"


# Kenyan gateways: the same by GET, on shared codes with the extension first


def test_kenyan_gateways_call_with_get():
    spoken = speaks("kenyaget")
    start = spoken.parse(query(SESSIONID="3720194857", USSDCODE="*415*33#", MSISDN="254722000456", INPUT=""))
    assert (start.phone, start.service_code, start.kind) == ("+254722000456", "*415*33#", EventKind.START)
    hop = spoken.parse(query(SESSIONID="3720194857", USSDCODE="*415*33#", MSISDN="254722000456", INPUT="1*50000"))
    assert told(hop) == (EventKind.INPUT, "", "1*50000")
    assert spoken.render(hop, BYE).body == "END Thank you"


def test_the_extension_of_a_shared_code_is_no_choice():
    spoken = speaks("kenyaget", extension="33")
    facts = {"SESSIONID": "3720194858", "USSDCODE": "*415#", "MSISDN": "254722000456"}
    assert told(spoken.parse(query(**facts, INPUT="33"))) == (EventKind.START, "", "")
    assert told(spoken.parse(query(**facts, INPUT="33*1"))) == (EventKind.INPUT, "", "1")
    assert told(spoken.parse(query(**facts, INPUT="331"))) == (EventKind.INPUT, "", "331")


# JSON with the latest input and a boolean


def test_arkesel():
    facts = {"sessionID": "5a1b", "userID": "GATEWAYID_made_up", "msisdn": "233240000111", "network": "MTN"}
    spoken = speaks("arkesel", owner="GATEWAYID_made_up", code="*928*11#")
    start = spoken.parse(body(**facts, newSession=True, userData="*928*11#"))
    assert (start.phone, *told(start)) == ("+233240000111", EventKind.START, "", None)
    assert spoken.parse(body(**facts, newSession=True, userData="*928*11*1*2#")).latest == "1*2"
    hop = spoken.parse(body(**facts, newSession=False, userData="2"))
    assert told(hop) == (EventKind.INPUT, "2", None)
    assert json.loads(spoken.render(hop, MENU).body) == {
        "sessionID": "5a1b",
        "userID": "GATEWAYID_made_up",
        "msisdn": "233240000111",
        "message": "Kikuubo SACCO\n1 Balance\n2 Save",
        "continueSession": True,
    }
    assert json.loads(spoken.render(hop, BYE).body)["continueSession"] is False
    with pytest.raises(NotOurs):
        spoken.parse(body(**(facts | {"userID": "someone_else"}), newSession=True, userData="*928*11#"))


def test_nalo():
    facts = {"USERID": "NALOTest", "MSISDN": "233240000111", "NETWORK": "MTN", "SESSIONID": "16890000001"}
    spoken = speaks("nalo")
    assert told(spoken.parse(body(**facts, USERDATA="*920*55", MSGTYPE=True))) == (EventKind.START, "", None)
    hop = spoken.parse(body(**facts, USERDATA="2", MSGTYPE=False))
    assert told(hop) == (EventKind.INPUT, "2", None)
    assert json.loads(spoken.render(hop, BYE).body) == {
        "USERID": "NALOTest",
        "MSISDN": "233240000111",
        "MSG": "Thank you",
        "MSGTYPE": False,
    }


def hubtel(**over: object) -> Incoming:
    facts = {
        "Type": "Response",
        "Mobile": "233200000222",
        "SessionId": "b2f5b1d0a8",
        "ServiceCode": "713",
        "Message": "2",
        "Operator": "vodafone",
        "Sequence": 2,
        "ClientState": "main",
        "Platform": "USSD",
    }
    return body(**(facts | over))


def test_hubtel():
    spoken = speaks("hubtel")
    start = spoken.parse(hubtel(Type="Initiation", Message="*713*55#", Sequence=1))
    assert (start.sequence, *told(start)) == (1, EventKind.START, "", None)
    hop = spoken.parse(hubtel())
    assert (hop.sequence, hop.latest) == (2, "2")
    assert spoken.parse(hubtel(Type="Timeout", Message="", Sequence=3)).kind is EventKind.TIMEOUT
    assert spoken.parse(hubtel(Type="Release", Message="", Sequence=3)).kind is EventKind.END
    answer = json.loads(spoken.render(hop, MENU).body)
    assert (answer["Type"], answer["DataType"], answer["SessionId"]) == ("response", "input", "b2f5b1d0a8")
    answer = json.loads(spoken.render(hop, BYE).body)
    assert (answer["Type"], answer["DataType"], answer["Message"]) == ("release", "display", "Thank you")


def madapi(kind: str, text: str = "") -> Incoming:
    return body(
        sessionId="14429044",
        messageType=kind,
        msisdn="256772000123",
        serviceCode="284",
        ussdString=text,
        cellId="",
        language="en",
        imsi="",
    )


def test_mtn_madapi():
    spoken = speaks("mtnmadapi", code="*284*55#")
    assert told(spoken.parse(madapi("0", "*284*55#"))) == (EventKind.START, "", None)
    hop = spoken.parse(madapi("1", "2"))
    assert told(hop) == (EventKind.INPUT, "2", None)
    assert spoken.parse(madapi("4")).kind is EventKind.END
    assert spoken.parse(madapi("5")).kind is EventKind.TIMEOUT
    answer = json.loads(spoken.render(hop, MENU).body)
    assert answer["statusCode"] == "0000"
    assert answer["data"]["userInputRequired"] is True
    assert (answer["data"]["messageType"], answer["data"]["msisdn"]) == (1, "256772000123")
    assert json.loads(spoken.render(hop, BYE).body)["data"]["messageType"] == 2
    assert json.loads(spoken.acknowledge(spoken.parse(madapi("5"))).body)["data"]["userInputRequired"] is False


# Operator-direct: the verdict in a header


def test_comviva():
    spoken = speaks("comviva", code="*284*55#")
    new = query(MSISDN="256701000789", SESSION_ID="7781234", INPUT="*284*55#", NEW_REQUEST="1")
    assert told(spoken.parse(new)) == (EventKind.START, "", None)
    hop = spoken.parse(query(MSISDN="256701000789", SESSION_ID="7781234", INPUT="2", NEW_REQUEST="0"))
    assert told(hop) == (EventKind.INPUT, "2", None)
    assert spoken.render(hop, MENU).headers["Freeflow"] == "FC"
    reply = spoken.render(hop, BYE)
    assert (reply.body, reply.headers["Freeflow"], reply.headers["charge"]) == ("Thank you", "FB", "N")


# What no gateway may do


@pytest.mark.parametrize(
    "incoming",
    [
        Incoming("POST", body=b"not json"),
        Incoming("POST", body=b"[1]"),
        Incoming("POST", body=b'{"sessionID": "x", "msisdn": {"a": 1}, "userData": "1", "newSession": false}'),
        Incoming("POST", body=b'{"sessionID": "x", "msisdn": "256772000123", "userData": "1"}'),
        Incoming("POST", body=b"\xff\xfe"),
        Incoming("GET", query={"sessionID": "x", "msisdn": "256772000123"}),
    ],
)
def test_what_cannot_be_read_is_refused(incoming):
    with pytest.raises(EventUnreadable):
        speaks("arkesel").parse(incoming)


def test_the_typed_text_is_not_in_what_can_be_printed():
    incoming = form(f"{AT}2*50000*8351")
    event = speaks("africastalking").parse(incoming)
    assert "8351" not in repr(incoming) + repr(event)
    assert "8351" not in str(event.raw)


# Settings


def test_a_gateway_that_we_do_not_know_needs_no_code():
    settings = {
        "bonga": {
            "secrets": [SECRET],
            "method": "GET",
            "reads": "query",
            "input": "latest",
            "fields": {"session": "session_id", "phone": "mobile_number", "input": "message", "network": "network"},
            "kind": {"field": "new", "start": ["1"], "input": ["0"]},
            "prefix": True,
        }
    }
    bonga = load(json.dumps(settings), dialect)["bonga"]
    facts = {"session_id": "9", "mobile_number": "0772000123", "message": "2", "new": "0"}
    event = bonga.dialect.parse(query(**facts))
    assert (event.phone, event.latest) == ("+256772000123", "2")


def test_two_gateways_may_speak_alike():
    settings = {"at-kenya": {"dialect": "africastalking", "secrets": [SECRET], "region": "KE"}}
    assert load(json.dumps(settings), dialect)["at-kenya"].check == "off"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "an object of gateways"),
        ('{"africastalking": {}}', "one secret, or two"),
        ('{"africastalking": {"secrets": ["short"]}}', "at least 32"),
        (json.dumps({"africastalking": {"secrets": [SECRET] * 3}}), "one secret, or two"),
        (json.dumps({"Nobody!": {"secrets": [SECRET]}}), "small letters"),
        (json.dumps({"unheard": {"secrets": [SECRET]}}), "no such dialect"),
        (json.dumps({"africastalking": {"secrets": [SECRET], "allow": ["300.1.1.1"]}}), "300.1.1.1"),
        (json.dumps({"africastalking": {"secrets": [SECRET], "addresses": "maybe"}}), "off, warn or enforce"),
        (json.dumps({"africastalking": {"secrets": [SECRET], "fields": {}}}), "which field is session"),
        (json.dumps({"africastalking": {"secrets": [SECRET], "input": "latest"}}), "`kind` must tell"),
    ],
)
def test_settings_that_do_not_hold_stop_the_start(text, words):
    with pytest.raises(GatewaySettingsWrong, match=words) as caught:
        load(text, dialect)
    assert SECRET not in str(caught.value)


def test_every_map_of_ours_is_whole():
    for name in MAPS:
        assert speaks(name).name == name
    assert load("", dialect) == {}
