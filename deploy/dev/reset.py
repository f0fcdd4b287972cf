"""`make reset`: throw the development data away. Standard library only."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parents[2] / "var"


def main() -> None:
    """Delete `var/`, and what a link in it points to; refuse while the database runs."""
    data = VAR / "postgres"
    if (data / "postmaster.pid").exists():
        raise SystemExit(
            "The database is running: stop `make run` first (or delete var/postgres/postmaster.pid after a crash)"
        )
    if data.is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)
    shutil.rmtree(VAR, ignore_errors=True)
    sys.stdout.write("-- the development data is gone\n")


if __name__ == "__main__":
    main()
