"""The way of nudges from any process to the open pages: published on Valkey, spread by the realtime process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import RedisError
from socketio import RedisManager

from sacco_app.kernel.nudges import Sender

log = logging.getLogger("sacco.live")
PAUSE_SECONDS = 5.0


class Publisher(RedisManager):  # type: ignore[misc]
    """Publishes all of a transaction in one go and says when it could not; the library's own tries again and keeps still."""

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, write_only=True)
        self._waiting = threading.local()

    def emit_all(self, nudges: Sequence[tuple[str, str]]) -> None:
        """Tell each room its name, in one round trip. Raises RedisError, OSError."""
        if not self.connected:
            self._redis_connect()
        with self.redis.pipeline(transaction=False) as self._waiting.pipeline:
            for room, name in nudges:
                self.emit("nudge", {"name": name}, namespace="/", room=room)
            self._waiting.pipeline.execute()

    def _publish(self, data: Any) -> Any:
        return self._waiting.pipeline.publish(self.channel, self.json.dumps(data))


def sender(redis_url: str, now: Callable[[], float] = time.monotonic) -> Sender:
    """A sender for `kernel.nudges`. While Valkey is away it pauses, so that nobody at the counter waits for it."""
    publisher = Publisher(redis_url)
    silent_until = 0.0

    def send(nudges: Sequence[tuple[str, str]]) -> None:
        nonlocal silent_until
        if now() < silent_until:
            return
        try:
            publisher.emit_all(nudges)
        except (RedisError, OSError) as trouble:
            log.warning("nudges are lost for a while: %s", type(trouble).__name__)
            silent_until = now() + PAUSE_SECONDS

    return send
