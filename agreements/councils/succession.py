"""After an election: cases that are under way go on in the committees that exist now.

What a committee has done stays with it. What it was still to do passes to its successor in the
body's Beratungsfolge: to the committee of the same role, by preference of the same name or kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from agreements import course, journal, substitution, tasks
from agreements.acts import Reason
from agreements.councils import papers
from agreements.decision import check_day
from agreements.errors import Conflict, Refusal, StepFailure
from agreements.journal import Event
from agreements.model.bodies import Body, Committee
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import AgendaItem, Consultation, Paper
from agreements.model.enums import (
    CaseState,
    ConsultationState,
    Role,
    StageKind,
    StageState,
    TaskKind,
)
from agreements.people import Actor
from agreements.procedures.transitions import (
    CONSULTATION,
    ConsultationAction,
    ConsultationFacts,
    Who,
)

_COUNCILS = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)
_TO_COME = (ConsultationState.PLANNED, ConsultationState.OPEN)


class AdaptCommittees(BaseModel):
    """Die Beratungsfolge an die Gremien anpassen, die an einem Tag bestehen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_on: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Succession:
    """One consultation to come: its committee so far, and who takes it over; None: left out."""

    consultation: Consultation
    predecessor: str
    successor: Committee | None


def adapt(
    session: Session, actor: Actor, case: Case, body: Body, on: date, reason: str
) -> list[Succession]:
    """Give a locked case's consultations to come to the committees that exist on that day.

    Legal staff and clerks of the body. A committee that only consults and has no successor is
    left out; one that decides must have one. Returns what has changed.
    """
    offices = (Role.LEGAL, Role.CLERK)
    actor = substitution.acting_in_any(session, actor, offices, body.id, case.id)
    actor.require(
        actor.holds(Role.LEGAL, body.id) or actor.holds(Role.CLERK, body.id),
        f"Die Beratungsfolge {body.forms['genitive']} passt nur die Körperschaft selbst an.",
    )
    if case.state is not CaseState.RUNNING:
        raise Conflict("case-over", "Der Vorgang ist abgeschlossen oder zurückgezogen.")
    check_day("valid_on", on, not_before=case.started_on, why="dem Beginn des Vorgangs")
    changes = [
        change
        for stage, paper in _papers_under_way(session, case, body)
        for change in _adapt_paper(session, case, stage, paper, on)
    ]
    if not changes:
        raise Conflict(
            "nothing-to-adapt",
            f"Alle Gremien, die für {body.forms['accusative']} noch beraten, bestehen am "
            f"{on:%d.%m.%Y}.",
            "valid_on",
        )
    _note(session, actor, case, body, on, reason, changes)
    course.judge(session, case)
    return changes


def _papers_under_way(session: Session, case: Case, body: Body) -> Iterator[tuple[Stage, Paper]]:
    live = (StageState.READY, StageState.OPEN, StageState.BLOCKED)
    for stage in course.stages_of(session, case).values():
        if stage.kind in _COUNCILS and stage.state in live:
            for paper in papers.papers_of(session, stage.id):
                if paper.body_id == body.id:
                    yield stage, paper


def _adapt_paper(
    session: Session, case: Case, stage: Stage, paper: Paper, on: date
) -> list[Succession]:
    gone = [
        consultation
        for consultation in paper.consultations
        if consultation.state in _TO_COME and not _exists(consultation.committee, on)
    ]
    if not gone:
        return []
    found = list(_successions(session, paper, gone, on))
    # Those to come change first: what is left out opens the next one, in its new committee.
    for succession in reversed(found):
        _carry_out(session, case, stage, paper, succession)
    return found


def _exists(committee: Committee, on: date) -> bool:
    begun = committee.valid_from is None or committee.valid_from <= on
    return begun and (committee.valid_to is None or on <= committee.valid_to)


def _successions(
    session: Session, paper: Paper, gone: Sequence[Consultation], on: date
) -> Iterator[Succession]:
    try:
        follows = papers.beratungsfolge(session, paper.body, on)
    except StepFailure as error:
        raise Refusal(
            "no-deciding-committee",
            f"{paper.body.forms['short']} hat am {on:%d.%m.%Y} kein beschließendes Gremium am Ende "
            "der Beratungsfolge. Bitte zuerst die neuen Gremien eintragen.",
            "valid_on",
        ) from error
    taken = {c.committee_id for c in paper.consultations if c.state in _TO_COME and c not in gone}
    known = {committee.id for committee in follows}
    others = [c for c in _sitting(session, paper.body_id, on) if c.id not in known]
    for consultation in gone:
        successor = _successor(consultation, follows, others, taken)
        if successor is not None:
            taken.add(successor.id)
        yield Succession(consultation, consultation.committee.name, successor)


