"""The door for providers that call us: a secret in the path, their networks, a small body (protocols 0.6).

Whoever gets past this is only believed to be the provider: what is told is stored raw first and decided later.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Mapping, Sequence

from flask import abort, request

log = logging.getLogger("sacco.callbacks")
BODY_LIMIT = 64 * 1024
_KEPT_HEADERS = ("Content-Type", "User-Agent", "X-Forwarded-For", "Date")


def admit(secret: str, secrets: Sequence[str], networks: Sequence[str], check: str) -> bytes:
    """The body of the call. 404 for a wrong secret (two may be good at a time), 413 for a long body.

    `networks` are the provider's; with `check` `warn` a stranger is noted, with `enforce` answered 404, with `off` let in.
    """
    known = [hmac.compare_digest(secret.encode(), one.encode()) for one in secrets]
    if not any(known):
        abort(404)
    if check in ("warn", "enforce") and not _within(request.remote_addr or "", networks):
        log.warning("callback of %s from a strange address %s", request.endpoint, request.remote_addr)
        if check == "enforce":
            abort(404)
    if (request.content_length or 0) > BODY_LIMIT:
        abort(413)
    body = request.get_data(cache=False)
    if len(body) > BODY_LIMIT:
        abort(413)
    return body


def _within(address: str, networks: Sequence[str]) -> bool:
    try:
        there = ipaddress.ip_address(address)
        return any(there in ipaddress.ip_network(one, strict=False) for one in networks)
    except ValueError:
        return False


def kept_headers() -> Mapping[str, str]:
    """The headers of the call that are worth keeping; never one that could hold a secret."""
    return {name: request.headers[name][:200] for name in _KEPT_HEADERS if name in request.headers}
