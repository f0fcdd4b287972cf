"""The OpenAPI document: complete in itself, published, and reviewed when it changes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import jsonschema_rs
import pytest
import schemathesis

from sacco_app.api.document import TAGS, document, operations_of
from sacco_app.api.reference import prose
from sacco_app.webkit.auth import door_of

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def operations():
    return [
        (f"{method.upper()} {path}", told)
        for path, told_of_path in document()["paths"].items()
        for method, told in operations_of(told_of_path).items()
    ]


def resolved(answer):
    name = answer.get("$ref", "").rsplit("/", 1)[-1]
    return document()["components"]["responses"][name] if name else answer


def test_the_published_document_is_that_of_the_program(app):
    now = (
        json.dumps(document(), indent=1, ensure_ascii=False).replace("http://localhost", "https://sacco.example") + "\n"
    )
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PUBLISHED.write_text(now)
    assert now == PUBLISHED.read_text(), "the API has changed: review, then UPDATE_SNAPSHOTS=1"


def test_the_document_is_valid_openapi():
    schemathesis.openapi.from_path(PUBLISHED).validate()


def test_the_document_is_served_to_anybody(client):
    served = client.get("/api/v1/openapi.json")
    assert served.json["paths"] == json.loads(PUBLISHED.read_text())["paths"]


def test_the_page_shows_every_operation_from_our_own_files(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    for name, told in operations():
        assert f'id="{told["operationId"]}"' in page.text
        assert name.split(" ", 1)[1] in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<strong>Money</strong>" in page.text
    assert "curl -X POST" in page.text
    assert "phone=%2B256772123456" in page.text


def test_words_of_the_document_are_escaped_on_the_page():
    (told,) = prose("A `code` of **weight** & <script>")
    assert told == "A <code>code</code> of <strong>weight</strong> &amp; &lt;script&gt;"


def test_every_view_of_the_api_is_in_the_document_with_its_guard(app):
    told = {f"api.{one['operationId']}": one for _, one in operations()}
    views = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert told.keys() == views
    for endpoint, one in told.items():
        door = door_of(endpoint)
        scheme, scopes = next(iter(one["security"][0].items())) if one["security"] else ("", [])
        wanted = {"member": "member-token", "client": f"client {' '.join(scopes)}"}.get(scheme, "anybody")
        assert door.name == wanted, endpoint


def test_every_operation_says_what_it_does_and_how_it_fails(app):
    for name, told in operations():
        assert told["summary"], name
        assert not told["summary"].endswith("."), name
        assert set(told["tags"]) <= TAGS.keys(), name
        assert {"429", "500"} <= told["responses"].keys(), name
        assert not told["security"] or "401" in told["responses"], name
        assert ("requestBody" in told) == ({"400", "413", "415"} <= told["responses"].keys()), name
        assert "default" not in told["responses"], name
        for status, answer in ((status, resolved(one)) for status, one in told["responses"].items()):
            assert answer["description"], f"{name} {status}"
            assert "X-Request-Id" in answer["headers"], f"{name} {status}"
            if status >= "400":
                assert [media["schema"] for media in answer["content"].values()] == [PROBLEM], f"{name} {status}"
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"


def test_every_example_fits_its_schema(app):
    components = {"components": document()["components"]}
    seen = 0
    for name, told in operations():
        bodies = [told.get("requestBody", {}), *map(resolved, told["responses"].values())]
        for media in [media for body in bodies for media in body.get("content", {}).values()]:
            named = {key: one["value"] for key, one in media.get("examples", {}).items()}
            examples = named or ({"": media["example"]} if "example" in media else {})
            assert examples or media["schema"].get("format") == "binary", name
            for example in examples.values():
                seen += 1
                problems = list(jsonschema_rs.Draft202012Validator(media["schema"] | components).iter_errors(example))
                assert not problems, f"{name}: {problems[0].message}"
    assert seen > 100


@pytest.mark.parametrize("schema", json.loads(PUBLISHED.read_text())["components"]["schemas"])
def test_every_field_that_is_text_shows_an_example(app, schema):
    told = document()["components"]["schemas"][schema]
    silent = [
        name
        for name, field in told.get("properties", {}).items()
        if "string" in (field.get("type") or "") and not field.keys() & {"examples", "description", "enum"}
    ]
    assert not silent
