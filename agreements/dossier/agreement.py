"""The documents that print the agreement: draft, frozen text, text for publication."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select

from agreements import approval, drafting
from agreements.documents import data
from agreements.documents.forms import AuthorityForms
from agreements.dossier.jobs import DocumentJob
from agreements.dossier.material import (
    Material,
    agreement_of,
    forms_of,
    mark_of,
)
from agreements.errors import StepFailure
from agreements.model.conclusion import Approval, Signature
from agreements.model.drafting import TextVersion
from agreements.model.enums import AuthorityAnswer, PartyRole, VersionKind
from agreements.wording import authority_forms, texts_of


def draft(look: Material, job: DocumentJob) -> data.AgreementData:
    """The newest version, as a draft."""
    version = drafting.latest_version(look.session, look.case.id, VersionKind.AGREEMENT)
    if version is None:
        raise StepFailure(
            "Es gibt noch keine Fassung der Vereinbarung. Bitte zuerst eine schreiben."
        )
    return _agreement(look, version, "Entwurf", look.last_act)


def frozen(look: Material, job: DocumentJob) -> data.AgreementData:
    """The text that the councils resolve and the parties sign."""
    version = look.frozen(VersionKind.AGREEMENT)
    on = version.frozen_on or look.last_act
    return _agreement(look, version, "Endfassung zur Beschlussfassung", on)


def _agreement(
    look: Material, version: TextVersion, status: str, dated_on: date
) -> data.AgreementData:
    return data.AgreementData.model_validate(
        {
            "file_reference": look.case.reference,
            "dated_on": dated_on,
            "author": look.holder(PartyRole.LEAD).name,
            "status": status,
            **text_fields_of(look, version),
            "form": texts_of(look.case, version).form,
        }
    )


def text_fields_of(look: Material, version: TextVersion) -> dict[str, object]:
    """The fields of a document that prints the version."""
    content = agreement_of(version)
    by_name = {party.body.forms["name"]: party.body for party in look.case.parties}
    if strange := [party.name for party in content.parties if party.name not in by_name]:
        raise StepFailure(
            f"Die Textfassung {version.number} nennt {', '.join(strange)}; unter diesem Namen ist "
            "niemand beteiligt. Bitte den Namen der Körperschaft berichtigen oder eine neue "
            "Fassung schreiben."
        )
    bodies = tuple(forms_of(by_name[party.name]) for party in content.parties)
    return data.text_fields(content, bodies, mark_of(version))


def publication(look: Material, job: DocumentJob) -> data.PublicationData:
    """The text for the authority's gazette (§ 24 Abs. 3 GkG NRW)."""
    answered = answered_approval(look)
    authority = _authority(look, answered)
    kind, on = answer_of(answered)
    version = look.frozen(VersionKind.AGREEMENT)
    return data.PublicationData.model_validate(
        {
            "file_reference": look.case.reference,
            "dated_on": look.legal_day,
            "author": authority.name,
            "authority": authority,
            "approval": kind,
            "approved_on": on,
            "approval_reference": answered.authority_reference or "",
            "signatures": signatures(look),
            **text_fields_of(look, version),
        }
    )


def answered_approval(look: Material) -> Approval:
    """The proceeding that the authority has answered."""
    found = look.session.scalar(
        select(Approval).where(Approval.case_id == look.case.id).order_by(Approval.id.desc())
    )
    if found is None or found.answer is None or found.answered_on is None:
        raise StepFailure(
            "Die Antwort der Aufsichtsbehörde fehlt. Bitte im Schritt „Aufsichtsbehörde“ erfassen."
        )
    return found


def _authority(look: Material, answered: Approval) -> AuthorityForms:
    on = answered.applied_on or look.legal_day
    authority, _ = approval.authority_on(look.session, look.case, on)
    return authority_forms(authority)


def answer_of(answered: Approval) -> tuple[Literal["approved", "deemed_approved", "filed"], date]:
    """How the authority has answered, and since when that holds."""
    on = answered.answered_on
    if answered.answer is AuthorityAnswer.APPROVED and on:
        return "approved", on
    if answered.answer is AuthorityAnswer.DEEMED_APPROVED and on:
        # With the end of the period's last day: it holds from the day after.
        end = answered.clock_end_on
        return "deemed_approved", end + timedelta(days=1) if end else on
    if answered.answer is AuthorityAnswer.FILED and on:
        return "filed", answered.received_on or on
    raise StepFailure(
        "Die Aufsichtsbehörde hat die Genehmigung versagt; bekannt zu machen ist nichts."
    )


def signatures(look: Material) -> tuple[data.SignedBy, ...]:
    """The signatures under the frozen text in the parties' order; fails if one is missing."""
    rows = {
        signature.body_id: signature
        for signature in look.session.scalars(
            select(Signature)
            .where(
                Signature.case_id == look.case.id,
                Signature.text_hash == look.frozen(VersionKind.AGREEMENT).text_hash,
            )
            .order_by(Signature.id)
        )
    }
    lacking = [p.body.forms["short"] for p in look.parties if p.body_id not in rows]
    if lacking:
        raise StepFailure(
            f"Es fehlt die Unterschrift von: {', '.join(lacking)}. Bitte im Schritt "
            "„Unterzeichnung“ erfassen."
        )
    signed = [(forms_of(party.body), rows[party.body_id]) for party in look.parties]
    return tuple(
        data.SignedBy(
            body=forms,
            name=signature.signatory_name,
            capacity=signature.signatory_function,
            place=forms.seat,
            signed_on=signature.signed_on,
        )
        for forms, signature in signed
    )
