"""A mail's subject and its two texts, of the same facts: plain and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from agreements.mail.entries import Entry, Urgency, one_line
from agreements.model.enums import MailKind, NoticeKind

LONGEST_SUBJECT: Final = 180
SECTIONS: Final = {
    Urgency.OVERDUE: "Überfällig",
    Urgency.TODAY: "Heute fällig",
    Urgency.DATED: "Mit Frist",
    Urgency.UNDATED: "Ohne Frist",
    Urgency.REMARK: "Hinweise",
}
_REMINDERS: Final = frozenset(
    (
        NoticeKind.REMINDER_BEFORE,
        NoticeKind.REMINDER_DUE,
        NoticeKind.REMINDER_AFTER,
        NoticeKind.FOLLOW_UP,
    )
)
_ESCALATIONS: Final = frozenset((NoticeKind.ESCALATED_TO_SUPERVISOR, NoticeKind.ESCALATED_TO_LEAD))


@dataclass(frozen=True, slots=True)
class Section:
    """What is equally urgent, by case. groups: the case and its entries."""

    heading: str
    groups: tuple[tuple[str | None, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is sent, beside its headers."""

    kind: MailKind
    subject: str
    plain: str
    html: str


def compose(
    entries: Sequence[Entry], names: Sequence[str], rhythm: str, settings_url: str
) -> Texts:
    """The mail of these entries. names: for whom; rhythm: in words, how often they get one."""
    alone = entries[0] if len(entries) == 1 else None
    context = {
        "subject": subject_of(entries),
        "names": _and([one_line(name) for name in names]),
        "shared": len(names) > 1,
        "alone": alone,
        "sections": sections(entries),
        "dated": sum(entry.dated for entry in entries),
        "decides": any(entry.link is not None for entry in entries),
        "rhythm": rhythm,
        "settings_url": settings_url,
    }
    plain = _environment().get_template("mail.txt").render(context)
    html = _environment().get_template("mail.html").render(context)
    return Texts(kind_of(entries), str(context["subject"]), plain, html)


def kind_of(entries: Sequence[Entry]) -> MailKind:
    """Several make a digest; one alone is a mail of its own kind."""
    kinds = {entry.kind for entry in entries}
    if kinds == {NoticeKind.OPERATOR}:
        return MailKind.OPERATOR
    if len(entries) > 1:
        return MailKind.DIGEST
    if kinds <= _ESCALATIONS:
        return MailKind.ESCALATION
    return MailKind.REMINDER if kinds <= _REMINDERS else MailKind.TASK


def sections(entries: Sequence[Entry]) -> tuple[Section, ...]:
    """Entries, which are in order, by urgency and case."""
    return tuple(
        Section(
            SECTIONS[urgency],
            tuple((case, tuple(group)) for case, group in groupby(found, key=_case)),
        )
        for urgency, found in groupby(entries, key=lambda entry: entry.urgency)
    )


def _case(entry: Entry) -> str | None:
    return entry.case


def subject_of(entries: Sequence[Entry]) -> str:
    """What it is about and until when."""
    subject = _subject_of_one(entries[0]) if len(entries) == 1 else _subject_of_many(entries)
    cases = {entry.case for entry in entries}
    case = next(iter(cases)) if len(cases) == 1 else None
    return _shortened(f"{subject} - {case}" if case else subject)


def _subject_of_one(entry: Entry) -> str:
    if entry.task is None:
        return _shortened(entry.why[0])
    due = f"{entry.due_on:%d.%m.%Y}" if entry.due_on is not None else ""
    match entry.urgency:
        case Urgency.OVERDUE:
            begin = f"Überfällig seit {due}"
        case Urgency.TODAY:
            begin = f"Frist heute, {due}"
        case Urgency.DATED:
            begin = f"Frist {due}"
        case _:
            begin = "Wiedervorlage" if entry.kind is NoticeKind.FOLLOW_UP else "Aufgabe"
    return f"{begin}: {entry.title}"


def _subject_of_many(entries: Sequence[Entry]) -> str:
    tasks = [entry for entry in entries if entry.task is not None]
    overdue = sum(entry.urgency is Urgency.OVERDUE for entry in tasks)
    today = sum(entry.urgency is Urgency.TODAY for entry in tasks)
    next_due = min(
        (e.due_on for e in tasks if e.urgency is Urgency.DATED and e.due_on), default=None
    )
    counts = [
        _count(len(tasks), "Aufgabe", "Aufgaben"),
        _count(len(entries) - len(tasks), "Hinweis", "Hinweise"),
    ]
    particulars = [
        f"{overdue} überfällig" if overdue else "",
        f"{today} heute fällig" if today else "",
        f"nächste Frist {next_due:%d.%m.%Y}" if next_due and not overdue and not today else "",
    ]
    said = ", ".join(filter(None, particulars))
    return " und ".join(filter(None, counts)) + (f": {said}" if said else "")


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _shortened(text: str) -> str:
    line = one_line(text)
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _and(names: Sequence[str]) -> str:
    return " und ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("agreements.mail"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
