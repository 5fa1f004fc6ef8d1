"""Absences, who stands in, what nobody covers, and handing over what somebody has in hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import absences as use_cases
from agreements import access, coverage, handover
from agreements.glossary import label
from agreements.model.enums import Role
from agreements.model.people import Absence, User
from agreements.queries import absence_record
from agreements.queries import absences as queries
from agreements.queries.absences import AbsenceLine, SubstitutionLine
from api.dependencies import ActorDep, OnceDep, Reply, SessionDep
from api.rest.bodies import Ags
from api.rest.schemas import BodyRef, Output, Reference

router = APIRouter(tags=["Vertretung"])


class PersonRef(Output):
    """Eine Person, kurz."""

    username: str = Field(examples=["sb.kamen"])
    name: str = Field(examples=["Sven Dierksmeier"])

    @classmethod
    def of(cls, user: User) -> PersonRef:
        """The person of a row."""
        return cls(username=user.username, name=user.display_name)


class SubstitutionView(Output):
    """Eine Vertretung; null bei `role`, `body`, `case`: nicht darauf beschränkt."""

    id: UUID
    substitute: PersonRef
    role: Role | None
    role_label: str | None = Field(examples=["Sachbearbeitung"])
    body: BodyRef | None
    case: Reference | None
    away: bool = Field(description="die Vertretung ist zeitweise selbst abwesend")
    chain: list[str] = Field(
        description="von der abwesenden Person an: wer vertritt, und wer diese vertritt, wenn sie "
        "selbst abwesend ist; Vertretungen werden nicht weitergegeben"
    )

    @classmethod
    def of(cls, line: SubstitutionLine) -> SubstitutionView:
        """The substitution of a row."""
        role = line.entry.role
        return cls(
            id=line.entry.id,
            substitute=PersonRef.of(line.substitute),
            role=role,
            role_label=label(role) if role else None,
            body=BodyRef.of(line.body) if line.body else None,
            case=line.reference,
            away=line.away,
            chain=list(line.chain),
        )


class AbsenceView(Output):
    """Eine Abwesenheit; warum jemand abwesend ist, wird nicht festgehalten."""

    id: UUID
    person: PersonRef
    first_day: date
    last_day: date | None = Field(description="null: bis auf Weiteres")
    running: bool = Field(description="heute abwesend")
    ended: bool = Field(description="vorzeitig beendet")
    substitutions: list[SubstitutionView]
    gaps: list[str] = Field(description="was niemand vertritt; leer: alles ist vertreten")

    @classmethod
    def of(cls, line: AbsenceLine) -> AbsenceView:
        """The absence of a row."""
        absence: Absence = line.absence
        return cls(
            id=absence.id,
            person=PersonRef.of(line.user),
            first_day=absence.first_day,
            last_day=absence.last_day,
            running=coverage.is_running(absence),
            ended=absence.ended_at is not None,
            substitutions=[SubstitutionView.of(one) for one in line.substitutions],
            gaps=[gap.sentence for gap in line.gaps],
        )


class OwnAbsences(Output):
    """Die eigenen Abwesenheiten, und die, in denen man vertritt; ohne vergangene."""

    own: list[AbsenceView]
    standing_in: list[AbsenceView]


class Absences(Output):
    """Die Abwesenheiten in einer Körperschaft, ohne vergangene."""

    items: list[AbsenceView]


class AbsenceChange(Output):
    """Was mit einer Abwesenheit geschehen ist."""

    at: datetime
    by: str | None = Field(description="null: auf der Kommandozeile", examples=["Doris Leitner"])
    sentence: str = Field(
        examples=["Letzter Tag vorgezogen: bisher bis zum 04.01.2027, jetzt bis zum 30.12.2026."]
    )


class AbsenceChanges(Output):
    """Der Verlauf einer Abwesenheit, der älteste Eintrag zuerst."""

    items: list[AbsenceChange]


class HandedTask(Output):
    """Eine Aufgabe einer Übergabe."""

    task_id: UUID
    case: Reference
    title: str = Field(examples=["Beschluss erfassen (Rat)"])


class MovedTask(HandedTask):
    """Eine übergebene Aufgabe."""

    to: str | None = Field(description="wer sie jetzt hat; null: alle Zuständigen")


class KeptTask(HandedTask):
    """Eine Aufgabe, die bleiben musste, wo sie war."""

    reasons: list[str] = Field(description="warum die neue Person sie nicht erledigen könnte")


class HandedOver(Output):
    """Was übergeben wurde."""

    moved: list[MovedTask]
    kept: list[KeptTask]
    substitutions_ended: int = Field(description="in so vielen hatten die Abgebenden vertreten")


_ENTER = {
    "Urlaub": {
        "value": {
            "first_day": "2026-12-21",
            "last_day": "2027-01-04",
            "substitutions": [{"substitute": "recht.kamen", "role": "clerk", "body": "05978020"}],
        }
    }
}
_END = {"Früher zurück": {"value": {"last_day": "2026-12-30"}}}
_ADD = {"Vertretung": {"value": {"substitute": "recht.kamen", "body": "05978020"}}}
_HAND_OVER = {
    "Ausscheiden": {
        "value": {
            "from": ["sb.kamen"],
            "to": None,
            "reason": "Versetzung zum 1. Januar 2027",
        }
    }
}


@router.get("/absences", summary="Meine Abwesenheiten, und wen ich vertrete")
def own_absences(session: SessionDep, actor: ActorDep) -> OwnAbsences:
    return OwnAbsences(
        own=[AbsenceView.of(line) for line in queries.of_person(session, actor)],
        standing_in=[AbsenceView.of(line) for line in queries.where_standing_in(session, actor)],
    )


@router.post(
    "/absences",
    summary="Eine Abwesenheit mit Vertretungen eintragen",
    status_code=201,
    response_model=AbsenceView,
)
def enter(
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EnterAbsence, Body(openapi_examples=_ENTER)],
) -> JSONResponse:
    def work() -> Reply:
        return _reply(session, use_cases.enter(session, actor, wanted), 201)

    return once.run(work)


@router.get(
    "/absences/{absence_id}/changes",
    summary="Wer eine Abwesenheit wann eingetragen, verkürzt oder beendet hat",
)
def changes(absence_id: UUID, session: SessionDep, actor: ActorDep) -> AbsenceChanges:
    found = absence_record.record(session, actor, absence_id)
    return AbsenceChanges(
        items=[AbsenceChange(at=one.at, by=one.by, sentence=one.sentence) for one in found]
    )


@router.post(
    "/absences/{absence_id}/end",
    summary="Eine Abwesenheit vorzeitig beenden",
    response_model=AbsenceView,
)
def end(
    absence_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EndAbsence, Body(openapi_examples=_END)],
) -> JSONResponse:
    def work() -> Reply:
        return _reply(session, use_cases.end(session, actor, absence_id, wanted))

    return once.run(work)


@router.post(
    "/absences/{absence_id}/substitutions",
    summary="Eine Vertretung hinzufügen",
    status_code=201,
    response_model=AbsenceView,
)
def add_substitution(
    absence_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.AddSubstitution, Body(openapi_examples=_ADD)],
) -> JSONResponse:
    def work() -> Reply:
        use_cases.add_substitution(session, actor, absence_id, wanted)
        return _reply(session, use_cases.visible(session, actor, absence_id)[1], 201)

    return once.run(work)


@router.post(
    "/absences/{absence_id}/substitutions/{substitution_id}/end",
    summary="Eine Vertretung beenden",
    response_model=AbsenceView,
)
def end_substitution(
    absence_id: UUID,
    substitution_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
) -> JSONResponse:
    def work() -> Reply:
        ended = use_cases.end_substitution(session, actor, absence_id, substitution_id)
        return _reply(session, ended)

    return once.run(work)


@router.get("/bodies/{ags}/absences", summary="Wer abwesend ist, wer vertritt und was fehlt")
def of_body(ags: Ags, session: SessionDep, actor: ActorDep) -> Absences:
    body_id = access.tasks_of_body(session, actor, ags)
    return Absences(items=[AbsenceView.of(line) for line in queries.of_body(session, body_id)])


@router.post(
    "/bodies/{ags}/handover",
    summary="Alle offenen Aufgaben einer oder mehrerer Personen übergeben",
    response_model=HandedOver,
)
def hand_over(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[handover.HandOver, Body(openapi_examples=_HAND_OVER)],
) -> JSONResponse:
    def work() -> Reply:
        return Reply(_handed_over(handover.hand_over(session, actor, ags, wanted)))

    return once.run(work)


def _reply(session: Session, absence: Absence, status: int = 200) -> Reply:
    session.flush()
    return Reply(AbsenceView.of(queries.line(session, absence)), status)


def _handed_over(done: handover.HandedOver) -> HandedOver:
    return HandedOver(
        moved=[
            MovedTask(task_id=one.task.id, case=one.case.reference, title=one.task.title, to=one.to)
            for one in done.moved
        ],
        kept=[
            KeptTask(
                task_id=one.task.id,
                case=one.case.reference,
                title=one.task.title,
                reasons=list(one.reasons),
            )
            for one in done.kept
        ],
        substitutions_ended=done.substitutions_ended,
    )
