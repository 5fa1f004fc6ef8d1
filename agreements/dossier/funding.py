"""The Förderantrag with its Kosten- und Finanzierungsplan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import select

from agreements import drafting
from agreements.documents import data
from agreements.documents.clauses import AgreementTerms, CostKeyTerms
from agreements.documents.data import ResolutionReference
from agreements.documents.filters import datum, prozent, zahl
from agreements.documents.forms import AuthorityForms
from agreements.dossier.jobs import DocumentJob
from agreements.dossier.material import Material, adopted, forms_of, letter_forms
from agreements.errors import StepFailure
from agreements.funding.plan import FinancePlan
from agreements.funding.programme import Guideline, Programme, load_programmes
from agreements.glossary import label
from agreements.law.authorities import district_government
from agreements.law.rules import law_of
from agreements.model.bodies import Body
from agreements.model.enums import PartyRole, Round, VersionKind
from agreements.model.funding import Application, FinancePlanVersion


def application(look: Material, job: DocumentJob) -> data.FundingApplicationData:
    """What the applicant hands in, by the guideline that was in force when it was planned."""
    planned = _planned(look)
    stored = look.session.get_one(FinancePlanVersion, planned.plan_id)
    _, guideline = _rule(planned)
    resolutions = _resolutions(look)
    facts = _Fulfilments(stored, _terms(look), resolutions, len(look.parties))
    return data.FundingApplicationData.model_validate(
        _financing(look, planned, stored)
        | {
            "authority": _authority(look, planned),
            "performing": look.holder(PartyRole.PERFORMING),
            "description": tuple(line for line in stored.description.splitlines() if line.strip()),
            "parties": look.forms,
            "conditions": tuple(
                data.ConditionRow(text=condition.text, fulfilment=facts.of(condition.id))
                for condition in guideline.conditions
            ),
            "resolutions": resolutions,
            "attachments": tuple(attachment.title for attachment in guideline.attachments),
            "declarations": tuple(declaration.text for declaration in guideline.declarations),
        }
    )


def finance_plan(look: Material, job: DocumentJob) -> data.FinancePlanData:
    """The Kosten- und Finanzierungsplan of the application, as an annex of its own."""
    planned = _planned(look)
    stored = look.session.get_one(FinancePlanVersion, planned.plan_id)
    return data.FinancePlanData.model_validate(
        _financing(look, planned, stored)
        | {"planned_on": stored.planned_on, "checked_on": stored.checked_on}
    )


def letter(look: Material, job: DocumentJob) -> data.FundingLetterData:
    """The letter to the Bewilligungsbehörde, with what is enclosed and what will follow."""
    planned = _planned(look)
    stored = look.session.get_one(FinancePlanVersion, planned.plan_id)
    programme, guideline = _rule(planned)
    applicant = look.holder(PartyRole.APPLICANT)
    decided = {resolution.body.name for resolution in _resolutions(look)}
    return data.FundingLetterData(
        file_reference=look.case.reference,
        dated_on=planned.prepared_on,
        author=applicant.name,
        authority=_authority(look, planned),
        applicant=applicant,
        performing=look.holder(PartyRole.PERFORMING),
        programme=programme.name,
        guideline=_named(guideline),
        project=look.case.title,
        parties=look.forms,
        starts_on=stored.starts_on,
        ends_on=stored.ends_on,
        eligible=planned.eligible,
        grant=planned.grant,
        resolutions_missing=tuple(f.name for f in look.forms if f.name not in decided),
        enclosures=("Förderantrag", *(attachment.title for attachment in guideline.attachments)),
    )


def _financing(
    look: Material, planned: Application, stored: FinancePlanVersion
) -> dict[str, object]:
    """What application and finance plan have in common."""
    plan = FinancePlan.model_validate(stored.plan)
    programme, guideline = _rule(planned)
    applicant = look.holder(PartyRole.APPLICANT)
    return {
        "file_reference": look.case.reference,
        "dated_on": planned.prepared_on,
        "author": applicant.name,
        "applicant": applicant,
        "programme": programme.name,
        "guideline": _named(guideline),
        "financing": guideline.financing,
        "project": look.case.title,
        "starts_on": stored.starts_on,
        "ends_on": stored.ends_on,
        "costs": _costs(plan, eligible=True),
        "other_costs": _costs(plan, eligible=False),
        "eligible": planned.eligible,
        "grant": planned.grant,
        "own_contribution": planned.own_contribution,
        "other_funds": tuple(
            data.OtherFunds(title=funds.label, amount=funds.amount) for funds in plan.other
        ),
        "grant_derivation": tuple(planned.reasons["reasons"]),
        "shares": _shares(look, plan, _terms(look).cost_key),
        "years": tuple(
            data.YearRow(year=year.year, expenses=year.expenses, grant=year.grant)
            for year in plan.years
        ),
    }


def _named(guideline: Guideline) -> str:
    return f"{guideline.short_title}, in Kraft seit dem {datum(guideline.valid_from)}"


def _planned(look: Material) -> Application:
    found = look.session.scalar(select(Application).where(Application.stage_id == look.stage.id))
    if found is None:
        raise StepFailure(
            "Es ist noch nicht berechnet, welche Zuwendung beantragt wird. Bitte den Schritt "
            "wiederholen."
        )
    return found


def _rule(planned: Application) -> tuple[Programme, Guideline]:
    programme = load_programmes()[planned.programme]
    for guideline in programme.guidelines:
        if guideline.id == planned.guideline:
            return programme, guideline
    raise StepFailure(f"Die Richtlinie „{planned.guideline}“ ist nicht mehr hinterlegt.")


def _terms(look: Material) -> AgreementTerms:
    version = drafting.frozen_version(
        look.session, look.case.id, VersionKind.AGREEMENT
    ) or drafting.latest_version(look.session, look.case.id, VersionKind.AGREEMENT)
    if version is None:
        raise StepFailure(
            "Es gibt noch keine Fassung der Vereinbarung. Bitte zuerst eine schreiben."
        )
    return AgreementTerms.model_validate(version.terms)


def _authority(look: Material, planned: Application) -> AuthorityForms:
    found = district_government(law_of(look.case.land, planned.prepared_on), planned.authority)
    if found is None:
        raise StepFailure(
            f"Für die Bewilligungsbehörde „{planned.authority}“ ist keine Anschrift hinterlegt. "
            f"Bitte in den Regeln des Landes ({look.case.land}) ergänzen."
        )
    return letter_forms(found)


def _resolutions(look: Material) -> tuple[ResolutionReference, ...]:
    """The resolutions that carry the application: of the agreement, else of the principle."""
    newest = {r.body.name: r for r in adopted(look, Round.PRINCIPLE)}
    newest |= {r.body.name: r for r in adopted(look, Round.AGREEMENT)}
    return tuple(newest[forms.name] for forms in look.forms if forms.name in newest)


def _costs(plan: FinancePlan, *, eligible: bool) -> tuple[data.CostItem, ...]:
    return tuple(
        data.CostItem(title=item.label, explanation=label(item.kind), amount=item.amount)
        for item in plan.items
        if item.eligible is eligible
    )


def _shares(look: Material, plan: FinancePlan, key: CostKeyTerms) -> tuple[data.OwnShare, ...]:
    bodies = {party.body.ags: party.body for party in look.parties}
    return tuple(
        data.OwnShare(
            body=forms_of(bodies[own.ags]), basis=basis_of(bodies[own.ags], key), amount=own.amount
        )
        for own in plan.own_contributions
        if own.ags in bodies
    )


def basis_of(body: Body, key: CostKeyTerms) -> str:
    """What the cost key of the agreement looks at for this body."""
    for share in key.advance:
        if share.body.name == body.forms["name"]:
            return f"Vorabanteil {prozent(share.percent)}"
    if key.method == "equal":
        return "gleicher Anteil"
    if key.method == "usage":
        return "nach Nutzung"
    if key.method == "lead":
        return "trägt die Kosten allein"
    inhabitants = next(
        (
            f"{zahl(population.count)} Einwohner"
            for population in body.populations
            if (population.as_of, population.census_basis) == (key.reference_date, key.census)
        ),
        "nach Einwohnern",
    )
    if key.method == "base_and_inhabitants" and key.base_percent is not None:
        return f"Sockel {prozent(key.base_percent)}, {inhabitants}"
    return inhabitants


class _Fulfilments:
    """How each condition of a guideline is met; what nobody has told us is shown by annexes."""

    def __init__(
        self,
        plan: FinancePlanVersion,
        terms: AgreementTerms,
        resolutions: tuple[ResolutionReference, ...],
        parties: int,
    ) -> None:
        self._plan, self._terms = plan, terms
        self._resolutions, self._parties = resolutions, parties

    def of(self, condition_id: str) -> str:
        """The sentence beside a condition."""
        known = _KNOWN.get(condition_id)
        return known(self) if known else "Darlegung in der beigefügten Projektbeschreibung."

    def all_resolutions(self) -> str:
        """Beschlüsse."""
        return f"{len(self._resolutions)} von {self._parties} Beschlüssen liegen vor."

    def finance_plan(self) -> str:
        """Vier-Augen-Prinzip."""
        checked = self._plan.checked_on
        if checked is None:
            raise StepFailure("Der Kosten- und Finanzierungsplan ist noch nicht geprüft.")
        return (
            f"Aufgestellt am {datum(self._plan.planned_on)}, von einer zweiten Person geprüft am "
            f"{datum(checked)}."
        )

    def duration(self) -> str:
        """Dauer der Kooperation."""
        years = self._terms.minimum_years
        return (
            "Die Vereinbarung wird auf unbestimmte Zeit geschlossen; gekündigt werden kann sie "
            f"frühestens nach {years} {'Jahr' if years == 1 else 'Jahren'}."
        )


_KNOWN: Final[Mapping[str, Callable[[_Fulfilments], str]]] = {
    "all_resolutions": _Fulfilments.all_resolutions,
    "finance_plan": _Fulfilments.finance_plan,
    "at_least_five_years": _Fulfilments.duration,
    "not_begun": lambda _: "Erklärung in diesem Antrag.",
    "proof_of_gain": lambda _: "Der Nachweis ist beigefügt.",
}
