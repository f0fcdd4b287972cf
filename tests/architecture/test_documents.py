"""What is written about the program is true: links lead somewhere, and settings, processes and libraries are all named."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest
import yaml
from click import Group

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
NOT_SETTINGS = {"PATH", "TEST_DATABASE_URL", "TEST_REDIS_URL"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_setting_is_explained():
    read = set()
    for path in (ROOT / "config.py", ROOT / "deploy" / "gunicorn.conf.py", ROOT / "deploy" / "realtime.conf.py"):
        read |= set(re.findall(r"""["']([A-Z][A-Z_]{3,})["']""", path.read_text()))
    silent = {name for name in read - NOT_SETTINGS if f"`{name}`" not in OPERATIONS}
    assert not silent, "say in docs/operations.md what these mean"


def processes() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(re.fullmatch(r"(\w+): exec (.+)", line).groups() for line in lines if line)


def test_every_process_is_deployed_and_explained():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name, command in processes().items():
        assert services[name]["command"] == command, name
        assert f"`{name}`" in OPERATIONS, name


def test_every_library_has_its_reason():
    named = set(re.findall(r"[\w@./-]+", (ROOT / "docs" / "dependencies.md").read_text()))
    asked = set(json.loads((ROOT / "package.json").read_text())["dependencies"])
    for name in ("requirements", "requirements-run", "requirements-dev", "requirements-npm"):
        lines = (ROOT / f"{name}.in").read_text().split()
        asked |= {re.split(r"[\[<>=]", line)[0] for line in lines if line != "-r" and not line.endswith(".in")}
    assert not asked - named, "give each a line in docs/dependencies.md"


def test_every_command_of_ours_is_in_the_books(app):
    words = "\n".join(page.read_text() for page in PAGES)
    groups = {name: group.commands for name, group in app.cli.commands.items() if isinstance(group, Group)}
    ours = [
        f"{name} {command}"
        for name, commands in groups.items()
        for command, body in commands.items()
        if inspect.unwrap(body.callback).__module__.startswith("sacco_app")
    ]
    assert ours
    assert not [command for command in ours if command not in words]


def test_no_two_decisions_share_a_number():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert len(numbers) == len(set(numbers))
