"""A mail server on the loopback: aiosmtpd, with TLS and logins, that refuses what a test says."""

from __future__ import annotations

import asyncio
import email
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

Answer = Callable[[str], str | None]
"""What a command is answered with by its argument; None where it is carried out."""


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, that signed itself."""
    path = folder / "server.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    with path.open("a") as file:
        file.write((folder / "key.pem").read_text())
    return path


@dataclass
class MailServer:
    """What arrives, and what does not.

    Attributes:
        certificate: Of the server, with its key; no TLS if None.
        wrapped: Whether it speaks TLS from the first byte.
        login: The user and password that are asked for; nobody is asked if None.
        recipient: What each recipient is answered with.
        message: What each message is answered with.
        arrived: The messages that were taken, with whom they are for.
        port: Where it listens.

    """

    certificate: Path | None = None
    wrapped: bool = False
    login: tuple[str, str] | None = None
    recipient: Answer = lambda _: None
    message: Answer = lambda _: None
    refusal: str = ""
    arrived: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802  as aiosmtpd asks
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        answer = self.recipient(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        answer = self.message(str(message["Subject"]))
        if answer is None or answer == "lost":
            self.arrived.append((tuple(envelope.rcpt_tos), message))
        if answer == "lost":
            server.transport.abort()
        return answer or "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> Any:
        assert isinstance(data, LoginPassword)
        given = data.login.decode(), data.password.decode()
        self.logins.append(given)
        if given == self.login:
            return AuthResult(success=True)
        said = self.refusal.format(user=given[0], password=given[1])
        return AuthResult(success=False, handled=False, message=said or None)

    def protocol(self) -> SMTP:
        context = self.context()
        return SMTP(
            self,
            hostname="mail.example.com",
            tls_context=None if self.wrapped else context,
            authenticator=self.authenticate if self.login else None,
            # aiosmtpd only counts the TLS that it began itself.
            auth_required=bool(self.login) and not self.wrapped,
            auth_require_tls=not self.wrapped,
            loop=asyncio.get_running_loop(),
        )

    def context(self) -> ssl.SSLContext | None:
        if self.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context


@contextmanager
def listening(server: MailServer) -> Iterator[MailServer]:
    """A mail server that ends with the block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def opened() -> asyncio.Server:
        wrapping = server.context() if server.wrapped else None
        return await loop.create_server(server.protocol, "127.0.0.1", 0, ssl=wrapping)

    async def closed(listener: asyncio.Server) -> None:
        listener.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        listener = asyncio.run_coroutine_threadsafe(opened(), loop).result(10)
        server.port = listener.sockets[0].getsockname()[1]
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(closed(listener), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
