"""An urgent decision that is still to be signed: the paper with what makes it urgent."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from agreements.councils.recording import law_for
from agreements.documents import clauses, data
from agreements.documents.content import FilledText, Text
from agreements.dossier.asked import Particulars
from agreements.dossier.material import Material, forms_of, mark_of
from agreements.dossier.own_papers import newest_paper
from agreements.dossier.resolved import main_committee
from agreements.drafting import content_of
from agreements.model.cases import Party
from agreements.model.drafting import TextVersion
from agreements.model.enums import Urgency
from agreements.wording import stored_terms, texts_of

Note = Annotated[Text, Field(max_length=4000)]


class UrgentDraftParticulars(Particulars):
    """Dringlichkeitsentscheidung zur Unterschrift; danach wird sie erfasst.

    Zweite Stufe: `main_committee_prevented`, `harm` und wenigstens zwei Unterschriften.
    """

    stage: Urgency = Field(description="erste oder zweite Stufe")
    reason: Annotated[FilledText, Field(max_length=4000)] = Field(
        description="warum die Vertretung nicht rechtzeitig einberufen werden kann"
    )
    main_committee_prevented: Note = Field(
        default="", description="warum auch der Haupt- oder Kreisausschuss nicht"
    )
    harm: Note = Field(default="", description="erhebliche Nachteile oder Gefahren")
    signatures: tuple[data.UrgentSignature, ...] = Field(
        default=(), max_length=20, description="wer unterschreibt, die Verwaltungsspitze zuerst"
    )

    @model_validator(mode="after")
    def _second_stage(self) -> Self:
        if self.stage is Urgency.MAIN_COMMITTEE:
            return self
        if not (self.main_committee_prevented and self.harm and len(self.signatures) > 1):
            raise ValueError(
                "die zweite Stufe braucht main_committee_prevented, harm und zwei Unterschriften"
            )
        return self


def urgent_draft(
    look: Material, party: Party | None, given: Particulars
) -> data.UrgentDecisionData:
    """The newest paper of the party as an urgent decision to be signed."""
    assert isinstance(given, UrgentDraftParticulars)
    assert party is not None
    paper = newest_paper(look, party)
    forms = forms_of(paper.body)
    version = look.session.get_one(TextVersion, paper.version_id)
    return data.UrgentDecisionData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=forms.name,
        body=forms,
        stage=given.stage.value,
        main_committee=main_committee(look, paper, None),
        legal_basis=law_for(look.case, paper, given.dated_on).urgency,
        public=all(c.public for c in paper.consultations if c.role.authoritative),
        subject=content_of(version).title,
        parties=tuple(body.name for body in look.forms),
        paper_number=paper.number,
        points=tuple(paper.proposal["points"]),
        facts=clauses.reasons(texts_of(look.case, version).kind, stored_terms(version)),
        reason=given.reason,
        main_committee_prevented=given.main_committee_prevented,
        harm=given.harm,
        signatures=given.signatures,
        text=mark_of(version),
    )
