"""An applicant becomes a member by a second person's word alone."""

from __future__ import annotations

import pytest

from sacco_app.kernel.uow import transaction
from sacco_app.members import queries, service
from sacco_app.members.errors import TransitionRefused
from sacco_app.members.types import MemberStatus
from sacco_app.organisation.queries import list_branches
from tests.factories.members import apply_for_membership


def test_nobody_admits_an_applicant_by_changing_the_status(session, clock, system):
    member_id, _request = apply_for_membership(clock, list_branches(session)[0].id)
    with pytest.raises(TransitionRefused), transaction(system, clock) as inner:
        service.set_status(inner, system, clock, member_id, MemberStatus.ACTIVE, "in a hurry")
    assert queries.get_member(session, member_id).status == MemberStatus.PENDING_APPROVAL
