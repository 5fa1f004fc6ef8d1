"""What was recorded in a task that is done: for whoever did it, and for whoever came too late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agreements import sights
from agreements.dossier.journal import words_of
from agreements.dossier.particulars import particulars
from agreements.glossary import label
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.cases import Case, Task
from agreements.model.conclusion import Signature, SignedCopy
from agreements.model.councils import Resolution, ResolutionRecord
from agreements.model.enums import TaskKind
from agreements.model.records import Document, JournalEntry
from agreements.queries.journal import event_label
from agreements.sights import Sight

_EVENTS: Final[Mapping[TaskKind, tuple[Event, ...]]] = {
    TaskKind.SUBMIT_DRAFT: (Event.DRAFT_SUBMITTED,),
    TaskKind.GIVE_STATEMENT: (Event.STATEMENT_GIVEN,),
    TaskKind.FREEZE_VERSION: (Event.VERSION_FROZEN,),
    TaskKind.RECORD_RESOLUTION: (Event.RESOLUTION_RECORDED, Event.URGENT_DECISION_RECORDED),
    TaskKind.CONFIRM_RESOLUTIONS: (Event.RESOLUTIONS_CONFIRMED,),
    TaskKind.RECORD_SIGNATURE: (Event.SIGNATURE_RECORDED,),
    TaskKind.SUBMIT_TO_AUTHORITY: (Event.SUBMITTED_TO_AUTHORITY,),
    TaskKind.RECORD_AUTHORITY_ANSWER: (Event.AUTHORITY_ANSWERED,),
    TaskKind.RECORD_PUBLICATION: (Event.PUBLICATION_RECORDED,),
    TaskKind.RECORD_NOTICE: (Event.NOTICE_RECORDED,),
    TaskKind.DRAFT_FINANCE_PLAN: (Event.FINANCE_PLAN_DRAFTED,),
    TaskKind.CHECK_FINANCE_PLAN: (Event.FINANCE_PLAN_CHECKED,),
    TaskKind.SUBMIT_APPLICATION: (Event.APPLICATION_SUBMITTED,),
    TaskKind.JUDGE_AMENDMENT: (Event.AMENDMENT_JUDGED,),
    TaskKind.SETTLE_RESERVATION: (Event.RESERVATION_SETTLED,),
    TaskKind.CONFIRM_URGENT_DECISION: (Event.URGENT_DECISION_CONFIRMED, Event.RESOLUTION_REVOKED),
    TaskKind.AD_HOC: (Event.AD_HOC_TASK_DONE,),
}
# Of use to machines; what people ask for is the rest.
_NOT_ASKED_FOR: Final = frozenset(
    ("text_hash", "content_hash", "sample", "authoritative", "agenda_item")
)
# The database keeps no order of keys.
_FIRST: Final = ("committee", "paper", "outcome", "votes")


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """What stands in the journal of it. lines: its particulars."""

    what: str
    who: str
    for_whom: str | None
    at: datetime
    legal_date: date | None
    lines: tuple[str, ...]
    reason: str | None


def recorded_in(session: Session, case: Case, sight: Sight, task: Task) -> RecordedAct | None:
    """What was recorded in the task; None if it is open, has been dropped or is not visible."""
    entry = _entry_of(session, task)
    if entry is None or not sights.may_read_entry(sight, entry):
        return None
    return _act(session, case, task, entry)


def resolution_now(session: Session, task: Task) -> UUID | None:
    """The resolution that was recorded in the task, or the entry that has taken its place."""
    chain = _chain(session, task)
    return chain[-1] if chain else None


def corrections(session: Session, case: Case, sight: Sight, task: Task) -> list[RecordedAct]:
    """How the resolution that was recorded in the task has been corrected since."""
    later = [str(found) for found in _chain(session, task)[1:]]
    entries = session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.case_id == task.case_id,
            JournalEntry.event == Event.RESOLUTION_CORRECTED,
            JournalEntry.data["resolution_id"].astext.in_(later),
        )
        .order_by(JournalEntry.number)
    )
    visible = (entry for entry in entries if sights.may_read_entry(sight, entry))
    return [_act(session, case, task, entry) for entry in visible]


def _chain(session: Session, task: Task) -> list[UUID]:
    """The resolution that was recorded in the task, and those that correct it, one by one."""
    if task.kind is not TaskKind.RECORD_RESOLUTION:
        return []
    entry = _entry_of(session, task)
    if entry is None:
        return []
    found = session.scalars(
        select(Resolution).where(Resolution.consultation_id == task.consultation_id)
    )
    followed_by = {one.corrects_id: one.id for one in found if one.corrects_id is not None}
    chain = [UUID(entry.data["resolution_id"])]
    while chain[-1] in followed_by:
        chain.append(followed_by[chain[-1]])
    return chain


def _entry_of(session: Session, task: Task) -> JournalEntry | None:
    """The journal's entry of what was recorded in the task."""
    if task.completed_at is None:
        return None
    # The case is locked from the completion to the entry: none of another task comes in between.
    return session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.case_id == task.case_id,
            JournalEntry.event.in_(_EVENTS[task.kind]),
            JournalEntry.actor_id == task.completed_by,
            JournalEntry.recorded_at >= task.completed_at,
            *_about(session, task),
        )
        .order_by(JournalEntry.number)
        .limit(1)
    ).one_or_none()


