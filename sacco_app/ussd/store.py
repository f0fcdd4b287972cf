"""Where sessions stand between two hops: Valkey, for minutes only, encrypted, under names that say nothing.

A hop waits here for the one before it. Whatever Valkey cannot do becomes SessionsLost, which the member reads as
"dial again".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import LockError

from sacco_app.kernel import crypto
from sacco_app.ussd.errors import SessionBusy, SessionsLost
from sacco_app.ussd.types import Outcome, Screen, State

SESSION_SECONDS = 300
LOCK_SECONDS = 60
WAIT_SECONDS = 10
ANSWER_SECONDS = 3
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """A session between two hops.

    `path` and `latest` are marks of what was typed, never the text: they tell a repeated hop from a new one. `length`
    is how much of the path is known, `answered` counts the hops, `row` is the audit row.
    """

    state: State
    screen: Screen
    path: str = ""
    length: int = 0
    latest: str = ""
    sequence: int | None = None
    answered: int = 0
    row: str = ""


def _pack(kept: Kept) -> bytes:
    return crypto.encrypt(json.dumps(asdict(kept)))


def _unpack(blob: bytes) -> Kept:
    told = json.loads(crypto.decrypt(blob))
    state = State(**{**told["state"], "trail": tuple(told["state"]["trail"])})
    screen = Screen(**{**told["screen"], "outcome": Outcome(told["screen"]["outcome"])})
    return Kept(**{**told, "state": state, "screen": screen})


class SessionStore:
    """The sessions of all web processes. Raises SessionsLost when Valkey does not answer in time."""

    def __init__(self, url: str) -> None:
        self._valkey: Redis = Redis.from_url(
            url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS, health_check_interval=30
        )

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """One hop of a session at a time. Raises SessionBusy after ten seconds of waiting."""
        lock = self._valkey.lock(f"ussd:lock:{name}", timeout=LOCK_SECONDS, blocking_timeout=WAIT_SECONDS)
        with _asking():
            if not lock.acquire():
                raise SessionBusy
        try:
            yield
        finally:
            with suppress(RedisError, LockError):  # it ends by itself
                lock.release()

    def load(self, name: str) -> Kept | None:
        """The session, if it is known."""
        with _asking():
            blob = self._valkey.get(f"ussd:session:{name}")
        return _unpack(blob) if isinstance(blob, bytes) else None

    def save(self, name: str, kept: Kept) -> None:
        """Keep the session for the rest of its life."""
        with _asking():
            self._valkey.set(f"ussd:session:{name}", _pack(kept), ex=SESSION_SECONDS)

    def broken_off(self, phone: str) -> Mapping[str, Any] | None:
        """What this telephone left unfinished a few minutes ago."""
        with _asking():
            blob = self._valkey.get(f"ussd:left:{phone}")
        return dict(json.loads(crypto.decrypt(blob))) if isinstance(blob, bytes) else None

    def break_off(self, phone: str, earlier: Mapping[str, Any] | None, minutes: int) -> None:
        """Keep what can be gone on with, or forget it."""
        with _asking():
            if earlier is None or minutes <= 0:
                self._valkey.delete(f"ussd:left:{phone}")
            else:
                self._valkey.set(f"ussd:left:{phone}", crypto.encrypt(json.dumps(earlier)), ex=minutes * MINUTE)

    def count(self, phone: str) -> int:
        """How many hops this telephone has made within a minute, this one included."""
        name = f"ussd:hops:{phone}"
        with _asking(), self._valkey.pipeline() as together:
            together.incr(name)
            together.expire(name, MINUTE, nx=True)
            return int(together.execute()[0])


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise SessionsLost from error
