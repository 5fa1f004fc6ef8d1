"""A party leaves or joins: what becomes void, and who decides again.

The agreement names its parties, so with a frozen text it is opened again; legal staff then say
which resolutions the new text touches. The authority's competence, the programme's sum and the
conditions of the procedure follow from the parties that take part.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import cases, councils, course, drafting, journal, outbox, rounds, tasks
from agreements.acts import Ags
from agreements.detours.repeating import party
from agreements.detours.ways import DetourInput, enter
from agreements.errors import Refusal
from agreements.funding import applying
from agreements.glossary import label
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.councils import Consultation, Paper
from agreements.model.enums import (
    Detour,
    PartyRole,
    Role,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
    VersionKind,
)
from agreements.people import Actor
from agreements.procedures.definition import Addressee, TaskDefinition


class LeaveParty(DetourInput):
    """Ohne eine Beteiligte weitermachen. ``successor`` übernimmt ihre besonderen Rollen."""

    body: Ags
    successor: Ags | None = None


class JoinParty(DetourInput):
    """Eine Beteiligte aufnehmen."""

    body: Ags


def leave_party(session: Session, actor: Actor, case: Case, wanted: LeaveParty) -> None:
    """Go on without a party."""
    actor, _ = enter(session, actor, case, Detour.LEAVE_PARTY, wanted)
    body = party(session, case, wanted.body, "body")
    row = _row(session, case, body)
    _hand_over_roles(session, case, row, wanted)
    row.left_on, row.left_because = wanted.decided_on, wanted.reason
    session.flush()
    because = f"{body.forms['name']} ist ausgeschieden."
    of_its_papers = (
        select(Consultation.id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(Paper.case_id == case.id, Paper.body_id == body.id)
    )
    about_it = (Task.body_id == body.id) | Task.consultation_id.in_(of_its_papers)
    _hand_over_tasks(session, case, row, wanted)
    tasks.cancel(session, (Task.case_id == case.id) & about_it)
    for stage in course.stages_of(session, case).values():
        if rounds.is_live(stage):
            for paper in councils.papers_of(session, stage.id):
                if paper.body_id == body.id:
                    councils.drop_undecided(session, paper, because)
    _note(session, actor, case, Event.PARTY_LEFT, body, wanted)
    _follow(session, actor, case, because, wanted.decided_on)


def join_party(session: Session, actor: Actor, case: Case, wanted: JoinParty) -> None:
    """Let another body take part; it decides in the round of principle too, if there was one."""
    actor, _ = enter(session, actor, case, Detour.JOIN_PARTY, wanted)
    body = _newcomer(session, case, wanted)
    row = session.scalar(select(Party).where(Party.case_id == case.id, Party.body_id == body.id))
    if row is None:
        last = session.scalar(select(func.max(Party.position)).where(Party.case_id == case.id))
        row = Party(
            case_id=case.id, body_id=body.id, position=(last or 0) + 1, roles=[PartyRole.MEMBER]
        )
        session.add(row)
    row.joined_on, row.left_on, row.left_because = wanted.decided_on, None, None
    session.flush()
    because = f"{body.forms['name']} ist hinzugekommen."
    _note(session, actor, case, Event.PARTY_JOINED, body, wanted)
    _ask_newcomer(session, actor, case, body, because, wanted.decided_on)
    _follow(session, actor, case, because, wanted.decided_on)


def _row(session: Session, case: Case, body: Body) -> Party:
    return session.scalars(
        select(Party).where(Party.case_id == case.id, Party.body_id == body.id)
    ).one()


def _hand_over_roles(session: Session, case: Case, row: Party, wanted: LeaveParty) -> None:
    special = [role for role in row.roles if role is not PartyRole.MEMBER]
    if not special:
        return
    if wanted.successor is None or wanted.successor == wanted.body:
        raise Refusal(
            "roles-to-hand-over",
            "Diese Körperschaft ist "
            + ", ".join(label(role) for role in special)
            + ". Bitte angeben, welche andere Beteiligte das übernimmt.",
            "successor",
            ", ".join(b.ags for b in course.parties_of(session, case) if b.ags != wanted.body),
        )
    heir = _row(session, case, party(session, case, wanted.successor, "successor"))
    kept = [role for role in heir.roles if role is not PartyRole.MEMBER]
    heir.roles = [*kept, *(role for role in special if role not in kept)]
    row.roles = [PartyRole.MEMBER]


def _hand_over_tasks(session: Session, case: Case, row: Party, wanted: LeaveParty) -> None:
    """What the leaving party was asked as lead or applicant, its successor is asked now."""
    if wanted.successor is None:
        return
    heir = party(session, case, wanted.successor, "successor")
    stages = {stage.id: stage for stage in course.stages_of(session, case).values()}
    theirs = select(Task).where(
        Task.case_id == case.id, Task.body_id == row.body_id, Task.state == TaskState.OPEN
    )
    for task in session.scalars(theirs).all():
        stage = stages[task.stage_id]
        definition = _special(case, stage, task)
        if definition is not None:
            tasks.open_task(
                session,
                stage,
                heir.id,
                definition,
                title=task.title,
                consultation_id=task.consultation_id,
                subject_id=task.subject_id,
                details=task.details,
                not_by=task.not_by,
                due_on=task.due_on,
                due_kind=task.due_kind,
                due_reason=task.due_reason,
            )


def _special(case: Case, stage: Stage, task: Task) -> TaskDefinition | None:
    """The definition of a task that only the lead or the applicant is given."""
    for definition in course.procedure_of(case).stage(stage.key).tasks:
        if definition.kind is task.kind and definition.of is not Addressee.EACH_PARTY:
            return definition
    return None


def _newcomer(session: Session, case: Case, wanted: JoinParty) -> Body:
    body = session.scalars(select(Body).where(Body.ags == wanted.body)).one_or_none()
    if body is None:
        raise Refusal(
            "party-unknown",
            f"Unbekannte Körperschaft: {wanted.body}. Mit „vereinbar region add“ wird ein Kreis "
            "mit seinen Gemeinden angelegt.",
            "body",
        )
    if any(b.id == body.id for b in course.parties_of(session, case)):
        raise Refusal("party-already", f"{body.forms['name']} ist schon beteiligt.", "body")
    return body


def _note(
    session: Session,
    actor: Actor,
    case: Case,
    event: Event,
    body: Body,
    wanted: DetourInput,
) -> None:
    journal.append(
        session,
        case,
        event,
        actor,
        legal_date=wanted.decided_on,
        body_id=body.id,
        reason=wanted.reason,
        data={
            "body": body.forms["name"],
            "ags": body.ags,
            "parties": [b.ags for b in course.parties_of(session, case)],
        },
    )


def _ask_newcomer(
    session: Session, actor: Actor, case: Case, body: Body, because: str, on: date
) -> None:
    stage = rounds.stage_of_body(session, case, body.id, Round.PRINCIPLE)
    if stage is not None:
        rounds.decide_again(session, actor, case, body.id, Round.PRINCIPLE, because, legal_date=on)


def _follow(session: Session, actor: Actor, case: Case, because: str, on: date) -> None:
    """What follows for text, sums and procedure from other parties."""
    case.conditions = sorted(cases.conditions_now(session, case))
    session.flush()
    rounds.leave_out(session, actor, case, because, legal_date=on)
    if drafting.frozen_version(session, case.id, VersionKind.AGREEMENT) is not None:
        rounds.reopen_text(session, actor, case, VersionKind.AGREEMENT, because, legal_date=on)
    else:
        _ask_all_again(session, case)
    _reckon_again(session, actor, case, because, on)
    course.judge(session, case)
    for stage in course.stages_of(session, case).values():
        if rounds.is_live(stage):
            outbox.wake(session, stage.id)


def _ask_all_again(session: Session, case: Case) -> None:
    for stage in course.stages_of(session, case).values():
        asked = stage.kind is StageKind.COORDINATION and stage.prepared_at is not None
        if asked and rounds.is_live(stage):
            drafting.ask_again(session, case, stage)


def _reckon_again(session: Session, actor: Actor, case: Case, because: str, on: date) -> None:
    """The programme pays by the number of partners: the plan is drawn up again, or, if the
    application has gone out, the granting authority is told."""
    application = applying.application_of(session, case.id)
    if application is not None and application.submitted_on is not None:
        _tell_granting_authority(session, case, because)
        return
    keys = [
        key
        for key, stage in course.stages_of(session, case).items()
        if stage.kind is StageKind.FINANCE_PLAN
    ]
    rounds.repeat(session, actor, case, keys, because, legal_date=on)


def _tell_granting_authority(session: Session, case: Case, because: str) -> None:
    stages = course.stages_of(session, case).values()
    home = next((s for s in stages if _can_still_hold(s)), None)
    if home is None:
        return
    for body_id in tasks.addressees(session, case, Addressee.APPLICANT):
        tasks.open_task(
            session,
            home,
            body_id,
            TaskDefinition(
                kind=TaskKind.AD_HOC,
                of=Addressee.APPLICANT,
                role=Role.LEGAL,
                title="Bewilligungsbehörde über die Beteiligten unterrichten",
            ),
            subject_id=new_id(),
            details=f"{because} Der Förderantrag ist schon eingereicht; die Änderung ist der "
            "Bewilligungsbehörde unverzüglich mitzuteilen.",
        )


def _can_still_hold(stage: Stage) -> bool:
    over = (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED)
    return stage.kind is StageKind.RESOLUTIONS_CHECK and stage.state not in over
