"""Who carries messages, by settings: binds the gateways of the notifications room."""

from __future__ import annotations

from decimal import Decimal

from config import Config
from sacco_app.integrations.console import ConsoleGateway
from sacco_app.kernel.clock import Clock
from sacco_app.notifications import ports
from sacco_app.notifications.types import Channel

CONSOLE_PRICE = Decimal(
    "35.0000"
)  # what a part costs at Ugandan bulk sellers (handbook 7.1), so that pages show figures


def bind(config: Config, clock: Clock) -> None:
    """Bind a gateway for each channel."""
    ports.bind_gateways(
        {
            Channel.SMS: ConsoleGateway(Channel.SMS, clock, CONSOLE_PRICE, "UGX"),
            Channel.EMAIL: ConsoleGateway(Channel.EMAIL, clock),
        }
    )
