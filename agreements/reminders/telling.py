"""What a run says, to whom: messages from tasks, nothing written yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from agreements import clock
from agreements.glossary import label
from agreements.law.deadlines import german_date, holidays_of
from agreements.model.base import Json
from agreements.model.enums import DueKind, NoticeKind, Role, TaskKind
from agreements.notices import Message
from agreements.reminders.looking import Batch, Seen
from agreements.reminders.reach import Asked, Reached, Staff, staff_on
from agreements.reminders.rhythm import Rhythm, rhythm_on
from agreements.reminders.steps import (
    DueDate,
    Step,
    escalates_on,
    step_of,
    working_days_after,
)

NO_SUPERVISOR = "Die Körperschaft hat keine Leitung, die zu erreichen ist."
# From so many days before the end on a reminder does not wait for a weekly mail.
_URGENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What one run goes by: the day, the rules of that day, and who is there."""

    session: Session
    today: date
    rhythm: Rhythm
    staff: Staff

    def step(self, task: Seen) -> Step | None:
        """The reminder that it is time for; None: none."""
        return _step(task.due, self.today, task.land) if task.due is not None else None

    def missed_on(self, task: Seen, working_days: int) -> date:
        """The day on which a due date has been missed for so many Arbeitstage."""
        if task.due is None:
            raise ValueError("a task without a due date misses none")
        return _missed_on(task.due, working_days, task.land)

    def later(self, day: date, working_days: int, task: Seen) -> date:
        """The day so many Arbeitstage later, where the task is done."""
        return working_days_after(day, working_days, holidays_of(task.land))


# Thousands of tasks are due on a few days.
@lru_cache(maxsize=10_000)
def _step(due: DueDate, today: date, land: str) -> Step | None:
    return step_of(due, today, rhythm_on(today), holidays_of(land))


@lru_cache(maxsize=10_000)
def _missed_on(due: DueDate, working_days: int, land: str) -> date:
    return escalates_on(due, working_days, holidays_of(land))


def look(session: Session) -> Look:
    """Look up now."""
    today = clock.today()
    return Look(session, today, rhythm_on(today), staff_on(session, today))


@dataclass(frozen=True, slots=True)
class Said:
    """The messages about a task, and whether anybody who may do it gets one or knows already."""

    messages: list[Message]
    reached: bool


def announcement(look: Look, batch: Batch, task: Seen) -> Said:
    """A new task: to all who may do it. Whoever has taken it, or was given it, knows of it."""
    reached = look.staff.reach(batch.asked(task))
    if task.worked_on_by in reached.people:
        return Said([], reached=True)
    data = _due_data(task)
    return _say(look, task, reached, NoticeKind.TASK_OPENED, f"task_opened:{task.id}", data)


def follow_up(look: Look, batch: Batch, task: Seen) -> Said:
    """A Wiedervorlage: to whoever works on it, else to all who may."""
    reached = look.staff.reach(batch.asked(task))
    key = f"follow_up:{task.id}:{task.follow_up_on}"
    data = {"follow_up_on": str(task.follow_up_on), **_due_data(task)}
    return _say(look, task, reached, NoticeKind.FOLLOW_UP, key, data)


def reminder(look: Look, batch: Batch, task: Seen, step: Step) -> Said:
    """A due date comes near, is there, or has passed."""
    reached = look.staff.reach(batch.asked(task))
    data = {"days": step.days, **_due_data(task)}
    if task.due_kind is DueKind.STATUTORY and step.kind is NoticeKind.REMINDER_AFTER:
        data["sentence"] = lapsed(task)
        reached = _with(reached, _lead_staff(look, task))
    key = f"reminder:{task.due_key}:{step.name}"
    urgent = step.kind is not NoticeKind.REMINDER_BEFORE or step.days <= _URGENT_DAYS
    return _say(look, task, reached, step.kind, key, data, urgent=urgent)


def lapsed(task: Seen) -> str:
    """What follows by law when a statutory period has run out; a person has to find it so."""
    if task.due_on is None:
        raise ValueError("a task without a due date has none that runs out")
    said = f"Die gesetzliche Frist ist am {german_date(task.due_on)} abgelaufen."
    if task.kind is TaskKind.RECORD_AUTHORITY_ANSWER:
        said += (
            " Hat die Aufsichtsbehörde sich bis dahin nicht geäußert, kann die Genehmigung als "
            "erteilt gelten (Genehmigungsfiktion); darüber lässt sich eine Bescheinigung verlangen "
            "(§ 42a Abs. 3 VwVfG). Eingetragen wird das nicht von selbst: Bitte prüfen und die "
            "Antwort erfassen."
        )
    return said


