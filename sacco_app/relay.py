"""The outbox relay: `python -m sacco_app.relay`. Hands new events to the queues; several may run side by side."""

from __future__ import annotations

import logging

from flask import Flask
from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from sacco_app.app import create_app
from sacco_app.kernel.db import db
from sacco_app.webkit import jobs, processes

log = logging.getLogger("sacco.relay")
IDLE_SECONDS = 0.2
TROUBLE_SECONDS = 1.0


def step(app: Flask, connection: Redis) -> float:
    """Hand over what there is. An engine that is away is waited for: nothing is lost, it is only late."""
    with app.app_context():
        try:
            moved = jobs.hand_over(app, app.extensions["clock"], connection)
        except (RedisError, SQLAlchemyError) as trouble:
            log.warning("waiting: %s", type(trouble).__name__)
            db.session.remove()
            return TROUBLE_SECONDS
        return 0.0 if moved else IDLE_SECONDS


def main() -> None:
    """Run until told to stop."""
    app = create_app(Config.from_env())
    connection = jobs.connect(app)
    processes.loop("relay", connection, lambda: step(app, connection))


if __name__ == "__main__":
    main()
