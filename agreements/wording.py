"""From what legal staff want (``agreements.wanted``) to a text version.

From their input come the terms (the parties' names in every case, the authority, the programme),
from the terms and the clause texts of that day the content that the councils resolve.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from agreements import approval, drafting
from agreements.documents.clauses import (
    AdvanceShare,
    AgreementTerms,
    ClauseChoices,
    ClauseDetails,
    ClauseEdit,
    ClauseSet,
    CostKeyTerms,
    PrincipleTerms,
    Votes,
    assemble,
    assemble_principle,
    clause_sets,
    objections,
    offered,
    resolution_points,
)
from agreements.documents.content import (
    CanonicalContent,
    PrincipleContent,
    short_hash,
)
from agreements.documents.forms import AuthorityForms, BodyForms
from agreements.errors import NotFound, Refusal, StepFailure
from agreements.funding.programme import load_programmes
from agreements.glossary import label
from agreements.law.authorities import Authority
from agreements.model.cases import Case
from agreements.model.drafting import TextVersion
from agreements.model.enums import PartyRole, VersionKind
from agreements.people import Actor
from agreements.wanted import (
    AdvanceInput,
    AgreementInput,
    CostKeyInput,
    DetailsInput,
    Line,
    PrincipleInput,
    VersionInput,
    VotesInput,
)

__all__ = [
    "AdvanceInput",
    "AgreementInput",
    "CostKeyInput",
    "DetailsInput",
    "Line",
    "PrincipleInput",
    "VersionInput",
    "VotesInput",
    "authority_forms",
    "changed_terms",
    "offered_texts",
    "proposal_points",
    "stored_terms",
    "terms_of",
    "texts_of",
    "write",
]

_WHOLE = Decimal(100)


def write(
    session: Session, actor: Actor, case_id: UUID, wanted: PrincipleInput | AgreementInput
) -> TextVersion:
    """Write a new version from terms. Refuses before anything is written."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("case-unknown", "Diesen Vorgang gibt es nicht.")
    texts = offered_texts(case, VersionKind(wanted.kind), wanted.written_on)
    try:
        terms = terms_of(session, case, wanted)
        _check_variants(case, texts, terms, wanted)
        content = _content(texts, terms, wanted)
    except ValidationError as problem:
        raise _not_writable(problem) from problem
    except StepFailure as failure:
        raise Refusal("clause-text-broken", failure.message) from failure
    return drafting.write_version(
        session, actor, case_id, terms, content, note=wanted.note, written_on=wanted.written_on
    )


def terms_of(
    session: Session, case: Case, wanted: PrincipleInput | AgreementInput
) -> AgreementTerms | PrincipleTerms:
    """The terms of a text for the case's parties, by the law and programme of ``written_on``."""
    bodies = _forms(case)
    lead = _holder(case, PartyRole.LEAD) or next(iter(bodies))
    applicant = _holder(case, PartyRole.APPLICANT) or lead
    performing = _holder(case, PartyRole.PERFORMING) or lead
    common: dict[str, object] = {
        "project": case.title,
        "parties": tuple(bodies.values()),
        "lead": bodies[lead],
        "applicant": bodies[applicant],
        # None where it is the lead itself, as in terms that were stored before.
        "performing": bodies[performing] if performing != lead else None,
        "purpose": wanted.purpose,
    }
    if isinstance(wanted, PrincipleInput):
        return PrincipleTerms.model_validate(common | {"programme": _programme(case, None)})
    authority, _ = approval.authority_on(session, case, wanted.written_on)
    return AgreementTerms.model_validate(
        common
        | {
            "programme": _programme(case, wanted.written_on),
            "tasks": wanted.tasks,
            "chair": _party(bodies, wanted.chair, "chair"),
            "authority": authority_forms(authority),
            "cost_key": _cost_key(wanted.cost_key, bodies),
            "staff": wanted.staff,
            "minimum_years": wanted.minimum_years,
            "notice_months": wanted.notice_months,
            "report_by": wanted.report_by,
            "settlement_by": wanted.settlement_by,
            "choices": wanted.choices,
            "details": _details(wanted.details, bodies),
            "edits": wanted.edits,
        }
    )


def stored_terms(version: TextVersion) -> AgreementTerms | PrincipleTerms:
    """The terms from which a stored version was assembled."""
    if version.kind is VersionKind.AGREEMENT:
        return AgreementTerms.model_validate(version.terms)
    return PrincipleTerms.model_validate(version.terms)


def texts_of(case: Case, version: TextVersion) -> ClauseSet:
    """The clause texts from which a stored version was assembled."""
    return offered_texts(case, version.kind, version.written_on)


