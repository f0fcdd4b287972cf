"""`make reset`: throw the development data away. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

VAR = Path(os.environ.get("SACCO_VAR") or Path(__file__).resolve().parents[2] / "var")


@contextlib.contextmanager
def sole_use() -> Iterator[None]:
    """Hold `var/` alone: ends with one clear line when somebody else's, or while `make run` runs in this folder."""
    VAR.mkdir(parents=True, exist_ok=True)
    if VAR.stat().st_uid != os.geteuid():
        raise SystemExit(f"{VAR} belongs to the user who first ran this: go on as that user, or delete the folder")
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("`make run` is running in this folder: stop it first") from None
        yield


def running_database() -> int | None:
    """The process of a database that outlived its supervisor (a kill -9), if there is one."""
    try:
        process = int((VAR / "postgres" / "postmaster.pid").read_text().split()[0])
        name = Path(f"/proc/{process}/comm").read_text().strip()
    except (OSError, ValueError, IndexError):
        return None
    return process if name == "postgres" else None


def main() -> None:
    """Delete `var/`, and what a link in it points to; refuse while the database runs."""
    with sole_use():
        process = running_database()
        if process is not None:
            raise SystemExit(f"The database still runs: end it first with kill -INT {process}")
        data = VAR / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.readlink(), ignore_errors=True)
        shutil.rmtree(VAR, ignore_errors=True)
    sys.stdout.write("-- the development data is gone\n")


if __name__ == "__main__":
    main()
