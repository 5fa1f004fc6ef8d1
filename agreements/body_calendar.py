"""When a body meets: its invitation period (Ladungsfrist) and its session-free times.

Both are the body's own (in NRW its Geschäftsordnung sets the period, § 47 Abs. 2 GO), so they are
data with a source. They only give hints: whether a meeting was called in time is for the council
to judge, never for the software to prevent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import null, select
from sqlalchemy.orm import Session

from agreements import body_record, clock
from agreements.errors import Conflict, NotFound, Refusal
from agreements.law.days import require_reckonable
from agreements.law.deadlines import Deadline, Period, Reckoning, Unit, german_day, reckon
from agreements.model.base import Json
from agreements.model.bodies import Body, SessionFreePeriod
from agreements.model.enums import BodyChangeKind, Role
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from agreements.texts import Printable

LONGEST_SESSION_FREE: Final = 120  # days; the summer holidays have 44

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), Printable
]
InvitationUnit = Literal[Unit.DAYS, Unit.WEEKS, Unit.WERKTAGE, Unit.WORKING_DAYS]


class InvitationPeriod(BaseModel):
    """Ladungsfrist: so viele volle Tage liegen zwischen Einladung und Sitzung."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1, le=60)]
    unit: InvitationUnit
    source: Text
    verified: bool = False


class SetInvitationPeriod(BaseModel):
    """Die Ladungsfrist einer Körperschaft festhalten, auch die verkürzte für dringliche Fälle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regular: InvitationPeriod
    urgent: InvitationPeriod | None = None


class EnterSessionFree(BaseModel):
    """Eine sitzungsfreie Zeit eintragen, erster und letzter Tag eingeschlossen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    first_day: date
    last_day: date
    source: Text


@dataclass(frozen=True, slots=True)
class InvitationPeriods:
    """The periods of a body; None: not known."""

    regular: InvitationPeriod | None
    urgent: InvitationPeriod | None


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """What a body's calendar says about a meeting on a day.

    latest, latest_urgent: the last day to invite; None: the period is not known.
    kept: whether the invitation was in time by the regular period; None: cannot be said.
    hints: sentences for those who plan; nothing is refused.
    """

    held_on: date
    latest: Deadline | None
    latest_urgent: Deadline | None
    kept: bool | None
    session_free: SessionFreePeriod | None
    hints: tuple[str, ...]


def invitation_periods(body: Body) -> InvitationPeriods:
    """The body's invitation periods as values."""
    regular, urgent = body.invitation_period, body.invitation_period_urgent
    return InvitationPeriods(
        InvitationPeriod.model_validate(regular) if regular else None,
        InvitationPeriod.model_validate(urgent) if urgent else None,
    )


def session_free_periods(session: Session, body: Body) -> list[SessionFreePeriod]:
    """The session-free times of a body, oldest first."""
    return list(
        session.scalars(
            select(SessionFreePeriod)
            .where(SessionFreePeriod.body_id == body.id)
            .order_by(SessionFreePeriod.first_day)
        )
    )


def latest_invitation(period: InvitationPeriod, meeting_on: date, land: str) -> Deadline:
    """The last day on which an invitation to a meeting can be sent, with its derivation.

    The period lies in full days between sending and meeting and never moves.
    """
    wanted = Reckoning(meeting_on, Period(period.count, period.unit), backward=True)
    found = reckon(wanted, land, event="Die Sitzung ist am", act="die Einladung")
    doubt = "" if period.verified else "; nicht geprüft"
    text = f"{found.derivation} Grundlage der Ladungsfrist: {period.source}{doubt}."
    return Deadline(found.event_on, found.nominal_end, found.end, text)


def meeting_day(
    session: Session, body: Body, held_on: date, invited_on: date | None = None
) -> MeetingDay:
    """The last days to invite to a meeting, whether the invitation was in time, and hints."""
    periods = invitation_periods(body)
    latest, urgent = (
        latest_invitation(period, held_on, body.land) if period else None
        for period in (periods.regular, periods.urgent)
    )
    kept = invited_on <= latest.end if invited_on and latest else None
    free = _session_free_on(session, body, held_on)
    hints = (
        _hint_on_invitation(body, latest, urgent, held_on, invited_on),
        _hint_on_session_free(body, free, held_on),
    )
    return MeetingDay(held_on, latest, urgent, kept, free, tuple(hint for hint in hints if hint))


def _hint_on_invitation(
    body: Body,
    latest: Deadline | None,
    urgent: Deadline | None,
    held_on: date,
    invited_on: date | None,
) -> str | None:
    if latest is None:
        return (
            f"Die Ladungsfrist {body.forms['genitive']} ist nicht hinterlegt; ob rechtzeitig "
            "eingeladen wird, ist nach der Geschäftsordnung zu prüfen."
        )
    until = f"letzter Tag war {german_day(latest.end)}"
    if invited_on is not None and invited_on > latest.end:
        late = f"Die Einladung vom {invited_on:%d.%m.%Y} war zu spät ({until}); "
        return late + _way_out(urgent, invited_on)
    # Of a meeting in the past without a day of invitation nothing is known.
    if invited_on is None and latest.end < clock.today() <= held_on:
        late = f"Für eine fristgerechte Einladung ist es zu spät ({until}); "
        return late + _way_out(urgent, clock.today())
    return None


