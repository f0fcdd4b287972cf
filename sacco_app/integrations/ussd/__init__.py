"""How USSD gateways write: dialects from field maps (data/dialects.json), bound to the gateways of the settings."""

from __future__ import annotations

from flask import Flask

from config import Config, ConfigurationRefused
from sacco_app.integrations.ussd.dialects import dialect
from sacco_app.ussd import gateways


def bind(app: Flask, config: Config) -> None:
    """Give the USSD room its gateways. Raises ConfigurationRefused: there is no start with a half-set door."""
    try:
        app.extensions["ussd_gateways"] = gateways.load(config.ussd_gateways, dialect)
    except gateways.GatewaySettingsWrong as error:
        raise ConfigurationRefused(str(error)) from None
