"""People of the members room's tests."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from sacco_app.members.types import DocumentKind, Upload
from sacco_app.organisation.queries import list_branches
from tests.factories.access import actor_for, make_user
from tests.factories.approvals import second_person
from tests.factories.members import make_member


def picture(colour: str = "white", kind: str = "JPEG", size: tuple[int, int] = (60, 80)) -> bytes:
    """A real picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def upload(kind: DocumentKind, colour: str = "white") -> Upload:
    return Upload(kind, picture(colour), "from the phone.jpg")


@pytest.fixture
def branch(session):
    return list_branches(session)[0].id


@pytest.fixture
def officer(session, clock):
    """Takes applications and changes details."""
    return actor_for(session, make_user(session, clock, "loan_officer"))


@pytest.fixture
def manager(session, clock):
    """The second person."""
    return second_person(session, clock, "branch_manager")


@pytest.fixture
def grace(session, clock, branch):
    return make_member(session, clock, branch, surname="Nakimuli", given_names="Grace", phone="+256772123456")
