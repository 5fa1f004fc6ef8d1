"""What documents beside the agreement take from the agreement of a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from agreements import approval, drafting
from agreements.documents import clauses, data
from agreements.documents.clauses import AgreementTerms
from agreements.documents.clauses.further import FurtherTerms, assemble_further, texts_for
from agreements.documents.content import text_hash
from agreements.documents.filters import datum
from agreements.documents.forms import AuthorityForms, BodyForms
from agreements.dossier.material import Material, agreement_of, forms_of
from agreements.errors import Refusal, StepFailure
from agreements.law.tables import RequirementKind
from agreements.model.bodies import Body
from agreements.model.conclusion import Publication, Signature
from agreements.model.drafting import TextVersion
from agreements.model.enums import PartyRole, VersionKind
from agreements.wording import authority_forms


def version_of(look: Material) -> TextVersion:
    """The agreement's frozen text, or its newest version while it is being drafted."""
    kind, case_id = VersionKind.AGREEMENT, look.case.id
    version = drafting.frozen_version(look.session, case_id, kind) or drafting.latest_version(
        look.session, case_id, kind
    )
    if version is None:
        raise StepFailure(
            "Es gibt noch keine Fassung der Vereinbarung. Bitte zuerst eine schreiben."
        )
    return version


def terms_of(look: Material) -> AgreementTerms:
    """The terms of that text."""
    return AgreementTerms.model_validate(version_of(look).terms)


def performer_of(look: Material) -> BodyForms:
    """Who carries out or takes over the tasks."""
    return look.holder(PartyRole.PERFORMING)


def base_of(look: Material, on: date) -> clauses.BaseAgreement:
    """The agreement that a later text is about: it must be frozen."""
    version = look.frozen(VersionKind.AGREEMENT)
    signed = look.session.scalar(
        select(func.max(Signature.signed_on)).where(
            Signature.case_id == look.case.id, Signature.text_hash == version.text_hash
        )
    )
    _, requirement = approval.authority_on(look.session, look.case, on)
    return clauses.BaseAgreement(
        title=agreement_of(version).title,
        concluded_on=signed,
        publication=_publication(look),
        approval=requirement.kind is not RequirementKind.NONE,
    )


def _publication(look: Material) -> str:
    found = look.session.scalar(
        select(Publication)
        .where(Publication.case_id == look.case.id)
        .order_by(Publication.id.desc())
    )
    if found is None:
        return ""
    page = f", S. {found.page}" if found.page else ""
    return f"{found.gazette} Nr. {found.issue} vom {datum(found.published_on)}{page}"


def authority_of(look: Material, on: date, joining: Body | None = None) -> AuthorityForms:
    """The authority that is competent on a day."""
    authority, _ = approval.authority_on(look.session, look.case, on, joining)
    return authority_forms(authority)


def party_of(look: Material, ags: str, field: str) -> BodyForms:
    """The forms of a party by its AGS; a refusal names those that take part."""
    for party in look.parties:
        if party.body.ags == ags:
            return forms_of(party.body)
    raise Refusal(
        "not-a-party",
        f"Die Körperschaft {ags} ist an diesem Vorgang nicht beteiligt.",
        field,
        ", ".join(party.body.ags for party in look.parties),
    )


def common(look: Material) -> dict[str, object]:
    """What all terms of further texts have in common."""
    return {
        "project": look.case.title,
        "parties": look.forms,
        "lead": look.holder(PartyRole.LEAD),
    }


def contract(look: Material, terms: FurtherTerms, on: date) -> dict[str, object]:
    """The fields of a ``ContractText`` for these terms."""
    content = assemble_further(terms, look.case.land)
    form = texts_for(terms, look.case.land).form
    return {
        "file_reference": look.case.reference,
        "dated_on": on,
        "author": terms.lead.name,
        **data.contract_fields(form, content, terms.parties, text_hash(content)),
    }