def _about(session: Session, task: Task) -> list[ColumnElement[bool]]:
    """What tells apart the tasks of one kind that one person does for one body."""
    about = JournalEntry.data["resolution_id"].astext
    if task.kind is TaskKind.RECORD_RESOLUTION:
        of_it = select(Resolution.id).where(Resolution.consultation_id == task.consultation_id)
        return [about.in_([str(found) for found in session.scalars(of_it)])]
    if task.subject_id is not None and task.kind is not TaskKind.AD_HOC:
        return [about == str(task.subject_id)]
    return [JournalEntry.body_id == task.body_id]


def _act(session: Session, case: Case, task: Task, entry: JournalEntry) -> RecordedAct:
    # A correction says what it changes; of anything else there is no earlier state.
    is_correction = entry.event == Event.RESOLUTION_CORRECTED
    keys = [*(key for key in _FIRST if key in entry.data), *sorted(entry.data.keys() - _FIRST)]
    data = {} if is_correction else {key: entry.data[key] for key in keys}
    told = map(_asked_for, (entry.before, entry.after, data))
    lines = particulars(words_of(session, case), *told)
    if not is_correction:
        more = (*_of_resolution(session, task, entry), *_of_signature(session, task))
        lines = [*map(_without_nothing, lines), *more]
    return RecordedAct(
        what=event_label(entry),
        who=entry.actor,
        for_whom=entry.on_behalf_of,
        at=entry.recorded_at,
        legal_date=entry.legal_date,
        lines=tuple(lines),
        reason=entry.reason,
    )


def _asked_for(told: Json | None) -> Json:
    return {key: value for key, value in (told or {}).items() if key not in _NOT_ASKED_FOR}


def _without_nothing(line: str) -> str:
    """„Ergebnis: – → Keine Bedenken." as what it is: the first thing that is said of it."""
    return line.replace(": – → ", ": ", 1)


def _of_resolution(session: Session, task: Task, entry: JournalEntry) -> Iterator[str]:
    """What the journal does not repeat of a resolution: what was changed, on what condition."""
    if task.kind is not TaskKind.RECORD_RESOLUTION:
        return
    resolution = session.get_one(Resolution, UUID(entry.data["resolution_id"]))
    for changed in (resolution.amendments or {"items": []})["items"]:
        yield f"Abweichung {changed['place']}: {changed['wording']}"
    if resolution.reservation is not None:
        yield f"Vorbehalt: {resolution.reservation.wording}"
    if resolution.wording:
        yield f"Wortlaut: {resolution.wording}"
    # What is recorded stays as it was; what happened to it since is said beside it.
    later = select(ResolutionRecord).where(ResolutionRecord.resolution_id == resolution.id)
    for record in session.scalars(later.order_by(ResolutionRecord.id)):
        yield f"Seitdem: {label(record.kind)} am {record.happened_on:%d.%m.%Y}"


def _of_signature(session: Session, task: Task) -> Iterator[str]:
    """Who has signed, which the journal does not name, and the copy that bears the signature."""
    if task.kind is not TaskKind.RECORD_SIGNATURE:
        return
    found = _signature(session, task)
    if found is None:
        return
    yield f"Unterschrieben von: {found.signatory_name} ({found.signatory_function})"
    if found.co_signatory_name:
        yield f"Außerdem von: {found.co_signatory_name} ({found.co_signatory_function})"
    name = copy_of(session, task)
    if name is not None:
        yield f"Ausfertigung: {name}"


def copy_of(session: Session, task: Task) -> str | None:
    """The file of the signed copy on which the task's signature stands; None: none is filed."""
    found = _signature(session, task)
    if found is None or found.copy_id is None:
        return None
    return session.scalar(
        select(Document.file_name)
        .join(SignedCopy, SignedCopy.document_id == Document.id)
        .where(SignedCopy.id == found.copy_id)
    )


def _signature(session: Session, task: Task) -> Signature | None:
    return session.scalars(
        select(Signature).where(
            Signature.stage_id == task.stage_id, Signature.body_id == task.body_id
        )
    ).one_or_none()
