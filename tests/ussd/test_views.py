"""What staff see: the list of sessions, and in development the telephone on the screen."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from sacco_app.app import create_app
from sacco_app.kernel.uow import transaction
from sacco_app.organisation import service as organisation
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import make_user, make_user_everywhere, sign_in
from tests.ussd.conftest import PIN


@pytest.fixture
def compliance(client, session, clock):
    return sign_in(client, session, clock, make_user_everywhere(session, clock, "compliance_officer"))


@pytest.fixture
def administrator(client, session, clock):
    return sign_in(client, session, clock, make_user_everywhere(session, clock, "administrator"))


def cells(answer):
    assert answer.status_code == 200, answer.text
    table = re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    return re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", table, flags=re.DOTALL)


def test_the_list_says_who_dialled_and_how_far_they_came(handset, compliance, clock):
    clock.advance(timedelta(minutes=1))
    handset.dial()
    clock.advance(timedelta(seconds=75))
    handset.types("1", "1", PIN)
    answer = compliance.get("/ussd/sessions")
    shown = " ".join(cells(answer))
    assert "Okello Grace" in shown
    assert "Balance: shown" in shown
    assert "1 min 15 s" in shown
    assert f"{handset.number[:6]}****{handset.number[-3:]}" in shown
    assert handset.number not in answer.text
    assert PIN not in answer.text


def test_the_list_is_filtered(handset, make_handset, compliance, clock):
    stranger = make_handset(surname="Kato", given_names="Moses")
    stranger.number = "+256701888777"
    stranger.dial()
    for query, rows in (
        ("", 2),
        ("?outcome=refused", 1),
        ("?phone=0701888777", 1),
        ("?phone=nobody", 0),
        ("?member=Okello", 1),
        ("?member=Nobody", 0),
        ("?from=2026-11-23&to=2026-11-23", 2),
        ("?from=2026-11-24", 0),
        ("?from=rubbish", 2),
    ):
        answer = compliance.get(f"/ussd/sessions{query}")
        assert answer.text.count("Not registered") + answer.text.count(">M-0") == rows, query
    assert "Nobody dialled in this time" in compliance.get("/ussd/sessions?from=2026-11-24").text


def test_the_list_is_exported(handset, compliance):
    answer = compliance.get("/ussd/sessions?format=csv")
    assert answer.mimetype == "text/csv"
    assert "Okello Grace" in answer.text
    assert handset.number not in answer.text


def test_other_branches_and_strangers_are_not_seen(handset, client, session, clock, system):
    with transaction(system, clock) as inner:
        organisation.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "+256800100201", "High Street"))
    other = next(branch for branch in list_branches(session) if branch.code == "MBR")
    handset.number = "+256701888777"
    handset.dial()
    user = make_user(session, clock, "compliance_officer", other.id)
    answer = sign_in(client, session, clock, user).get("/ussd/sessions")
    assert "Nobody dialled in this time" in answer.text
    assert "Not registered" not in answer.text


def test_a_teller_does_not_see_the_sessions(client, session, clock, counter):
    answer = sign_in(client, session, clock, make_user(session, clock, "teller", email="t9@umoja.example"))
    assert answer.get("/ussd/sessions").status_code == 403
    assert answer.get("/ussd/simulator").status_code == 403


class Simulator:
    """The telephone on the page, without JavaScript."""

    def __init__(self, client, number):
        self.client, self.fields = client, {"phone": number}

    def press(self, key, typed=""):
        answer = self.client.post("/ussd/simulator", data=self.fields | {"key": key, "typed": typed})
        self.page = answer.text
        for name in ("session_id", "hop"):
            found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.page)
            self.fields[name] = found.group(1) if found else ""
        screen = re.search(r"<pre[^>]*>(.*?)</pre>", self.page, flags=re.DOTALL)
        return screen.group(1)


def test_the_simulator_walks_the_menus(handset, administrator, balances):
    assert "Dial *284*55#" in administrator.get("/ussd/simulator").text
    phone = Simulator(administrator, f"0{handset.number[4:]}")
    assert phone.press("dial").startswith("UMOJA SACCO\n1 Balance")
    assert "of 160 characters · waits for an answer" in phone.page
    for typed in ("3", "1", "40000"):
        phone.press("send", typed)
    asked = phone.press("send", "1")
    assert asked.startswith("Move UGX 40,000.\nEnter your PIN")
    assert phone.press("again") == asked
    done = phone.press("send", PIN)
    assert done.startswith("Moved UGX 40,000")
    assert PIN not in phone.page
    assert phone.press("again") == done
    assert balances(handset) == [60_000, 40_000]


def test_the_simulator_hangs_up_and_goes_on(handset, administrator):
    phone = Simulator(administrator, handset.number)
    phone.press("dial")
    phone.press("send", "1")
    phone.press("send", "1")
    assert phone.press("hang-up") == "*284*55#"
    assert phone.press("dial").startswith("You were not finished.")
    listed = administrator.get("/ussd/sessions").text
    assert "Left" in listed
    assert "simulator" in listed


def test_the_simulator_wants_a_number(administrator):
    answer = administrator.post("/ussd/simulator", data={"phone": "12", "key": "dial"})
    assert answer.status_code == 422
    assert "This is not a number that can be called" in answer.text


def test_there_is_no_simulator_in_production(config):
    app = create_app(dataclasses.replace(config, environment="production"))
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert "/ussd/simulator" not in rules
    assert "/ussd/sessions" in rules
