"""Files of members: only real pictures and PDFs are kept, outside the web root, under names that tell nothing."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from sacco_app.kernel.ids import new_id
from sacco_app.members.errors import FileNotAccepted
from sacco_app.members.types import DocumentKind, Upload

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = {DocumentKind.PHOTO: 800, DocumentKind.SIGNATURE: 800}
_place: dict[str, Path] = {}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file lies below the upload folder, what it is, and the fingerprint of its bytes."""

    path: str
    mime: str
    size: int
    sha256: str


def configure(folder: Path) -> None:
    """Say where files are kept."""
    _place["folder"] = folder


def folder() -> Path:
    return _place["folder"]


def store(upload: Upload) -> StoredFile:
    """Check by content and keep. Pictures are decoded and written anew, which drops metadata and stowaways.

    Raises FileNotAccepted.
    """
    if len(upload.content) > MAX_BYTES:
        raise FileNotAccepted(name=upload.name, why="larger than 5 MB")
    if upload.content.startswith(b"%PDF-") and upload.kind not in (DocumentKind.PHOTO, DocumentKind.SIGNATURE):
        return _write(upload.content, "pdf", "application/pdf")
    return _write(_reencoded(upload), "jpg", "image/jpeg")


def _reencoded(upload: Upload) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload.content), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise FileNotAccepted(name=upload.name, why="too many pixels")
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise FileNotAccepted(name=upload.name, why="not a picture (JPEG, PNG or WebP) that can be read") from error
    side = LONGEST_SIDE.get(upload.kind, 1800)
    upright.thumbnail((side, side))
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _write(content: bytes, suffix: str, mime: str) -> StoredFile:
    name = new_id().hex
    relative = f"{name[-2:]}/{name}.{suffix}"
    target = folder() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return StoredFile(relative, mime, len(content), hashlib.sha256(content).hexdigest())
