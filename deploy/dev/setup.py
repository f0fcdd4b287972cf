"""Sets up a fresh clone: Python packages, browser packages, the system libraries that PDF and browser tests want.

Standard library only, because it runs before anything is installed. Each step is skipped while what it depends on
(the lock files) has not changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import shutil
import socket
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

from deploy.dev.folder import ROOT, end_leftovers, sole_use

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"
MODULES = ROOT / "node_modules"
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
NPM_MAJOR = 7  # the first that reads the lock file


def say(text: str) -> None:
    sys.stdout.write(f"-- {text}\n")
    sys.stdout.flush()


def free_port() -> int:
    """The port to serve on (`PORT`, or 8000). Ends with one clear line when it cannot be opened."""
    wanted = os.environ.get("PORT") or "8000"
    if not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise SystemExit(f"PORT is a number from 1 to 65535, not {wanted!r}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except PermissionError:
            raise SystemExit(
                f"Port {wanted} is not open to this user: choose one from 1024: PORT=8001 make run"
            ) from None
        except OSError:
            raise SystemExit(
                f"Port {wanted} is in use: stop what listens there, or choose another: PORT=8001 make run"
            ) from None
    return int(wanted)


def port_after(port: int) -> int:
    """The first port after `port` that nobody listens on: the one of the websockets."""
    for candidate in range(port + 1, port + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                return candidate
    raise SystemExit(f"No port is free between {port} and {port + 100}")


def digest_of(*names: str) -> str:
    """Changes when one of the files changes, or this Python, or the place of the environment."""
    parts = [(ROOT / name).read_bytes() for name in names]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(VENV.resolve()).encode()])).hexdigest()


def is_stamped(folder: Path, name: str, digest: str) -> bool:
    file = folder / f"{name}.stamp"
    return file.is_file() and file.read_text() == digest


def stamp(folder: Path, name: str, digest: str) -> None:
    (folder / f"{name}.stamp").write_text(digest)


def virtual_environment() -> None:
    """Make `.venv`, anew when the folder was moved or Python changed."""
    digest = digest_of()
    if is_stamped(VENV, "venv", digest):
        return
    if find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        system_packages((package,), "a virtual environment", present=False)
        importlib.invalidate_caches()
        if find_spec("ensurepip") is None:
            raise SystemExit(f"This Python lacks a part of itself: install the Debian package {package}")
    venv.create(VENV, with_pip=True, symlinks=True, clear=True)
    stamp(VENV, "venv", digest)


def install(requirements: str) -> None:
    """Install pinned, hashed requirements into `.venv` unless that was done. What tests need holds what running needs."""
    digest = digest_of(requirements)
    if is_stamped(VENV, requirements, digest):
        return
    say(f"installing the Python packages of {requirements} (half a minute and more)")
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", str(ROOT / requirements)], check=True)
    stamp(VENV, requirements, digest)


def machine_npm() -> str | None:
    """The machine's npm, if it has one that reads our lock file."""
    found = shutil.which("npm")
    if found is None:
        return None
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.split(".")
    return found if answer[0].isdecimal() and int(answer[0]) >= NPM_MAJOR else None


def browser_packages() -> None:
    """Bring htmx, Tabler, Inter and the icons into `static/vendor`."""
    digest = digest_of("package-lock.json", "static/icons.txt", "deploy/dev/vendor.py", "deploy/dev/slim.py")
    if is_stamped(VENDOR, "vendor", digest):
        return
    if machine_npm() is None:
        install("requirements-npm.txt")
    subprocess.run([str(PYTHON), "-m", "deploy.dev.vendor"], cwd=ROOT, check=True)
    stamp(VENDOR, "vendor", digest)


def packages(requirements: str) -> None:
    """Python and browser packages; where the machine has npm, both are fetched at the same time."""
    if machine_npm() is None:
        install(requirements)
    else:
        from deploy.dev import npm

        with ThreadPoolExecutor(1) as pool:
            modules = pool.submit(npm.install)
            install(requirements)
            modules.result()
    browser_packages()


def system_packages(names: tuple[str, ...], what: str, *, present: bool) -> None:
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
            reason = (done.stderr.strip() or "apt-get failed").splitlines()[-1]
            say(f"{what} stays off, {' '.join(names)} could not be installed: {reason}")
            return


def main(arguments: list[str]) -> None:
    """Everything `make run` needs; with `--tests` also the browser, with `--run` a look at the port before all."""
    if sys.version_info < (3, 11):
        raise SystemExit(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: PYTHON=python3.12 make run"
        )
    if "--run" in arguments:
        with sole_use():
            end_leftovers()
            free_port()
    virtual_environment()
    packages("requirements-dev.txt" if "--tests" in arguments else "requirements-run.txt")
    system_packages(PDF_PACKAGES, "PDF", present=all(map(find_library, PDF_LIBRARIES)))
    if "--tests" in arguments:
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        system_packages(("chromium",), "the browser test", present=browser is not None)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as failure:
        raise SystemExit(f"The set-up stopped: {Path(failure.cmd[0]).name} ended with {failure.returncode}") from None
    except KeyboardInterrupt:
        raise SystemExit("stopped; the next start goes on from here") from None
