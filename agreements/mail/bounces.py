"""Mails that come back: which of ours it was, and what the server said.

Reads delivery reports by RFC 3464, and others too, as long as the original's Message-ID stands
somewhere in them. A report of a mere delay changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements.mail.delivering import report
from agreements.mail.entries import one_line
from agreements.model.enums import MailState
from agreements.model.notices import Mail

_MESSAGE_ID: Final = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_LONGEST: Final = 500
_NOT_LOST: Final = frozenset(("delayed", "delivered", "relayed", "expanded"))


@dataclass(frozen=True, slots=True)
class Returned:
    """What a returned message says. message_ids: all that it names, its own left out."""

    message_ids: tuple[str, ...]
    diagnostic: str
    action: str

    @property
    def delayed(self) -> bool:
        """Whether nothing is lost yet, or at all."""
        return self.action in _NOT_LOST


def read(content: bytes) -> Returned:
    """Read a returned message."""
    parsed = message_from_bytes(content, policy=default)
    own = str(parsed.get("Message-ID", "")).strip()
    text = "\n".join(_texts(parsed))
    ids = tuple(i for i in dict.fromkeys(_MESSAGE_ID.findall(text)) if i != own)
    status = _status(parsed)
    action = status.get("action", "failed").lower()
    diagnostic = " ".join(
        filter(
            None,
            (status.get("final-recipient"), status.get("diagnostic-code", status.get("status"))),
        )
    )
    return Returned(ids, one_line(diagnostic or _opening(parsed))[:_LONGEST], action)


def mark(session: Session, returned: Returned) -> Mail | None:
    """Mark our mail as bounced and tell the administration; None: none of ours, or a mere delay."""
    if returned.delayed:
        return None
    mail = session.scalars(
        select(Mail).where(Mail.message_id.in_(returned.message_ids)).with_for_update()
    ).first()
    if mail is None:
        return None
    if mail.state is not MailState.BOUNCED:
        mail.state, mail.last_error = MailState.BOUNCED, returned.diagnostic
        report(session, mail, returned.diagnostic)
    return mail


def _texts(parsed: Message) -> list[str]:
    """All that is readable in it, headers of enclosed messages included."""
    found = [f"{name}: {value}" for name, value in parsed.items()]
    for part in parsed.walk():
        if part.is_multipart():
            found += [f"{name}: {value}" for name, value in part.items()]
        else:
            found.append(_text(part))
            found += [f"{name}: {value}" for name, value in part.items()]
    return found


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _status(parsed: Message) -> dict[str, str]:
    """The fields of the report on the (last) recipient."""
    fields: dict[str, str] = {}
    for part in parsed.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message):
                    fields |= {name.lower(): str(value) for name, value in block.items()}
    return {name: value.partition(";")[2].strip() or value for name, value in fields.items()}


def _opening(parsed: EmailMessage) -> str:
    """How the text begins, for people."""
    for part in parsed.walk():
        if part.get_content_type() == "text/plain":
            return _text(part)[:_LONGEST]
    return str(parsed.get("Subject", ""))
