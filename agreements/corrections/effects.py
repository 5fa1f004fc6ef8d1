"""What follows when the right outcome is another one than the one that was entered."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from agreements import clock, councils, resolutions, rounds, tasks
from agreements.acts import RecordResolution
from agreements.councils import papers, recording, referring
from agreements.councils.amended import amended_hash
from agreements.decision import Acting
from agreements.dossier.jobs import Purpose
from agreements.model.cases import Stage, Task
from agreements.model.councils import Consultation, Paper
from agreements.model.enums import ConsultationState, Outcome, StageState, TaskKind
from agreements.model.records import Document
from agreements.people import Actor
from agreements.procedures.transitions import (
    CONSULTATION,
    ConsultationAction,
    ConsultationFacts,
    Who,
)
from agreements.resolutions import Matter

_WAITING = (ConsultationState.PLANNED, ConsultationState.OPEN)
_KEEPS = (Outcome.ADOPTED, Outcome.ADOPTED_CONDITIONALLY)
# After these nothing goes on to the next committee as it does after any other recommendation.
_STOPS = (Outcome.DEFERRED, Outcome.WITHDRAWN, Outcome.REFERRED)


def has_same_effect(found: Matter, entry: RecordResolution) -> bool:
    """Whether the right entry leads to the same as the wrong one."""
    was, becomes = found.resolution.outcome, entry.outcome
    if entry.next_meeting_on is not None:
        return False
    if not found.consultation.role.authoritative:
        if was not in _STOPS and becomes not in _STOPS:
            return True
        return was is becomes and _referred_alike(found, entry)
    if was is not becomes:
        return False
    if entry.amendments:
        resolved = amended_hash(found.paper.text_hash, entry.amendments)
        return resolved == found.resolution.text_hash
    return _referred_alike(found, entry)


def _referred_alike(found: Matter, entry: RecordResolution) -> bool:
    if entry.outcome is not Outcome.REFERRED or entry.referred_to is None:
        return True
    following = found.consultation.position + 1
    return any(
        c.position == following and c.committee.name == entry.referred_to
        for c in found.paper.consultations
    )


def take_effect(
    session: Session,
    actor: Actor,
    wrong: Matter,
    right: Matter,
    entry: RecordResolution,
    reason: str,
) -> None:
    """Let follow what would have followed from the right entry."""
    if right.consultation.role.authoritative:
        _decide(session, actor, wrong, right, entry, reason)
    else:
        _recommend(session, actor, wrong, right, entry)


def _decide(
    session: Session,
    actor: Actor,
    wrong: Matter,
    right: Matter,
    entry: RecordResolution,
    reason: str,
) -> None:
    stage = _seat(session, actor, right, entry)
    if stage is not None:
        if wrong.resolution.outcome is Outcome.REFERRED:
            _cancel(session, _later(right))
        _advance(session, actor, stage, right, entry)
        if right.resolution.urgency is not None:
            resolutions.open_tasks(session, actor, right)
    if resolutions.holds(session, right):
        resolutions.ask_no_more(session, right, "Der Eintrag des Beschlusses ist berichtigt.")
    elif stage is None:
        law = recording.law_for(right.case, right.paper, entry.decided_on)
        resolutions.ask_again(session, actor, right, reason, clock.today(), law.majority)


def _seat(session: Session, actor: Actor, right: Matter, entry: RecordResolution) -> Stage | None:
    """Where the body's decision on this paper counts; None if the case has passed it by.

    What was closed on a wrong outcome is repeated, and the paper goes along: its council is not
    asked again, the right outcome stands in the new round as it would have stood in the old one.
    """
    stage, text = resolutions.current_stage(session, right), resolutions.text_of(session, right)
    if stage is None or text is None or text.text_hash != right.paper.text_hash:
        return None
    asked = {paper.body_id for paper in councils.papers_of(session, stage.id)}
    if stage.id != right.paper.stage_id and right.paper.body_id in asked:
        return None
    if entry.outcome in _KEEPS:
        _repeat_what_asks_for_fulfilment(session, actor, right, entry)
        return stage
    if stage.state is StageState.DONE:
        _repeat(session, actor, right, stage.key, entry)
        stage = rounds.stage_of_body(session, right.case, right.paper.body_id, right.round)
        assert stage is not None, "a repeated stage has a following round"
    if stage.id != right.paper.stage_id:
        _take_along(session, right.paper, stage)
    return stage


def _repeat_what_asks_for_fulfilment(
    session: Session, actor: Actor, right: Matter, entry: RecordResolution
) -> None:
    home = papers.stage_with(session, right.case, TaskKind.SETTLE_RESERVATION)
    conditional = entry.outcome is Outcome.ADOPTED_CONDITIONALLY
    if conditional and home is not None and home.state is StageState.DONE:
        _repeat(session, actor, right, home.key, entry)


def _repeat(
    session: Session, actor: Actor, right: Matter, key: str, entry: RecordResolution
) -> None:
    short = right.paper.body.forms["short"]
    because = f"{short}: Der Eintrag eines Ergebnisses ist berichtigt."
    rounds.repeat(session, actor, right.case, [key], because, legal_date=clock.today())


def _take_along(session: Session, paper: Paper, stage: Stage) -> None:
    paper.stage_id = stage.id
    session.execute(
        update(Document)
        .where(Document.subject_id == paper.id, Document.purpose == Purpose.PAPER.value)
        .values(stage_id=stage.id)
    )
    session.flush()


def _recommend(
    session: Session, actor: Actor, wrong: Matter, right: Matter, entry: RecordResolution
) -> None:
    """The committees after this one are planned anew, as the right result would have them."""
    later = _later(right)
    wanted = _wanted(session, wrong, later)
    if entry.outcome is Outcome.WITHDRAWN or any(
        c.state is not ConsultationState.PLANNED or c not in wanted for c in later
    ):
        _cancel(session, later)
        if entry.outcome is not Outcome.WITHDRAWN:
            _plan_anew(session, right, wanted)
    _advance(session, actor, right.stage, right, entry)


def _wanted(session: Session, wrong: Matter, later: Iterable[Consultation]) -> list[Consultation]:
    """The committees that have still to deal with the paper, each once."""
    was = wrong.resolution.outcome
    wanted = {
        (c.committee_id, c.role): c
        for c in later
        if (c.state in _WAITING or was is Outcome.WITHDRAWN)
        and not (was is Outcome.REFERRED and _was_put_in(session, c))
    }
    return list(wanted.values())


def _plan_anew(session: Session, right: Matter, wanted: Iterable[Consultation]) -> None:
    last = max(c.position for c in right.paper.consultations)
    right.paper.consultations.extend(
        Consultation(committee_id=c.committee_id, position=position, role=c.role, public=c.public)
        for position, c in enumerate(wanted, start=last + 1)
    )
    session.flush()
    session.refresh(right.paper, ["consultations"])


def _later(right: Matter) -> list[Consultation]:
    return [c for c in right.paper.consultations if c.position > right.consultation.position]


def _was_put_in(session: Session, consultation: Consultation) -> bool:
    """Whether a referral has put this committee in: no regular one, or once more."""
    paper = consultation.paper
    regular = {c.id for c in papers.beratungsfolge(session, paper.body, paper.dated_on)}
    earlier = {c.committee_id for c in paper.consultations if c.position < consultation.position}
    return consultation.committee_id not in regular or consultation.committee_id in earlier


def _cancel(session: Session, consultations: Iterable[Consultation]) -> None:
    for consultation in consultations:
        if consultation.state in _WAITING:
            papers.cancel_consultation(session, consultation)


def _advance(
    session: Session, actor: Actor, stage: Stage, right: Matter, entry: RecordResolution
) -> None:
    """The consultation goes where the right outcome leads it, and the body with it."""
    consultation, paper = right.consultation, right.paper
    _move(session, consultation, entry)
    referred = referring.committee_referred_to(session, consultation, entry)
    if referred is not None:
        referring.refer(session, paper, consultation, referred)
    acting = Acting(session, actor, right.case, stage)
    recording.follow(acting, paper, consultation, right.resolution, entry)


def _move(session: Session, consultation: Consultation, entry: RecordResolution) -> None:
    deferred = entry.outcome is Outcome.DEFERRED
    if consultation.state is ConsultationState.OPEN:
        tasks.cancel(session, Task.consultation_id == consultation.id)
    if deferred and consultation.state is ConsultationState.HELD:
        consultation.state = CONSULTATION.judge(
            consultation.state, ConsultationAction.REOPEN, Who.MACHINE, ConsultationFacts()
        )
    elif not deferred and consultation.state is ConsultationState.OPEN:
        consultation.state = CONSULTATION.judge(
            consultation.state, ConsultationAction.HOLD, Who.HOLDER, ConsultationFacts()
        )
    session.flush()