def proposal_points(case: Case, version: TextVersion) -> tuple[str, ...]:
    """The proposed resolution on a version: literally the same for every body."""
    content = drafting.content_of(version)
    if isinstance(content, PrincipleContent):
        return content.points
    return resolution_points(
        texts_of(case, version).kind,
        AgreementTerms.model_validate(version.terms),
        version.number,
        short_hash(version.text_hash),
    )


def authority_forms(authority: Authority) -> AuthorityForms:
    """An authority as texts and letters write it; the address may be empty."""
    return AuthorityForms(
        name=authority.name,
        nominative=authority.nominative,
        genitive=authority.genitive,
        dative=authority.dative,
        accusative=authority.accusative,
        address=authority.address or "",
        gazette=authority.gazette,
    )


def offered_texts(case: Case, kind: VersionKind, on: date) -> ClauseSet:
    """The clause texts for a case's legal form on a day; refuses if there are none."""
    texts = offered(kind.value, case.instrument, case.land, on)
    if texts is None:
        served = sorted({label(i) for t in clause_sets() if t.text == kind for i in t.instruments})
        raise Refusal(
            "no-clause-texts",
            f"Für die Rechtsform „{label(case.instrument)}“ ({case.land}) sind zum "
            f"{on:%d.%m.%Y} keine Mustertexte hinterlegt.",
            "kind",
            ", ".join(served),
        )
    return texts


def _check_variants(
    case: Case,
    texts: ClauseSet,
    terms: AgreementTerms | PrincipleTerms,
    wanted: PrincipleInput | AgreementInput,
) -> None:
    if not isinstance(terms, AgreementTerms) or not isinstance(wanted, AgreementInput):
        return
    _check_offered(texts, terms.choices)
    if wanted.clauses is not None and wanted.edits:
        raise Refusal(
            "clauses-and-edits",
            "Entweder werden alle Paragraphen ersetzt (clauses) oder einzelne geändert (edits), "
            "nicht beides zugleich.",
            "edits",
        )
    for objection in objections(texts, terms, case.instrument, wanted.written_on):
        field = "cost_key.method" if objection.slot == "cost_key" else f"choices.{objection.slot}"
        raise Refusal("variant-not-allowed", objection.message, field)


def _check_offered(texts: ClauseSet, choices: ClauseChoices) -> None:
    """Each chosen slot exists in the text of this legal form."""
    there = [slot.id for slot in texts.slots]
    for slot, wanted in choices.model_dump(exclude_none=True).items():
        if slot not in there:
            raise Refusal(
                "slot-not-offered",
                f"Für die Auswahl „{wanted}“ hat der Mustertext „{texts.form}“ keine Stelle; bitte "
                "die Angabe weglassen.",
                f"choices.{slot}",
                ", ".join(there),
            )


def changed_terms(
    case: Case,
    terms: AgreementTerms,
    choices: ClauseChoices,
    details: DetailsInput,
    edits: tuple[ClauseEdit, ...],
    on: date,
) -> AgreementTerms:
    """The terms with other variants and further changes; refuses what does not fit together.

    An edit of a clause takes the place of an earlier one of the same clause.
    """
    texts = offered_texts(case, VersionKind.AGREEMENT, on)
    keys = {edit.key for edit in edits}
    figures = _details(details, _forms(case))
    changed = terms.model_copy(
        update={
            "choices": terms.choices.model_copy(update=choices.model_dump(exclude_none=True)),
            "details": terms.details.model_copy(
                update={name: getattr(figures, name) for name in details.model_fields_set}
            ),
            "edits": (*(edit for edit in terms.edits if edit.key not in keys), *edits),
        }
    )
    _check_offered(texts, changed.choices)
    for objection in objections(texts, changed, case.instrument, on):
        raise Refusal("variant-not-allowed", objection.message, f"choices.{objection.slot}")
    return changed


def _details(wanted: DetailsInput, bodies: dict[str, BodyForms]) -> ClauseDetails:
    votes = tuple(
        Votes(body=_party(bodies, entry.ags, f"details.votes.{number}.ags"), votes=entry.votes)
        for number, entry in enumerate(wanted.votes)
    )
    return ClauseDetails.model_validate(wanted.model_dump(exclude={"votes"}) | {"votes": votes})


