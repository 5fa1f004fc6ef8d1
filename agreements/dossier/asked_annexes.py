"""The annexes of an agreement, as people ask for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agreements.cases import Ags
from agreements.documents import annexes, clauses, data
from agreements.documents.clauses import AgreementTerms
from agreements.dossier import agreed
from agreements.dossier.asked import Particulars
from agreements.dossier.material import Material, agreement_of
from agreements.errors import Refusal
from agreements.law.instruments import Instrument
from agreements.model.enums import PartyRole
from agreements.wording import Line

Label = Annotated[
    str,
    Field(
        max_length=40, description="Nummer der Anlage, falls sie eine ist", examples=["Anlage 3"]
    ),
]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]
FilledLines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=50)]


class AnnexParticulars(Particulars):
    """Was zu jeder Anlage anzugeben ist."""

    annex_label: Label = ""


class ServicesParticulars(AnnexParticulars):
    """Angaben für das Leistungsverzeichnis."""

    introduction: Lines = ()
    services: tuple[data.ServiceItem, ...] = Field(min_length=1, max_length=200)
    exclusions: Lines = Field(default=(), description="was nicht dazugehört")


class CasesOf(BaseModel):
    """Wie viele Fälle auf eine Körperschaft entfallen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ags: Ags
    count: int = Field(ge=0, le=1_000_000_000)


class CostKeyParticulars(AnnexParticulars):
    """Angaben für die Berechnung der Kostenanteile; der Schlüssel steht in der Vereinbarung."""

    total: Annotated[
        Decimal,
        Field(gt=0, max_digits=14, decimal_places=2, allow_inf_nan=False, examples=["185000.00"]),
    ]
    occasion: Line = Field(
        description="was verteilt wird", examples=["voraussichtliche Kosten des Jahres 2027"]
    )
    counts: tuple[CasesOf, ...] = Field(
        default=(), max_length=200, description="Fälle, wenn nach Nutzung verteilt wird"
    )


class RulesParticulars(AnnexParticulars):
    """Angaben für die Geschäftsordnung; Vorsitz und Stimmrecht stehen in der Vereinbarung."""

    meetings: int = Field(default=2, ge=1, le=12, description="Sitzungen im Jahr mindestens")
    notice_weeks: int = Field(default=2, ge=1, le=12)
    minutes_weeks: int = Field(default=4, ge=1, le=12)
    circular_days: int = Field(default=14, ge=3, le=60, description="Frist im Umlaufverfahren")
    advisers: Lines = Field(
        default=(), description="wer beratend teilnimmt", examples=[["die Projektleitung"]]
    )


class JointParticulars(Particulars):
    """Angaben für die Vereinbarung nach Artikel 26 DSGVO."""

    contact: Ags | None = Field(
        default=None, description="Anlaufstelle; ohne Angabe die durchführende Körperschaft"
    )
    purposes: FilledLines
    data_categories: FilledLines
    subjects: FilledLines = Field(description="Gruppen betroffener Personen")
    legal_basis: Line = Field(examples=["Artikel 6 Absatz 1 Buchstabe e DSGVO"])
    storage: Line = Field(description="Speicherdauer, ein Satz")
    duties: tuple[data.DutyRow, ...] = Field(
        default=(), max_length=100, description="Verteilung der Pflichten; ohne Angabe die übliche"
    )


class ProcessingParticulars(Particulars):
    """Angaben für den Vertrag zur Auftragsverarbeitung nach Artikel 28 DSGVO."""

    subject: Line = Field(examples=["der Betrieb der gemeinsamen Datenplattform"])
    purpose: Line = Field(examples=["Speichern und Bereitstellen von Daten"])
    data_categories: FilledLines
    subjects: FilledLines = Field(description="Gruppen betroffener Personen")
    duration: Line = "die Laufzeit der Vereinbarung"
    breach_hours: int = Field(default=24, ge=1, le=72)
    objection_days: int = Field(default=14, ge=5, le=60)
    measures: tuple[data.MeasureRow, ...] = Field(
        default=(), max_length=100, description="Maßnahmen; ohne Angabe die üblichen"
    )
    subprocessors: tuple[data.SubprocessorRow, ...] = Field(default=(), max_length=50)


def services(look: Material, given: ServicesParticulars) -> data.ServiceCatalogueData:
    """The service catalogue."""
    return data.ServiceCatalogueData.model_validate(
        _annex(look, given)
        | {
            "introduction": given.introduction,
            "services": given.services,
            "exclusions": given.exclusions,
        }
    )


