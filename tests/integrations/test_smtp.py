"""E-mail against a real SMTP server on this machine."""

from __future__ import annotations

import email
import ssl
from datetime import UTC, datetime, timedelta
from email.policy import default
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from config import Messaging
from sacco_app.integrations.messaging import mailer
from sacco_app.integrations.smtp import SmtpMailer, SmtpServer
from sacco_app.kernel.ids import new_id
from sacco_app.notifications import ports
from sacco_app.notifications.ports import Attachment
from sacco_app.notifications.types import Outgoing, SendState
from tests.integrations.servers import free_port

SENDER = "Umoja SACCO <no-reply@umoja.example>"


class Box:
    """A mail server's handler: keeps what comes, refuses what it is told to."""

    def __init__(self):
        self.kept, self.answers = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - named by the library
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        told = self.answers.get("DATA", "250 OK")
        if told == "hang up":
            session_transport = server.transport
            session_transport.abort()
            return "250 OK"
        if told == "250 OK":
            self.kept.append(email.message_from_bytes(envelope.content, policy=default))
        return told


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def serve(box):
    running = []

    def start(**kwargs):
        port = free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, **kwargs)
        controller.start()
        running.append(controller)
        return port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for this machine, as a file with its key, and the context of a server that has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both, public = tmp_path / "server.pem", tmp_path / "ca.pem"
    both.write_bytes(private + made.public_bytes(Encoding.PEM))
    public.write_bytes(made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return str(public), context


@pytest.fixture
def gateway(app, clock):
    def build(port, **over):
        known = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_from": SENDER}
        return mailer(Messaging(**(known | over)), clock)

    return build


def letter(to="ruth@umoja.example", **over):
    text = "Dear Ruth,\n\nset it here:\n\nhttps://umoja.example/set-password/abc\n\nGood-bye\nUmoja"
    known = {"our_id": new_id(), "to": to, "text": text, "subject": "Set a new\r\npassword"}
    return Outgoing(**(known | over))


def test_a_letter_arrives_as_text_and_as_a_page(serve, gateway, box):
    one = letter()
    [result] = gateway(serve()).send([one])
    assert (result.state, result.provider_id) == (SendState.ACCEPTED, f"<{one.our_id}@umoja.example>")
    [kept] = box.kept
    assert (kept["Subject"], kept["From"], kept["To"]) == ("Set a new password", SENDER, "ruth@umoja.example")
    assert (kept["Message-ID"], kept["Auto-Submitted"]) == (result.provider_id, "auto-generated")
    assert kept["Date"] == "Mon, 23 Nov 2026 06:00:00 +0000"
    plain, page = kept.get_body(("plain",)).get_content(), kept.get_body(("html",)).get_content()
    assert "https://umoja.example/set-password/abc" in plain
    assert 'href="https://umoja.example/set-password/abc"' in page
    assert "Good-bye<br>Umoja" in page


def test_what_a_member_wrote_is_no_html(serve, gateway, box):
    gateway(serve()).send([letter(text="<b>x</b> & y")])
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in box.kept[0].get_body(("html",)).get_content()


def test_a_document_goes_with_it(serve, gateway, box):
    usual = ports._attachment["read"]
    ports.bind_attachments(lambda _id: Attachment("Statement.pdf", "application/pdf", b"%PDF-1.7 x"))
    try:
        gateway(serve()).send([letter(attachment_id=new_id())])
    finally:
        ports.bind_attachments(usual)
    [file] = box.kept[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "Statement.pdf",
        "application/pdf",
        b"%PDF-1.7 x",
    )


def test_a_document_that_is_not_there_refuses_the_letter(session, serve, gateway, box):
    [result] = gateway(serve()).send([letter(attachment_id=new_id())])
    assert (result.state, box.kept) == (SendState.REJECTED, [])


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_the_line_is_encrypted_and_signed_in(serve, gateway, box, certificate, security):
    ca_file, context = certificate
    seen = []

    def check(server, session, envelope, mechanism, given):
        seen.append((given.login, given.password))
        return AuthResult(success=given.password == b"right")

    if security == "starttls":
        port = serve(authenticator=check, tls_context=context, require_starttls=True, auth_required=True)
    else:
        port = serve(authenticator=check, ssl_context=context, auth_require_tls=False)
    wanted = {"smtp_security": security, "smtp_ca_file": ca_file, "smtp_user": "umoja"}
    [result] = gateway(port, smtp_password="right", **wanted).send([letter()])
    assert result.state is SendState.ACCEPTED
    assert seen[-1] == (b"umoja", b"right")
    [refused] = gateway(port, smtp_password="wrong", **wanted).send([letter()])
    assert (refused.state, len(box.kept)) == (SendState.LATER, 1)


def test_a_server_that_cannot_prove_itself_gets_nothing(serve, gateway, box, certificate):
    port = serve(tls_context=certificate[1])
    [result] = gateway(port, smtp_security="starttls").send([letter()])
    assert (result.state, result.code, box.kept) == (SendState.LATER, "not reached: SSLCertVerificationError", [])


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such person", SendState.REJECTED), ("450 full", SendState.LATER)],
)
def test_a_refused_address_is_final_or_not_as_the_server_says(serve, gateway, box, answer, state):
    box.answers["x@umoja.example"] = answer
    first, second = gateway(serve()).send([letter("x@umoja.example"), letter("y@umoja.example")])
    assert (first.state, first.code) == (state, answer)
    assert second.state is SendState.ACCEPTED


def test_a_refused_text_was_not_sent(serve, gateway, box):
    box.answers["DATA"] = "554 looks like junk"
    [result] = gateway(serve()).send([letter()])
    assert (result.state, result.code) == (SendState.REJECTED, "554 looks like junk")


def test_an_answer_lost_after_the_text_is_unknown(serve, gateway, box):
    box.answers["DATA"] = "hang up"
    [result] = gateway(serve()).send([letter()])
    assert result.state is SendState.UNKNOWN


def test_nobody_there_means_nothing_sent(gateway):
    [result] = gateway(9).send([letter()])
    assert result.state is SendState.LATER


def test_an_address_that_mail_does_not_know_is_refused(serve, gateway):
    [result] = gateway(serve()).send([letter("ŋŋanda@umoja.example")])
    assert result.state is SendState.REJECTED


def test_the_password_is_not_in_what_may_be_printed(clock):
    server = SmtpServer("mail.example", 587, "starttls", "umoja", "very secret")
    assert "very secret" not in repr(SmtpMailer(server, SENDER, clock, lambda s, t: "", lambda _id: None))
