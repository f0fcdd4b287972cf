"""E-mail over SMTP, in plain text and HTML.

SMTP has no key against doubles: a message whose acceptance was lost after its text went over has an unknown fate. All
that fails before leaves nothing behind and may be tried again.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import SaccoError
from sacco_app.notifications.ports import Attachment
from sacco_app.notifications.types import Outgoing, SendResult, SendState

SECONDS = 12
BEFORE = (OSError, smtplib.SMTPException)  # a connection that never came to the text of the message


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in. `security`: `starttls` (port 587), `ssl` (465) or `none` (a relay on this machine)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def connect(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in as the settings want. Raises OSError, smtplib.SMTPException."""
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """The gateway of e-mail. `sender` is `Name <address>`; `html` turns subject and text into a page."""

    server: SmtpServer
    sender: str
    clock: Clock
    html: Callable[[str, str], str]
    attachment: Callable[[UUID], Attachment]
    name: str = "smtp"
    idempotent: bool = False

    def send(self, batch: Sequence[Outgoing]) -> list[SendResult]:
        """Hand the messages in over one connection."""
        try:
            line = self.server.connect()
        except BEFORE as trouble:
            return [SendResult(one.our_id, SendState.LATER, code=_words("not reached", trouble)) for one in batch]
        try:
            return [self._hand_in(line, one) for one in batch]
        finally:
            line.close()

    def _hand_in(self, line: smtplib.SMTP, one: Outgoing) -> SendResult:
        try:
            letter = self.compose(one).as_bytes()
        except (SaccoError, OSError, ValueError) as trouble:
            return SendResult(one.our_id, SendState.REJECTED, code=_words("cannot be written", trouble))
        try:
            status, words = line.mail(parseaddr(self.sender)[1])
            if status == 250:
                status, words = line.rcpt(one.to)
            if status not in (250, 251):
                line.rset()
                return _refused(one, status, words)
        except UnicodeEncodeError:
            line.rset()
            return SendResult(one.our_id, SendState.REJECTED, code="an address with letters that mail does not know")
        except BEFORE as trouble:
            return SendResult(one.our_id, SendState.LATER, code=_words("lost before the text", trouble))
        try:
            status, words = line.data(letter)
        except smtplib.SMTPDataError as trouble:
            return _refused(one, trouble.smtp_code, trouble.smtp_error)
        except BEFORE as trouble:
            return SendResult(one.our_id, SendState.UNKNOWN, code=_words("lost after the text", trouble))
        if status != 250:
            return _refused(one, status, words)
        return SendResult(one.our_id, SendState.ACCEPTED, self.message_id(one), "")

    def message_id(self, one: Outgoing) -> str:
        """`<our id@our domain>`: the same message has the same name, however often it is handed in."""
        return f"<{one.our_id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"

    def compose(self, one: Outgoing) -> EmailMessage:
        """The letter: plain text, the same as a page, and the document that goes with it."""
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"] = self.sender, one.to
        letter["Subject"] = " ".join(one.subject.split())
        letter["Date"] = format_datetime(self.clock.now())
        letter["Message-ID"] = self.message_id(one)
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(one.text + "\n")
        letter.add_alternative(self.html(one.subject, one.text), subtype="html")
        if one.attachment_id is not None:
            file = self.attachment(one.attachment_id)
            kind, _, subkind = file.mime.partition("/")
            letter.add_attachment(file.content, maintype=kind, subtype=subkind, filename=file.name)
        return letter


def _refused(one: Outgoing, status: int, words: bytes | str) -> SendResult:
    """4xx: not now; 5xx: never."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    state = SendState.LATER if 400 <= status < 500 else SendState.REJECTED
    return SendResult(one.our_id, state, code=f"{status} {text}"[:200])


def _words(what: str, trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{what}: {trouble.smtp_code}"
    return f"{what}: {type(trouble).__name__}"
