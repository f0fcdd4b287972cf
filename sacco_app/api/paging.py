"""Pages by cursor: where the page before ended, so that a page neither misses nor repeats a row while rows come in."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

from sacco_app.api.errors import CursorNotUnderstood

T = TypeVar("T")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200


def to_cursor(position: str | int) -> str:
    """A position in a list as a word that fits into a URL. Clients keep it and do not look into it."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def from_cursor(cursor: str, kind: type[str | int]) -> str | int:
    """The position behind a cursor. Raises CursorNotUnderstood."""
    try:
        position = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise CursorNotUnderstood from error
    if type(position) is not kind or (kind is int and not 0 <= int(position) < 2**63) or "\0" in str(position):
        raise CursorNotUnderstood
    return position  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T]):
    """One page. `next` is the cursor of the page after it, or None on the last."""

    items: Sequence[T]
    next: str | None

    @property
    def headers(self) -> dict[str, str]:
        """The Link header (RFC 8288) to the next page, with the filters of this one."""
        if self.next is None:
            return {}
        query = urlencode({**request.args.to_dict(), "cursor": self.next})
        return {"Link": f'<{request.base_url}?{query}>; rel="next"'}


def cut(rows: Sequence[T], limit: int, position: Callable[[T], str | int]) -> CursorPage[T]:
    """A page from `limit` + 1 rows: the one too many says that there is a next page."""
    page = rows[:limit]
    return CursorPage(page, to_cursor(position(page[-1])) if len(rows) > limit else None)
