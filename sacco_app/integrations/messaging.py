"""Who carries messages, by settings: binds the gateways and readers of the notifications room."""

from __future__ import annotations

from decimal import Decimal

from config import Config, Messaging
from sacco_app.integrations.africastalking.reports import AfricasTalkingReports
from sacco_app.integrations.africastalking.sms import AfricasTalkingSms
from sacco_app.integrations.console import ConsoleGateway
from sacco_app.kernel.clock import Clock
from sacco_app.notifications import ports
from sacco_app.notifications.types import Channel

CONSOLE_PRICE = Decimal(
    "35.0000"
)  # what a part costs at Ugandan bulk sellers (handbook 7.1), so that pages show figures


def sms_gateway(settings: Messaging, clock: Clock) -> ports.Gateway:
    """The gateway that SMS_GATEWAY names. Raises ValueError for one that we do not know."""
    if settings.sms_gateway == "africastalking":
        return _africas_talking(settings)
    if settings.sms_gateway == "console":
        return ConsoleGateway(Channel.SMS, clock, CONSOLE_PRICE, "UGX")
    raise ValueError(f"SMS_GATEWAY is console or africastalking, not {settings.sms_gateway!r}")


def _africas_talking(settings: Messaging) -> AfricasTalkingSms:
    return AfricasTalkingSms(settings.at_base_url, settings.at_username, settings.at_api_key, settings.at_sender_id)


def bind(config: Config, clock: Clock) -> None:
    """Bind a gateway for each channel, and the readers of callbacks. Reports of a gateway that was left still arrive."""
    settings = config.messaging
    ports.bind_gateways(
        {Channel.SMS: sms_gateway(settings, clock), Channel.EMAIL: ConsoleGateway(Channel.EMAIL, clock)}
    )
    ports.bind_reader("africastalking", "at", AfricasTalkingReports())
    asks = settings.sms_gateway == "africastalking" and settings.at_fetch_inbound
    ports.bind_fetcher(_africas_talking(settings) if asks else None)
