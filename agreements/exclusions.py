"""Befangenheit: who takes no part for a body, in one consultation or in the whole case.

Recorded by legal staff or clerks of the body, or by the person concerned (§ 31 Abs. 4 GO NRW).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from agreements import clock, course, journal, substitution
from agreements.database.prepared import prepared
from agreements.decision import check_day
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Task
from agreements.model.councils import Consultation, Exclusion, Paper
from agreements.model.enums import Role, TaskState
from agreements.model.people import User
from agreements.people import PARTY_ROLES, Actor
from agreements.texts import Printable

_RULES: Final = {
    ("NW", False): "§ 31 GO NRW",
    ("NW", True): "§ 28 Abs. 2 KrO NRW in Verbindung mit § 31 GO NRW",
}

_NONE_IN: Final = "exclusions.none_in"

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Printable
]


class DeclareExclusion(BaseModel):
    """Befangenheit festhalten. ``username``: the account of an official of the body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: str
    consultation_id: UUID | None = None
    name: Line
    function: Line
    username: str | None = None
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Printable
    ]
    declared_on: date


def declare(session: Session, actor: Actor, case: Case, wanted: DeclareExclusion) -> Exclusion:
    """Record that somebody takes no part; tasks they have claimed go back.

    The case is locked here. Raises a ``Refusal``; then nothing was written.
    """
    case = course.locked_case(session, case.id)
    session.info.pop(_NONE_IN, None)
    body = _body(session, wanted.body)
    user = session.scalar(select(User).where(User.username == wanted.username))
    actor = _declaring(session, actor, case, body, user)
    _require_official(wanted.username, user, body)
    _check(session, case, body, wanted)
    _refuse_double(session, case, body, user, wanted)
    exclusion = Exclusion(
        case_id=case.id,
        body_id=body.id,
        consultation_id=wanted.consultation_id,
        user_id=user.id if user else None,
        name=wanted.name,
        function=wanted.function,
        reason=wanted.reason,
        declared_on=wanted.declared_on,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    session.add(exclusion)
    _leave_trace(session, actor, case, body, exclusion)
    if user is not None:
        _give_tasks_back(session, actor, case, exclusion, user)
    course.judge(session, case)
    return exclusion


def any_in(case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether anybody takes no part in the case, for a statement that reads more of it."""
    return exists().where(Exclusion.case_id == case_id)


def note_none(session: Session, case: Case) -> None:
    """Nobody is excluded in the locked case: until the end of the transaction nobody need ask."""
    session.info[_NONE_IN] = case.id


def rule_of(body: Body) -> str:
    """The rule by which somebody is excluded in that body."""
    return _RULES.get(
        (body.land, body.kind.is_district), "den Vorschriften der Kommunalverfassung des Landes"
    )


def rule_against(
    session: Session,
    actor: Actor,
    case_id: UUID,
    body_id: UUID,
    consultation_id: UUID | None,
) -> str | None:
    """The rule by which the person may not act here; None if nothing stands against it.

    All accounts of one person count as one.
    """
    if session.info.get(_NONE_IN) == case_id:
        return None
    found = _excluding.first(
        session,
        case_id=case_id,
        body_id=body_id,
        person_key=actor.person_key,
        consultation_id=consultation_id,
    )
    return rule_of(found[0]) if found is not None else None


@prepared
def _excluding() -> Select[Body]:
    """The body for which the person takes no part, if so."""
    reaches = or_(
        Exclusion.consultation_id.is_(None),
        Exclusion.consultation_id == bindparam("consultation_id"),
    )
    return (
        select(Body)
        .join(Exclusion, Exclusion.body_id == Body.id)
        .join(User, User.id == Exclusion.user_id)
        .where(
            Exclusion.case_id == bindparam("case_id"),
            Exclusion.body_id == bindparam("body_id"),
            User.person_key == bindparam("person_key"),
            reaches,
        )
        .limit(1)
    )


def require_unbiased(
    session: Session,
    actor: Actor,
    case_id: UUID,
    body_id: UUID,
    consultation_id: UUID | None = None,
) -> None:
    """Refuse an act for the body by somebody who takes no part; for acts without a task."""
    rule = rule_against(session, actor, case_id, body_id, consultation_id)
    if rule is not None:
        raise Conflict(
            "excluded-for-bias",
            "Für Sie ist festgehalten, dass Sie wegen Befangenheit nicht mitwirken dürfen "
            f"({rule}). Bitte die Vertretung damit befassen.",
        )


def of_consultation(session: Session, consultation_id: UUID) -> list[Exclusion]:
    """Who takes no part in a consultation, in the order in which it was recorded.

    Also those who are excluded in the whole case for the body. Officials with an account are
    among them; who counts as a member of the committee shows in ``function`` alone.
    """
    return list(
        session.scalars(
            select(Exclusion)
            .join(Paper, and_(Paper.case_id == Exclusion.case_id, _same_body()))
            .join(Consultation, Consultation.paper_id == Paper.id)
            .where(Consultation.id == consultation_id, _reaches(consultation_id))
            .order_by(Exclusion.id)
        )
    )


def _same_body() -> ColumnElement[bool]:
    return Paper.body_id == Exclusion.body_id


def _reaches(consultation_id: UUID | None) -> ColumnElement[bool]:
    whole = Exclusion.consultation_id.is_(None)
    if consultation_id is None:
        return whole
    return or_(whole, Exclusion.consultation_id == consultation_id)


def _body(session: Session, ags: str) -> Body:
    found = session.scalar(select(Body).where(Body.ags == ags))
    if found is None:
        raise NotFound("body-unknown", f"Die Körperschaft {ags} ist hier nicht angelegt.", "body")
    return found


def _require_official(username: str | None, user: User | None, body: Body) -> None:
    if username is None:
        return
    if user is None or not any(
        duty.body_id == body.id and duty.role in PARTY_ROLES for duty in user.duties
    ):
        raise Refusal(
            "not-of-the-body",
            f"„{username}“ ist kein Konto von {body.name}.",
            "username",
            "ein Konto mit einer Rolle für diese Körperschaft, oder keine Angabe",
        )


def _declaring(session: Session, actor: Actor, case: Case, body: Body, user: User | None) -> Actor:
    """The actor as whoever may declare it: of the office, in place of one, or for themselves."""
    if body.id in actor.party_bodies() and user and user.person_key == actor.person_key:
        return actor
    offices = (Role.LEGAL, Role.CLERK)
    actor = substitution.acting_in_any(session, actor, offices, body.id, case.id)
    if any(actor.holds(role, body.id) for role in offices):
        return actor
    raise NotPermitted(
        "not-permitted",
        "Befangenheit halten das Rechtsamt und die Sachbearbeitung der Körperschaft fest, und wer "
        "selbst befangen ist.",
    )


def _check(session: Session, case: Case, body: Body, wanted: DeclareExclusion) -> None:
    party = select(Party.body_id).where(Party.case_id == case.id, Party.body_id == body.id)
    if session.scalar(party) is None:
        raise NotFound("party-unknown", f"{body.name} ist in diesem Vorgang nicht beteiligt.")
    check_day("declared_on", wanted.declared_on)
    if wanted.consultation_id is None:
        return
    own = (
        select(Consultation.id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(
            Consultation.id == wanted.consultation_id,
            Paper.case_id == case.id,
            Paper.body_id == body.id,
        )
    )
    if session.scalar(own) is None:
        raise NotFound(
            "consultation-unknown",
            f"Diese Beratung gibt es bei {body.name} in diesem Vorgang nicht.",
            "consultation_id",
            "eine Beratung der Körperschaft, oder keine Angabe für den ganzen Vorgang",
        )


def _refuse_double(
    session: Session, case: Case, body: Body, user: User | None, wanted: DeclareExclusion
) -> None:
    known = select(Exclusion.id).where(
        Exclusion.case_id == case.id,
        Exclusion.body_id == body.id,
        Exclusion.name == wanted.name,
        Exclusion.user_id == user.id if user else Exclusion.user_id.is_(None),
        _reaches(wanted.consultation_id),
    )
    if session.scalar(known.limit(1)) is not None:
        raise Conflict(
            "exclusion-known", f"Für {wanted.name} ist das in diesem Vorgang schon festgehalten."
        )


def _leave_trace(
    session: Session, actor: Actor, case: Case, body: Body, exclusion: Exclusion
) -> None:
    # Why somebody is biased is theirs and their body's alone, whatever the consultation is.
    journal.append(
        session,
        case,
        Event.EXCLUSION_RECORDED,
        actor,
        legal_date=exclusion.declared_on,
        body_id=body.id,
        reason=exclusion.reason,
        legal_basis=rule_of(body),
        data={
            "name": exclusion.name,
            "function": exclusion.function,
            "consultation_id": (
                str(exclusion.consultation_id) if exclusion.consultation_id else None
            ),
        },
        confidential=True,
    )


def _give_tasks_back(
    session: Session, actor: Actor, case: Case, exclusion: Exclusion, user: User
) -> None:
    """What the person has claimed could be completed by nobody else."""
    accounts = select(User.id).where(User.person_key == user.person_key)
    claimed = select(Task).where(
        Task.case_id == case.id,
        Task.body_id == exclusion.body_id,
        Task.state == TaskState.OPEN,
        Task.claimed_by.in_(accounts),
    )
    if exclusion.consultation_id is not None:
        claimed = claimed.where(Task.consultation_id == exclusion.consultation_id)
    for task in session.scalars(claimed.execution_options(populate_existing=True)).all():
        task.claimed_by, task.claimed_at = None, None
        journal.append(
            session,
            case,
            Event.TASK_RELEASED,
            actor,
            body_id=task.body_id,
            data={"task": task.kind.value},
            confidential=True,
        )


def visible(session: Session, case: Case, bodies: frozenset[UUID]) -> list[tuple[Exclusion, Body]]:
    """The exclusions of these bodies in a case, in the order in which they were recorded."""
    rows = session.execute(
        select(Exclusion, Body)
        .join(Body, Body.id == Exclusion.body_id)
        .where(Exclusion.case_id == case.id, Exclusion.body_id.in_(bodies))
        .order_by(Exclusion.id)
    )
    return [(row[0], row[1]) for row in rows]
