"""The shape of the house, held by tests: sizes, words that are banned, views that name their permission."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted((ROOT / "sacco_app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BANNED = {
    r"\bdate\.today\(|\bdatetime\.(now|utcnow)\(\s*\)": "the clock is an argument",
    r"\.query\.(filter|get|all|first)": "Model.query",
    r"\bfloat\(": "float near money",
    r"\|\s*safe\b": "unescaped output",
}


def relative(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_files_and_functions_stay_small(path):
    text = path.read_text()
    assert text.count("\n") <= 400, "split the file by use case"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


@pytest.mark.parametrize("path", [*PYTHON, *TEMPLATES], ids=relative)
def test_banned_words_do_not_appear(path):
    text = path.read_text()
    for pattern, why in BANNED.items():
        if path.parent.name == "kernel" and "clock" in why:
            continue
        assert not re.search(pattern, text), why


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_only_the_unit_of_work_commits(path):
    if path.name != "uow.py":
        assert ".commit()" not in path.read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_are_small_and_hold_no_script(path):
    text = path.read_text()
    assert text.count("\n") <= 120
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=|\sstyle=", text)


def test_every_view_names_who_may_open_it(app):
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not getattr(view, "required_permissions", None)
    ]
    assert not silent, f"decorate with @requires, @signed_in or @public: {silent}"


def test_paths_are_kebab_case_and_parameters_typed(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        bare = re.sub(r"<[^>]+>", "", rule.rule)
        assert bare == bare.lower(), rule.rule
        assert "_" not in bare, rule.rule
        assert all(":" in part for part in re.findall(r"<([^>]+)>", rule.rule)), f"{rule.rule}: type the parameter"


def test_every_template_compiles(app):
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def is_ground(path):
    """Kernel and webkit: what every room stands on."""
    return path.relative_to(ROOT).parts[1] in ("kernel", "webkit")


@pytest.mark.parametrize("path", [path for path in PYTHON if is_ground(path)], ids=relative)
def test_what_others_may_call_says_what_it_means(path):
    public = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    silent = [node.name for node in public if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert not silent


def test_every_module_and_room_says_what_it_owns():
    silent = [
        relative(path)
        for path in PYTHON
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_endpoints_that_are_linked_exist(app):
    linked = {
        (endpoint, relative(path))
        for path in [*PYTHON, *TEMPLATES]
        for endpoint in re.findall(r"""(?:url_for|may_open)\(["'](\w[\w.]+)["']""", path.read_text())
    }
    assert not {(endpoint, where) for endpoint, where in linked if endpoint not in app.view_functions}


def test_no_template_lies_unused():
    everything = "\n".join(path.read_text() for path in [*PYTHON, *TEMPLATES])
    names = (path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES)
    wanted = (name for name in names if not name.startswith(("components/", "documents/")))  # loaded by kind
    assert not [name for name in wanted if f'"{name}"' not in everything]


def test_icons_that_are_named_are_brought():
    brought = set((ROOT / "static" / "icons.txt").read_text().split())
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r"""icon\(["']([\w-]+)["']""", path.read_text()))
    for path in PYTHON:
        named |= set(re.findall(r"""NavItem\([^)]*?["'][a-z_]+\.[a-z_]+["'],\s*["']([\w-]+)["']""", path.read_text()))
    assert not named - brought, "add them to static/icons.txt"


def test_account_codes_stand_in_data_alone():
    for path in PYTHON:
        if "demo" in path.parts or path.parent.name == "organisation":
            continue
        assert not re.search(r"""["'][1-59]\d{3}["']""", path.read_text()), f"{relative(path)}: a literal account code"
