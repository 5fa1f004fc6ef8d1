"""What a council has decided, certified; and what was decided in its place."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Part, TextMark
from agreements.documents.forms import BodyForms, CommitteeForms


class VoteCount(Part):
    """Ein Abstimmungsergebnis. None heißt: nicht bekannt."""

    yes: int | None = Field(default=None, ge=0)
    no: int | None = Field(default=None, ge=0)
    abstained: int | None = Field(default=None, ge=0)

    @property
    def known(self) -> bool:
        """Ob wenigstens eine Zahl bekannt ist."""
        return (self.yes, self.no, self.abstained) != (None, None, None)


class ChangedPlace(Part):
    """Eine Stelle, die abweichend vom Vorschlag beschlossen wurde."""

    place: FilledText = Field(examples=["§ 4 Abs. 2"])
    wording: FilledText


class ExtractData(DocumentData):
    """Auszug aus der Niederschrift oder Beschlussausfertigung, mit Beglaubigung."""

    body: BodyForms
    variant: Literal["extract", "execution"] = Field(
        default="extract", description="Auszug aus der Niederschrift oder Beschlussausfertigung"
    )
    committee: CommitteeForms = Field(description="das Gremium, mit seiner Körperschaft")
    decides: bool = Field(default=True, description="hat entschieden, statt zu empfehlen")
    adopted: bool = Field(default=True, description="hat angenommen, was zur Abstimmung stand")
    held_on: date = Field(description="Tag der Sitzung")
    meeting_number: Text = Field(default="", description="Nummer der Sitzung", examples=["12"])
    item: Text = Field(default="", description="Tagesordnungspunkt", examples=["7.1"])
    public: bool = True
    subject: FilledText
    parties: tuple[FilledText, ...] = Field(min_length=2, description="Beteiligte")
    paper_number: FilledText
    points: tuple[FilledText, ...] = Field(min_length=1, description="Wortlaut des Beschlusses")
    changed: tuple[ChangedPlace, ...] = Field(default=(), description="abweichend beschlossen")
    reservation: Text = Field(default="", description="Vorbehalt, unter dem beschlossen wurde")
    outcome: FilledText = Field(examples=["ungeändert beschlossen"])
    votes: VoteCount = VoteCount()
    unanimous: bool = False
    members_present: int | None = Field(default=None, ge=0)
    members_excluded: int = Field(default=0, ge=0, description="befangen, ohne Mitwirkung")
    bias_basis: Text = Field(
        default="", description="wenn jemand ausgeschlossen war", examples=["§ 31 GO NRW"]
    )
    presented_to: Text = Field(default="", description="wem der Auszug vorgelegt wird")
    certified_by: Text = Field(default="", description="wer beglaubigt")
    certified_as: Text = Field(default="", examples=["Schriftführerin"])
    text: TextMark

    @property
    def confidential(self) -> bool:
        return not self.public

    @property
    def heading(self) -> str:
        """Die Überschrift."""
        if self.variant == "execution":
            return "Beschlussausfertigung"
        return "Auszug aus der Niederschrift"

    @property
    def document_title(self) -> str:
        return f"{self.heading} {self.body.name} – {self.subject}"


class UrgentSignature(Part):
    """Wer eine Dringlichkeitsentscheidung unterschrieben hat."""

    name: FilledText
    function: FilledText = Field(examples=["Bürgermeisterin", "Mitglied des Rates"])


class LaterDecision(Part):
    """Was die Vertretung danach beschlossen hat."""

    confirmed: bool = Field(description="genehmigt; sonst aufgehoben")
    decided_on: date
    votes: VoteCount = VoteCount()
    reason: Text = ""


class UrgentDecisionData(DocumentData):
    """Dringlichkeitsentscheidung in einer der beiden Stufen."""

    body: BodyForms
    stage: Literal["main_committee", "head_and_member"]
    main_committee: CommitteeForms = Field(description="Haupt- oder Kreisausschuss")
    legal_basis: FilledText = Field(examples=["§ 60 Abs. 1 GO NRW"])
    public: bool = True
    subject: FilledText
    parties: tuple[FilledText, ...] = Field(min_length=2, description="Beteiligte")
    paper_number: FilledText
    points: tuple[FilledText, ...] = Field(min_length=1, description="Wortlaut der Entscheidung")
    facts: tuple[FilledText, ...] = Field(default=(), description="Sachverhalt")
    reason: FilledText = Field(description="warum die Vertretung nicht rechtzeitig zusammentritt")
    main_committee_prevented: Text = Field(default="", description="nur in der zweiten Stufe")
    harm: Text = Field(default="", description="erhebliche Nachteile oder Gefahren")
    decided_on: date | None = Field(default=None, description="fehlt, solange nicht entschieden")
    outcome: Text = Field(default="", examples=["beschlossen"])
    votes: VoteCount = VoteCount()
    unanimous: bool = False
    signatures: tuple[UrgentSignature, ...] = ()
    later: LaterDecision | None = None
    text: TextMark

    @property
    def confidential(self) -> bool:
        return not self.public

    @property
    def members(self) -> int:
        """Wie viele Mitglieder der Vertretung neben der Verwaltungsspitze entschieden haben."""
        return max(0, len(self.signatures) - 1)

    @property
    def document_title(self) -> str:
        return f"Dringlichkeitsentscheidung {self.body.name} – {self.subject}"
