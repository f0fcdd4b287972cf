"""Files that people hand in: only real pictures and PDFs are kept, outside the web root, under names that tell nothing."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from sacco_app.kernel.errors import InvalidInput
from sacco_app.kernel.ids import new_id

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1800
ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_place: dict[str, Path] = {}


class FileNotAccepted(InvalidInput):
    """The file is too large, or is not what it should be."""

    code = "files.not_accepted"
    template = "{name}: {why}"


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
    """Where files are kept."""
    return _place["folder"]


def fingerprint(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def store(
    content: bytes, name: str, place: str = "", *, longest_side: int = LONGEST_SIDE, pictures_only: bool = False
) -> StoredFile:
    """Check by content and keep. Pictures are decoded and written anew, which drops metadata and stowaways.

    `place` is a folder below that of all files, `longest_side` bounds pictures, in pixels. Raises FileNotAccepted.
    """
    if len(content) > MAX_BYTES:
        raise FileNotAccepted(name=name, why="larger than 5 MB")
    if content.startswith(b"%PDF-") and not pictures_only:
        _check_pdf(content, name)
        return _write(content, place, "pdf", "application/pdf")
    accepted = "a picture (JPEG, PNG or WebP)" if pictures_only else "a PDF or a picture (JPEG, PNG or WebP)"
    return _write(_reencoded(content, name, longest_side, accepted), place, "jpg", "image/jpeg")


def _check_pdf(content: bytes, name: str) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise FileNotAccepted(name=name, why="the PDF is cut short: scan it again")
    if any(mark in content for mark in ACTIVE_PDF):
        raise FileNotAccepted(name=name, why="the PDF holds programs or other files: print it to a plain PDF")


def sweep(place: str, known: Collection[str], before: float) -> int:
    """Remove the files of a place that no row names (their transaction failed) and that are older than `before`.

    `known` are paths as they were stored, `before` is in seconds of the epoch. Returns how many were removed.
    """
    stray = [
        path
        for path in (folder() / place).glob("??/*.*")
        if path.stat().st_mtime < before and path.relative_to(folder()).as_posix() not in known
    ]
    for path in stray:
        path.unlink()
    return len(stray)


def _opened(content: bytes, name: str, accepted: str, mode: str) -> Image.Image:
    """The decoded picture, upright. Raises FileNotAccepted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise FileNotAccepted(name=name, why="too many pixels")
                return ImageOps.exif_transpose(picture).convert(mode)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise FileNotAccepted(name=name, why=f"not {accepted} that can be read") from error


def _reencoded(content: bytes, name: str, longest_side: int, accepted: str) -> bytes:
    upright = _opened(content, name, accepted, "RGB")
    upright.thumbnail((longest_side, longest_side))
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def as_png(content: bytes, name: str, longest_side: int) -> bytes:
    """A small picture drawn anew as PNG, transparency kept, not stored. Raises FileNotAccepted."""
    if len(content) > MAX_BYTES:
        raise FileNotAccepted(name=name, why="larger than 5 MB")
    drawn = _opened(content, name, "a picture (JPEG, PNG or WebP)", "RGBA")
    drawn.thumbnail((longest_side, longest_side))
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _write(content: bytes, place: str, suffix: str, mime: str) -> StoredFile:
    name = new_id().hex
    relative = f"{f'{place}/' if place else ''}{name[-2:]}/{name}.{suffix}"
    target = folder() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return StoredFile(relative, mime, len(content), fingerprint(content))
