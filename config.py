"""Settings from the environment. Secrets have no default anywhere; all that is missing or weak is named at once at boot."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

REQUIRED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEY")
NUMBERS = {
    "TRUSTED_PROXIES": 0,
    "SESSION_IDLE_MINUTES": 15,
    "SESSION_ABSOLUTE_HOURS": 10,
    "JOB_LEASE_SECONDS": 0,
    "DATABASE_POOL": 10,
    "REALTIME_PORT": 0,
    "USSD_RESUME_MINUTES": 5,
    "USSD_HOPS_PER_MINUTE": 40,
}
SECRET_CHARACTERS, SECRET_VARIETY = 32, 10
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
KNOWN_PASSWORDS = frozenset({"", "password", "postgres", "sacco", "secret", "changeme", "change-me"})
CHOICES = {
    "SMS_GATEWAY": ("console", "africastalking"),
    "SMTP_SECURITY": ("starttls", "ssl", "none"),
    "CALLBACK_CHECK": ("off", "warn", "enforce"),
}
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".notify.windows.com",
)


class ConfigurationRefused(SystemExit):
    """The settings do not do. Uncaught it ends the process with its message and without a traceback."""


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
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_ca_file: str = ""
    mail_from: str = ""
    vapid_private_key: str = field(default="", repr=False)
    vapid_subject: str = ""
    push_hosts: tuple[str, ...] = PUSH_HOSTS

    @property
    def sends_mail(self) -> bool:
        """Whether letters leave the house; without a server they stay on the console."""
        return bool(self.smtp_host)

    @classmethod
    def faults(cls, env: Mapping[str, str]) -> Iterator[str]:
        """What the chosen gateways cannot do without, and words that nobody knows."""
        needed = {
            "SMS_GATEWAY": ("AT_USERNAME", "AT_API_KEY") if env.get("SMS_GATEWAY") == "africastalking" else (),
            "SMTP_HOST": ("MAIL_FROM",),
            "VAPID_PRIVATE_KEY": ("VAPID_SUBJECT",),
        }
        for name in (needs for chosen, wanted in needed.items() if env.get(chosen) for needs in wanted):
            if not env.get(name):
                yield f"{name} is missing"
        for name, known in CHOICES.items():
            if env.get(name) and env[name] not in known:
                yield f"{name} is {', '.join(known[:-1])} or {known[-1]}"
        if any(len(one) < SECRET_CHARACTERS for one in _words(env.get("CALLBACK_SECRETS", ""))):
            yield f"CALLBACK_SECRETS holds secrets of at least {SECRET_CHARACTERS} characters"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Messaging:
        """Read the environment, in which `faults` found none."""
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
            smtp_host=env.get("SMTP_HOST", ""),
            smtp_port=int(env.get("SMTP_PORT") or 587),
            smtp_security=env.get("SMTP_SECURITY", cls.smtp_security),
            smtp_user=env.get("SMTP_USER", ""),
            smtp_password=env.get("SMTP_PASSWORD", ""),
            smtp_ca_file=env.get("SMTP_CA_FILE", ""),
            mail_from=env.get("MAIL_FROM", ""),
            vapid_private_key=env.get("VAPID_PRIVATE_KEY", ""),
            vapid_subject=env.get("VAPID_SUBJECT", ""),
            push_hosts=_words(env.get("PUSH_HOSTS", "")) or PUSH_HOSTS,
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True)
class Config:
    """What the program needs to know about where it runs."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    field_encryption_key: str = field(repr=False)
    upload_dir: Path
    environment: str
    public_url: str
    trusted_proxies: int
    session_idle_minutes: int
    session_absolute_hours: int
    job_lease_seconds: int = 0
    realtime_port: int = 0
    rate_limit: str = "600 per minute"
    api_token_keys: str = field(default="", repr=False)
    messaging: Messaging = Messaging()
    database_pool: int = 10
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    trusted_hosts: tuple[str, ...] = ()
    ussd_gateways: str = field(default="", repr=False)
    ussd_resume_minutes: int = 5
    ussd_hops_per_minute: int = 40
    testing: bool = False

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Config:
        """Read the environment. Raises ConfigurationRefused naming everything that is missing or weak."""
        faults = [*_faults(env), *(_weaknesses(env) if _environment(env) == "production" else ())]
        if faults:
            raise ConfigurationRefused(
                "These settings have to be put right first:\n" + "\n".join(f"  {f}" for f in faults)
            )
        numbers = {name: int(env.get(name) or default) for name, default in NUMBERS.items()}
        public_url = env.get("PUBLIC_URL") or f"http://127.0.0.1:{env.get('PORT', '8000')}"
        return cls(
            database_url=env["DATABASE_URL"],
            redis_url=env["REDIS_URL"],
            secret_key=env["SECRET_KEY"],
            secret_key_fallbacks=_words(env.get("SECRET_KEY_FALLBACKS", "")),
            field_encryption_key=env["FIELD_ENCRYPTION_KEY"],
            upload_dir=Path(env.get("UPLOAD_DIR") or "var/uploads").resolve(),
            environment=_environment(env),
            public_url=public_url.rstrip("/"),
            trusted_hosts=(urlsplit(public_url).hostname or "", *_words(env.get("TRUSTED_HOSTS", ""))),
            trusted_proxies=numbers["TRUSTED_PROXIES"],
            session_idle_minutes=numbers["SESSION_IDLE_MINUTES"],
            session_absolute_hours=numbers["SESSION_ABSOLUTE_HOURS"],
            job_lease_seconds=numbers["JOB_LEASE_SECONDS"],
            database_pool=numbers["DATABASE_POOL"],
            realtime_port=numbers["REALTIME_PORT"],
            rate_limit=env.get("RATE_LIMIT", cls.rate_limit),
            api_token_keys=env.get("API_TOKEN_KEYS", ""),
            ussd_gateways=env.get("USSD_GATEWAYS", ""),
            ussd_resume_minutes=numbers["USSD_RESUME_MINUTES"],
            ussd_hops_per_minute=numbers["USSD_HOPS_PER_MINUTE"],
            messaging=Messaging.from_env(env),
        )


