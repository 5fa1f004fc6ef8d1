"""Texts that parties agree on beside the agreement: before it, after it, and as its annexes."""

from __future__ import annotations

from pydantic import Field

from agreements.documents.clauses.amending import Command
from agreements.documents.content import CanonicalContent, Clause, FilledText, Text, short_hash
from agreements.documents.data.agreement import AgreementParty, Section, sections_of
from agreements.documents.data.base import DocumentData, Hash, Part
from agreements.documents.forms import BodyForms


class ContractText(DocumentData):
    """A text in sections that parties conclude."""

    form: FilledText = Field(
        description="Art des Dokuments, in der Kopfzeile", examples=["Beitrittsvereinbarung"]
    )
    title: FilledText
    status: Text = Field(default="", description="Vermerk über dem Titel", examples=["Entwurf"])
    digest: Hash = Field(description="Prüfsumme des Textes")
    parties: tuple[AgreementParty, ...] = Field(min_length=2)
    preamble: tuple[FilledText, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Die Paragraphen § 1 bis § n."""
        return sections_of(self.clauses)

    @property
    def short(self) -> str:
        """Die Prüfsumme, wie Fußzeilen sie zeigen."""
        return short_hash(self.digest)

    @property
    def document_title(self) -> str:
        return self.title


def contract_fields(
    form: str, content: CanonicalContent, bodies: tuple[BodyForms, ...], digest: str
) -> dict[str, object]:
    """The fields of a ``ContractText`` from its content; bodies in the order of the parties."""
    return {
        "form": form,
        "title": content.title,
        "digest": digest,
        "parties": tuple(
            AgreementParty(forms=body, designation=party.designation)
            for body, party in zip(bodies, content.parties, strict=True)
        ),
        "preamble": content.preamble,
        "clauses": content.clauses,
    }


class LetterOfIntentData(ContractText):
    """Die Absichtserklärung in Textform."""


class ChangeText(Part):
    """Ein Änderungsbefehl mit dem neuen Wortlaut."""

    instruction: FilledText = Field(examples=["§ 5 Absatz 2 erhält folgende Fassung:"])
    wording: tuple[FilledText, ...] = Field(
        default=(), description="der neue Wortlaut, Zeile für Zeile"
    )

    @classmethod
    def of(cls, command: Command) -> ChangeText:
        """The command as it is printed."""
        return cls(instruction=command.instruction, wording=command.wording)


class FollowUpData(ContractText):
    """Beitritts-, Änderungs-, Ausscheidens- oder Aufhebungsvereinbarung."""

    changes: tuple[ChangeText, ...] = Field(
        default=(), description="Änderungsbefehle, gedruckt nach dem Absatz des § 1"
    )


class DutyRow(Part):
    """Eine Verpflichtung der DSGVO und wer sie erfüllt."""

    duty: FilledText = Field(examples=["Informationen nach Artikel 13 und 14 DSGVO bereitstellen"])
    responsible: FilledText = Field(examples=["jede Beteiligte für ihren Bereich"])


class JointControllersData(ContractText):
    """Die Vereinbarung nach Artikel 26 DSGVO."""

    duties: tuple[DutyRow, ...] = Field(
        min_length=1, description="Anhang: Verteilung der Pflichten"
    )


class MeasureRow(Part):
    """Eine technische oder organisatorische Maßnahme."""

    area: FilledText = Field(examples=["Zugriffskontrolle"])
    measure: FilledText = Field(examples=["Rollenkonzept, Anmeldung mit zweitem Faktor"])


class SubprocessorRow(Part):
    """Ein weiterer Auftragsverarbeiter."""

    name: FilledText
    address: FilledText
    service: FilledText = Field(examples=["Rechenzentrumsbetrieb"])


class ProcessingData(ContractText):
    """Der Vertrag zur Auftragsverarbeitung nach Artikel 28 DSGVO."""

    measures: tuple[MeasureRow, ...] = Field(min_length=1, description="Anhang: Maßnahmen")
    subprocessors: tuple[SubprocessorRow, ...] = Field(
        default=(), description="Anhang: weitere Auftragsverarbeiter"
    )
