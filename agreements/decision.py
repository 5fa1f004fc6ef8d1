"""What every use case of a human decision shares: its context, its trace, its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from agreements import clock
from agreements.errors import Refusal
from agreements.journal import Event
from agreements.law.days import require_reckonable
from agreements.model.base import Json
from agreements.model.cases import Case, Stage, Task
from agreements.people import Actor


@dataclass(frozen=True, slots=True)
class Acting:
    """A person acts in a stage of a locked case."""

    session: Session
    actor: Actor
    case: Case
    stage: Stage


@dataclass(frozen=True, slots=True)
class Decision(Acting):
    """A person decides in a task of a locked case. ``stages``: those that count, by their keys."""

    task: Task
    stages: Mapping[str, Stage]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a decision leaves in the journal."""

    event: Event
    legal_date: date
    data: Json = field(default_factory=dict)
    reason: str | None = None
    legal_basis: str | None = None
    before: Json | None = None
    after: Json | None = None
    confidential: bool = False


def check_day(field_name: str, day: date, *, not_before: date | None = None, why: str = "") -> None:
    """Refuse a legal date in the future, before the day it builds on, or of another age.

    why: what happened on ``not_before``, in the genitive or dative after "vor".
    """
    today = clock.today()
    if day > today:
        raise Refusal(
            "date-in-future",
            f"Das Datum {day:%d.%m.%Y} liegt in der Zukunft.",
            field_name,
            f"ein Tag bis heute ({today:%d.%m.%Y})",
        )
    if not_before is not None and day < not_before:
        raise Refusal(
            "date-too-early",
            f"Das Datum {day:%d.%m.%Y} liegt vor {why} ({not_before:%d.%m.%Y}).",
            field_name,
            f"ein Tag ab dem {not_before:%d.%m.%Y}",
        )
    require_reckonable(day, field_name)


def check_text(field_name: str, given: str, expected: str) -> None:
    """Refuse an act on another text than the one at hand."""
    if given != expected:
        raise Refusal(
            "other-text",
            f"Die Prüfsumme {given[:8]} gehört zu einer anderen Textfassung; "
            f"hier geht es um die Fassung mit der Prüfsumme {expected[:8]}.",
            field_name,
            expected,
        )
