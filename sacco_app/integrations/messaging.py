"""Who carries messages, by settings: binds the gateways and readers of the notifications room."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from email.utils import parseaddr
from uuid import UUID

from flask import render_template

from config import Config, Messaging
from sacco_app.documents import queries as documents
from sacco_app.documents.service import file_of
from sacco_app.integrations.africastalking.reports import AfricasTalkingReports
from sacco_app.integrations.africastalking.sms import AfricasTalkingSms
from sacco_app.integrations.console import ConsoleGateway
from sacco_app.integrations.smtp import SmtpMailer, SmtpServer
from sacco_app.integrations.webpush import WebPush
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports
from sacco_app.notifications.types import Channel

CONSOLE_PRICE = Decimal(
    "35.0000"
)  # what a part costs at Ugandan bulk sellers (handbook 7.1), so that pages show figures


def sms_gateway(settings: Messaging, clock: Clock) -> ports.Gateway:
    """The gateway that SMS_GATEWAY names."""
    if settings.sms_gateway == "africastalking":
        return _africas_talking(settings)
    return ConsoleGateway(Channel.SMS, clock, CONSOLE_PRICE, "UGX")


def _africas_talking(settings: Messaging) -> AfricasTalkingSms:
    return AfricasTalkingSms(settings.at_base_url, settings.at_username, settings.at_api_key, settings.at_sender_id)


def mailer(settings: Messaging, clock: Clock) -> ports.Gateway:
    """SMTP where a server is named, else the console."""
    if not settings.smtp_host:
        return ConsoleGateway(Channel.EMAIL, clock)
    server = SmtpServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_ca_file,
    )
    name = parseaddr(settings.mail_from)[0]

    def page(subject: str, text: str) -> str:
        paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
        return render_template("emails/letter.html", subject=subject, paragraphs=paragraphs, sender=name)

    return SmtpMailer(server, settings.mail_from, clock, page, ports.attachment)


def document_file(clock: Clock) -> Callable[[UUID], ports.Attachment]:
    """How the file of a document is read, to go with an e-mail. The transaction is over before the file is opened."""

    def read(document_id: UUID) -> ports.Attachment:
        system = Actor.system("System", channel="worker")
        facts = run(system, clock, lambda session: documents.get_document(session, system, document_id))
        name = facts.title.replace("/", "-")
        return ports.Attachment(f"{name}.pdf", "application/pdf", file_of(facts.path).read_bytes())

    return read


def bind(config: Config, clock: Clock) -> None:
    """Bind a gateway for each channel, and the readers of callbacks. Reports of a gateway that was left still arrive."""
    settings = config.messaging
    ports.bind_gateways({Channel.SMS: sms_gateway(settings, clock), Channel.EMAIL: mailer(settings, clock)})
    ports.bind_reader("africastalking", "at", AfricasTalkingReports())
    asks = settings.sms_gateway == "africastalking" and settings.at_fetch_inbound
    ports.bind_fetcher(_africas_talking(settings) if asks else None)
    push = WebPush(settings.vapid_private_key, settings.vapid_subject) if settings.vapid_private_key else None
    ports.bind_push(push)
    ports.bind_attachments(document_file(clock))
