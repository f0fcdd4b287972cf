"""A production that could be guessed, read or believed wrongly does not start, and says everything at once."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from config import Config, ConfigurationRefused

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SACCO_ENV": "production",
    "DATABASE_URL": "postgresql+psycopg2://sacco:Xk3-99dq@db/sacco",
    "REDIS_URL": "redis://valkey/0",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "FIELD_ENCRYPTION_KEY": Fernet.generate_key().decode(),
    "PUBLIC_URL": "https://office.umoja.example/",
    "TRUSTED_PROXIES": "1",
    "UPLOAD_DIR": "/srv/sacco/uploads",
}


def refused(**changes: str | None) -> str:
    settings = {**GOOD, **changes}
    with pytest.raises(ConfigurationRefused) as refusal:
        Config.from_env({name: value for name, value in settings.items() if value is not None})
    return str(refusal.value)


def test_good_settings_are_taken():
    config = Config.from_env(
        {**GOOD, "SECRET_KEY_FALLBACKS": f"{secrets.token_urlsafe(48)}, {secrets.token_urlsafe(48)}"}
    )
    assert config.is_production
    assert config.public_url == "https://office.umoja.example"
    assert config.trusted_hosts == ("office.umoja.example",)
    assert len(config.secret_key_fallbacks) == 2


def test_production_is_what_is_meant_when_nothing_is_said():
    assert Config.from_env({name: value for name, value in GOOD.items() if name != "SACCO_ENV"}).is_production


def test_everything_is_named_at_once():
    words = refused(SECRET_KEY=None, DATABASE_URL="sqlite:///x", TRUSTED_PROXIES="two", PUBLIC_URL="http://office")
    assert [name for name in ("SECRET_KEY", "DATABASE_URL", "TRUSTED_PROXIES", "PUBLIC_URL") if name in words] == [
        "SECRET_KEY",
        "DATABASE_URL",
        "TRUSTED_PROXIES",
        "PUBLIC_URL",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("FIELD_ENCRYPTION_KEY", "no key"),
        ("PUBLIC_URL", None),
        ("PUBLIC_URL", "http://office.umoja.example"),
        ("PUBLIC_URL", "https://localhost"),
        ("TRUSTED_PROXIES", None),
        ("UPLOAD_DIR", None),
        ("DATABASE_URL", "postgresql+psycopg2://sacco:sacco@db/sacco"),
        ("DATABASE_URL", "postgresql+psycopg2://root:postgres@db/sacco"),
        ("SACCO_ENV", "prod"),
    ],
)
def test_what_is_weak_is_refused(name, value):
    assert name in refused(**{name: value})


def test_a_refusal_shows_no_secret():
    words = refused(
        SECRET_KEY="my-short-secret", FIELD_ENCRYPTION_KEY="my-bad-key", DATABASE_URL="mysql://a:hidden-word@b/c"
    )
    assert not [secret for secret in ("my-short-secret", "my-bad-key", "hidden-word") if secret in words]


def test_the_settings_show_no_secret():
    shown = repr(
        Config.from_env({**GOOD, "API_TOKEN_KEYS": "k1:hidden-word", "SECRET_KEY_FALLBACKS": "z" + GOOD["SECRET_KEY"]})
    )
    secret = ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "DATABASE_URL")
    assert not [name for name in secret if GOOD[name] in shown]
    assert "hidden-word" not in shown


def test_development_needs_only_what_it_cannot_do_without():
    names = ("DATABASE_URL", "REDIS_URL", "FIELD_ENCRYPTION_KEY")
    config = Config.from_env(
        {"SACCO_ENV": "development", "SECRET_KEY": "short", **{name: GOOD[name] for name in names}}
    )
    assert not config.is_production


def test_a_start_that_is_refused_ends_with_the_message_alone():
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ledger", "check"]
    done = subprocess.run(command, cwd=ROOT, env={"SECRET_KEY": "x"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DATABASE_URL is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY is console or africastalking"),
        ({"SMS_GATEWAY": "africastalking", "AT_USERNAME": "umoja"}, "AT_API_KEY is missing"),
        ({"SMTP_HOST": "mail.example"}, "MAIL_FROM is missing"),
        ({"SMTP_HOST": "mail.example", "MAIL_FROM": "x@y.example", "SMTP_SECURITY": "hope"}, "SMTP_SECURITY is"),
        ({"SMTP_PORT": "mail"}, "SMTP_PORT is a whole number"),
        ({"VAPID_PRIVATE_KEY": "x"}, "VAPID_SUBJECT is missing"),
        ({"CALLBACK_SECRETS": f"{'s' * 32}, short"}, "CALLBACK_SECRETS holds secrets"),
        ({"CALLBACK_CHECK": "maybe"}, "CALLBACK_CHECK is off, warn or enforce"),
    ],
)
def test_gateways_have_what_they_need(settings, words):
    assert words in refused(**settings)


def test_messages_stay_in_the_house_unless_told_otherwise():
    messaging = Config.from_env(GOOD).messaging
    assert (messaging.sms_gateway, messaging.smtp_host, messaging.vapid_private_key) == ("console", "", "")
