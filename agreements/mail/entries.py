"""From notices to what a mail says: one entry for each task, with its facts in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Final

from agreements.glossary import label
from agreements.law.deadlines import german_day
from agreements.model.cases import Task
from agreements.model.enums import DueKind, NoticeKind, TaskState
from agreements.model.notices import Notice

# Of several notices on one task the first of these says why it is in the mail.
_STRONGEST_FIRST: Final = (
    NoticeKind.ESCALATED_TO_LEAD,
    NoticeKind.ESCALATED_TO_SUPERVISOR,
    NoticeKind.REMINDER_AFTER,
    NoticeKind.REMINDER_DUE,
    NoticeKind.SUBSTITUTION_GAP,
    NoticeKind.DUE_MOVED,
    NoticeKind.TASK_ASSIGNED,
    NoticeKind.TASK_HANDED_BACK,
    NoticeKind.COPY_TO_CONFIRM,
    NoticeKind.REMINDER_BEFORE,
    NoticeKind.FOLLOW_UP,
    NoticeKind.TASK_OPENED,
    NoticeKind.TASK_COMMENTED,
    NoticeKind.SUBSTITUTION,
    NoticeKind.OPERATOR,
)
WHY: Final = {
    NoticeKind.TASK_OPENED: "Für Sie liegt eine neue Aufgabe bereit.",
    NoticeKind.TASK_ASSIGNED: "Diese Aufgabe wurde Ihnen zugewiesen.",
    NoticeKind.TASK_HANDED_BACK: "Diese Aufgabe ist wieder bei Ihnen.",
    NoticeKind.TASK_COMMENTED: "Zu dieser Aufgabe gibt es einen neuen Vermerk.",
    NoticeKind.COPY_TO_CONFIRM: "Hier ist eine abgelegte Ausfertigung anzusehen und zu bestätigen.",
    NoticeKind.FOLLOW_UP: "Diese Aufgabe steht zur Wiedervorlage an.",
    NoticeKind.REMINDER_BEFORE: "Die Frist dieser Aufgabe endet bald.",
    NoticeKind.REMINDER_DUE: "Dies ist der letzte Tag der Frist.",
    NoticeKind.REMINDER_AFTER: "Die Frist ist abgelaufen, und die Aufgabe ist noch offen.",
    NoticeKind.DUE_MOVED: "Die Frist dieser Aufgabe wurde verlegt.",
    NoticeKind.ESCALATED_TO_SUPERVISOR: "Die Frist ist abgelaufen, und die Aufgabe ist noch "
    "offen. Sie erhalten diese Nachricht als Leitung.",
    NoticeKind.ESCALATED_TO_LEAD: "Die Frist ist abgelaufen, und die Aufgabe ist noch offen. Sie "
    "erhalten diese Nachricht, weil Ihre Körperschaft den Vorgang federführend betreut.",
    NoticeKind.SUBSTITUTION: "Eine Vertretung wurde eingetragen oder beendet.",
    NoticeKind.SUBSTITUTION_GAP: "Hier fehlt eine Vertretung.",
    NoticeKind.OPERATOR: "Hinweis für die Administration.",
}
_AFTER_THE_DUE_DATE: Final = frozenset(
    (
        NoticeKind.REMINDER_AFTER,
        NoticeKind.ESCALATED_TO_SUPERVISOR,
        NoticeKind.ESCALATED_TO_LEAD,
    )
)
_OF_A_DUE_DATE: Final = _AFTER_THE_DUE_DATE | {NoticeKind.REMINDER_BEFORE, NoticeKind.REMINDER_DUE}


class Urgency(IntEnum):
    """The sections of a digest, in their order."""

    OVERDUE = 0
    TODAY = 1
    DATED = 2
    UNDATED = 3
    REMARK = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits, with what it is about.

    case: as it is named in mails; body: its name; worker: the name of whoever works on the task.
    """

    notice: Notice
    recipient: str
    task: Task | None
    case: str | None
    body: str | None
    worker: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a mail tells. facts: labels and values, in order."""

    kind: NoticeKind
    title: str
    why: tuple[str, ...]
    case: str | None
    urgency: Urgency
    due_on: date | None
    link: str | None
    facts: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    task: Task | None = field(compare=False)

    @property
    def dated(self) -> bool:
        """Whether it comes with an entry for the recipient's calendar."""
        return self.link is not None and self.due_on is not None


