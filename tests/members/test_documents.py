"""Files of members: only what is what it says, kept where no browser reaches, replaced by two people where faces count."""

from __future__ import annotations

import dataclasses
import io
import os

import pytest
from PIL import Image
from sqlalchemy import text

from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.files import FileNotAccepted
from sacco_app.kernel.uow import transaction
from sacco_app.members import files, queries, service
from sacco_app.members.jobs import sweep_files
from sacco_app.members.types import DocumentKind, Upload
from tests.factories.access import make_user, sign_in
from tests.factories.approvals import approve
from tests.members.conftest import picture, upload

K = DocumentKind
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def grace(session, clock, system, grace):
    """A member from the old books, of whom no file was ever kept."""
    with transaction(system, clock) as inner:
        inner.execute(text("DELETE FROM member_documents WHERE member_id = :id"), {"id": grace.id})
    session.expire_all()
    return queries.get_member(session, grace.id)


def add(clock, actor, member, given):
    with transaction(actor, clock) as inner:
        return service.attach_document(inner, actor, clock, member.id, given)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (K.PHOTO, b""), (K.PHOTO, b"<script>alert(1)</script>"), (K.PHOTO, PDF), (K.ID_FRONT, b"GIF89a" + b"\0" * 60),
        (K.ID_FRONT, b"\xff\xd8\xff\xe0 no picture"), (K.ID_FRONT, b"PK\x03\x04 a zip"), (K.OTHER, b"MZ a program"),
        (K.ID_FRONT, b"%PDF-1.7 cut short"), (K.OTHER, PDF.replace(b"<<>>", b"<</JavaScript 1>>", 1)),
        (K.PHOTO, b"x" * (5 * 1024 * 1024 + 1)),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_plain_pdf_is_refused(session, clock, officer, grace, kind, content):
    with pytest.raises(FileNotAccepted):
        add(clock, officer, grace, Upload(kind, content, "../../etc/passwd.jpg"))
    assert queries.all_documents(session, grace.id) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_made_anew_without_what_rode_along(session, clock, officer, grace, kind):
    content = picture("red", kind) + b"<?php stowaway ?>"
    add(clock, officer, grace, Upload(K.ID_FRONT, content, "../x.php"))
    (row,) = queries.all_documents(session, grace.id)
    kept = files.folder() / row.path
    assert kept.resolve().is_relative_to(files.folder().resolve())
    assert kept.suffix == ".jpg"
    assert "x.php" not in row.path
    assert b"stowaway" not in kept.read_bytes()
    assert Image.open(kept).format == "JPEG"


def test_a_bomb_of_pixels_is_refused(session, clock, officer, grace):
    buffer = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    with pytest.raises(FileNotAccepted):
        add(clock, officer, grace, Upload(K.PHOTO, buffer.getvalue(), "bomb.png"))


def test_another_face_waits_for_a_second_person(session, clock, officer, manager, grace):
    assert add(clock, officer, grace, upload(K.SIGNATURE, "white")) is None
    first = queries.get_member(session, grace.id).signature_id
    assert add(clock, officer, grace, upload(K.SIGNATURE, "black"))
    assert queries.get_member(session, grace.id).signature_id == first
    approve(session, clock, manager)
    assert queries.get_member(session, grace.id).signature_id != first
    assert len(queries.all_documents(session, grace.id)) == 2


def test_a_paper_is_replaced_at_once_and_the_older_is_kept(session, clock, officer, grace):
    for _ in range(2):
        assert add(clock, officer, grace, Upload(K.ID_FRONT, PDF, "id.pdf")) is None
    first, second = reversed(queries.all_documents(session, grace.id))
    assert queries.latest_documents(session, grace.id)[K.ID_FRONT].id == second.id
    assert (files.folder() / first.path).exists()


def test_files_are_shown_to_those_who_may_and_looking_is_noted(client, session, clock, officer, grace):
    add(clock, officer, grace, Upload(K.ID_FRONT, PDF, "id.pdf"))
    (row,) = queries.all_documents(session, grace.id)
    url = f"/members/documents/{row.id}"
    assert client.get(url).status_code == 303
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    noted = session.execute(text("SELECT actor_name FROM audit_events WHERE action = 'members.document_viewed'"))
    assert noted.scalars().all() == ["Teller"]
    assert client.get(f"/static/../{row.path}").status_code == 404


def test_an_accountant_sees_no_identity_documents(client, session, clock, officer, grace):
    add(clock, officer, grace, upload(K.ID_FRONT))
    (row,) = queries.all_documents(session, grace.id)
    sign_in(client, session, clock, make_user(session, clock, "accountant"))
    assert client.get(f"/members/documents/{row.id}").status_code == 403
    assert "/members/documents/" not in client.get(f"/members/{grace.id}/documents").text


def test_nobody_adds_files_without_the_right(session, clock, grace, officer):

    with pytest.raises(NotPermitted):
        add(clock, dataclasses.replace(officer, permissions=frozenset()), grace, upload(K.PHOTO))


def test_files_that_no_record_knows_are_swept_after_a_day(session, clock, system, officer, grace):
    add(clock, officer, grace, upload(K.ID_FRONT))
    (row,) = queries.all_documents(session, grace.id)
    orphan, fresh = (
        files.folder() / "members" / "aa" / f"{'a' * 32}.jpg",
        files.folder() / "members" / "aa" / f"{'b' * 32}.jpg",
    )
    orphan.parent.mkdir(parents=True, exist_ok=True)
    for path, age in ((orphan, 3 * 86400), (fresh, 0), (files.folder() / row.path, 3 * 86400)):
        path.write_bytes(path.read_bytes() if path.exists() else b"left behind")
        os.utime(path, (clock.now().timestamp() - age,) * 2)
    with transaction(system, clock) as inner:
        sweep_files(inner, system, clock)
    assert (orphan.exists(), fresh.exists(), (files.folder() / row.path).exists()) == (False, True, True)
