"""The web processes: threads hold no sockets of members, the database is the shared engine."""

import gc
import os

from sacco_app.webkit import logs

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
preload_app = True  # read once, shared by the workers
timeout = 60
graceful_timeout = 20
max_requests, max_requests_jitter = 20_000, 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112 - a slow disk is no dead worker
accesslog = None  # the program writes a line for each request, without what identifies a person
logconfig_dict = logs.for_gunicorn(production=os.environ.get("SACCO_ENV", "production") == "production")
control_socket_disable = True


def when_ready(_server: object) -> None:
    """What is loaded stays: the collector need not look through it again and again, and the workers share its memory."""
    gc.collect()
    gc.freeze()


def post_fork(_server: object, worker: object) -> None:
    """No worker speaks on a database connection of its parent."""
    from sacco_app.kernel.db import db

    app = worker.app.callable  # type: ignore[attr-defined]
    with app.app_context():
        db.engine.dispose(close=False)
