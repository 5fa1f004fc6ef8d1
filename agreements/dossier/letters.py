"""The letter to the supervisory authority: application for approval, or filing."""

from __future__ import annotations

from typing import Literal

from agreements import approval
from agreements.documents import clauses, data
from agreements.documents.clauses import AgreementTerms
from agreements.dossier.agreement import signatures
from agreements.dossier.jobs import DocumentJob, Purpose
from agreements.dossier.material import (
    Material,
    agreement_of,
    letter_forms,
    mark_of,
    resolutions_of_all,
)
from agreements.model.enums import PartyRole, Round, VersionKind
from agreements.wording import texts_of


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
