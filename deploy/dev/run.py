"""`make run`: servers, migrations, demo data and all processes under one supervisor; stops everything with itself."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from config import new_secrets
from deploy.dev.folder import PROCESS, ROOT, VAR, die_with_parent, end_leftovers, end_processes, sole_use
from deploy.dev.servers import ServerDidNotStart, create_database, postgres, valkey
from deploy.dev.setup import free_port, port_after, say

ANSWER_SECONDS = 60
STOP_SECONDS = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def development_secrets() -> dict[str, str]:
    """Secrets of this clone, made once and kept in `var/dev.env`, readable by the owner alone."""
    file = VAR / "dev.env"
    if not file.exists():
        draft = VAR / "dev.env.new"
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(new_secrets())
        draft.rename(file)
    kept = _settings(file.read_text())
    newer = {name: value for name, value in _settings(new_secrets()).items() if name not in kept}
    with file.open("a") as lines:
        lines.writelines(f"{name}={value}\n" for name, value in newer.items())
    return kept | newer


def _settings(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def own_settings() -> dict[str, str]:
    """The settings of this clone; what the environment names counts more."""
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    ours = {**PROCESS, "SACCO_ENV": "development", "UPLOAD_DIR": str(VAR / "uploads"), "PYTHONUNBUFFERED": "1"}
    ours["VAPID_SUBJECT"] = "mailto:it@umoja.example"
    given = {name: value for name, value in os.environ.items() if value}
    return {**ours, **development_secrets(), **given, "PATH": search}


@contextlib.contextmanager
def environment() -> Iterator[dict[str, str]]:
    """The environment of the processes, with embedded servers running unless real ones are named."""
    settings = own_settings()
    with contextlib.ExitStack() as stack:
        if "DATABASE_URL" not in settings:
            admin = stack.enter_context(postgres(VAR / "postgres", durable=True))
            settings["DATABASE_URL"] = create_database(admin, "sacco")
        if "REDIS_URL" not in settings:
            settings["REDIS_URL"] = stack.enter_context(valkey(VAR / "valkey"))
        yield settings


def flask(settings: dict[str, str], *arguments: str, quiet: bool = False) -> str:
    """Run a command of the program. Returns what it printed if `quiet`. Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=ROOT, env=settings, check=True, preexec_fn=tied, stdout=output, text=True)
    return done.stdout or ""


def tied() -> None:
    die_with_parent(signal.SIGTERM)


@contextlib.contextmanager
def supervisor(settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """All processes of the Procfile; when one ends, or the block does, all end."""
    command = [sys.executable, "-m", "deploy.dev.supervisor"]
    process = subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True, preexec_fn=tied)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_processes(PROCESS)


def answers(port: int) -> bool:
    """True when the program says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def await_answer(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the program's first answer, as long as it runs."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return True
        time.sleep(0.1)
    return False


def end(signum: int, _frame: object) -> NoReturn:
    """Leave through every `finally` on the first signal; further ones do not disturb the clearing up."""
    for name in SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    raise SystemExit(0 if signum == signal.SIGINT else 128 + signum)


def prepare(settings: dict[str, str]) -> str:
    """Tables, and unless this is production the demo SACCO. Returns the sign-ins to print."""
    if settings["SACCO_ENV"] == "production":
        flask(settings, "db", "upgrade")
        return ""
    return flask(settings, "demo", "prepare", quiet=True)


def serve(settings: dict[str, str]) -> int:
    """Prepare, then serve until a process ends. Returns the supervisor's exit code."""
    port = int(settings["PORT"])
    sign_ins = prepare(settings)
    with supervisor(settings) as process:
        if await_answer(port, process):
            sys.stdout.write(f"\n{sign_ins}\n")
            say(f"the back office is at http://127.0.0.1:{port} (Ctrl-C stops it)")
        elif process.poll() is None:
            say(f"no answer from http://127.0.0.1:{port}/healthz within {ANSWER_SECONDS} seconds: see the lines above")
        code = process.wait()
    say("a process ended, so everything is stopped")
    return 1 if code else 0


def main() -> int:
    """Run until interrupted."""
    for name in SIGNALS:
        signal.signal(name, end)
    if "MAKELEVEL" in os.environ:  # `make run` itself may be killed
        tied()
    try:
        with sole_use():
            end_leftovers()
            port = free_port()
            with environment() as settings:
                sockets = settings.get("REALTIME_PORT") or str(port_after(port))
                return serve({**settings, "PORT": str(port), "REALTIME_PORT": sockets})
    except subprocess.CalledProcessError as failure:
        raise SystemExit(f"`flask {' '.join(failure.cmd[5:])}` failed, see above") from None
    except ServerDidNotStart as failure:
        raise SystemExit(f"An embedded server did not start:\n{failure}") from None


if __name__ == "__main__":
    sys.exit(main())
