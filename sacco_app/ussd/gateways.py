"""The gateways that may call, from the setting USSD_GATEWAYS: their secrets, networks and dialects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from sacco_app.ussd.ports import Dialect

LEAST_SECRET = 32
MOST_SECRETS = 2
NAME = re.compile(r"[a-z0-9-]{1,40}")
CHECKS = ("off", "warn", "enforce")
DialectFactory = Callable[[Mapping[str, Any]], Dialect]


class GatewaySettingsWrong(ValueError):
    """The setting USSD_GATEWAYS does not hold; the message says why."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway. Two secrets are valid while one takes the other's place; `check` says what a stranger meets."""

    name: str
    dialect: Dialect
    secrets: tuple[str, ...] = field(repr=False)
    networks: tuple[str, ...] = ()
    check: str = "off"


def load(text: str, dialect: DialectFactory) -> dict[str, Gateway]:
    """The gateways by name. Raises GatewaySettingsWrong, which stops the start: an open door is worse than none."""
    try:
        told = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise GatewaySettingsWrong(f"USSD_GATEWAYS is not JSON: line {error.lineno}, {error.msg}") from None
    if not isinstance(told, dict) or not all(isinstance(facts, dict) for facts in told.values()):
        raise GatewaySettingsWrong("USSD_GATEWAYS is an object of gateways, each an object of settings")
    return {name: _gateway(name, facts, dialect) for name, facts in told.items()}


def _gateway(name: str, facts: Mapping[str, Any], dialect: DialectFactory) -> Gateway:
    if not NAME.fullmatch(name):
        raise GatewaySettingsWrong(f"gateway {name!r}: a name is small letters, digits and hyphens")
    networks = tuple(facts.get("allow", ()))
    check = facts.get("addresses", "enforce" if networks else "off")
    if check not in CHECKS:
        raise GatewaySettingsWrong(f"gateway {name}: addresses is off, warn or enforce")
    try:
        for one in networks:
            ip_network(one, strict=False)
        speaks = dialect({"dialect": name} | dict(facts))
    except (ValueError, TypeError) as error:
        raise GatewaySettingsWrong(f"gateway {name}: {error}") from None
    return Gateway(name, speaks, _secrets(name, facts.get("secrets")), networks, check)


def _secrets(name: str, secrets: object) -> tuple[str, ...]:
    if not isinstance(secrets, list) or not 1 <= len(secrets) <= MOST_SECRETS:
        raise GatewaySettingsWrong(f"gateway {name}: give one secret, or two while you change it")
    if any(not isinstance(one, str) or len(one) < LEAST_SECRET or not one.isalnum() for one in secrets):
        raise GatewaySettingsWrong(f"gateway {name}: a secret is at least {LEAST_SECRET} letters and digits")
    return tuple(secrets)
