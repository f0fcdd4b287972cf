"""`make run`: servers, migrations, demo data and all processes under one supervisor; stops everything with itself."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.dev.servers import create_database, postgres, valkey
from deploy.dev.setup import ROOT, say

VAR = ROOT / "var"
ANSWER_SECONDS = 60


def development_secrets() -> dict[str, str]:
    """Secrets of this clone, made once and kept in `var/dev.env`, readable by the owner alone."""
    file = VAR / "dev.env"
    if not file.exists():
        VAR.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"SECRET_KEY={secrets.token_hex(32)}\nFIELD_ENCRYPTION_KEY={Fernet.generate_key().decode()}\n")
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def refuse_busy_port(port: int) -> None:
    """End with one clear line when something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SystemExit(
                f"Port {port} is in use: stop what listens there, or choose another: PORT=8001 make run"
            ) from None


@contextlib.contextmanager
def environment(port: int) -> Iterator[dict[str, str]]:
    """The environment of the processes, with embedded servers running unless real ones are named."""
    settings = {
        "SACCO_ENV": "development",
        "UPLOAD_DIR": str(VAR / "uploads"),
        "PORT": str(port),
        **development_secrets(),
    }
    settings |= {"PYTHONUNBUFFERED": "1", **os.environ, "PORT": str(port)}
    with contextlib.ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            admin = stack.enter_context(postgres(VAR / "postgres", durable=True))
            settings["DATABASE_URL"] = create_database(admin, "sacco")
        if "REDIS_URL" not in os.environ:
            settings["REDIS_URL"] = stack.enter_context(valkey(VAR / "valkey"))
        yield settings


def flask(settings: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    subprocess.run(command, cwd=ROOT, env=settings, check=True)


def announce(settings: dict[str, str], supervisor: subprocess.Popen[bytes]) -> None:
    """Print the address and the sign-ins once the program answers."""
    address = f"http://127.0.0.1:{settings['PORT']}"
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline and supervisor.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.2)
            continue
        flask(settings, "demo", "sign-ins")
        say(f"the back office is at {address} (Ctrl-C stops it)")
        return


def stop(supervisor: subprocess.Popen[bytes]) -> None:
    if supervisor.poll() is None:
        os.killpg(supervisor.pid, signal.SIGTERM)
    try:
        supervisor.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(supervisor.pid, signal.SIGKILL)
        supervisor.wait()


def main() -> int:
    """Run until interrupted. Returns the supervisor's exit code."""
    port = int(os.environ.get("PORT", "8000"))
    refuse_busy_port(port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    with environment(port) as settings:
        flask(settings, "db", "upgrade")
        flask(settings, "demo", "load")
        honcho = [sys.executable, "-m", "honcho", "-f", str(ROOT / "Procfile"), "start", "--no-prefix"]
        search = f"{Path(sys.executable).parent}{os.pathsep}{settings.get('PATH', os.defpath)}"
        supervisor = subprocess.Popen(honcho, cwd=ROOT, env={**settings, "PATH": search}, start_new_session=True)
        threading.Thread(target=announce, args=(settings, supervisor), daemon=True).start()
        try:
            return supervisor.wait()
        except KeyboardInterrupt:
            say("stopping")
            return 0
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            stop(supervisor)


if __name__ == "__main__":
    sys.exit(main())
