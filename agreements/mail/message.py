"""A mail as bytes: the same for every attempt, whoever makes it."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from agreements.mail.entries import one_line
from agreements.model.notices import Mail
from agreements.settings import Settings

_ADDRESS: Final = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")


class AddressNotUsable(Exception):
    """The address of a mail cannot be sent to as it stands."""


def message(mail: Mail, settings: Settings) -> EmailMessage:
    """The mail with its headers; ``AddressNotUsable`` if it has no address for SMTP."""
    made = EmailMessage(policy=SMTP.clone(max_line_length=76))
    made["From"] = settings.sender
    made["To"] = recipient(mail)
    made["Subject"] = one_line(mail.subject)
    made["Date"] = format_datetime(mail.created_at)
    made["Message-ID"] = mail.message_id
    made["MIME-Version"] = "1.0"
    # Nobody's out-of-office note answers to this.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made["List-Id"] = f"vereinbar <aufgaben.{settings.message_domain}>"
    made.set_content(mail.plain, cte="quoted-printable")
    made.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar is not None:
        made.add_attachment(
            mail.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="fristen.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    _mark_parts(made, mail.id.hex)
    return made


def _mark_parts(made: EmailMessage, mark: str) -> None:
    """Fixed boundaries: the library would draw others for every attempt."""
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_vereinbar_{mark}_{number}")


def usable(address: str | None) -> bool:
    """Whether a mail can go to this address as it stands: one mailbox, nothing else."""
    return bool(address and address.isprintable() and _ADDRESS.fullmatch(address))


def recipient(mail: Mail) -> Address:
    """To whom it goes; a domain with umlauts in the form that SMTP knows."""
    local, _, domain = (mail.address or "").rpartition("@")
    try:
        known = domain if domain.isascii() else domain.encode("idna").decode()
        if not (usable(mail.address) and local.isascii()):
            raise ValueError("no address for SMTP")
        return Address(username=local, domain=known)
    except (UnicodeError, ValueError, IndexError) as error:
        raise AddressNotUsable(
            f"Die Adresse „{one_line(mail.address or '')}“ ist nicht verwendbar."
        ) from error
