"""`make reset`: throw the development data away. Standard library only."""

from __future__ import annotations

import shutil
import sys

from deploy.dev.folder import VAR, end_leftovers, sole_use


def main() -> None:
    """Delete `var/`, and what a link in it points to."""
    with sole_use():
        end_leftovers()
        data = VAR / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.readlink(), ignore_errors=True)
        shutil.rmtree(VAR, ignore_errors=True)
    sys.stdout.write("-- the development data is gone\n")


if __name__ == "__main__":
    main()