def _environment(env: Mapping[str, str]) -> str:
    return env.get("SACCO_ENV") or "production"


def _faults(env: Mapping[str, str]) -> Iterator[str]:
    """What no environment can do without."""
    for name in REQUIRED:
        if not env.get(name):
            yield f"{name} is missing"
    yield from Messaging.faults(env)
    if _environment(env) not in ("production", "development", "test"):
        yield "SACCO_ENV is production, development or test"
    for name in (*NUMBERS, "SMTP_PORT"):
        if not (env.get(name) or "0").isdecimal():
            yield f"{name} is a whole number"
    if env.get("DATABASE_URL") and not env["DATABASE_URL"].startswith("postgresql"):
        yield "DATABASE_URL is PostgreSQL's: postgresql+psycopg2://user:password@host/name"
    if not all(map(_is_field_key, _words(env.get("FIELD_ENCRYPTION_KEY", "")))):
        yield "FIELD_ENCRYPTION_KEY holds keys that `python config.py` made, newest first, separated by commas"


def _weaknesses(env: Mapping[str, str]) -> Iterator[str]:
    """What is good enough for a developer's machine and not for members' money."""
    for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        keys = [env.get(name, "")] if name == "SECRET_KEY" else _words(env.get(name, ""))
        if any(secret and _is_weak(secret) for secret in keys):
            yield f"{name} can be guessed: `python config.py` makes one that cannot"
    address = urlsplit(env.get("PUBLIC_URL", ""))
    if address.scheme != "https" or not address.hostname or address.hostname in HERE:
        yield "PUBLIC_URL is the https:// address under which browsers reach this program"
    if not env.get("TRUSTED_PROXIES"):
        yield "TRUSTED_PROXIES says how many reverse proxies stand in front (0 for none): addresses are believed from them alone"
    if _password_is_known(env.get("DATABASE_URL", "")):
        yield "DATABASE_URL has a password that everybody tries first"
    if not env.get("UPLOAD_DIR"):
        yield "UPLOAD_DIR is the folder for photos and documents that is backed up with the database"


def _is_weak(secret: str) -> bool:
    return len(secret) < SECRET_CHARACTERS or len(set(secret)) < SECRET_VARIETY


def _is_field_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def _password_is_known(url: str) -> bool:
    parts = urlsplit(url)
    return parts.password is not None and unquote(parts.password).lower() in {
        *KNOWN_PASSWORDS,
        (parts.username or "").lower(),
    }


def new_secrets() -> str:
    """Fresh values of the secrets, as lines of an environment file: for cookies, encrypted fields and web push."""
    field_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    push_key = base64.urlsafe_b64encode((secrets.randbelow(P256_ORDER - 1) + 1).to_bytes(32, "big")).decode()
    return (
        f"SECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_ENCRYPTION_KEY={field_key}\n"
        f"VAPID_PRIVATE_KEY={push_key.rstrip('=')}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(new_secrets())
