"""The document for programs and the page for people. Both are open: they show what is asked for, never what is there."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from sacco_app.api.blueprint import PREFIX
from sacco_app.api.document import document
from sacco_app.api.reference import prose, sections
from sacco_app.webkit.auth import public
from sacco_app.webkit.htmx import respond

blueprint = Blueprint("api_reference", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(document())


@blueprint.get("/docs")
@public
def page() -> Response:
    told = document()
    home = current_app.extensions["config"].public_url
    return respond(
        "api/reference.html",
        version=told["info"]["version"],
        about=prose(told["info"]["description"]),
        sections=sections(told, home),
        home=home,
    )
