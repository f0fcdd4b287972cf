"""What may lie in the repository, and words that must not be in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 1_000_000
TEST_LINES = 800
TEXTS = {".py", ".html", ".js", ".css", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".yml", ".sh", ".svg", ""}
FOREIGN = re.compile(r"\.min\.(js|css)$|(^|/)vendor/|(^|/)node_modules/|\.(woff2?|ttf|whl)$")
PLACES = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(com|org)"), ("deb", "debian"), ("jsdelivr", "net"))
HOSTS = re.compile("|".join(rf"{name}\.{end}" for name, end in (*PLACES, ("unpkg", "com"), ("cdnjs", "cloudflare"))))
UNFINISHED = re.compile(r"(#|//|\{#|/\*|<!--)\s*(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
SLEEP = "time.sle" + "ep("
SKIP = re.compile(r"(pytest\.skip|mark\.skip|mark\.xfail)(?!\w)(\(\s*\)|(?!if|\())")


def tracked() -> list[Path]:
    """The files of the repository; without git, everything that is not made by a command."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    made = {".venv", "var", "node_modules", "vendor", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts)]


FILES = tracked()
READABLE = [path for path in FILES if path.suffix in TEXTS]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_nothing_large_and_nothing_foreign_is_committed():
    large = [named(path) for path in FILES if path.stat().st_size > LARGEST]
    foreign = [named(path) for path in FILES if FOREIGN.search(named(path))]
    assert not large
    assert not foreign, "browser packages come by package-lock.json into static/vendor"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [(HOSTS, "where packages come from is the machine's business"), (UNFINISHED, "finish it, or leave it out")],
    ids=["hosts", "unfinished"],
)
def test_no_file_holds(pattern, why):
    found = [named(path) for path in READABLE if pattern.search(path.read_text(encoding="utf-8"))]
    assert not found, why


def test_templates_escape():
    loose = [named(path) for path in (ROOT / "templates").rglob("*.html") if "autoescape false" in path.read_text()]
    assert not loose


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=named)
def test_tests_are_readable_never_wait_and_say_why_they_skip(path):
    text = path.read_text()
    assert text.count("\n") <= TEST_LINES
    assert SLEEP not in text, "wait for what should happen, not for time to pass"
    assert not SKIP.search(text), "a skip gives its reason"


@pytest.mark.parametrize("path", sorted((ROOT / "sacco_app").rglob("*.py")), ids=named)
def test_a_check_that_is_switched_off_says_which(path):
    loose = re.findall(r"(?m)^.*#\s*(?:type: ignore(?!\[)|noqa(?!: [A-Z]+\d)).*$", path.read_text())
    assert not loose
