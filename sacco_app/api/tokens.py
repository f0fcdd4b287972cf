"""Access tokens: signed, good for ten minutes, and judged by the house's clock.

Keys come from `API_TOKEN_KEYS`, newest first: the first signs, all of them read. Each token names its key (`kid`), so a
new key is put in front and the old one dropped ten minutes later. Refresh tokens are not signed but kept (see models).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError, UserClaimsVerificationError
from jwt.exceptions import InvalidKeyError, PyJWTError

from sacco_app.api import rules
from sacco_app.api.errors import TokenExpired, TokenInvalid, Unauthorized
from sacco_app.api.types import Kind
from sacco_app.kernel.clock import Clock

ISSUER = AUDIENCE = "sacco-api"
AGES = timedelta(days=36525)


def register(app: Flask, secrets: str) -> None:
    """Install the token manager. `secrets` are separated by commas, newest first."""
    keys = dict(_key(part.strip()) for part in secrets.split(",") if part.strip())
    signing = next(iter(keys))
    app.config.update(
        JWT_TOKEN_LOCATION=("headers",),
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_ENCODE_NBF=False,
        JWT_DECODE_LEEWAY=AGES,  # the machine's clock does not judge, `_is_timely` does
        JWT_DECODE_ALGORITHMS=["HS256"],
    )
    manager = JWTManager(app)
    manager.additional_headers_loader(lambda _identity: {"kid": signing})
    manager.encode_key_loader(lambda _identity: keys[signing])
    manager.token_verification_loader(_is_timely)

    @manager.decode_key_loader
    def key_of(header: dict[str, str], _claims: dict[str, object]) -> str:
        if header.get("kid") not in keys:
            raise InvalidKeyError("signed with a key that is no longer ours")
        return keys[header["kid"]]


def _key(secret: str) -> tuple[str, str]:
    """The name of a key and the key, both made from the secret: `kid` tells nothing about it."""
    name, key = (hashlib.sha256(f"{use}:{secret}".encode()).hexdigest() for use in ("kid", "key"))
    return name[:8], key


def _clock() -> Clock:
    clock: Clock = current_app.extensions["clock"]
    return clock


def _is_timely(_header: dict[str, str], claims: dict[str, int]) -> bool:
    now = _clock().now().timestamp()
    return claims["iat"] <= now < claims["exp"]


def issue(kind: Kind, subject: UUID, *, device_id: UUID | None = None, scopes: tuple[str, ...] = ()) -> str:
    """An access token for a member on a device, or for a client with its scopes."""
    now = int(_clock().now().timestamp())
    claims = {
        "kind": kind.value,
        "iat": now,
        "exp": now + int(rules.ACCESS_LIVES.total_seconds()),
        **({"sid": str(device_id)} if device_id else {}),
        **({"scope": " ".join(scopes)} if kind is Kind.CLIENT else {}),
    }
    token: str = create_access_token(str(subject), expires_delta=False, additional_claims=claims)
    return token


def read() -> dict[str, str]:
    """The claims of the request's access token. Raises Unauthorized, TokenInvalid, TokenExpired."""
    try:
        verified = verify_jwt_in_request()
    except NoAuthorizationError as error:
        raise Unauthorized from error
    except UserClaimsVerificationError as error:
        raise TokenExpired from error
    except (JWTExtendedException, PyJWTError, UnicodeError, ValueError, KeyError, TypeError) as error:
        raise TokenInvalid from error
    if verified is None:
        raise Unauthorized
    claims: dict[str, str] = verified[1]
    return claims
