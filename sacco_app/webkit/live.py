"""The way of nudges from any process to the open pages: published on Valkey, spread by the realtime process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from redis import RedisError
from socketio import RedisManager

log = logging.getLogger("sacco.live")
PAUSE_SECONDS = 5.0


class Publisher(RedisManager):  # type: ignore[misc]
    """Publishes once and says when it could not; the library's own tries again, logs, and keeps the failure to itself."""

    def _publish(self, data: Any) -> Any:
        if not self.connected:
            self._redis_connect()
        return self.redis.publish(self.channel, self.json.dumps(data))


def sender(redis_url: str, now: Callable[[], float] = time.monotonic) -> Callable[[str, str], None]:
    """A sender for `kernel.nudges`. While Valkey is away it pauses, so that nobody at the counter waits for it."""
    publisher = Publisher(redis_url, write_only=True)
    silent_until = 0.0

    def send(room: str, name: str) -> None:
        nonlocal silent_until
        if now() < silent_until:
            return
        try:
            publisher.emit("nudge", {"name": name}, namespace="/", room=room)
        except (RedisError, OSError) as trouble:
            log.warning("nudges are lost for a while: %s", type(trouble).__name__)
            silent_until = now() + PAUSE_SECONDS

    return send
