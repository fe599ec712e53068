"""People, by mail: HTML with its plain-text twin, the headline's picture, the page as PDF."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from slo.counting import counted
from slo.credential import credential
from slo.errors import DeliveryError
from slo.report.forms.names import HEADLINE, MAIL_HTML, MAIL_PICTURE, MAIL_TEXT, pdf_of
from slo.report.published import making_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from slo.delivery.delivery import Sending

_TIMEOUT = 30.0
"""Seconds that the server may be silent."""

_LONGEST_SUBJECT = 160
_WITHOUT_PDF = ", without the PDF, as the report has none"
_PERMANENT = 500
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class Mail:
    """People and the server that takes mail for them.

    Attributes:
        host: The server.
        sender: Whom it comes from, with or without a name before the address.
        recipients: Whom it goes to.
        port: The server's port; the usual one of its security if 0.
        security: Encrypted on demand, from the first byte, or not at all.
        username_env: Variable that holds the user; empty where nobody is asked for.
        password_env: Variable that holds the password.
        ca_file: Certificates of the authority that signed the server's; the system's if empty.
        attach_pdf: Whether the page is attached as PDF.

    """

    host: str
    sender: str
    recipients: tuple[str, ...]
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    username_env: str = ""
    password_env: str = ""
    ca_file: str = ""
    attach_pdf: bool = False

    def send(self, sending: Sending) -> str:
        """Mail the report to who has not got it yet; the same sending has the same Message-ID."""
        left = [one for one in self.recipients if one not in sending.reached]
        message = report_message(sending, self)
        self._mailed(message, left)
        lacks = self.attach_pdf and not list(message.iter_attachments())
        return f"mailed to {_count(left)}{_WITHOUT_PDF if lacks else ''}"

    def test(self, words: str) -> str:
        """Mail the words to everybody."""
        message = addressed(self, f"Test: {words}", datetime.now(UTC).isoformat())
        message.set_content(f"{words}\n")
        self._mailed(message, self.recipients)
        return f"mailed to {_count(self.recipients)}"

    def _mailed(self, message: EmailMessage, recipients: Sequence[str]) -> None:
        addresses = {parseaddr(one)[1]: one for one in recipients}
        with self._told(), self._session() as session:
            if self.password_env:
                session.login(credential(self.username_env), credential(self.password_env))
            refused = session.send_message(message, to_addrs=list(addresses))
        if refused:
            reached = [one for address, one in addresses.items() if address not in refused]
            raise _refused(refused, reached)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        encrypted = partial(smtplib.SMTP_SSL, context=context)
        opened: Callable[..., smtplib.SMTP] = encrypted if self.security == "tls" else smtplib.SMTP
        session = opened(self.host, self._port, timeout=_TIMEOUT)
        try:
            if self.security == "starttls":
                session.starttls(context=context)
            yield session
            # What was taken is taken, whatever a goodbye is answered with.
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
        finally:
            session.close()

    @property
    def _port(self) -> int:
        return self.port or _PORTS[self.security]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what went wrong as a delivery's failure, without what is secret."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients, ()) from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            why, again = self._reason(error)
            raise DeliveryError(f"{self.host}:{self._port} {why}", again=again) from None

    def _reason(self, error: Exception) -> tuple[str, bool]:
        """Why there is no mail, and whether trying again may help."""
        match error:
            case smtplib.SMTPAuthenticationError(smtp_code=code):
                named = f"{self.username_env} and {self.password_env}"
                why = f"refused the login that {named} hold ({code} {_said(error.smtp_error)})"
                return why, code < _PERMANENT
            case smtplib.SMTPResponseException(smtp_code=code):
                return f"refused ({code} {_said(error.smtp_error)})", 0 < code < _PERMANENT
            case smtplib.SMTPNotSupportedError():
                return f"does not offer what is asked for: {error}", False
            case smtplib.SMTPException():
                return "ended the connection", True
            case ssl.SSLCertVerificationError():
                advice = "name its authority's with ca_file"
                return (
                    f"has a certificate that is not trusted ({error.verify_message}): {advice}",
                    (False),
                )
            case ssl.SSLError():
                return f"does not speak TLS there: is security = {self.security!r} right?", False
            case FileNotFoundError():
                return f"is not asked: there is no file {self.ca_file} (ca_file)", False
            case UnicodeError():
                return "takes no login with letters that are not ASCII", False
            case TimeoutError():
                return "did not answer in time", True
        return (
            f"cannot be reached: {getattr(error, 'strerror', None) or type(error).__name__}",
            True,
        )


def report_message(sending: Sending, mail: Mail) -> EmailMessage:
    """A report as a mail.

    Raises:
        DeliveryError: The report lacks the form of a mail.

    """
    parcel = sending.parcel
    making = making_of(parcel.folder)
    identity = f"{sending.identity} made {making.ended if making else 'some day'}"
    subject = f"{parcel.service} {parcel.week}, {parcel.kind.title}: {parcel.published.verdict}"
    message = addressed(mail, subject, identity)
    text, page = parcel.form(MAIL_TEXT).decode(), parcel.form(MAIL_HTML).decode()
    message.set_content(text)
    message.add_alternative(page, subtype="html")
    if f"cid:{MAIL_PICTURE}" in page:
        (_, html) = message.iter_parts()
        picture = parcel.form(HEADLINE)
        cid = f"<{MAIL_PICTURE}>"
        html.add_related(picture, "image", "png", cid=cid, filename=HEADLINE, disposition="inline")
    # Where no browser was found there is none, and the mail is worth having without it.
    if mail.attach_pdf and (parcel.folder / pdf_of(parcel.kind)).is_file():
        name = f"{parcel.service}-{parcel.week}-{parcel.kind.name}.pdf"
        message.add_attachment(
            parcel.form(pdf_of(parcel.kind)), "application", "pdf", filename=name
        )
    return message


def addressed(mail: Mail, subject: str, identity: str) -> EmailMessage:
    """An empty mail; its Message-ID follows from the identity."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = " ".join(subject.split())[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(datetime.now(UTC))
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<slobook.{sha256(identity.encode()).hexdigest()[:32]}@{domain}>"
    # https://www.rfc-editor.org/rfc/rfc3834: no holiday answers it.
    message["Auto-Submitted"] = "auto-generated"
    return message


def _refused(refused: Mapping[str, tuple[int, bytes]], reached: Sequence[str]) -> DeliveryError:
    told = "; ".join(f"{who} ({code} {_said(why)})" for who, (code, why) in refused.items())
    again = any(code < _PERMANENT for code, _ in refused.values())
    return DeliveryError(f"refused for {told}", again=again, reached=reached)


def _said(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _count(recipients: Sequence[str]) -> str:
    return counted(len(recipients), "recipient")
