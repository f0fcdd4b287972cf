"""Pages of the organisation: shape, refusals that keep what was typed, who sees what."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from sacco_app.organisation import changes, queries
from sacco_app.organisation.setup import PROFILES
from tests.factories.access import make_user, sign_in
from tests.factories.approvals import approve, second_person
from tests.factories.counter import make_counter

KEY = "till.difference.tolerance"


@pytest.fixture
def administrator(client, session, clock, everywhere):
    return sign_in(client, session, clock, everywhere("administrator"))


@pytest.mark.parametrize(
    "path",
    [
        "/organisation/profile",
        "/organisation/profile/edit",
        "/organisation/branches",
        "/organisation/branches/new",
        "/organisation/calendar",
        "/organisation/parameters",
        f"/organisation/parameters/{KEY}",
        f"/organisation/parameters/{KEY}/set",
    ],
)
def test_the_administrator_opens_every_page(administrator, path):
    assert administrator.get(path).status_code == 200


@pytest.mark.parametrize("name", ["branches", "parameters"])
def test_lists_are_files_too(administrator, name):
    for kind in ("csv", "xlsx"):
        answer = administrator.get(f"/organisation/{name}?format={kind}")
        assert answer.headers["Content-Disposition"].endswith(f'{name}.{kind}"')


def test_the_profile_is_changed(administrator, session):
    bad = administrator.post("/organisation/profile/edit", data={"name": "", "short_name": "Nile", "phone": "12"})
    assert bad.status_code == 422
    assert 'value="Nile"' in bad.text
    data = {"name": "Nile SACCO", "short_name": "NILE", "phone": "0772 123 456"}
    assert administrator.post("/organisation/profile/edit", data=data).status_code == 303
    assert "Nile SACCO" in administrator.get("/organisation/profile").text
    assert queries.get_profile(session).phone == "+256772123456"


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"code": "M<q>"}, "Letters and digits alone"),
        ({"name": "<b>"}, "common signs alone"),
        ({"address": "Plot {1}"}, "common signs alone"),
        ({"phone": "zz"}, "phone"),
    ],
)
def test_a_branch_has_a_plain_name_code_and_phone(administrator, session, over, words):
    before = len(queries.list_branches(session))
    data = {"code": "MBR", "name": "Mbarara", "is_active": "y"} | over
    answer = administrator.post("/organisation/branches/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(queries.list_branches(session)) == before


def test_a_branch_is_opened_once(administrator):
    data = {"code": "MBR", "name": "Mbarara", "is_active": "y"}
    assert administrator.post("/organisation/branches/new", data=data).status_code == 303
    again = administrator.post("/organisation/branches/new", data=data)
    assert again.status_code == 409
    assert "Another branch has this code" in again.text
    assert 'value="Mbarara"' in again.text


def test_a_parameter_is_set_and_verified(administrator, session, clock):
    url = f"/organisation/parameters/{KEY}"
    refused = administrator.post(f"{url}/set", data={"value": "700", "valid_from": "2020-01-01", "source": "Board"})
    assert refused.status_code == 409
    assert 'value="700"' in refused.text
    data = {"value": "700", "valid_from": "01/12/2026", "source": "Board, minute 7"}
    assert administrator.post(f"{url}/set", data=data).status_code == 303
    assert "waits for a second person" in administrator.get(url).text
    assert "Board, minute 7" not in administrator.get(url).text
    assert administrator.post(f"{url}/set", data=data).status_code == 409
    approve(session, clock, second_person(session, clock, "compliance_officer"))
    assert "Board, minute 7" in administrator.get(url).text
    assert administrator.post(f"{url}/verify", data={"valid_from": "2026-12-01"}).status_code == 303
    assert administrator.post(f"{url}/verify", data={"valid_from": "soon"}).status_code == 404
    assert "Unconfirmed" not in administrator.get(url).text
    assert administrator.get("/organisation/parameters/no.such/set").status_code == 404


def test_a_holiday_is_declared_and_taken_back(administrator, session):
    assert administrator.post("/organisation/calendar", data={"day": "soon", "name": "Fair"}).status_code == 422
    data = {"day": "2026-12-01", "name": "Town fair", "branch_id": ""}
    assert administrator.post("/organisation/calendar", data=data).status_code == 303
    assert "Town fair" in administrator.get("/organisation/calendar").text
    day = next(day for day in queries.list_holidays(session) if day.name == "Town fair")
    assert administrator.post(f"/organisation/calendar/{day.id}/remove").status_code == 303
    narrow = administrator.get("/organisation/calendar", headers={"HX-Request": "true"})
    assert "Town fair" not in narrow.text
    assert narrow.text.lstrip().startswith("<div id=")


def test_the_manager_opens_the_next_business_date(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    branch = queries.list_branches(session)[0].id
    url = f"/organisation/days/{branch}"
    page = client.get(url).text
    assert "Close 23 Nov 2026" in page
    assert 'value="2026-11-24"' not in page
    early = client.post(url, data={"day": "2026-11-24"})
    assert early.status_code == 409
    assert "cannot run ahead" in early.text
    clock.advance(timedelta(minutes=14))
    clock.instant += timedelta(hours=15)
    sign_in_again(client, session, clock)
    assert 'value="2026-11-24"' in client.get(url).text
    assert client.post(url, data={"day": "2026-11-24"}).status_code == 303
    session.expire_all()
    assert queries.business_date(session, branch).isoformat() == "2026-11-24"


def test_the_manager_closes_the_day_and_work_goes_on_the_next(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    branch = queries.list_branches(session)[0].id
    for path in ("/organisation/days", f"/organisation/days/{branch}"):
        assert client.get(path).text.count("check-done") == 4  # tills, vault, approvals, book
    for _ in range(2):
        assert client.post(f"/organisation/days/{branch}/close", data={"day": "2026-11-23"}).status_code == 303
    page = client.get(f"/organisation/days/{branch}").text
    assert "Kampala Main, 24 Nov 2026" in page
    assert "24 Nov 2026 has not begun" in page
    assert "Branch Manager" in page
    refused = client.post(f"/organisation/days/{branch}/close", data={"day": "2026-11-24"})
    assert refused.status_code == 409
    assert "today is 23 Nov 2026" in refused.text
    assert client.post(f"/organisation/days/{branch}/close").status_code == 422


def test_an_open_till_keeps_the_day_open(client, session, clock):
    counter = make_counter(session, clock)
    sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    branch = counter.teller.branch_id
    page = client.get(f"/organisation/days/{branch}").text
    assert "Till T1 is not closed" in page
    refused = client.post(f"/organisation/days/{branch}/close", data={"day": "2026-11-23"})
    assert refused.status_code == 409
    assert "23 Nov 2026 cannot be closed yet: Till T1 is not closed" in refused.text


def test_a_manager_of_several_branches_sees_their_days(client, session, clock, everywhere):
    sign_in(client, session, clock, everywhere("administrator"))
    assert client.get("/organisation/days").status_code == 403
    client.post("/organisation/branches/new", data={"code": "MBR", "name": "Mbarara", "is_active": "y"})
    client.post("/sign-out")
    sign_in(client, session, clock, everywhere("branch_manager"))
    page = client.get("/organisation/days").text
    assert page.count("/organisation/days/") == 2
    assert page.count("23 Nov 2026") >= 2


def sign_in_again(client, session, clock):
    user = make_user(session, clock, "branch_manager", email="second.manager@umoja.example")
    sign_in(client, session, clock, user)


def test_the_auditor_reads_and_changes_nothing(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "auditor"))
    for path in ("profile", "branches", "parameters", f"parameters/{KEY}"):
        page = client.get(f"/organisation/{path}")
        assert page.status_code == 200
        assert "/edit" not in page.text
        assert "/set" not in page.text
    for path in ("profile/edit", "calendar", f"parameters/{KEY}/set", "branches/new"):
        assert client.get(f"/organisation/{path}").status_code == 403


def picture(kind="PNG", size=(900, 300)):
    buffer = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "green").save(buffer, kind)
    return buffer.getvalue()


def test_a_logo_is_drawn_anew_and_stands_on_papers_for_everybody(administrator, client, session):
    assert client.get("/organisation/logo").status_code == 302
    sent = {"file": (io.BytesIO(picture() + b"<script>"), "logo.png")}
    assert administrator.post("/organisation/profile/logo", data=sent).status_code == 303
    answer = client.application.test_client().get("/organisation/logo")
    assert (answer.mimetype, Image.open(io.BytesIO(answer.data)).size) == ("image/png", (360, 120))
    assert b"<script>" not in answer.data
    profile = queries.get_profile(session)
    assert profile.logo_data_uri.startswith("data:image/png;base64,")
    assert profile.logo_data_uri in administrator.get("/organisation/profile").text
    assert administrator.post("/organisation/profile/logo/remove").status_code == 303
    assert queries.get_profile(session).logo_data_uri == ""


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'/>", b"GIF89a", b"%PDF-1.7 %%EOF"])
def test_what_is_no_picture_is_no_logo(administrator, content):
    answer = administrator.post("/organisation/profile/logo", data={"file": (io.BytesIO(content), "logo.png")})
    assert answer.status_code == 422
    assert administrator.post("/organisation/profile/logo", data={}).status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("when=coming", False), ("when=past", False), ("q=custodian+may+accept", True), ("q=moon", False),
     ("state=verified", True), ("state=unconfirmed", False), ("q=House+rule", True)],
)  # fmt: skip
def test_parameters_are_found_by_what_people_call_them(administrator, query, found):
    assert (
        f'href="/organisation/parameters/{KEY}"' in administrator.get(f"/organisation/parameters?{query}").text
    ) is found


def test_every_shipped_parameter_has_words():
    shipped = {key for profile in PROFILES.values() for key, *_ in profile["parameters"]}
    assert shipped <= set(changes.known_keys())
