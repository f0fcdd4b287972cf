"""The pages of a member: found, opened, changed, as a browser without JavaScript sees them."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.members import queries
from sacco_app.members.types import MemberStatus
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.service import save_branch
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import make_user, make_user_everywhere, sign_in
from tests.factories.approvals import approve
from tests.factories.members import make_member
from tests.members.conftest import picture

NIN = "CF92018100J4GK"
TABS = ("", "/accounts", "/documents", "/next-of-kin", "/channel", "/history", "/edit")


@pytest.fixture
def browser(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "loan_officer", email="officer@umoja.example"))


def application(branch, **over):
    typed = {
        "branch_id": str(branch), "surname": "Ssekandi-Nabwire", "given_names": "Nakimuli", "sex": "F",
        "date_of_birth": "1992-03-04", "phone": "0772 999 111", "nin": NIN, "language": "lg", "risk_rating": "low", "marital_status": "", "employment": "",
        "next_of_kin-0-name": "Okot Peter", "next_of_kin-0-relationship": "Son", "next_of_kin-0-share": "100",
    }  # fmt: skip
    return typed | over


def test_an_application_with_pictures_becomes_a_member(browser, session, clock, manager, branch):
    colours = {"photo": "white", "signature": "blue", "id_front": "red"}
    files = {name: (io.BytesIO(picture(colour)), "p.jpg") for name, colour in colours.items()}
    done = browser.post("/members/new", data=application(branch) | files)
    assert done.status_code == 303
    page = browser.get(done.headers["Location"])
    assert "Ssekandi-Nabwire Nakimuli" in page.text
    assert "waits for a second person" in page.text
    assert NIN not in page.text
    approve(session, clock, manager)
    assert "Change status" in browser.get(done.headers["Location"]).text


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"surname": ""}, "Enter the surname"),
        ({"nin": "123"}, "A NIN has 14 characters"),
        ({"phone": "12"}, "can be called"),
        ({"date_of_birth": "2020-01-01"}, "at least 14 years old"),
        ({"next_of_kin-0-share": "99.99"}, "99.99 %"),
        ({"next_of_kin-0-name": ""}, "Enter the name"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(browser, branch, over, words):
    answer = browser.post("/members/new", data=application(branch, **over))
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert 'value="Nakimuli"' in answer.text


def test_a_bad_row_is_named_once_with_its_number_and_field(browser, branch):
    bad = application(branch) | {"next_of_kin-1-name": "Okot Rose", "next_of_kin-1-share": "abc"}
    bad["next_of_kin-1-relationship"] = "Aunt"
    answer = browser.post("/members/new", data=bad)
    assert answer.status_code == 422
    summary = answer.text.split("data-summary")[1].split("</ul>")[0]
    assert summary.count("Next of kin") == 1
    assert "Next of kin 2, " in summary
    assert 'href="#next_of_kin-1-share"' in summary
    assert "check the entries" not in summary


def test_everything_wrong_with_the_next_of_kin_is_said_in_one_round(browser, branch):
    bad = application(branch, surname="") | {"next_of_kin-0-share": "", "next_of_kin-1-name": "Okot Rose"}
    answer = browser.post("/members/new", data=bad)
    assert answer.status_code == 422
    summary = answer.text.split("data-summary")[1].split("</ul>")[0]
    for row, field in ((0, "share"), (1, "relationship"), (1, "share")):
        assert f'href="#next_of_kin-{row}-{field}"' in summary
        assert f'id="next_of_kin-{row}-{field}-error"' in answer.text
    assert "Enter the surname" in summary
    assert 'value="Okot Rose"' in answer.text


def test_shares_that_are_no_whole_are_said_beside_the_rest(browser, branch):
    answer = browser.post("/members/new", data=application(branch, surname="") | {"next_of_kin-0-share": "90"})
    assert answer.status_code == 422
    assert "Enter the surname" in answer.text
    assert "sum to 90" in answer.text


@pytest.mark.parametrize("sent", [True, False])
def test_files_that_a_refused_form_lost_are_asked_for_again(browser, branch, sent):
    files = {"photo": (io.BytesIO(picture()), "p.jpg")} if sent else {}
    answer = browser.post("/members/new", data=application(branch, surname="") | files)
    assert answer.status_code == 422
    assert ("Choose the files again" in answer.text) is sent


def test_a_twin_is_named_with_a_link_and_can_be_confirmed(browser, branch, grace):
    typed = application(branch, phone=grace.phone)
    refused = browser.post("/members/new", data=typed)
    assert refused.status_code == 409
    assert f'href="/members/{grace.id}"' in refused.text
    assert browser.post("/members/new", data=typed | {"confirmed_duplicate": "y"}).status_code == 303


def test_twins_are_told_while_the_form_is_typed(browser, grace):
    address = f"/members/twins?phone={grace.phone.replace('+', '%2B')}"
    part = browser.get(address, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="twins">')
    assert grace.number in part.text
    assert "Nobody like this" in browser.get("/members/twins?phone=0").text


def test_an_unfinished_application_is_sent_from_its_page(browser, session, branch):
    page = browser.post("/members/new", data=application(branch, keep="y")).headers["Location"]
    assert "Send for approval" in browser.get(page).text
    assert browser.post(f"{page}/send").status_code == 303
    assert browser.post(f"{page}/send").status_code == 409


@pytest.mark.parametrize("tab", TABS)
def test_every_page_of_a_member_opens(browser, grace, tab):
    page = browser.get(f"/members/{grace.id}{tab}")
    assert page.status_code == 200
    assert grace.full_name in page.text


def test_details_next_of_kin_and_status_are_changed_on_the_pages(browser, session, clock, manager, grace):
    row = session.execute(text("SELECT date_of_birth FROM members WHERE id = :id"), {"id": grace.id}).scalar_one()
    same = {"surname": "Nakimuli", "given_names": "Grace", "sex": "F", "date_of_birth": row.isoformat(),
            "phone": grace.phone, "language": "en", "risk_rating": "low", "marital_status": "", "employment": "", "sms_consent": "y"}  # fmt: skip
    base = f"/members/{grace.id}"
    assert "Nothing was changed" in browser.post(f"{base}/edit", data=same).text
    assert browser.post(f"{base}/edit", data=same | {"village": "Bukoto", "surname": "Okot"}).status_code == 303
    assert "Surname" in browser.get(base).text
    approve(session, clock, manager)
    assert queries.get_member(session, grace.id).full_name == "Okot Grace"
    kin = {"rows-0-name": "Okot Peter", "rows-0-relationship": "Son", "rows-0-share": "100.00"}
    assert browser.post(f"{base}/next-of-kin", data=kin | {"rows-0-share": "90"}).status_code == 422
    assert browser.post(f"{base}/next-of-kin", data=kin).status_code == 303
    approve(session, clock, manager)
    assert "Okot Peter" in browser.get(f"{base}/next-of-kin").text
    assert browser.post(f"{base}/status", data={"new_status": "", "reason": "x"}).status_code == 422
    assert browser.post(f"{base}/status", data={"new_status": "suspended", "reason": "Court order"}).status_code == 303
    assert queries.get_member(session, grace.id).status == MemberStatus.SUSPENDED
    history = browser.get(f"{base}/history").text
    assert "active → suspended" in history
    assert "Court order" in history
    assert "Surname Nakimuli → Okot" in history


def test_a_reader_posts_nothing(client, session, clock, grace):
    sign_in(client, session, clock, make_user(session, clock, "auditor"))
    assert client.get(f"/members/{grace.id}/next-of-kin").status_code == 200
    assert client.post(f"/members/{grace.id}/next-of-kin", data={}).status_code == 403
    for path in ("edit", "status", "send"):
        assert client.post(f"/members/{grace.id}/{path}").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [("status=active", True), ("status=exited", False), ("file=incomplete", True), ("file=complete", False),
     ("id=unknown", True), ("id=expired", False), ("risk=high", False), ("admitted_from=2026-11-23", True),
     ("admitted_to=2026-11-22", False), ("admitted_from=soon", True), (f"q={NIN}", False), ("q=nakim", True)],
)  # fmt: skip
def test_the_list_is_filtered_by_its_address(browser, grace, query, found):
    assert (grace.full_name in browser.get(f"/members?{query}").text) is found


def test_the_list_is_a_file_and_taking_it_is_noted(browser, session, grace):
    answer = browser.get("/members?format=csv&status=active")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert grace.number in str(rows)
    assert NIN not in str(rows)
    noted = session.execute(text("SELECT count(*) FROM audit_events WHERE action LIKE '%export%'")).scalar_one()
    assert noted == 1


def test_members_of_other_branches_are_not_there(client, session, clock, grace):
    with transaction(Actor.system(), clock) as inner:
        other = save_branch(inner, Actor.system(), clock, SaveBranch("MBR", "Mbarara", "", ""))
    far = make_user(session, clock, "branch_manager", other, "far@umoja.example")
    sign_in(client, session, clock, far)
    for tab in TABS:
        assert client.get(f"/members/{grace.id}{tab}").status_code == 404
    assert grace.number not in client.get("/members").text


def test_a_member_is_found_by_the_nin_alone_where_it_is_whole(browser, session, clock, branch):
    member = make_member(session, clock, branch, nin=NIN, surname="Auma")
    assert member.number in browser.get(f"/members?q={NIN.lower()}").text
    assert member.number not in browser.get(f"/members?q={NIN[:10]}").text
    assert browser.get(f"/search?q={NIN}").text.count(member.number) == 1


def test_whoever_sees_every_branch_filters_by_branch(client, session, clock, grace):
    sign_in(client, session, clock, make_user_everywhere(session, clock, "compliance_officer"))
    assert client.get(f"/members?branch={list_branches(session)[0].id}").status_code == 200