def _sitting(session: Session, body_id: UUID, on: date) -> list[Committee]:
    """The committees of the body that exist on that day, also those no paper passes."""
    found = session.scalars(
        select(Committee).where(Committee.body_id == body_id).order_by(Committee.name)
    )
    return [committee for committee in found if _exists(committee, on)]


def _successor(
    consultation: Consultation,
    follows: Sequence[Committee],
    others: Sequence[Committee],
    taken: set[UUID],
) -> Committee | None:
    old = consultation.committee
    free = [c for c in follows if c.role is consultation.role and c.id not in taken]
    namesakes = [c for c in (*free, *others) if c.name == old.name]
    alike = [c for c in free if c.kind is old.kind]
    return next(iter((*namesakes, *alike, *free)), None)


def _carry_out(
    session: Session, case: Case, stage: Stage, paper: Paper, succession: Succession
) -> None:
    consultation, successor = succession.consultation, succession.successor
    if successor is None:
        if consultation.role.authoritative:
            raise Refusal(
                "successor-missing",
                f"Für das beschließende Gremium {consultation.committee.name} gibt es keinen "
                "Nachfolger in der Beratungsfolge. Bitte zuerst das neue Gremium eintragen.",
                "valid_on",
            )
        was_open = consultation.state is ConsultationState.OPEN
        papers.cancel_consultation(session, consultation)
        if was_open:
            papers.open_next(session, case, stage, paper)
    elif consultation.resolutions:
        _go_on_in(session, case, stage, paper, consultation, successor)
    else:
        _hand_over(session, case, stage, paper, consultation, successor)


def _hand_over(
    session: Session,
    case: Case,
    stage: Stage,
    paper: Paper,
    consultation: Consultation,
    successor: Committee,
) -> None:
    """Nothing has happened in the old committee: its place is the new one's."""
    # The session for which it was planned will not be held.
    session.execute(delete(AgendaItem).where(AgendaItem.consultation_id == consultation.id))
    consultation.committee = successor
    # What was to be consulted in private does not become public by an election.
    consultation.public = consultation.public and successor.public
    session.flush()
    session.refresh(consultation)
    if consultation.state is ConsultationState.OPEN:
        _take_back(session, consultation)
        papers.open_consultation_task(session, case, stage, paper, consultation)


def _go_on_in(
    session: Session,
    case: Case,
    stage: Stage,
    paper: Paper,
    consultation: Consultation,
    successor: Committee,
) -> None:
    """The old committee has deferred: that stays its result, the new one goes on with it."""
    consultation.state = CONSULTATION.judge(
        consultation.state, ConsultationAction.HOLD, Who.HOLDER, ConsultationFacts()
    )
    for later in paper.consultations:
        if later.position > consultation.position:
            later.position += 1
    following = Consultation(
        committee_id=successor.id,
        position=consultation.position + 1,
        role=consultation.role,
        public=consultation.public and successor.public,
    )
    paper.consultations.append(following)
    session.flush()
    session.refresh(paper, ["consultations"])
    _take_back(session, consultation)
    papers.open_next(session, case, stage, paper)


def _take_back(session: Session, consultation: Consultation) -> None:
    asked = Task.consultation_id == consultation.id
    tasks.cancel(session, asked & (Task.kind == TaskKind.RECORD_RESOLUTION))


def _note(
    session: Session,
    actor: Actor,
    case: Case,
    body: Body,
    on: date,
    reason: str,
    changes: Sequence[Succession],
) -> None:
    journal.append(
        session,
        case,
        Event.COMMITTEES_CHANGED,
        actor,
        legal_date=on,
        body_id=body.id,
        reason=reason,
        confidential=papers.in_private(session, case, body.id),
        before={"committees": [change.predecessor for change in changes]},
        after={
            "committees": [
                change.successor.name if change.successor else None for change in changes
            ]
        },
        data={"consultations": [str(change.consultation.id) for change in changes]},
    )
