"""The realtime process: one worker holds every websocket, one thread each."""

import os

from sacco_app.webkit import logs

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('REALTIME_PORT', '8001')}"
workers = 1
threads = int(os.environ.get("REALTIME_THREADS", "400"))
worker_class = "gthread"
graceful_timeout = 2
accesslog = None
logconfig_dict = logs.for_gunicorn(production=os.environ.get("SACCO_ENV", "production") == "production")
control_socket_disable = True
