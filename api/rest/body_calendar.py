"""When a body meets: invitation period, session-free times, the last day to invite."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import body_calendar as use_cases
from agreements.glossary import label
from agreements.law.deadlines import Deadline, Unit
from agreements.model import bodies as rows
from agreements.model.enums import BodyChangeKind
from agreements.queries import bodies as queries
from agreements.queries import body_changes
from api.dependencies import ActorDep, Cursor, Limit, OnceDep, Reply, SessionDep
from api.rest.bodies import Ags
from api.rest.schemas import BodyRef, Output, Page

router = APIRouter(tags=["Körperschaften"])


class InvitationPeriodView(Output):
    """Ladungsfrist: so viele volle Tage liegen zwischen Einladung und Sitzung."""

    count: int = Field(examples=[12])
    unit: Unit
    unit_label: str = Field(examples=["Werktage"])
    source: str
    verified: bool = Field(description="an der Geschäftsordnung geprüft")

    @classmethod
    def of(cls, period: use_cases.InvitationPeriod | None) -> Self | None:
        """The period for an answer; None: not known."""
        if period is None:
            return None
        return cls(unit_label=label(period.unit), **period.model_dump())


class InvitationPeriodsView(Output):
    """Die Ladungsfristen einer Körperschaft; null: nicht hinterlegt."""

    regular: InvitationPeriodView | None
    urgent: InvitationPeriodView | None = Field(description="verkürzt, für dringliche Fälle")

    @classmethod
    def of(cls, periods: use_cases.InvitationPeriods) -> Self:
        """The periods for an answer."""
        return cls(
            regular=InvitationPeriodView.of(periods.regular),
            urgent=InvitationPeriodView.of(periods.urgent),
        )


class SessionFreeView(Output):
    """Sitzungsfreie Zeit, erster und letzter Tag eingeschlossen."""

    id: UUID
    name: str = Field(examples=["Sommerferien 2026"])
    first_day: date
    last_day: date
    source: str
    sample: bool = Field(description="Beispieldaten, nicht amtlich")

    @classmethod
    def of(cls, row: rows.SessionFreePeriod) -> Self:
        """The row for an answer."""
        return cls(
            id=row.id,
            name=row.name,
            first_day=row.first_day,
            last_day=row.last_day,
            source=row.source,
            sample=row.sample,
        )


class LatestView(Output):
    """Der letzte Tag für die Einladung und seine Herleitung."""

    latest_on: date
    derivation: str

    @classmethod
    def of(cls, found: Deadline | None) -> Self | None:
        """The deadline for an answer; None: the period is not known."""
        return None if found is None else cls(latest_on=found.end, derivation=found.derivation)


class MeetingDayView(Output):
    """Was der Kalender der Körperschaft zu einem Sitzungstag sagt; abgelehnt wird nichts."""

    held_on: date
    invitation: LatestView | None = Field(description="null: Ladungsfrist nicht hinterlegt")
    invitation_urgent: LatestView | None = Field(description="mit verkürzter Ladungsfrist")
    kept: bool | None = Field(description="ob rechtzeitig eingeladen wurde; null: nicht bekannt")
    session_free: SessionFreeView | None = Field(description="sitzungsfreie Zeit an diesem Tag")
    hints: list[str] = Field(description="was zu bedenken ist, als Sätze")

    @classmethod
    def of(cls, day: use_cases.MeetingDay) -> Self:
        """The day for an answer."""
        return cls(
            held_on=day.held_on,
            invitation=LatestView.of(day.latest),
            invitation_urgent=LatestView.of(day.latest_urgent),
            kept=day.kept,
            session_free=SessionFreeView.of(day.session_free) if day.session_free else None,
            hints=list(day.hints),
        )


class BodyCalendarView(Output):
    """Ladungsfristen und sitzungsfreie Zeiten einer Körperschaft."""

    body: BodyRef
    invitation_period: InvitationPeriodsView
    session_free_periods: list[SessionFreeView]
    meeting_day: MeetingDayView | None = Field(description="zu `meeting_on`, sonst null")


class InvitationPeriodSet(Output):
    """Die Ladungsfristen, die jetzt gelten, und die sie ersetzen."""

    now: InvitationPeriodsView
    before: InvitationPeriodsView


_SET: Final = {
    "Zwölf Werktage": {
        "value": {
            "regular": {
                "count": 12,
                "unit": "werktage",
                "source": "§ 1 der Geschäftsordnung des Rates vom 04.11.2025",
                "verified": True,
            },
            "urgent": {
                "count": 3,
                "unit": "werktage",
                "source": "§ 1 der Geschäftsordnung des Rates vom 04.11.2025",
                "verified": True,
            },
        }
    }
}
_ENTER: Final = {
    "Karneval": {
        "value": {
            "name": "Karneval 2027",
            "first_day": "2027-02-04",
            "last_day": "2027-02-10",
            "source": "Sitzungskalender 2027",
        }
    }
}


def _calendar(session: Session, body: rows.Body, meeting_on: date | None) -> BodyCalendarView:
    day = use_cases.meeting_day(session, body, meeting_on) if meeting_on else None
    return BodyCalendarView(
        body=BodyRef.of(body),
        invitation_period=InvitationPeriodsView.of(use_cases.invitation_periods(body)),
        session_free_periods=[
            SessionFreeView.of(row) for row in use_cases.session_free_periods(session, body)
        ],
        meeting_day=MeetingDayView.of(day) if day else None,
    )


class BodyChangeView(Output):
    """Eine Änderung; `before` und `after` sind die Angaben davor und danach."""

    id: UUID
    kind: BodyChangeKind
    kind_label: str = Field(examples=["Ladungsfrist festgehalten"])
    changed_by: str | None = Field(description="null: auf der Kommandozeile")
    changed_at: datetime
    before: dict[str, Any] | None = Field(description="null: vorher gab es nichts")
    after: dict[str, Any] | None = Field(description="null: danach gibt es nichts mehr")

    @classmethod
    def of(cls, line: body_changes.ChangeLine) -> Self:
        """The entry for an answer."""
        change = line.change
        kind = BodyChangeKind(change.kind)
        return cls(
            id=change.id,
            kind=kind,
            kind_label=label(kind),
            changed_by=line.by,
            changed_at=change.changed_at,
            before=change.before,
            after=change.after,
        )


@router.get(
    "/bodies/{ags}/changes",
    summary="Wer wann Gremien, Zeichnungsberechtigte, Ladungsfrist oder sitzungsfreie Zeiten "
    "geändert hat",
)
def changes(
    ags: Ags, session: SessionDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[BodyChangeView]:
    found = body_changes.changes(session, actor, ags, cursor=cursor, limit=limit)
    return Page(
        items=[BodyChangeView.of(line) for line in found.items], next_cursor=found.next_cursor
    )


@router.get(
    "/bodies/{ags}/calendar",
    summary="Ladungsfrist, sitzungsfreie Zeiten und der letzte Tag für eine Einladung",
)
def calendar(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    meeting_on: Annotated[
        date | None, Query(description="geplanter Sitzungstag", examples=["2026-12-15"])
    ] = None,
) -> BodyCalendarView:
    return _calendar(session, queries.body(session, ags), meeting_on)


@router.post(
    "/bodies/{ags}/invitation-period",
    summary="Die Ladungsfrist einer Körperschaft festhalten",
    response_model=InvitationPeriodSet,
)
def set_invitation_period(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.SetInvitationPeriod, Body(openapi_examples=_SET)],
) -> JSONResponse:
    def work() -> Reply:
        body, before = use_cases.set_invitation_period(session, actor, ags, wanted)
        now = use_cases.invitation_periods(body)
        return Reply(
            InvitationPeriodSet(
                now=InvitationPeriodsView.of(now), before=InvitationPeriodsView.of(before)
            )
        )

    return once.run(work)


@router.post(
    "/bodies/{ags}/session-free-periods",
    summary="Eine sitzungsfreie Zeit eintragen",
    status_code=201,
    response_model=SessionFreeView,
)
def enter_session_free(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EnterSessionFree, Body(openapi_examples=_ENTER)],
) -> JSONResponse:
    def work() -> Reply:
        row = use_cases.enter_session_free(session, actor, ags, wanted)
        return Reply(SessionFreeView.of(row), 201)

    return once.run(work)


@router.delete(
    "/bodies/{ags}/session-free-periods/{period_id}",
    summary="Eine sitzungsfreie Zeit entfernen",
    response_model=BodyCalendarView,
)
def remove_session_free(
    ags: Ags, period_id: UUID, session: SessionDep, actor: ActorDep, once: OnceDep
) -> JSONResponse:
    def work() -> Reply:
        body = use_cases.remove_session_free(session, actor, ags, period_id)
        return Reply(_calendar(session, body, None))

    return once.run(work)