def cost_key(look: Material, given: CostKeyParticulars) -> data.CostKeyData:
    """The shares by the key of the agreement and the populations that it names."""
    terms = agreed.terms_of(look)
    key = terms.cost_key
    return data.CostKeyData.model_validate(
        _annex(look, given)
        | {
            "method": annexes.method_words(key),
            "basis": annexes.basis_words(key),
            "occasion": given.occasion,
            "total": given.total,
            "rows": annexes.cost_rows(terms, _weights(look, terms, given), given.total),
            "rounding": annexes.rounding_words(terms.performer),
            "leaver": annexes.LEAVER,
        }
    )


def rules(look: Material, given: RulesParticulars) -> data.RulesOfProcedureData:
    """The rules of procedure with the votes that the agreement gives."""
    agreement = agreed.terms_of(look)
    terms = clauses.GovernanceTerms.model_validate(
        agreed.common(look)
        | {
            "chair": agreement.chair,
            "performing": agreement.performer,
            "voting": agreement.choices.governance or "one_vote",
            "votes": agreement.details.votes,
            "meetings": given.meetings,
            "notice_weeks": given.notice_weeks,
            "minutes_weeks": given.minutes_weeks,
            "circular_days": given.circular_days,
            "advisers": given.advisers,
        }
    )
    content = clauses.assemble_further(terms, look.case.land)
    return data.RulesOfProcedureData.model_validate(
        _annex(look, given)
        | {
            "title": content.title,
            "chair": terms.chair,
            "preamble": content.preamble,
            "clauses": content.clauses,
        }
    )


def joint(look: Material, given: JointParticulars) -> data.JointControllersData:
    """The arrangement of joint controllers; never of a delegating agreement."""
    _check_not_delegating(look, "Eine gemeinsame Verantwortlichkeit (Artikel 26 DSGVO)")
    performing = agreed.performer_of(look)
    contact = agreed.party_of(look, given.contact, "contact") if given.contact else performing
    terms = clauses.JointControllersTerms.model_validate(
        agreed.common(look)
        | {
            "performing": performing,
            "contact": contact,
            "purposes": given.purposes,
            "data_categories": given.data_categories,
            "subjects": given.subjects,
            "legal_basis": given.legal_basis,
            "storage": given.storage,
        }
    )
    return data.JointControllersData.model_validate(
        agreed.contract(look, terms, given.dated_on)
        | {"duties": given.duties or annexes.duties(terms)}
    )


def processing(look: Material, given: ProcessingParticulars) -> data.ProcessingData:
    """The contract of processing on behalf; never of a delegating agreement."""
    _check_not_delegating(look, "Eine Auftragsverarbeitung (Artikel 28 DSGVO)")
    terms = clauses.ProcessingTerms.model_validate(
        agreed.common(look)
        | {
            "processor": agreed.performer_of(look),
            "subject": given.subject,
            "purpose": given.purpose,
            "data_categories": given.data_categories,
            "subjects": given.subjects,
            "duration": given.duration,
            "breach_hours": given.breach_hours,
            "objection_days": given.objection_days,
            "has_subprocessors": bool(given.subprocessors),
        }
    )
    return data.ProcessingData.model_validate(
        agreed.contract(look, terms, given.dated_on)
        | {
            "measures": given.measures or annexes.MEASURES,
            "subprocessors": given.subprocessors,
        }
    )


def _annex(look: Material, given: AnnexParticulars) -> dict[str, object]:
    taker = look.case.instrument is Instrument.DELEGATING_AGREEMENT
    return {
        "file_reference": look.case.reference,
        "dated_on": given.dated_on,
        "author": look.holder(PartyRole.LEAD).name,
        "project": look.case.title,
        "annex_label": given.annex_label,
        "agreement_title": agreement_of(agreed.version_of(look)).title,
        "parties": look.forms,
        "performing": agreed.performer_of(look),
        "performing_label": f"{'übernehmende' if taker else 'durchführende'} Körperschaft",
    }


def _weights(look: Material, terms: AgreementTerms, given: CostKeyParticulars) -> dict[str, int]:
    """Inhabitants of exactly the series that the agreement names, or the cases as given."""
    key = terms.cost_key
    if key.method == "usage":
        return {
            agreed.party_of(look, entry.ags, f"counts.{n}.ags").name: entry.count
            for n, entry in enumerate(given.counts)
        }
    return {
        party.body.forms["name"]: population.count
        for party in look.parties
        for population in party.body.populations
        if population.as_of == key.reference_date
        and _census(population.census_basis) == _census(key.census or "")
    }


def _census(basis: str) -> str:
    """ "Zensus 2022" and "2022" are the same basis."""
    return basis.removeprefix("Zensus ").strip()


def _check_not_delegating(look: Material, what: str) -> None:
    if look.case.instrument is Instrument.DELEGATING_AGREEMENT:
        raise Refusal(
            "not-with-delegation",
            f"{what} passt nicht zu einer delegierenden Vereinbarung: Mit der Aufgabe wird die "
            "übernehmende Körperschaft allein Verantwortliche.",
        )