def to_supervisors(look: Look, task: Seen, days: int) -> tuple[str, list[Message]]:
    """A missed due date, for the body's supervisors; no messages: there is none to be reached."""
    key = f"escalation:{task.due_key}:supervisor"
    reached = _supervisors(look, task)
    kind, data = NoticeKind.ESCALATED_TO_SUPERVISOR, {"days": days, **_due_data(task)}
    return key, _messages(look, task, reached, kind, key, data, urgent=True)


def to_lead(look: Look, task: Seen, days: int, *, at_once: bool) -> tuple[str, list[Message]]:
    """A missed due date, for the legal staff of the lead. at_once: there is no supervisor."""
    key = f"escalation:{task.due_key}:lead"
    data = {"days": days, **_due_data(task)}
    if at_once:
        data["sentence"] = f"{NO_SUPERVISOR} Deshalb erfahren Sie es sofort."
    reached = _lead_staff(look, task)
    kind = NoticeKind.ESCALATED_TO_LEAD
    return key, _messages(look, task, reached, kind, key, data, urgent=True)


def to_admins(look: Look, task: Seen) -> list[Message]:
    """Nobody of the lead can be reached either: the administration has to know."""
    key = f"unreachable:{task.due_key}"
    data: Json = {
        "sentence": "Eine Aufgabe ist überfällig, und weder die Leitung der Körperschaft noch das "
        "Rechtsamt der Federführung ist zu erreichen. Bitte die Zuständigkeiten prüfen."
    }
    people = dict.fromkeys(look.staff.holders.get((Role.ADMIN, None), ()))
    return _messages(look, task, Reached(people), NoticeKind.OPERATOR, key, data, urgent=True)


def _supervisors(look: Look, task: Seen) -> Reached:
    return look.staff.reach(Asked(Role.SUPERVISOR, task.body_id, task.case_id))


def _lead_staff(look: Look, task: Seen) -> Reached:
    if task.lead is None:
        return Reached({})
    return look.staff.reach(Asked(Role.LEGAL, task.lead, task.case_id))


def _with(reached: Reached, others: Reached) -> Reached:
    return Reached({**others.people, **reached.people}, reached.missed, reached.mark)


def _due_data(task: Seen) -> Json:
    if task.due_on is None:
        return {}
    kind = task.due_kind.value if task.due_kind else DueKind.INTERNAL.value
    return {"due_on": task.due_on.isoformat(), "due_kind": kind}


def _say(
    look: Look,
    task: Seen,
    reached: Reached,
    kind: NoticeKind,
    key: str,
    data: Json,
    *,
    urgent: bool = False,
) -> Said:
    if not reached.gap:
        messages = _messages(look, task, reached, kind, key, data, urgent=urgent)
        return Said(messages, reached=True)
    return Said(_gap(look, task, reached), reached=False)


def _messages(
    look: Look,
    task: Seen,
    reached: Reached,
    kind: NoticeKind,
    key: str,
    data: Json,
    *,
    urgent: bool,
) -> list[Message]:
    def about(absent: UUID | None) -> Json:
        if absent is None:
            return data
        said = f"Sie vertreten {look.staff.names[absent]}."
        return {
            **data,
            "for": str(absent),
            "sentence": f"{said} {data.get('sentence', '')}".strip(),
        }

    return [
        Message(user_id, kind, key, task.case_id, task.id, about(absent), urgent)
        for user_id, absent in reached.people.items()
    ]


def _gap(look: Look, task: Seen, reached: Reached) -> list[Message]:
    """Nobody can be told of the task: the supervisor has to name somebody, at once."""
    said = _why_nobody(look, task, reached.missed)
    told = _supervisors(look, task)
    if told.gap:
        told, said = _lead_staff(look, task), f"{said} {NO_SUPERVISOR}"
    data: Json = {"sentence": said, **_due_data(task)}
    key = f"gap:{task.id}:{reached.mark}"
    return _messages(look, task, told, NoticeKind.SUBSTITUTION_GAP, key, data, urgent=True)


def _why_nobody(look: Look, task: Seen, missed: Iterable[UUID]) -> str:
    names = ", ".join(sorted(look.staff.names[user_id] for user_id in missed))
    if names:
        return (
            f"Ohne Vertretung abwesend: {names}. Bitte eine Vertretung eintragen oder die Aufgabe "
            "jemand anderem zuweisen."
        )
    return (
        f"Die Rolle „{label(task.role)}“ hat hier niemand, der die Aufgabe erledigen darf. Bitte "
        "jemanden dafür bestimmen lassen."
    )
