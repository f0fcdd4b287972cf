"""The document for programs and the page for people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from sacco_app.api.blueprint import PREFIX
from sacco_app.api.document import document
from sacco_app.webkit.auth import public

blueprint = Blueprint("api_reference", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(document())
