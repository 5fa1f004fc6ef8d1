"""The due date with which a task opens, and the sentence that says where it comes from.

A date that the case knows goes first: the meeting that is waited for, the cut-off of the
programme. Else the procedure sets one. A task of a case that is recorded afterwards gets none: its
acts have dates of their own, and what is past is no Frist for anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements import clock, cutoffs
from agreements.law.days import why_no_working_day
from agreements.law.deadlines import (
    Period,
    german_date,
    german_day,
    holidays_of,
    next_working_day,
    nominal_end,
)
from agreements.model.cases import Case
from agreements.model.enums import DueKind, TaskKind
from agreements.procedures.definition import TaskDefinition


@dataclass(frozen=True, slots=True)
class Due:
    """A due date, its kind, and its derivation as a sentence."""

    on: date
    kind: DueKind
    reason: str


def at_opening(case: Case, definition: TaskDefinition) -> Due | None:
    """When a task that opens today is due, if nothing else says so; None: there is no date."""
    if case.retrospective:
        return None
    today = clock.today()
    if definition.kind is TaskKind.SUBMIT_APPLICATION:
        rule = cutoffs.ahead(case, today)
        if rule is not None:
            reason = (
                f"Antragsfrist: {rule.title} nimmt Anträge bis zum "
                f"{german_date(rule.applications_until)} an."
            )
            return Due(rule.applications_until, DueKind.AUTHORITY, reason)
    if definition.within is None:
        return None
    opening = (
        f"Selbst gesetzte Frist des Verfahrens von {definition.within} ab Eröffnung der Aufgabe "
        f"am {german_date(today)}."
    )
    return _internal(case, today, definition.within, opening)


def after_meeting(case: Case, definition: TaskDefinition, held_on: date) -> Due | None:
    """When a task that waits for a meeting is due: some time after it, for the minutes.

    None: that day is past, so it is no Frist any more.
    """
    due = Due(held_on, DueKind.INTERNAL, f"Sitzung am {held_on:%d.%m.%Y}")
    if period := definition.after_meeting:
        said = f"{due.reason}; zum Erfassen setzt das Verfahren eine Frist von {period} danach."
        due = _internal(case, held_on, period, said)
    return due if due.on >= clock.today() else None


def _internal(case: Case, start_on: date, period: Period, opening: str) -> Due:
    """Nobody works on a Saturday for the sake of a Frist that a procedure has set itself."""
    holiday = holidays_of(case.land)
    counted = nominal_end(start_on, period, holiday)
    end = next_working_day(counted, holiday)
    if end != counted:
        opening += (
            f" Das rechnerische Ende, {german_day(counted)}, ist "
            f"{why_no_working_day(counted, holiday)}; die Frist läuft bis zum nächsten Arbeitstag, "
            f"{german_day(end)}."
        )
    return Due(end, DueKind.INTERNAL, opening)
