"""Sets up a fresh clone: Python packages, browser packages, the system libraries that PDF and browser tests want.

Standard library only, because it runs before anything is installed. Each step is skipped while what it depends on
(the lock files) has not changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def say(text: str) -> None:
    sys.stdout.write(f"-- {text}\n")
    sys.stdout.flush()


def _digest(*names: str) -> str:
    parts = [(ROOT / name).read_bytes() for name in names]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(ROOT).encode()])).hexdigest()


def _fresh(stamp: str, digest: str) -> bool:
    file = VENV / f"{stamp}.stamp"
    return file.exists() and file.read_text() == digest


def _stamp(stamp: str, digest: str) -> None:
    (VENV / f"{stamp}.stamp").write_text(digest)


def python_packages() -> None:
    """Make `.venv` and install the pinned, hashed requirements."""
    digest = _digest("requirements-dev.txt")
    if _fresh("python", digest):
        return
    say("installing the Python packages (about a minute)")
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True, symlinks=True)
    command = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*command, "-r", str(ROOT / "requirements-dev.txt")], check=True)
    _stamp("python", digest)


def browser_packages() -> None:
    """Bring htmx, Tabler, Inter and the icons into `static/vendor`."""
    digest = _digest("package-lock.json", "static/icons.txt", "deploy/dev/vendor.py", "deploy/dev/slim.py")
    if _fresh("browser", digest) and (ROOT / "static" / "vendor" / "icons.svg").exists():
        return
    say("bringing the browser packages")
    subprocess.run([str(PYTHON), "-m", "deploy.dev.vendor"], cwd=ROOT, check=True)
    _stamp("browser", digest)


def system_packages(names: tuple[str, ...], what: str, present: bool) -> None:
    """Install Debian packages where that may be done; else say in one line what is missing and go on."""
    if present:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(f"{what} needs these Debian packages: {' '.join(names)} (going on without)")
        return
    say(f"installing {' '.join(names)} for {what}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"{what} stays off: {done.stderr.strip().splitlines()[-1:] or ['apt-get failed']}")
            return


def has_pdf_libraries() -> bool:
    """True when WeasyPrint can load its libraries."""
    probe = (
        "from ctypes.util import find_library as f; import sys; sys.exit(not (f('pango-1.0') and f('pangoft2-1.0')))"
    )
    return subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def main(for_tests: bool) -> None:
    """Everything `make run` needs; with `for_tests` also the browser."""
    if sys.version_info < (3, 11):
        raise SystemExit("Python 3.11 or newer is needed")
    python_packages()
    browser_packages()
    system_packages(PDF_PACKAGES, "PDF", has_pdf_libraries())
    if for_tests:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        system_packages(("chromium",), "the browser test", found is not None)


if __name__ == "__main__":
    main("--tests" in sys.argv)
