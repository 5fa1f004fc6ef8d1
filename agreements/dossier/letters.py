"""Letters to the supervisory authority, from the application to the end of the agreement."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from agreements import approval
from agreements.cases import Ags
from agreements.documents import clauses, data
from agreements.documents.clauses import AgreementTerms
from agreements.documents.content import FilledText
from agreements.documents.forms import AuthorityForms, BodyForms
from agreements.dossier.agreement import answer_of, answered_approval, signatures
from agreements.dossier.asked import Particulars
from agreements.dossier.jobs import DocumentJob, Purpose
from agreements.dossier.material import (
    Material,
    agreement_of,
    forms_of,
    letter_forms,
    mark_of,
    resolutions_of_all,
)
from agreements.dossier.notices import place_of
from agreements.errors import Refusal, StepFailure
from agreements.law.instruments import Act
from agreements.law.rules import (
    CooperationFacts,
    law_of,
    publication_required,
    supervisory_requirement,
)
from agreements.law.tables import Publisher, RequirementKind
from agreements.model.cases import Party
from agreements.model.enums import PartyRole, Round, VersionKind
from agreements.publication import publication_of
from agreements.wording import texts_of

Line = Annotated[FilledText, Field(max_length=1000)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]


def to_the_authority(look: Material, job: DocumentJob) -> data.ApprovalData:
    """The application for approval (§ 24 Abs. 2 GkG NRW), or the filing."""
    version = look.frozen(VersionKind.AGREEMENT)
    texts = texts_of(look.case, version)
    authority, _ = approval.authority_on(look.session, look.case, look.legal_day)
    lead = look.holder(PartyRole.LEAD)
    variant: Literal["approval", "filing"] = (
        "filing" if job.purpose is Purpose.FILING else "approval"
    )
    return data.ApprovalData(
        file_reference=look.case.reference,
        dated_on=look.legal_day,
        author=lead.name,
        variant=variant,
        authority=letter_forms(authority),
        sender=lead,
        parties=look.forms,
        performing=look.holder(PartyRole.PERFORMING),
        agreement_title=agreement_of(version).title,
        signed_on=max(signature.signed_on for signature in signatures(look)),
        text=mark_of(version),
        resolutions=resolutions_of_all(look, Round.AGREEMENT, version.text_hash),
        reasons=clauses.approval_reasons(texts.kind, AgreementTerms.model_validate(version.terms)),
        annexes=texts.approval_annexes,
    )


class PublicationRequestParticulars(Particulars):
    """Bitte um Bekanntmachung."""

    annexes: Lines = Field(
        default=("Bekanntmachungstext", "Ausfertigung der unterzeichneten Vereinbarung"),
        min_length=1,
        description="was dem Schreiben beiliegt",
    )


def publication_ready(look: Material, party: Party | None) -> None:
    """Only where the authority publishes, and after it has answered."""
    law = law_of(look.case.land, look.legal_day)
    required = publication_required(law, look.case.instrument)
    if required.publisher is not Publisher.AUTHORITY:
        raise Refusal(
            "authority-does-not-publish",
            f"Diese Vereinbarung macht nicht die Aufsichtsbehörde bekannt ({required.basis}).",
        )
    answer_of(answered_approval(look))


def publication_request(
    look: Material, party: Party | None, given: PublicationRequestParticulars
) -> data.PublicationRequestData:
    """The letter that asks for publication once the approval is there."""
    publication_ready(look, party)
    answered = answered_approval(look)
    kind, on = answer_of(answered)
    version = look.frozen(VersionKind.AGREEMENT)
    lead = look.holder(PartyRole.LEAD)
    return data.PublicationRequestData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=lead.name,
        authority=authority_of(look, given.dated_on),
        sender=lead,
        parties=look.forms,
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        approval=kind,
        approved_on=on,
        approval_reference=answered.authority_reference or "",
        annexes=given.annexes,
    )


class EndParticulars(Particulars):
    """Anzeige der Kündigung oder Aufhebung; `leaving` (AGS) nennt, wer gekündigt hat."""

    variant: Literal["termination", "repeal"] = Field(examples=["termination"])
    leaving: Ags | None = None
    declared_on: date = Field(description="Tag der Kündigung oder der Aufhebungsvereinbarung")
    ends_on: date = Field(description="Tag, zu dem sie wirken soll")
    reasons: Lines = Field(min_length=1)
    annexes: Lines = Field(default=("Kündigungserklärung",), min_length=1)


def end_ready(look: Material, party: Party | None) -> None:
    """Only what has come into force can be ended."""
    if publication_of(look.session, look.case.id) is None:
        raise StepFailure(
            "Die Vereinbarung ist noch nicht bekannt gemacht; zu beenden ist noch nichts."
        )


def end_filing(look: Material, party: Party | None, given: EndParticulars) -> data.EndFilingData:
    """The filing of a termination or repeal (§ 24 Abs. 5 GkG NRW)."""
    end_ready(look, party)
    _require_filing(look, given)
    version = look.frozen(VersionKind.AGREEMENT)
    lead, leaving = look.holder(PartyRole.LEAD), _leaving(look, given)
    remaining = [forms for forms in look.forms if leaving is not None and forms != leaving]
    return data.EndFilingData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=lead.name,
        variant=given.variant,
        authority=authority_of(look, given.dated_on),
        sender=lead,
        parties=look.forms,
        leaving=leaving,
        remaining=tuple(remaining) if len(remaining) > 1 else (),
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        published=place_of(look),
        declared_on=given.declared_on,
        ends_on=given.ends_on,
        reasons=given.reasons,
        annexes=given.annexes,
    )


def _require_filing(look: Material, given: EndParticulars) -> None:
    if given.ends_on < given.declared_on:
        raise Refusal(
            "ends-before-declared",
            "Die Vereinbarung kann nicht enden, bevor das erklärt ist.",
            "ends_on",
            f"ab {given.declared_on.isoformat()}",
        )
    act = Act.TERMINATION if given.variant == "termination" else Act.REPEAL
    law = law_of(look.case.land, given.dated_on)
    found = supervisory_requirement(law, look.case.instrument, CooperationFacts(act=act))
    if found.kind is not RequirementKind.FILING:
        raise Refusal(
            "no-filing",
            f"Nach {found.basis} ist die Beendigung nicht anzuzeigen.",
            "variant",
        )


def _leaving(look: Material, given: EndParticulars) -> BodyForms | None:
    if given.variant == "repeal":
        return None
    for party in look.parties:
        if party.body.ags == given.leaving:
            return forms_of(party.body)
    raise Refusal(
        "leaving-not-a-party",
        "Bitte angeben, welche Beteiligte gekündigt hat.",
        "leaving",
        ", ".join(party.body.ags for party in look.parties),
    )


def authority_of(look: Material, on: date) -> AuthorityForms:
    """The authority to which a letter of that day goes."""
    return letter_forms(approval.authority_on(look.session, look.case, on)[0])