def _way_out(urgent: Deadline | None, invited_on: date) -> str:
    """What is left when the regular period is missed: urgency, or the next meeting."""
    last = f"letzter Tag {german_day(urgent.end)}" if urgent else ""
    if urgent is not None and invited_on > urgent.end:
        return (
            f"auch die verkürzte Ladungsfrist ({last}) ist nicht eingehalten. Die Sache kann nur "
            "als dringlich oder in der nächsten Sitzung beraten werden."
        )
    shortened = f" mit verkürzter Ladungsfrist ({last})" if urgent else ""
    return (
        f"die Sache kann nur als dringlich{shortened} oder in der nächsten Sitzung beraten werden."
    )


def _hint_on_session_free(body: Body, free: SessionFreePeriod | None, held_on: date) -> str | None:
    if free is None:
        return None
    return (
        f"Der {held_on:%d.%m.%Y} liegt in der sitzungsfreien Zeit {body.forms['genitive']} "
        f"({free.name}, {free.first_day:%d.%m.%Y} bis {free.last_day:%d.%m.%Y})."
    )


def _session_free_on(session: Session, body: Body, day: date) -> SessionFreePeriod | None:
    return session.scalar(
        select(SessionFreePeriod).where(
            SessionFreePeriod.body_id == body.id,
            SessionFreePeriod.first_day <= day,
            SessionFreePeriod.last_day >= day,
        )
    )


def set_invitation_period(
    session: Session, actor: Actor, ags: str, wanted: SetInvitationPeriod
) -> tuple[Body, InvitationPeriods]:
    """Keep the body's invitation periods; returns those that they replace.

    Office (clerks, legal staff) of the body and administration. Meetings already planned keep
    their days: the hint is reckoned anew whenever it is shown.
    """
    body = _locked_body(session, actor, ags)
    before = invitation_periods(body)
    body.invitation_period = wanted.regular.model_dump(mode="json")
    body.invitation_period_urgent = _stored(wanted.urgent)
    session.flush()
    session.refresh(body, ["invitation_period", "invitation_period_urgent"])
    kind = BodyChangeKind.INVITATION_PERIOD_SET
    now = wanted.model_dump(mode="json")
    body_record.note(session, actor, body, kind, before=_as_json(before), after=now)
    return body, before


def _as_json(periods: InvitationPeriods) -> Json | None:
    """The periods as ``SetInvitationPeriod`` says them; None: none was known."""
    if periods.regular is None:
        return None
    found = SetInvitationPeriod(regular=periods.regular, urgent=periods.urgent)
    return found.model_dump(mode="json")


def _stored(period: InvitationPeriod | None) -> Any:  # noqa: ANN401  (JSON or SQL's NULL)
    return null() if period is None else period.model_dump(mode="json")


def enter_session_free(
    session: Session, actor: Actor, ags: str, wanted: EnterSessionFree
) -> SessionFreePeriod:
    """Enter a session-free time; two of a body never overlap."""
    body = _locked_body(session, actor, ags)
    _check_span(wanted)
    other = session.scalar(
        select(SessionFreePeriod)
        .where(
            SessionFreePeriod.body_id == body.id,
            SessionFreePeriod.first_day <= wanted.last_day,
            SessionFreePeriod.last_day >= wanted.first_day,
        )
        .limit(1)
    )
    if other is not None:
        raise Conflict(
            "session-free-overlap",
            f"In diese Tage fällt schon „{other.name}“ ({other.first_day:%d.%m.%Y} bis "
            f"{other.last_day:%d.%m.%Y}); bitte entfernen Sie den Eintrag zuerst.",
            "first_day",
        )
    entered = SessionFreePeriod(body_id=body.id, **wanted.model_dump())
    session.add(entered)
    session.flush()
    kind = BodyChangeKind.SESSION_FREE_ENTERED
    body_record.note(session, actor, body, kind, after=wanted.model_dump(mode="json"))
    return entered


def remove_session_free(session: Session, actor: Actor, ags: str, period_id: UUID) -> Body:
    """Remove a session-free time of the body."""
    body = _locked_body(session, actor, ags)
    found = session.get(SessionFreePeriod, period_id)
    if found is None or found.body_id != body.id:
        raise NotFound(
            "session-free-unknown",
            f"Diese sitzungsfreie Zeit hat {body.forms['nominative']} nicht.",
        )
    was = EnterSessionFree.model_validate(found, from_attributes=True)
    session.delete(found)
    kind = BodyChangeKind.SESSION_FREE_REMOVED
    body_record.note(session, actor, body, kind, before=was.model_dump(mode="json"))
    return body


def _check_span(wanted: EnterSessionFree) -> None:
    require_reckonable(wanted.first_day, "first_day")
    require_reckonable(wanted.last_day, "last_day")
    if wanted.last_day < wanted.first_day:
        raise Refusal(
            "session-free-backward",
            "Der letzte Tag liegt vor dem ersten.",
            "last_day",
            f"ein Tag ab dem {wanted.first_day:%d.%m.%Y}",
        )
    if (wanted.last_day - wanted.first_day).days >= LONGEST_SESSION_FREE:
        raise Refusal(
            "session-free-too-long",
            f"Eine sitzungsfreie Zeit dauert höchstens {LONGEST_SESSION_FREE} Tage.",
            "last_day",
        )


def _locked_body(session: Session, actor: Actor, ags: str) -> Body:
    """The body, for its office or the administration; whoever waited sees what was entered."""
    body = body_queries.body(session, ags)
    actor.require(
        actor.is_admin or actor.holds(Role.LEGAL, body.id) or actor.holds(Role.CLERK, body.id),
        f"Ladungsfrist und sitzungsfreie Zeiten pflegt die Verwaltung {body.forms['genitive']}, "
        "oder die Administration.",
    )
    session.execute(select(Body.id).where(Body.id == body.id).with_for_update(key_share=True))
    session.refresh(body, ["invitation_period", "invitation_period_urgent"])
    return body
