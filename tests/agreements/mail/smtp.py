"""A real SMTP server in a thread, which does what a test tells it to: refuse, hang, die."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum, auto

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from agreements.settings import Settings
from tests.agreements.mail.office import SETTINGS


class Behaviour(Enum):
    """What happens to a message at the server."""

    ACCEPT = auto()
    HANG = auto()  # takes the message and never answers
    WAIT = auto()  # takes the message and answers when the test changes this
    DIE = auto()  # the connection breaks in the middle of DATA
    DROP = auto()  # takes the message, and the connection breaks before the answer


@dataclass
class Server:
    """The server, what it has taken, and what it answers."""

    behaviour: Behaviour = Behaviour.ACCEPT
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0
    secrets: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    port: int = 0

    @property
    def messages(self) -> list[EmailMessage]:
        """What it has taken, parsed."""
        return [message_from_bytes(content, policy=default) for content in self.taken]

    def settings(self, **changes: object) -> Settings:
        """The settings of an installation that sends to this server."""
        values = {"smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_security": "none"}
        kept = SETTINGS.model_dump(include={"public_url", "mail_from"})
        return Settings.model_validate({**kept, **values, "smtp_timeout": 60, **changes})

    async def handle_RCPT(  # noqa: N802  (the names of aiosmtpd)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, or answer what the test says."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        if self.behaviour is Behaviour.HANG:
            await asyncio.Event().wait()
        self.taken.append(content)
        self.encrypted.append(session.ssl is not None)
        self.envelopes.append((str(envelope.mail_from), envelope.rcpt_tos[0]))
        while self.behaviour is Behaviour.WAIT:
            await asyncio.to_thread(time.sleep, 0.01)
        if self.behaviour is Behaviour.DROP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.answers.get("DATA", "250 Angenommen als 4711")

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Compare user name and password."""
        assert isinstance(data, LoginPassword)
        known = self.secrets.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False)


class _Protocol(SMTP):
    """One connection."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            hostname="mail.test",
            authenticator=server.authenticate if server.secrets else None,
            auth_require_tls=False,
            tls_context=server.tls,
        )
        self._test = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._test.connections += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self._test.behaviour is not Behaviour.DIE:
            await super().smtp_DATA(arg)
            return
        await self.push("354 Bitte")
        await self._reader.readline()
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Within the block it listens on a free port."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        listening = await loop.create_server(lambda: _Protocol(server, loop), "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        listening.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        loop.close()
