"""Files of members: faces and signatures are pictures, papers may be PDFs. They have a folder of their own."""

from __future__ import annotations

from collections.abc import Collection

from sacco_app.kernel import files
from sacco_app.kernel.files import StoredFile, folder
from sacco_app.members.types import DocumentKind, Upload

PICTURES = {DocumentKind.PHOTO, DocumentKind.SIGNATURE}
PICTURE_SIDE = 800
PLACE = "members"


def store(upload: Upload) -> StoredFile:
    """Check by content and keep (see `kernel.files.store`). Raises FileNotAccepted."""
    if upload.kind in PICTURES:
        return files.store(upload.content, upload.name, PLACE, longest_side=PICTURE_SIDE, pictures_only=True)
    return files.store(upload.content, upload.name, PLACE)


def sweep(known: Collection[str], before: float) -> int:
    """Remove files that no record of a member names (see `kernel.files.sweep`)."""
    return files.sweep(PLACE, known, before)


__all__ = ["StoredFile", "folder", "store", "sweep"]
