"""The way of nudges from any process to the open pages: published on Valkey, spread by the realtime process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from socketio import RedisManager

log = logging.getLogger("sacco.live")
PAUSE_SECONDS = 5.0


def sender(redis_url: str, now: Callable[[], float] = time.monotonic) -> Callable[[str, str], None]:
    """A sender for `kernel.nudges`. While Valkey is away it pauses, so that nobody at the counter waits for it."""
    logging.getLogger("socketio").setLevel(logging.CRITICAL)
    publisher = RedisManager(redis_url, write_only=True)
    silent_until = 0.0

    def send(room: str, name: str) -> None:
        nonlocal silent_until
        if now() < silent_until:
            return
        try:
            publisher.emit("nudge", {"name": name}, namespace="/", room=room)
            connected = publisher.connected
        except Exception:
            log.exception("a nudge was lost")
            connected = False
        if not connected:
            silent_until = now() + PAUSE_SECONDS

    return send
