"""Settings from the environment. Secrets have no default anywhere; what is missing is named all at once at boot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ConfigurationMissing(RuntimeError):
    """One or more required settings are not in the environment."""


@dataclass(frozen=True)
class Messaging:
    """How messages leave the house. Without settings they stay in it: SMS and e-mail on the console, no push."""

    sms_gateway: str = "console"
    at_base_url: str = "https://api.africastalking.com"
    at_username: str = ""
    at_api_key: str = field(default="", repr=False)
    at_sender_id: str = ""
    at_fetch_inbound: bool = False
    callback_secrets: tuple[str, ...] = field(default=(), repr=False)
    callback_networks: tuple[str, ...] = ()
    callback_check: str = "off"

    @classmethod
    def needs(cls, env: Mapping[str, str]) -> tuple[str, ...]:
        """The settings that the chosen gateways cannot do without."""
        return ("AT_USERNAME", "AT_API_KEY") if env.get("SMS_GATEWAY") == "africastalking" else ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Messaging:
        """Read the environment, whose missing keys `needs` has named."""
        return cls(
            sms_gateway=env.get("SMS_GATEWAY", cls.sms_gateway),
            at_base_url=env.get("AT_BASE_URL", cls.at_base_url),
            at_username=env.get("AT_USERNAME", ""),
            at_api_key=env.get("AT_API_KEY", ""),
            at_sender_id=env.get("AT_SENDER_ID", ""),
            at_fetch_inbound=env.get("AT_FETCH_INBOUND", "") == "yes",
            callback_secrets=_words(env.get("CALLBACK_SECRETS", "")),
            callback_networks=_words(env.get("CALLBACK_NETWORKS", "")),
            callback_check=env.get("CALLBACK_CHECK", cls.callback_check),
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True)
class Config:
    """What the program needs to know about where it runs."""

    database_url: str
    redis_url: str
    secret_key: str
    field_encryption_key: str
    upload_dir: Path
    environment: str
    public_url: str
    trusted_proxies: int
    session_idle_minutes: int
    session_absolute_hours: int
    job_lease_seconds: int = 0
    realtime_port: int = 0
    api_token_keys: str = ""
    messaging: Messaging = Messaging()
    testing: bool = False

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Config:
        """Read the environment. Raises ConfigurationMissing naming every missing key."""
        required = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEY", *Messaging.needs(env))
        missing = [key for key in required if not env.get(key)]
        if missing:
            raise ConfigurationMissing(f"set these in the environment: {', '.join(missing)}")
        return cls(
            database_url=env["DATABASE_URL"],
            redis_url=env["REDIS_URL"],
            secret_key=env["SECRET_KEY"],
            field_encryption_key=env["FIELD_ENCRYPTION_KEY"],
            upload_dir=Path(env.get("UPLOAD_DIR", "var/uploads")).resolve(),
            environment=env.get("SACCO_ENV", "production"),
            public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{env.get('PORT', '8000')}"),
            trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
            session_idle_minutes=int(env.get("SESSION_IDLE_MINUTES", "15")),
            session_absolute_hours=int(env.get("SESSION_ABSOLUTE_HOURS", "10")),
            job_lease_seconds=int(env.get("JOB_LEASE_SECONDS", "0")),
            realtime_port=int(env.get("REALTIME_PORT", "0")),
            api_token_keys=env.get("API_TOKEN_KEYS", ""),
            messaging=Messaging.from_env(env),
        )
