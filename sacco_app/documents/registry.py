"""The kinds of document. The room that owns a product says what stands in its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sacco_app.documents.types import Content
from sacco_app.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind: its template below `templates/documents`, who may see it, and how its content is read from the book."""

    name: str
    title: str
    template: str
    permission: str
    build: Callable[[Session, Clock, Mapping[str, str]], Content]


_kinds: dict[str, DocumentKind] = {}


def register_document(kind: DocumentKind) -> None:
    """Make a kind known; called by the `register` of the room that owns it."""
    _kinds[kind.name] = kind


def get_document_kind(name: str) -> DocumentKind:
    return _kinds[name]


def document_kinds() -> list[DocumentKind]:
    """All kinds, by title."""
    return sorted(_kinds.values(), key=lambda kind: kind.title)
