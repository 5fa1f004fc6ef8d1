"""Agreements before and after the agreement itself, and its annexes, as people ask for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from agreements import drafting, wording
from agreements.cases import Ags
from agreements.documents import clauses, data
from agreements.documents.clauses import ClauseChoices, ClauseEdit
from agreements.documents.clauses.further import FurtherTerms
from agreements.documents.content import CanonicalContent, Clause
from agreements.dossier import agreed, asked_annexes
from agreements.dossier.asked import Asked, Particulars
from agreements.dossier.jobs import Purpose
from agreements.dossier.material import Material, agreement_of, forms_of
from agreements.errors import Refusal
from agreements.law.instruments import Instrument
from agreements.model.bodies import Body
from agreements.model.cases import Party
from agreements.model.drafting import TextVersion
from agreements.model.enums import Role, VersionKind
from agreements.wording import DetailsInput, Line

Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False, examples=["12500.00"]),
]
P = TypeVar("P", bound=Particulars)
_TARGETS: Final = {
    Instrument.MANDATING_AGREEMENT: "eine mandatierende öffentlich-rechtliche Vereinbarung "
    "(§ 23 Absatz 1 Alternative 2 GkG NRW)",
    Instrument.DELEGATING_AGREEMENT: "eine delegierende öffentlich-rechtliche Vereinbarung "
    "(§ 23 Absatz 1 Alternative 1 GkG NRW)",
    Instrument.WORKING_GROUP: "eine Vereinbarung über eine kommunale Arbeitsgemeinschaft "
    "(§§ 2 und 3 GkG NRW)",
    Instrument.PUBLIC_LAW_CONTRACT: "eine Kooperationsvereinbarung (§ 54 VwVfG NRW)",
}


class RoleGiven(BaseModel):
    """Was eine Beteiligte in der Vorbereitung übernimmt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ags: Ags
    role: Line = Field(examples=["die Vorbereitung des Förderantrages"])


class IntentParticulars(Particulars):
    """Angaben für die Absichtserklärung; Rechtsform und Beteiligte stehen im Vorgang."""

    purpose: Line = Field(
        description="nach „Gemeinsames Ziel ist es, …“",
        examples=["die digitale Entwicklung der Region gemeinsam zu gestalten"],
    )
    roles: tuple[RoleGiven, ...] = Field(default=(), max_length=100)
    steps: tuple[clauses.IntentStep, ...] = Field(min_length=1, max_length=50)
    cost_limit: Amount | None = Field(
        default=None, description="gemeinsame Kosten der Vorbereitung höchstens; ohne: keine"
    )
    expires_on: date = Field(examples=["2026-12-31"])


class AccessionParticulars(Particulars):
    """Angaben für die Beitrittsvereinbarung."""

    joining: Ags = Field(description="AGS der beitretenden Körperschaft")
    joins_on: date | None = Field(default=None, description="späterer Tag des Beitritts")
    compensation: Annotated[Amount, Field(gt=0)] | None = None
    payable_on: date | None = Field(default=None, description="Fälligkeit des Ausgleichs")
    key_basis: Annotated[str, Field(max_length=300)] = Field(
        default="", description="woraus sich die neuen Anteile ergeben, im Dativ"
    )


class AmendmentParticulars(Particulars):
    """Angaben für die Änderungsvereinbarung: geänderte Paragraphen oder der neue Wortlaut."""

    number: int = Field(default=1, ge=1, le=99, description="die wievielte Änderung")
    reason: Line = Field(
        description="Anlass, ein Satz", examples=["Der Stellenbedarf hat sich geändert."]
    )
    effective_on: date | None = Field(default=None, description="späterer Tag des Wirksamwerdens")
    edits: tuple[ClauseEdit, ...] = Field(default=(), max_length=200)
    choices: ClauseChoices = ClauseChoices()
    details: DetailsInput = DetailsInput()
    clauses: tuple[Clause, ...] | None = Field(
        default=None, min_length=1, max_length=200, description="alle Paragraphen, neu gefasst"
    )
    to_version: int | None = Field(
        default=None, ge=1, description="eine andere geschriebene Fassung der Vereinbarung"
    )


class ExitParticulars(Particulars):
    """Angaben für die Ausscheidensvereinbarung."""

    leaving: Ags
    leaves_on: date
    settlement: Amount = Field(default=Decimal(0), description="Ausgleichsbetrag")
    settled_by: Literal["leaving", "remaining"] = "leaving"
    payable_on: date | None = None
    settlement_basis: Annotated[str, Field(max_length=1000)] = ""


