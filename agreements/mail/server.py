"""The mail server: a connection that is used for several mails, and what its answers mean."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Final

import aiosmtplib
from aiosmtplib import errors

from agreements.mail.entries import one_line
from agreements.mail.message import message
from agreements.model.notices import Mail
from agreements.settings import Settings

_PERMANENT: Final = 500
_LONGEST_ANSWER: Final = 500
# Steps of one mail, each with the time-out of the settings; connecting has as many.
_STEPS: Final = 4


class Trouble(Exception):
    """A mail was not accepted. permanent: never will be; connection: no mail of any kind goes."""

    def __init__(self, words: str, permanent: bool, connection: bool) -> None:
        super().__init__(words, permanent, connection)
        self.words, self.permanent, self.connection = words, permanent, connection


class MailServer:
    """Sends mails over one connection that is opened when it is needed first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> MailServer:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None and kind is None:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await asyncio.wait_for(self._client.quit(), self._settings.smtp_timeout)
        self.hang_up()

    def hang_up(self) -> None:
        """Forget the connection; the next mail opens another one."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def send(self, mail: Mail) -> str:
        """Hand the mail over; returns the server's words. Raises ``Trouble`` if that fails."""
        made = message(mail, self._settings)
        sender, address = self._settings.sender.addr_spec, str(made["To"])
        client = await self.open()
        try:
            # A server that answers each step just in time must not outlast the lease.
            async with asyncio.timeout(_STEPS * self._settings.smtp_timeout):
                _, words = await client.sendmail(sender, [address], made.as_bytes())
            return one_line(words)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            trouble = _trouble(error)
            if trouble.connection:
                self.hang_up()
            raise trouble from error

    async def open(self) -> aiosmtplib.SMTP:
        """The open connection, with TLS and sign-in as the settings say; or ``Trouble``."""
        if self._client is not None and self._client.is_connected:
            return self._client
        client = _client(self._settings)
        try:
            async with asyncio.timeout(_STEPS * self._settings.smtp_timeout):
                await client.connect()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            raise _trouble(error) from error
        self._client = client
        return client


def _client(settings: Settings) -> aiosmtplib.SMTP:
    address = settings.smtp_address
    if address is None:
        raise ValueError("no mail server is configured")
    password = settings.smtp_password
    return aiosmtplib.SMTP(
        hostname=address[0],
        port=address[1],
        username=settings.smtp_username,
        password=password.get_secret_value() if password is not None else None,
        timeout=settings.smtp_timeout,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        tls_context=_tls(settings),
        local_hostname=settings.message_domain,
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.smtp_security == "none":
        return None
    ca_file = settings.smtp_ca_file
    return ssl.create_default_context(cafile=str(ca_file) if ca_file is not None else None)


def _trouble(error: Exception) -> Trouble:
    """What an error says of this mail, and of all others."""
    match error:
        case errors.SMTPRecipientsRefused():
            refused = error.recipients[0]
            return Trouble(
                _answer(refused.code, refused.message),
                permanent=refused.code >= _PERMANENT,
                connection=_hangs_up(refused.code),
            )
        case errors.SMTPDataError():
            return Trouble(
                _answer(error.code, error.message),
                permanent=error.code >= _PERMANENT,
                connection=_hangs_up(error.code),
            )
        case errors.SMTPAuthenticationError():
            words = f"Der Mailserver lehnt die Anmeldung ab: {_answer(error.code, error.message)}"
            return Trouble(words, permanent=False, connection=True)
        case errors.SMTPResponseException():
            # Of the sender or the session, not of this mail.
            return Trouble(_answer(error.code, error.message), permanent=False, connection=True)
        case TimeoutError():
            words = "Der Mailserver hat nicht rechtzeitig geantwortet."
            return Trouble(words, permanent=False, connection=True)
        case ssl.SSLError():
            words = f"Die verschlüsselte Verbindung zum Mailserver misslang: {_said(error)}"
            return Trouble(words, permanent=False, connection=True)
        case _:
            words = f"Die Verbindung zum Mailserver misslang: {_said(error)}"
            return Trouble(words, permanent=False, connection=True)


def _hangs_up(code: int) -> bool:
    return code == aiosmtplib.SMTPStatus.domain_unavailable


def _answer(code: int, text: str) -> str:
    return one_line(f"{code} {text}")[:_LONGEST_ANSWER]


def _said(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__)[:_LONGEST_ANSWER]
