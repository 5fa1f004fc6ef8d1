"""What is recorded of signing, the authority's answer, the publication: the views."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from agreements.glossary import label
from agreements.model import conclusion as rows
from agreements.model.bodies import Body
from agreements.model.enums import AuthorityAnswer, SignatureForm
from api.rest.schemas import BodyRef, Hash, Output


class SignatureView(Output):
    """Die Unterschrift einer Beteiligten unter den festgeschriebenen Text."""

    id: UUID
    body: BodyRef
    signed_on: date
    signatory_name: str
    signatory_function: str
    co_signatory_name: str | None = Field(description="die zweite Unterschrift, wo es eine gibt")
    co_signatory_function: str | None
    form: SignatureForm
    form_label: str = Field(examples=["Schriftform"])
    text_hash: Hash
    recorded_at: datetime

    @classmethod
    def of(cls, signature: rows.Signature, body: Body) -> SignatureView:
        """The signature of a row."""
        return cls(
            id=signature.id,
            body=BodyRef.of(body),
            signed_on=signature.signed_on,
            signatory_name=signature.signatory_name,
            signatory_function=signature.signatory_function,
            co_signatory_name=signature.co_signatory_name,
            co_signatory_function=signature.co_signatory_function,
            form=signature.form,
            form_label=label(signature.form),
            text_hash=signature.text_hash,
            recorded_at=signature.recorded_at,
        )


class Signatures(Output):
    """Die Unterschriften, soweit sie einen angehen."""

    items: list[SignatureView]


class ApprovalView(Output):
    """Genehmigung oder Anzeige bei der Aufsichtsbehörde."""

    stage_id: UUID
    authority: str = Field(examples=["Bezirksregierung Arnsberg"])
    authority_basis: str = Field(examples=["§ 29 Abs. 4 Nr. 1 Buchst. b GkG NRW"])
    requirement: str = Field(examples=["approval"])
    requirement_basis: str
    applied_on: date | None
    received_on: date | None
    clock_end_on: date | None = Field(description="Ende der Frist der Genehmigungsfiktion")
    clock_derivation: str | None
    answer: AuthorityAnswer | None
    answer_label: str | None = Field(examples=["genehmigt"])
    answered_on: date | None
    authority_reference: str | None
    remark: str

    @classmethod
    def of(cls, approval: rows.Approval) -> ApprovalView:
        """The proceeding of a row."""
        return cls(
            stage_id=approval.stage_id,
            authority=approval.authority,
            authority_basis=approval.authority_basis,
            requirement=approval.requirement,
            requirement_basis=approval.requirement_basis,
            applied_on=approval.applied_on,
            received_on=approval.received_on,
            clock_end_on=approval.clock_end_on,
            clock_derivation=approval.clock_derivation,
            answer=approval.answer,
            answer_label=label(approval.answer) if approval.answer is not None else None,
            answered_on=approval.answered_on,
            authority_reference=approval.authority_reference,
            remark=approval.remark,
        )


class PublicationView(Output):
    """Die Bekanntmachung und der Tag, an dem die Vereinbarung wirksam wird."""

    gazette: str
    issue: str
    page: str | None
    published_on: date
    effective_on: date
    effective_basis: str
    recorded_at: datetime

    @classmethod
    def of(cls, publication: rows.Publication) -> PublicationView:
        """The publication of a row."""
        return cls(
            gazette=publication.gazette,
            issue=publication.issue,
            page=publication.page,
            published_on=publication.published_on,
            effective_on=publication.effective_on,
            effective_basis=publication.effective_basis,
            recorded_at=publication.recorded_at,
        )


class NoticeView(Output):
    """Der Hinweis einer Beteiligten auf die Bekanntmachung."""

    id: UUID
    body: BodyRef
    published_on: date
    medium: str
    recorded_at: datetime

    @classmethod
    def of(cls, notice: rows.PublicationNotice, body: Body) -> NoticeView:
        """The notice of a row."""
        return cls(
            id=notice.id,
            body=BodyRef.of(body),
            published_on=notice.published_on,
            medium=notice.medium,
            recorded_at=notice.recorded_at,
        )


class Notices(Output):
    """Die Hinweise, soweit sie einen angehen."""

    items: list[NoticeView]
