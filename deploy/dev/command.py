"""`make flask do="ledger check"`: a command of the program on this clone's data, whether `make run` runs or not."""

from __future__ import annotations

import subprocess
import sys

from deploy.dev.folder import VAR, Busy, end_leftovers, sole_use
from deploy.dev.run import environment, flask, own_settings
from deploy.dev.servers import ServerDidNotStart, postgres_url, valkey_url


def main(arguments: list[str]) -> int:
    """Run one `flask` command. Returns its exit code."""
    try:
        try:
            with sole_use():
                end_leftovers()
                with environment() as settings:
                    flask(settings, *arguments)
        except Busy:
            running = {
                "DATABASE_URL": postgres_url(VAR / "postgres", "sacco"),
                "REDIS_URL": valkey_url(VAR / "valkey"),
            }
            flask({**running, **own_settings()}, *arguments)
    except subprocess.CalledProcessError as failure:
        return failure.returncode
    except ServerDidNotStart as failure:
        raise SystemExit(f"An embedded server did not start:\n{failure}") from None
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
