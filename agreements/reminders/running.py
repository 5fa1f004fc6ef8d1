"""One look at everything that is open now: announce, remind, escalate what it is time for.

Nothing is remembered but what people have been told: a run may come twice, late, or not at all
for days. It reads tasks in batches, so its statements grow with the batches and not with the tasks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from agreements import clock, discretion, journal
from agreements.journal import Event
from agreements.model.cases import Case, Task
from agreements.model.enums import CaseState, NoticeKind, TaskState
from agreements.notices import Message, tell_all
from agreements.reminders import looking, telling
from agreements.reminders.looking import Batch, Seen, Told, berlin_day
from agreements.reminders.steps import DueDate
from agreements.reminders.telling import NO_SUPERVISOR, Look

# Rows stay locked until the run's transaction ends: what is more waits for the next run.
MOST_CASES: Final = 500
MOST_ANNOUNCED: Final = 10_000
# A reminder moves to the working day before it: never by more than Christmas and a weekend.
_SLACK: Final = timedelta(days=7)
_FRESH: Final = timedelta(minutes=10)
_LOCK: Final = "vereinbar-reminders"


def run(session: Session) -> Counter[NoticeKind]:
    """Tell whom it is time to tell of what, by ``clock.now()``; returns how many of each kind.

    Repeatable: what has been told is not told again. While another run is under way this one
    does nothing: that one sees the same.
    """
    alone = select(func.pg_try_advisory_xact_lock(func.hashtext(_LOCK)))
    if not session.scalar(alone):
        return Counter()
    now = telling.look(session)
    told, missed = _remind(now)
    # What locks rows comes last: people decide meanwhile.
    return _follow_up(now) + told + _announce(now) + _escalate(now, missed)


def announce(session: Session) -> Counter[NoticeKind]:
    """Tell of the tasks that were opened a moment ago; cheap, so that it may come every second.

    A task of which nobody can be told soon waits for the next run.
    """
    fresh = looking.to_announce() & (Task.opened_at > clock.now() - _FRESH)
    if session.scalar(select(Task.id).where(Task.state == TaskState.OPEN, fresh).limit(1)) is None:
        return Counter()
    return _announce(telling.look(session), fresh)


def workers_on(session: Session, task: Task) -> set[UUID]:
    """Who is told of a task today: whoever works on it, else all who may, and their substitutes."""
    look = telling.look(session)
    found = looking.batches(session, Task.id == task.id)
    return {
        user_id
        for batch in found
        for seen in batch.tasks
        for user_id in look.staff.reach(batch.asked(seen)).people
    }


def _announce(look: Look, wanted: ColumnElement[bool] | None = None) -> Counter[NoticeKind]:
    """Tell of new tasks. A task of which nobody could be told stays one to announce."""
    written: Counter[NoticeKind] = Counter()
    wanted = looking.to_announce() if wanted is None else wanted
    announced = 0
    for batch in looking.batches(look.session, wanted, lock=True):
        said = {task.id: telling.announcement(look, batch, task) for task in batch.tasks}
        written += _tell(look, batch, [m for each in said.values() for m in each.messages])
        reached = [task_id for task_id, each in said.items() if each.reached]
        # Not a change of the task: nobody's version grows old by it.
        look.session.execute(
            update(Task)
            .where(looking.is_one_of(reached))
            .values(announced_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        announced += len(reached)
        if announced >= MOST_ANNOUNCED:
            break
    return written


def _follow_up(look: Look) -> Counter[NoticeKind]:
    written: Counter[NoticeKind] = Counter()
    for batch in looking.batches(look.session, looking.to_follow_up(look.today)):
        said = (telling.follow_up(look, batch, task) for task in batch.tasks)
        written += _tell(look, batch, [m for each in said for m in each.messages])
    return written


def _remind(look: Look) -> tuple[Counter[NoticeKind], list[Missed]]:
    """Remind of due dates; also which of them have been missed for long."""
    written: Counter[NoticeKind] = Counter()
    missed: list[Missed] = []
    horizon = look.today + timedelta(days=look.rhythm.longest_before) + _SLACK
    for batch in looking.batches(look.session, looking.due_by(horizon)):
        written += _tell(look, batch, _reminders(look, batch))
        found = [entry for task in batch.tasks if (entry := _missed(look, task)) is not None]
        again, rising = _levels(look, found)
        written += tell_all(look.session, again)
        missed += rising
    return written, missed


def _reminders(look: Look, batch: Batch) -> list[Message]:
    return [
        message
        for task in batch.tasks
        if (step := look.step(task)) is not None
        for message in telling.reminder(look, batch, task, step).messages
    ]


def _tell(look: Look, batch: Batch, messages: Sequence[Message]) -> Counter[NoticeKind]:
    told = looking.told_of(look.session, (m.task_id for m in messages), (m.key for m in messages))
    return tell_all(look.session, told.news(messages))


@dataclass(frozen=True, slots=True)
class Missed:
    """A task whose due date was missed for long: what its two levels would say, to whom."""

    task: Seen
    due: DueDate
    supervisor_key: str
    to_supervisors: list[Message]
    lead_key: str
    to_lead: list[Message]

    def level(self, look: Look, told: Told) -> tuple[str, list[Message]]:
        """The level that it is time for: the lead's turn comes after the supervisors'."""
        if self.lead_key in told.first or not self.to_supervisors:
            return self.lead_key, self.to_lead
        first = told.first.get(self.supervisor_key)
        rule = look.rhythm.escalation
        if first is not None and look.today >= look.missed_on(self.task, rule.lead):
            given = rule.lead - rule.supervisor
            if look.today >= look.later(berlin_day(first), given, self.task):
                return self.lead_key, self.to_lead
        return self.supervisor_key, self.to_supervisors


def _missed(look: Look, task: Seen) -> Missed | None:
    due = task.due
    if due is None or due.on >= look.today:
        return None
    if look.today < look.missed_on(task, look.rhythm.escalation.supervisor):
        return None
    days = (look.today - due.on).days
    supervisor_key, supervisors = telling.to_supervisors(look, task, days)
    lead_key, lead = telling.to_lead(look, task, days, at_once=not supervisors)
    return Missed(task, due, supervisor_key, supervisors, lead_key, lead)


def _levels(look: Look, found: Sequence[Missed]) -> tuple[list[Message], list[Missed]]:
    """At a known level whoever is new is told; apart from these, what rises to a new level."""
    told = _told_levels(look, found)
    again: list[Message] = []
    rising: list[Missed] = []
    for entry in found:
        key, messages = entry.level(look, told)
        if key in told.first:
            again += messages
        else:
            rising.append(entry)
    return told.news(again), rising


def _told_levels(look: Look, found: Iterable[Missed]) -> Told:
    entries = list(found)
    keys = [key for entry in entries for key in (entry.supervisor_key, entry.lead_key)]
    return looking.told_of(look.session, (entry.task.id for entry in entries), keys)


def _escalate(look: Look, missed: Sequence[Missed]) -> Counter[NoticeKind]:
    """Make tasks known to the next level, each with an entry in the journal of its locked case."""
    by_case: dict[UUID, list[Missed]] = defaultdict(list)
    for entry in missed:
        by_case[entry.task.case_id].append(entry)
    cases = _locked(look.session, by_case)
    held = [entry for case in cases for entry in by_case[case.id]]
    still_open = _still_open(look.session, held)
    told = _told_levels(look, held)
    messages: list[Message] = []
    for case in cases:
        for entry in by_case[case.id]:
            if entry.task.id in still_open:
                messages += _rise(look, case, entry, told)
    look.session.flush()
    return tell_all(look.session, messages)


def _locked(session: Session, cases: Iterable[UUID]) -> Sequence[Case]:
    """Those of the cases that nobody is changing at this moment, locked."""
    wanted = sorted(cases)
    if not wanted:
        return ()
    return session.scalars(
        select(Case)
        .where(Case.id.in_(wanted), Case.state == CaseState.RUNNING)
        .order_by(Case.id)
        .limit(MOST_CASES)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _still_open(session: Session, missed: Iterable[Missed]) -> set[UUID]:
    """Which of the tasks are as they were seen: open, with the same due date."""
    dates = {entry.task.id: entry.task.due_on for entry in missed}
    rows = session.execute(
        select(Task.id, Task.due_on).where(looking.is_one_of(dates), Task.state == TaskState.OPEN)
    )
    return {task_id for task_id, due_on in rows if dates[task_id] == due_on}


def _rise(look: Look, case: Case, entry: Missed, told: Told) -> list[Message]:
    key, messages = entry.level(look, told)
    if key in told.first:
        return []
    if not messages:
        return telling.to_admins(look, entry.task)
    task = entry.task
    to_lead = key == entry.lead_key
    private = discretion.private_body(look.session, task.consultation_id)
    journal.append(
        look.session,
        case,
        Event.TASK_ESCALATED,
        None,
        body_id=private or task.body_id,
        data={
            "task": task.kind.value,
            "task_id": str(task.id),
            "level": "lead" if to_lead else "supervisor",
            "due_on": entry.due.on.isoformat(),
        },
        reason=NO_SUPERVISOR if to_lead and not entry.to_supervisors else None,
        confidential=private is not None,
    )
    return messages
