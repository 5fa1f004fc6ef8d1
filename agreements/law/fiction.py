"""Genehmigungsfiktion: whether an approval is deemed given (NRW: §§ 24 Abs. 2, 10 Abs. 1 GkG).

Two clocks. Unless the authority has said within the first that it will refuse, or approve only
after changes, the approval is deemed given. If it has, it must call a meeting within the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from agreements.law.deadlines import Deadline, german_date
from agreements.law.instruments import Instrument
from agreements.law.rules import approval_clock, meeting_clock
from agreements.law.tables import LandLaw


class FictionResult(StrEnum):
    """What the clocks have come to."""

    DEEMED_APPROVED = "deemed_approved"
    RUNNING = "running"
    NO_FICTION = "no_fiction"


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of the authority: receipt, its objection, its call to a meeting."""

    received_on: date
    objected_on: date | None = None
    meeting_called_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fiction:
    """The clocks, the result on a day, and the sentences that lead to it.

    deemed_on: with the end of a period's last day, so from the day after.
    """

    first: Deadline
    second: Deadline | None
    result: FictionResult
    deemed_on: date | None
    reasons: tuple[str, ...]


def fiction(law: LandLaw, instrument: Instrument, known: Silence, on: date) -> Fiction:
    """Whether the approval is deemed given on a day."""
    first = approval_clock(law, known.received_on, instrument=instrument)
    if known.objected_on is None or known.objected_on > first.end:
        return _by(first, None, on, tuple(_silent(known, first, on)))
    second = meeting_clock(law, first, instrument=instrument)
    objected = (
        f"Die Aufsichtsbehörde hat am {german_date(known.objected_on)}, vor Ablauf der ersten "
        f"Frist am {german_date(first.end)}, Bedenken mitgeteilt."
    )
    called = known.meeting_called_on
    if called is not None and called <= second.end:
        met = (
            f"Sie hat am {german_date(called)}, vor Ablauf der zweiten Frist am "
            f"{german_date(second.end)}, zur Erörterung eingeladen."
        )
        return Fiction(first, second, FictionResult.NO_FICTION, None, (objected, met))
    return _by(first, second, on, (objected, *_uncalled(known, second, on)))


def _by(first: Deadline, second: Deadline | None, on: date, reasons: tuple[str, ...]) -> Fiction:
    last = second or first
    if on <= last.end:
        return Fiction(first, second, FictionResult.RUNNING, None, reasons)
    deemed_on = last.end + timedelta(days=1)
    return Fiction(first, second, FictionResult.DEEMED_APPROVED, deemed_on, reasons)


def _silent(known: Silence, first: Deadline, on: date) -> Iterator[str]:
    if on <= first.end:
        yield f"Die erste Frist endet mit Ablauf des {german_date(first.end)}."
        return
    yield (
        "Die Aufsichtsbehörde hat bis zum Ablauf der ersten Frist nicht mitgeteilt, dass sie die "
        "Genehmigung versagen oder nur nach Änderung der Vereinbarung erteilen wolle."
    )
    if known.objected_on is not None:
        yield (
            f"Ihre Mitteilung vom {german_date(known.objected_on)} ging nach Ablauf der Frist ein."
        )


def _uncalled(known: Silence, second: Deadline, on: date) -> Iterator[str]:
    if on <= second.end:
        yield (
            "Zur Erörterung ist noch nicht eingeladen; die zweite Frist endet mit Ablauf des "
            f"{german_date(second.end)}."
        )
        return
    yield "Sie hat bis zum Ablauf der zweiten Frist nicht zur Erörterung eingeladen."
    if known.meeting_called_on is not None:
        yield (
            f"Die Einladung vom {german_date(known.meeting_called_on)} erging nach Ablauf der "
            "Frist."
        )