def _content(
    texts: ClauseSet,
    terms: AgreementTerms | PrincipleTerms,
    wanted: PrincipleInput | AgreementInput,
) -> CanonicalContent | PrincipleContent:
    if isinstance(wanted, PrincipleInput) or not isinstance(terms, AgreementTerms):
        return assemble_principle(texts.kind, terms)
    content = assemble(texts.kind, terms)
    if wanted.clauses is None:
        return content
    return content.model_copy(update={"clauses": wanted.clauses})


def _not_writable(problem: ValidationError) -> Refusal:
    first = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return Refusal(
        "text-not-writable",
        f"Aus diesen Angaben entsteht kein gültiger Text ({place}: {first['msg']}).",
        place or None,
    )


def _forms(case: Case) -> dict[str, BodyForms]:
    return {
        party.body.ags: BodyForms.model_validate(party.body.forms)
        for party in case.parties
        if party.left_on is None
    }


def _holder(case: Case, role: PartyRole) -> str | None:
    return next(
        (p.body.ags for p in case.parties if p.left_on is None and role in p.roles),
        None,
    )


def _party(bodies: dict[str, BodyForms], ags: str, field: str) -> BodyForms:
    if ags not in bodies:
        raise Refusal(
            "not-a-party",
            f"Die Körperschaft {ags} ist an diesem Vorgang nicht beteiligt.",
            field,
            ", ".join(bodies),
        )
    return bodies[ags]


def _programme(case: Case, on: date | None) -> str | None:
    """The programme's name; with a day that of the guideline under which one applies then.

    A Grundsatzbeschluss names the programme alone: its guideline may change until the
    application, and the resolution has to cover that one too.
    """
    if case.programme is None:
        return None
    programme = load_programmes()[case.programme]
    if on is not None:
        for guideline in programme.guidelines:
            if guideline.accepts_on(on):
                return guideline.short_title
    return programme.name


def _cost_key(wanted: CostKeyInput, bodies: dict[str, BodyForms]) -> CostKeyTerms:
    _check_series(wanted)
    _check_base(wanted)
    _check_advance(wanted, bodies)
    return CostKeyTerms(
        method=wanted.method,
        reference_date=wanted.reference_date,
        census=wanted.census,
        base_percent=wanted.base_percent,
        advance=tuple(
            AdvanceShare(
                body=_party(bodies, share.ags, f"cost_key.advance.{number}.ags"),
                percent=share.percent,
            )
            for number, share in enumerate(wanted.advance)
        ),
    )


def _check_series(wanted: CostKeyInput) -> None:
    if wanted.method not in ("inhabitants", "base_and_inhabitants"):
        return
    for field, value, what in (
        ("reference_date", wanted.reference_date, "der Stichtag"),
        ("census", wanted.census, "die Zensusgrundlage"),
    ):
        if value is None:
            raise Refusal(
                "cost-key-incomplete",
                f"Ein Kostenschlüssel nach Einwohnern braucht Stichtag und Zensusgrundlage; "
                f"es fehlt {what}.",
                f"cost_key.{field}",
            )


def _check_base(wanted: CostKeyInput) -> None:
    if wanted.method != "base_and_inhabitants":
        return
    if wanted.base_percent is None or wanted.base_percent >= _WHOLE:
        raise Refusal(
            "base-percent",
            "Für einen Kostenschlüssel mit Sockel ist der Sockelanteil anzugeben; er liegt "
            "zwischen 0 und 100 v. H.",
            "cost_key.base_percent",
            "mehr als 0 und weniger als 100",
        )


def _check_advance(wanted: CostKeyInput, bodies: dict[str, BodyForms]) -> None:
    if wanted.advance and wanted.method == "lead":
        raise Refusal(
            "advance-without-key",
            "Trägt die durchführende Körperschaft die Kosten allein, gibt es keine Vorabanteile.",
            "cost_key.advance",
        )
    counts = Counter(share.ags for share in wanted.advance)
    if doubled := [ags for ags, count in counts.items() if count > 1]:
        raise Refusal(
            "advance-doubled",
            f"Mehrfach mit einem Vorabanteil genannt: {', '.join(doubled)}.",
            "cost_key.advance",
        )
    if sum((share.percent for share in wanted.advance), Decimal(0)) >= _WHOLE:
        raise Refusal(
            "advance-too-high",
            "Die Vorabanteile erreichen zusammen 100 v. H.; für den Schlüssel bleibt nichts übrig.",
            "cost_key.advance",
            "zusammen weniger als 100",
        )
    if wanted.advance and set(bodies) <= set(counts):
        raise Refusal(
            "advance-for-all",
            "Alle Beteiligten tragen Vorabanteile; niemand bleibt, der den Rest nach dem "
            "Schlüssel trägt.",
            "cost_key.advance",
        )
