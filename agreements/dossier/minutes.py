"""The minutes of the steering group, from what whoever kept them says."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agreements.cases import Ags
from agreements.documents import data
from agreements.documents.content import FilledText
from agreements.dossier.asked import Particulars
from agreements.dossier.material import Material, forms_of
from agreements.errors import Refusal
from agreements.model.cases import Party
from agreements.model.enums import PartyRole

Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Line = Annotated[FilledText, Field(max_length=500)]


class AttendanceInput(BaseModel):
    """Anwesenheit einer Beteiligten; ohne `persons` war sie nicht vertreten."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: Ags
    persons: tuple[Line, ...] = Field(default=(), max_length=20)
    votes: int = Field(default=1, ge=0, le=1000, description="Stimmen nach der Vereinbarung")
    guest: bool = Field(default=False, description="nimmt ohne Stimmrecht teil")


class MinutesParticulars(Particulars):
    """Niederschrift über eine Sitzung des Lenkungskreises."""

    session_number: int = Field(ge=1, le=10_000)
    held_on: date
    starts_at: Clock = Field(examples=["14:00"])
    ends_at: Clock = Field(examples=["16:15"])
    place: Line
    chair: Line
    minute_taker: Line
    attendance: tuple[AttendanceInput, ...] = Field(min_length=2, max_length=200)
    quorum: int = Field(ge=1, description="Stimmen, die vertreten sein müssen")
    quorum_basis: Line = Field(examples=["§ 6 Absatz 3 der Vereinbarung"])
    items: tuple[data.MinutesItem, ...] = Field(min_length=1, max_length=100)
    tasks: tuple[data.MinutesTask, ...] = Field(default=(), max_length=200)
    next_on: date | None = None
    annexes: tuple[Line, ...] = Field(default=(), max_length=50)


def steering_minutes(
    look: Material, party: Party | None, given: MinutesParticulars
) -> data.SteeringMinutesData:
    """The minutes. Refuses attendance that leaves a party out, and votes that nobody had."""
    _check(look, given)
    bodies = {party.body.ags: party.body for party in look.parties}
    voting = [row for row in given.attendance if not row.guest]
    minutes = data.SteeringMinutesData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=look.holder(PartyRole.LEAD).name,
        project=look.case.title,
        attendance=tuple(
            data.Attendance(
                body=forms_of(bodies[row.body]),
                persons=row.persons,
                votes=row.votes,
                guest=row.guest,
            )
            for row in given.attendance
        ),
        votes_present=sum(row.votes for row in voting if row.persons),
        votes_total=sum(row.votes for row in voting),
        **{
            name: getattr(given, name)
            for name in MinutesParticulars.model_fields
            if name not in ("dated_on", "attendance")
        },
    )
    _check_votes(minutes)
    return minutes


def _check(look: Material, given: MinutesParticulars) -> None:
    parties = {party.body.ags for party in look.parties}
    named = [row.body for row in given.attendance]
    if set(named) != parties or len(named) != len(parties):
        raise Refusal(
            "attendance-incomplete",
            "Zu jeder Beteiligten gehört genau eine Angabe der Anwesenheit.",
            "attendance",
            ", ".join(sorted(parties)),
        )
    if given.held_on > given.dated_on:
        raise Refusal(
            "held-after-minutes",
            "Die Sitzung kann nicht nach dem Datum der Niederschrift liegen.",
            "held_on",
            f"bis {given.dated_on.isoformat()}",
        )


def _check_votes(minutes: data.SteeringMinutesData) -> None:
    for number, item in enumerate(minutes.items):
        if item.resolution and not minutes.quorate:
            raise Refusal(
                "not-quorate",
                f"Der Lenkungskreis war mit {minutes.votes_present} Stimmen nicht beschlussfähig; "
                f"zu „{item.title}“ kann kein Beschluss stehen.",
                f"items.{number}.resolution",
            )
        cast = sum(votes or 0 for votes in (item.yes, item.no, item.abstained))
        if cast > minutes.votes_present:
            raise Refusal(
                "too-many-votes",
                f"Zu „{item.title}“ sind {cast} Stimmen angegeben, vertreten waren "
                f"{minutes.votes_present}.",
                f"items.{number}.yes",
                f"zusammen höchstens {minutes.votes_present}",
            )
