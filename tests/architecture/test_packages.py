"""What is installed where: pinned with hashes, and the same version for running, developing and deploying."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("requirements", "requirements-run", "requirements-dev")


def pins(name: str) -> set[str]:
    return set(re.findall(r"(?m)^([a-z0-9][\w.-]*(?:\[[\w,]+\])?==[^\s;]+)", (ROOT / f"{name}.txt").read_text()))


def wanted(name: str) -> set[str]:
    lines = (ROOT / f"{name}.in").read_text().split("\n")
    return {re.split(r"[\[<>=]", line)[0] for line in lines if line and not line.startswith("-r")}


@pytest.mark.parametrize(("smaller", "larger"), list(itertools.pairwise(LISTS)))
def test_each_list_holds_the_pins_of_the_one_before(smaller, larger):
    assert pins(smaller) <= pins(larger)


@pytest.mark.parametrize("name", LISTS)
def test_every_package_asked_for_is_pinned_with_a_hash(name):
    names = {re.split(r"[\[=]", pin)[0] for pin in pins(name)}
    assert wanted(name) <= names
    lines = [line for line in (ROOT / f"{name}.txt").read_text().split("\n") if "==" in line]
    assert all(line.rstrip().endswith("\\") for line in lines)


def test_browser_packages_are_exact_and_locked():
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in asked.items():
        entry = locked[f"node_modules/{name}"]
        assert entry["version"] == version
        assert entry["integrity"].startswith("sha512-")
