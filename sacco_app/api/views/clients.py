"""Tokens of partners' programs."""

from __future__ import annotations

from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from sacco_app.access import service as access
from sacco_app.access.catalogue import SCOPES
from sacco_app.api import rules, tokens
from sacco_app.api.blueprint import blueprint, operation
from sacco_app.api.errors import ClientRefused, GrantNotSupported, ScopeNotGranted
from sacco_app.api.guards import CLIENT_SECRET
from sacco_app.api.schemas import door as schemas
from sacco_app.api.types import Kind
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import run
from sacco_app.webkit.auth import current_clock


@operation(
    "/oauth/token",
    CLIENT_SECRET,
    tag="Clients",
    method="POST",
    out=schemas.ClientToken,
    refuses=(ClientRefused, GrantNotSupported, ScopeNotGranted),
)
@blueprint.arguments(schemas.ClientTokenRequest, location="form")
def client_token(given: dict[str, str]) -> dict[str, Any]:
    """A token for a partner's program

    OAuth 2.0 client credentials (RFC 6749, 4.4): id and secret by HTTP Basic, the rest as a form. The token lives for
    ten minutes; there is no refresh token, ask again. An administrator of the SACCO makes clients and gives scopes.
    """
    if given["grant_type"] != "client_credentials":
        raise GrantNotSupported
    named, clock = request.authorization, current_clock()
    if named is None or named.type != "basic" or not named.username:
        raise ClientRefused
    client_id, secret = named.username, named.password or ""

    def work(session: Session) -> Actor | None:
        return access.authenticate_client(session, clock, client_id, secret, g.actor.ip)

    client = run(g.actor, clock, work)
    if client is None:
        raise ClientRefused
    held = sorted(client.permissions & SCOPES.keys())
    wanted = given.get("scope", "").split() or held
    missing = [scope for scope in wanted if scope not in held]
    if missing:
        raise ScopeNotGranted(scope=missing[0])
    return {
        "access_token": tokens.issue(Kind.CLIENT, client.user_id, scopes=tuple(wanted)),
        "token_type": "Bearer",
        "expires_in": int(rules.ACCESS_LIVES.total_seconds()),
        "scope": " ".join(wanted),
    }
