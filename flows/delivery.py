"""Between two runs of ``deadlines``: new tasks are announced, and mails go out within seconds.

The same functions of the domain, level-triggered: what waits is found at the next look. Without
the database or a mail server nothing is lost, and nothing else waits for it.
"""

from __future__ import annotations

from agreements import mail, reminders
from agreements.settings import Settings
from flows.domain import domain, sessions


async def deliver_soon(settings: Settings) -> None:
    """Announce, compose and send what its people want at once."""
    await domain(reminders.announce)
    await domain(mail.collect)
    await mail.deliver(sessions(), settings)
