"""The minutes of the steering group."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Part
from agreements.documents.forms import BodyForms


class Attendance(Part):
    """Die Anwesenheit einer Beteiligten."""

    body: BodyForms
    persons: tuple[FilledText, ...] = Field(
        default=(), description="wer sie vertreten hat; leer: nicht vertreten"
    )
    votes: int = Field(ge=0, description="Stimmen nach der Vereinbarung")
    guest: bool = Field(default=False, description="nimmt ohne Stimmrecht teil")

    @property
    def present(self) -> bool:
        """Ob die Beteiligte vertreten war."""
        return bool(self.persons)


class MinutesItem(Part):
    """Ein Tagesordnungspunkt mit seinem Beschluss."""

    title: FilledText
    report: tuple[FilledText, ...] = Field(default=(), description="Verlauf der Beratung")
    resolution: Text = Field(default="", description="Wortlaut des Beschlusses")
    yes: int | None = Field(default=None, ge=0)
    no: int | None = Field(default=None, ge=0)
    abstained: int | None = Field(default=None, ge=0)
    adopted: bool | None = Field(default=None, description="angenommen oder abgelehnt")


class MinutesTask(Part):
    """Ein Arbeitsauftrag."""

    what: FilledText
    who: FilledText
    due_on: date | None = None


class SteeringMinutesData(DocumentData):
    """Die Niederschrift über eine Sitzung des Lenkungskreises."""

    project: FilledText
    session_number: int = Field(ge=1, description="laufende Nummer der Sitzung", examples=[3])
    held_on: date
    starts_at: FilledText = Field(examples=["14:00"])
    ends_at: FilledText = Field(examples=["16:15"])
    place: FilledText
    chair: FilledText
    minute_taker: FilledText
    attendance: tuple[Attendance, ...] = Field(min_length=2)
    votes_present: int = Field(ge=0)
    votes_total: int = Field(ge=1)
    quorum: int = Field(ge=1, description="Stimmen, die vertreten sein müssen")
    quorum_basis: FilledText = Field(examples=["§ 6 Absatz 3 der Vereinbarung"])
    items: tuple[MinutesItem, ...] = Field(min_length=1)
    tasks: tuple[MinutesTask, ...] = ()
    next_on: date | None = Field(default=None, description="nächste Sitzung")
    annexes: tuple[FilledText, ...] = ()

    @property
    def quorate(self) -> bool:
        """Ob der Lenkungskreis beschlussfähig war."""
        return self.votes_present >= self.quorum

    @property
    def absent(self) -> tuple[BodyForms, ...]:
        """Die stimmberechtigten Beteiligten, die nicht vertreten waren."""
        return tuple(row.body for row in self.attendance if not row.present and not row.guest)

    @property
    def document_title(self) -> str:
        return f"Niederschrift Lenkungskreis {self.project}, {self.session_number}. Sitzung"