def pointless(waiting: Waiting, today: date) -> bool:
    """Whether nobody needs to be told any more: done meanwhile, or the due date is another."""
    task, notice = waiting.task, waiting.notice
    if task is None:
        return False
    if task.state is not TaskState.OPEN:
        return True
    if notice.kind not in _OF_A_DUE_DATE:
        return False
    if task.due_on is None or _another_day(notice, task.due_on):
        return True
    if notice.kind in _AFTER_THE_DUE_DATE:
        return task.due_on >= today
    return notice.kind is NoticeKind.REMINDER_DUE and task.due_on > today


def _another_day(notice: Notice, due_on: date) -> bool:
    """Whoever wrote the notice may have said for which due date: ``data["due_on"]``, ISO."""
    meant = notice.data.get("due_on")
    return isinstance(meant, str) and meant != due_on.isoformat()


def entries(waiting: Sequence[Waiting], today: date, link: str) -> list[Entry]:
    """The entries of one mail, most urgent first. link: what the addresses of tasks begin with."""
    grouped: dict[object, list[Waiting]] = {}
    for one in waiting:
        key: object = one.task.id if one.task is not None else (one.notice.kind, one.notice.key)
        grouped.setdefault(key, []).append(one)
    found = [_entry(group, today, link) for group in grouped.values()]
    return sorted(found, key=_place)


def _place(entry: Entry) -> tuple[int, str, date, str]:
    return (entry.urgency, entry.case or "", entry.due_on or date.max, entry.title)


def _entry(group: Sequence[Waiting], today: date, link: str) -> Entry:
    first = min(group, key=lambda one: _STRONGEST_FIRST.index(one.notice.kind))
    task, kind = first.task, first.notice.kind
    return Entry(
        kind=kind,
        title=one_line(task.title)
        if task is not None
        else label(kind)[:1].upper() + label(kind)[1:],
        why=tuple(dict.fromkeys(sentence for one in [first, *group] for sentence in _why(one))),
        case=first.case,
        urgency=_urgency(task, today),
        due_on=task.due_on if task is not None else None,
        # The administration sees that something stands still, not the task itself.
        link=_link(link, task) if kind is not NoticeKind.OPERATOR else None,
        facts=tuple(_facts(first)),
        names=tuple(dict.fromkeys(one_line(one.recipient) for one in group)),
        task=task,
    )


def _link(base: str, task: Task | None) -> str | None:
    return f"{base}/aufgaben/{task.id}" if task is not None else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """The text without line breaks and other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def case_line(reference: str, title: str) -> str:
    """A case as it is named in mails: "IKZ-2026-0001 Smart Region Kreis Unna"."""
    return one_line(f"{reference} {title}")


def _why(one: Waiting) -> list[str]:
    data, kind = one.notice.data, one.notice.kind
    sentence, by = data.get("sentence"), data.get("by")
    if kind is NoticeKind.DUE_MOVED:
        # Why it was moved stands with the due date.
        return [_moved(data.get("moved_from"))]
    # Whoever wrote the notice may have said it better: who assigned it, and why.
    if isinstance(sentence, str):
        return [one_line(sentence)]
    if kind is NoticeKind.TASK_COMMENTED and isinstance(by, str):
        return [f"Zu dieser Aufgabe gibt es einen neuen Vermerk von {one_line(by)}."]
    return [WHY[kind]]


def _moved(before: object) -> str:
    if not isinstance(before, str):
        return WHY[NoticeKind.DUE_MOVED]
    return f"Die Frist dieser Aufgabe wurde verlegt; bisher endete sie am {_german(before)}."


def _german(day: str) -> str:
    try:
        return german_day(date.fromisoformat(day))
    except ValueError:
        return one_line(day)


def _urgency(task: Task | None, today: date) -> Urgency:
    if task is None:
        return Urgency.REMARK
    if task.due_on is None:
        return Urgency.UNDATED
    if task.due_on < today:
        return Urgency.OVERDUE
    return Urgency.TODAY if task.due_on == today else Urgency.DATED


def _facts(one: Waiting) -> list[tuple[str, str]]:
    task, body = one.task, one.body
    if task is None or body is None:
        return []
    facts = [("Zuständig", f"{label(task.role)}, {one_line(body)}")]
    if task.due_on is not None:
        facts.append(("Frist", german_day(task.due_on) + _of_kind(task.due_kind)))
    if task.due_on is not None and task.due_reason:
        facts.append(("Woraus sie folgt", one_line(task.due_reason)))
    worker = f"{one_line(one.worker)} arbeitet daran" if one.worker else "noch niemand"
    return [*facts, ("Bearbeitung", worker)]


def _of_kind(kind: DueKind | None) -> str:
    return f" ({label(kind)})" if kind is not None else ""
