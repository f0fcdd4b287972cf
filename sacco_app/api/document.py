"""The OpenAPI document: what the operations say of themselves, with examples made from those of the fields."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from flask import Flask, current_app
from flask_smorest import Api

from sacco_app.access.catalogue import SCOPES
from sacco_app.api.blueprint import PREFIX, blueprint, example_of
from sacco_app.api.problems import CODES, MEDIA_TYPE, TITLES
from sacco_app.api.schemas.common import Problem

OPENAPI = "3.1.0"
VERSION = "1.0.0"
METHODS = ("get", "post", "put", "patch", "delete")
TAGS = {
    "Sign-in": "Tokens for members' apps. A PIN buys a short access token and a refresh token that works once.",
    "Member": "What the signed-in member sees of themselves. Whatever belongs to somebody else is not found.",
    "Transfers": "Money that the signed-in member moves.",
    "Statements": "Statements of account as PDF: asked for, made in the background, fetched.",
    "Clients": "Tokens for partners' programs (OAuth 2.0 client credentials).",
    "Ledger": "The book, for accounting partners. Amounts are of the branches that the client may see.",
    "Members": "Look-up of members for partners, with as little as the scope allows.",
    "Reporting": "Figures of the SACCO for partners.",
}
HEADERS = {
    "RequestId": ("The id of the request. Support asks for it.", {"type": "string", "format": "uuid"}),
    "Location": ("Where the new thing is", {"type": "string"}),
    "Link": ('`<…>; rel="next"` when there is a next page', {"type": "string"}),
    "RetryAfter": ("Seconds to wait", {"type": "string"}),
    "Replayed": ("`true` when the key was used before: this is the first answer again", {"type": "string"}),
    "Challenge": ("RFC 6750", {"type": "string"}),
}


class HouseApi(Api):  # type: ignore[misc]
    """flask-smorest with our failures: problems, each status by name, no catch-all that would document anything."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """The blueprint has its own (see problems)."""

    def _register_pagination_header(self) -> None:
        """Pages go by cursor (see paging)."""

    def _register_responses(self) -> None:
        self.spec.components.schema("Problem", schema=Problem)
        for status, title in TITLES.items():
            self.spec.components.response(f"Problem{status}", _failure(status, title), lazy=True)
        same = {"description": "You have it: the body would be the same", "headers": {"X-Request-Id": "RequestId"}}
        self.spec.components.response("NotModified", same, lazy=True)
        self.spec.components.response("UNPROCESSABLE_ENTITY", _failure(422, TITLES[422]), lazy=True)
        for name, (description, schema) in HEADERS.items():
            self.spec.components.header(name, {"description": description, "schema": schema})


def _failure(status: int, title: str) -> dict[str, Any]:
    example = example_of(status, CODES.get(status, "api.unexpected"), title)
    headers = {"X-Request-Id": "RequestId"}
    headers |= {429: {"Retry-After": "RetryAfter"}, 401: {"WWW-Authenticate": "Challenge"}}.get(status, {})
    return {
        "description": title,
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": "Problem", "example": example}},
    }


def register(app: Flask) -> None:
    """Attach the blueprint and write the document."""
    home = app.extensions["config"].public_url
    about = (files("sacco_app.api") / "data" / "about.md").read_text()
    api = HouseApi(
        app,
        spec_kwargs={
            "title": "SACCO API",
            "version": VERSION,
            "openapi_version": OPENAPI,
            "info": {"description": about},
            "servers": [{"url": "/"}],
        },
    )
    schemes = api.spec.components
    schemes.security_scheme("member", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    flow = {"tokenUrl": f"{home}{PREFIX}/oauth/token", "scopes": SCOPES}
    schemes.security_scheme("client", {"type": "oauth2", "flows": {"clientCredentials": flow}})
    schemes.security_scheme("client_secret", {"type": "http", "scheme": "basic"})
    api.register_blueprint(blueprint)
    app.extensions["openapi"] = finished(api.spec.to_dict())


def document() -> dict[str, Any]:
    """The document of the running application."""
    found: dict[str, Any] = current_app.extensions["openapi"]
    return found


def finished(spec: dict[str, Any]) -> dict[str, Any]:
    """Put tags in order and an example beside every body that lacks one."""
    spec["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    schemas = spec["components"]["schemas"]
    for path in spec["paths"].values():
        for operation in operations_of(path).values():
            operation["responses"] = dict(sorted(operation["responses"].items()))
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for media in body.get("content", {}).values():
                    if not media.keys() & {"example", "examples"} and media["schema"].get("format") != "binary":
                        media["example"] = example(media["schema"], schemas)
    return spec


def operations_of(path: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations of a path by method; what stands beside them (parameters of all) is left out."""
    return {method: operation for method, operation in path.items() if method in METHODS}


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that fits the schema, from the examples of its fields."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "anyOf" in schema or "allOf" in schema:
        return example((schema.get("anyOf") or schema["allOf"])[0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        return {name: example(inner, schemas) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema["items"], schemas)]
    return {"boolean": True, "integer": schema.get("default", 1)}.get(kind, "text")
