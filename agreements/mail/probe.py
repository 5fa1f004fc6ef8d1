"""Trying the mail server: a test mail, and whether the server lets us in at all."""

from __future__ import annotations

from agreements import clock
from agreements.errors import Refusal
from agreements.ids import new_id
from agreements.mail.message import AddressNotUsable
from agreements.mail.server import MailServer, Trouble
from agreements.model.enums import MailKind, MailState
from agreements.model.notices import Mail
from agreements.settings import Settings

_TEXT = (
    "Diese Probenachricht hat die Administration von vereinbar verschickt.\n"
    "Wenn Sie sie lesen, funktioniert der Versand.\n"
)
_HTML = (
    '<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>Probe</title></head>'
    "<body><p>Diese Probenachricht hat die Administration von vereinbar verschickt. "
    "Wenn Sie sie lesen, funktioniert der Versand.</p></body></html>\n"
)


async def send_probe(settings: Settings, address: str) -> str:
    """Send a test mail now; returns the server's words, or refuses with them."""
    now, mail_id = clock.now(), new_id()
    mail = Mail(
        id=mail_id,
        kind=MailKind.OPERATOR,
        address=address,
        subject="Probenachricht von vereinbar",
        plain=_TEXT,
        html=_HTML,
        calendar=None,
        message_id=f"<{mail_id}@{settings.message_domain}>",
        state=MailState.WAITING,
        created_at=now,
        next_attempt_at=now,
    )
    try:
        async with MailServer(settings) as server:
            return await server.send(mail)
    except AddressNotUsable as error:
        raise Refusal("address-not-usable", str(error), "address") from error
    except Trouble as trouble:
        raise Refusal("mail-not-accepted", f"Nicht angenommen. {trouble.words}") from trouble


async def reach(settings: Settings) -> str | None:
    """Connect and sign in without sending; the server's words if that fails."""
    try:
        async with MailServer(settings) as server:
            await server.open()
    except Trouble as trouble:
        return trouble.words
    return None
