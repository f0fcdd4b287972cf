"""Files of members: photo and signature are small pictures, papers may be PDFs too."""

from __future__ import annotations

from sacco_app.kernel import files
from sacco_app.kernel.files import StoredFile, folder
from sacco_app.members.types import DocumentKind, Upload

PICTURES = {DocumentKind.PHOTO, DocumentKind.SIGNATURE}
PICTURE_SIDE = 800


def store(upload: Upload) -> StoredFile:
    """Check by content and keep (see `kernel.files.store`). Raises FileNotAccepted."""
    if upload.kind in PICTURES:
        return files.store(upload.content, upload.name, longest_side=PICTURE_SIDE, pictures_only=True)
    return files.store(upload.content, upload.name)


__all__ = ["StoredFile", "folder", "store"]
