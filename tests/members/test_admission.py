"""An applicant becomes a member by a second person's word alone."""

from __future__ import annotations

import pytest

from sacco_app.kernel.uow import transaction
from sacco_app.members import queries, service
from sacco_app.members.errors import FileIncomplete, TransitionRefused
from sacco_app.members.types import DocumentKind, MemberStatus
from sacco_app.organisation.queries import list_branches
from tests.factories.access import make_user, sign_in
from tests.factories.approvals import approve, waiting
from tests.factories.members import apply_for_membership, needed_papers
from tests.members.conftest import upload


def test_nobody_admits_an_applicant_by_changing_the_status(session, clock, system):
    member_id, _request = apply_for_membership(clock, list_branches(session)[0].id)
    with pytest.raises(TransitionRefused), transaction(system, clock) as inner:
        service.set_status(inner, system, clock, member_id, MemberStatus.ACTIVE, "in a hurry")
    assert queries.get_member(session, member_id).status == MemberStatus.PENDING_APPROVAL


def test_nobody_is_admitted_before_the_file_says_who_it_is(client, session, clock, system, manager, branch):
    without = tuple(paper for paper in needed_papers() if paper.kind != DocumentKind.ID_FRONT)
    member_id, request_id = apply_for_membership(clock, branch, without, id_card_number="")
    lacks = "NIN or the number of another ID, ID not expired, Scan of the ID"
    with pytest.raises(FileIncomplete, match=lacks):
        approve(session, clock, manager)
    sign_in(client, session, clock, make_user(session, clock, "branch_manager", email="second@umoja.example"))
    page = client.get(f"/approvals/{request_id}").text
    assert f"Before it can be approved it lacks: {lacks}." in page
    assert lacks in client.get(f"/members/{member_id}").text
    refused = client.post(f"/approvals/{request_id}/decision", data={"decision": "approve"})
    assert (refused.status_code, lacks in refused.text) == (409, True)
    assert queries.get_member(session, member_id).status == MemberStatus.PENDING_APPROVAL


def test_what_came_after_the_application_was_sent_counts(session, clock, system, manager, branch):
    without = tuple(paper for paper in needed_papers() if paper.kind != DocumentKind.ID_FRONT)
    member_id, request_id = apply_for_membership(clock, branch, without)
    with transaction(system, clock) as inner:
        service.attach_document(inner, system, clock, member_id, upload(DocumentKind.ID_FRONT))
    assert waiting(session) == request_id
    approve(session, clock, manager)
    assert queries.get_member(session, member_id).status == MemberStatus.ACTIVE
