"""Fristen: every hour, what is due is told, and what people are to be told is sent.

Drives no stage. It looks at everything that is, so a run that was missed, skipped or killed
is made good by the next one.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate

from agreements import clock, idempotency, mail, overview, reminders
from agreements.glossary import label
from agreements.mail import Delivered
from agreements.model.enums import NoticeKind
from agreements.overview import NextDeadline
from agreements.settings import get_settings
from flows import visibility
from flows.domain import domain, sessions
from flows.routine import call_run, do, routine
from flows.steps import current_run

ARTIFACT = "fristen"
NOTHING = "nichts zu tun"
INTERVAL = timedelta(hours=1)
# Longer than any client repeats a request, or Prefect keeps an event.
KEPT = timedelta(days=30)

# (one, many, how the kinds of notices begin that are counted)
_GROUPS = (
    ("Erinnerung", "Erinnerungen", "reminder"),
    ("Eskalation", "Eskalationen", "escalated"),
    ("Wiedervorlage", "Wiedervorlagen", "follow_up"),
)


@routine("deadlines", one_at_a_time=True)
async def deadlines() -> None:
    began = clock.now()
    await call_run(name_at(began))
    told = await do("Fristen prüfen", _check)
    await do("Nachrichten zusammenstellen", _collect)
    delivered = await do("Nachrichten senden", _deliver)
    await do("Stillstand melden", _report_standstill)
    await do("Altes aufräumen", _prune)
    # Most mails go out between two runs.
    sent = await domain(overview.mails_sent_since, began - INTERVAL)
    await _show(told, sent, delivered)
    await call_run(f"{name_at(began)} - {in_words(told, sent)}")


def name_at(instant: datetime) -> str:
    """What a run of this moment is called before it has done anything."""
    return f"Fristen {instant.astimezone(clock.BERLIN):%d.%m.%Y %H:%M}"


def in_words(told: Counter[NoticeKind], sent: int) -> str:
    """What a run told and how many mails went out since the one before, in a few words."""
    counted = [(_told_of(told, prefix), one, many) for one, many, prefix in _GROUPS]
    counted.append((sent, "E-Mail", "E-Mails"))
    words = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    return ", ".join(words) or NOTHING


def _told_of(told: Counter[NoticeKind], prefix: str) -> int:
    return sum(count for kind, count in told.items() if kind.startswith(prefix))


async def _check() -> Counter[NoticeKind]:
    return Counter(await domain(reminders.run))


async def _collect() -> int:
    return await domain(mail.collect)


async def _deliver() -> Delivered:
    return await mail.deliver(sessions(), get_settings())


async def _report_standstill() -> None:
    async with get_client() as client:
        await visibility.emit_standstill(client, get_settings().standstill_days)


async def _prune() -> None:
    await domain(idempotency.forget, KEPT)
    await domain(mail.forget)


async def _show(told: Counter[NoticeKind], sent: int, delivered: Delivered) -> None:
    coming = await domain(overview.next_deadlines)
    async with get_client() as client:
        await client.create_artifact(
            ArtifactCreate(
                key=ARTIFACT,
                type="markdown",
                description="Was gemeldet wurde und was als Nächstes fällig ist",
                data=as_markdown(told, sent, delivered, coming),
                flow_run_id=current_run(),
            )
        )


def as_markdown(
    told: Counter[NoticeKind],
    sent: int,
    delivered: Delivered,
    coming: tuple[NextDeadline, ...],
) -> str:
    """What a run did and what comes next; no names of persons, no addresses."""
    lines = ["# Fristen", "", "| gemeldet | Anzahl |", "|-|-|"]
    lines += [f"| {label(kind)} | {count} |" for kind, count in sorted(told.items()) if count]
    lines += [
        f"| **E-Mails gesendet (letzte Stunde)** | {sent} |",
        f"| **E-Mails unzustellbar (dieser Lauf)** | {delivered.failed} |",
        f"| **E-Mails in der Warteschlange** | {delivered.waiting} |",
        "", "## Als Nächstes fällig", "",
        "| bis | Vorgang | Körperschaft | Aufgabe |", "|-|-|-|-|",
    ]  # fmt: skip
    lines += [f"| {d.due_on:%d.%m.%Y} | {d.reference} | {d.body} | {d.title} |" for d in coming]
    return "\n".join(lines)