class RepealParticulars(Particulars):
    """Angaben für die Aufhebungsvereinbarung."""

    ends_on: date
    reason: Line = Field(description="Anlass, ein Satz")
    assets: Annotated[str, Field(max_length=1000)] = Field(
        default="", description="Verbleib gemeinsamer Werte, ein Satz"
    )
    archive_until: date | None = None


def letter_of_intent(look: Material, given: IntentParticulars) -> data.LetterOfIntentData:
    """The letter of intent of those who take part now."""
    roles = tuple(
        clauses.IntentRole(body=agreed.party_of(look, role.ags, f"roles.{n}.ags"), role=role.role)
        for n, role in enumerate(given.roles)
    )
    terms = clauses.IntentTerms.model_validate(
        agreed.common(look)
        | {
            "purpose": given.purpose,
            "target": _TARGETS[look.case.instrument],
            "roles": roles,
            "steps": given.steps,
            "cost_limit": given.cost_limit,
            "expires_on": given.expires_on,
        }
    )
    fields = agreed.contract(look, terms, given.dated_on)
    return data.LetterOfIntentData.model_validate(fields)


def accession(look: Material, given: AccessionParticulars) -> data.FollowUpData:
    """A further body joins; with it another authority may be competent."""
    body = _body(look, given.joining)
    joining = forms_of(body)
    terms = clauses.AccessionTerms.model_validate(
        agreed.common(look)
        | {
            "parties": (*look.forms, joining),
            "base": agreed.base_of(look, given.dated_on),
            "authority": agreed.authority_of(look, given.dated_on, body),
            "joining": joining,
            "joins_on": given.joins_on,
            "compensation": given.compensation,
            "payable_on": given.payable_on,
            "key_basis": given.key_basis,
        }
    )
    return _follow_up(look, terms, given)


def amendment(look: Material, given: AmendmentParticulars) -> data.FollowUpData:
    """What changes, as commands from the difference of two texts."""
    version = look.frozen(VersionKind.AGREEMENT)
    old = agreement_of(version)
    changes = clauses.commands(old, _changed(look, version, old, given))
    if not changes:
        raise Refusal(
            "nothing-changes",
            "Der neue Wortlaut stimmt mit der festgeschriebenen Fassung überein; es gibt nichts "
            "zu ändern.",
            "edits",
        )
    terms = clauses.AmendmentTerms.model_validate(
        _later(look, given)
        | {
            "number": given.number,
            "reason": given.reason,
            "changes": changes,
            "effective_on": given.effective_on,
        }
    )
    fields = agreed.contract(look, terms, given.dated_on)
    # The commands are printed as a list of their own below the first paragraph.
    first, *rest = clauses.assemble_further(terms, look.case.land).clauses
    intro = first.model_copy(update={"paragraphs": first.paragraphs[:1]})
    shown = tuple(data.ChangeText.of(change) for change in changes)
    return data.FollowUpData.model_validate(fields | {"clauses": (intro, *rest), "changes": shown})


def exit_agreement(look: Material, given: ExitParticulars) -> data.FollowUpData:
    """A party leaves by agreement, with what is owed between it and the others."""
    leaving = agreed.party_of(look, given.leaving, "leaving")
    if leaving == agreed.performer_of(look):
        raise Refusal(
            "performing-cannot-leave",
            f"{leaving.name} führt die Aufgaben durch; scheidet diese Körperschaft aus, endet die "
            "Vereinbarung. Bitte eine Aufhebungsvereinbarung anfordern oder zuvor die "
            "Durchführung durch eine Änderung auf eine andere Beteiligte übertragen.",
            "leaving",
        )
    terms = clauses.ExitTerms.model_validate(
        _later(look, given)
        | {
            "leaving": leaving,
            "leaves_on": given.leaves_on,
            "settlement": given.settlement,
            "settled_by": given.settled_by,
            "payable_on": given.payable_on,
            "settlement_basis": given.settlement_basis.strip().rstrip("."),
            "grant_risk": look.case.programme is not None,
        }
    )
    return _follow_up(look, terms, given)


def repeal(look: Material, given: RepealParticulars) -> data.FollowUpData:
    """All parties end the agreement."""
    terms = clauses.RepealTerms.model_validate(
        _later(look, given)
        | {
            "ends_on": given.ends_on,
            "reason": given.reason,
            "performing": agreed.performer_of(look),
            "delegated": look.case.instrument is Instrument.DELEGATING_AGREEMENT,
            "assets": given.assets,
            "archive_until": given.archive_until,
        }
    )
    return _follow_up(look, terms, given)


def _later(look: Material, given: Particulars) -> dict[str, object]:
    return agreed.common(look) | {
        "base": agreed.base_of(look, given.dated_on),
        "authority": agreed.authority_of(look, given.dated_on),
    }


def _follow_up(look: Material, terms: FurtherTerms, given: Particulars) -> data.FollowUpData:
    return data.FollowUpData.model_validate(agreed.contract(look, terms, given.dated_on))


def _body(look: Material, ags: str) -> Body:
    body = look.session.scalar(select(Body).where(Body.ags == ags))
    if body is None:
        raise Refusal(
            "body-unknown", f"Eine Körperschaft mit dem AGS {ags} ist nicht hinterlegt.", "joining"
        )
    if any(party.body_id == body.id for party in look.parties):
        raise Refusal(
            "already-a-party",
            f"{body.forms['name']} ist an diesem Vorgang schon beteiligt.",
            "joining",
        )
    return body


def _changed(
    look: Material, version: TextVersion, old: CanonicalContent, given: AmendmentParticulars
) -> CanonicalContent:
    ways = (given.clauses is not None, given.to_version is not None, _edits(given))
    if sum(ways) != 1:
        raise Refusal(
            "one-way-of-changing",
            "Bitte genau eines angeben: einzelne Änderungen (edits, choices), den neuen Wortlaut "
            "aller Paragraphen (clauses) oder eine andere Fassung (to_version).",
            "edits",
        )
    if given.clauses is not None:
        return old.model_copy(update={"clauses": given.clauses})
    if given.to_version is not None:
        return _other(look, given.to_version)
    return _edited(look, version, old, given)


def _edits(given: AmendmentParticulars) -> bool:
    return bool(given.edits or given.choices.model_dump(exclude_none=True))


def _other(look: Material, number: int) -> CanonicalContent:
    found = look.session.scalar(
        select(TextVersion).where(
            TextVersion.case_id == look.case.id,
            TextVersion.kind == VersionKind.AGREEMENT,
            TextVersion.number == number,
        )
    )
    content = drafting.content_of(found) if found else None
    if not isinstance(content, CanonicalContent):
        raise Refusal(
            "version-unknown",
            f"Eine Fassung {number} der Vereinbarung gibt es nicht.",
            "to_version",
        )
    return content


def _edited(
    look: Material, version: TextVersion, old: CanonicalContent, given: AmendmentParticulars
) -> CanonicalContent:
    texts = wording.texts_of(look.case, version)
    terms = clauses.AgreementTerms.model_validate(version.terms)
    if clauses.assemble(texts.kind, terms) != old:
        raise Refusal(
            "text-not-from-clauses",
            "Der festgeschriebene Text ist nicht (mehr) der Mustertext; einzelne Änderungen lassen "
            "sich nicht zuordnen. Bitte den neuen Wortlaut aller Paragraphen angeben (clauses).",
            "clauses",
        )
    changed = wording.changed_terms(
        look.case, terms, given.choices, given.details, given.edits, given.dated_on
    )
    return clauses.assemble(texts.kind, changed)


def _asked(
    purpose: Purpose,
    particulars: type[P],
    build: Callable[[Material, P], data.DocumentData],
) -> Asked:
    def built(look: Material, party: Party | None, given: Particulars) -> data.DocumentData:
        if not isinstance(given, particulars):
            raise TypeError(f"{purpose}: {type(given).__name__}")
        return build(look, given)

    return Asked(purpose, purpose.value, particulars, Role.LEGAL, False, built)


# fmt: off
ASKED: Final[tuple[Asked, ...]] = (
    _asked(Purpose.LETTER_OF_INTENT, IntentParticulars, letter_of_intent),
    _asked(Purpose.ACCESSION_AGREEMENT, AccessionParticulars, accession),
    _asked(Purpose.AMENDMENT_AGREEMENT, AmendmentParticulars, amendment),
    _asked(Purpose.EXIT_AGREEMENT, ExitParticulars, exit_agreement),
    _asked(Purpose.REPEAL_AGREEMENT, RepealParticulars, repeal),
    _asked(Purpose.SERVICE_CATALOGUE, asked_annexes.ServicesParticulars, asked_annexes.services),
    _asked(Purpose.COST_KEY, asked_annexes.CostKeyParticulars, asked_annexes.cost_key),
    _asked(Purpose.RULES_OF_PROCEDURE, asked_annexes.RulesParticulars, asked_annexes.rules),
    _asked(Purpose.JOINT_CONTROLLERS, asked_annexes.JointParticulars, asked_annexes.joint),
    _asked(Purpose.PROCESSING_CONTRACT, asked_annexes.ProcessingParticulars,
           asked_annexes.processing),
)
# fmt: on
