"""A recorded resolution as a document: extract to be certified, or urgent decision."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from agreements.councils.recording import law_for
from agreements.documents import clauses, data
from agreements.documents.content import FilledText, Text
from agreements.documents.forms import BodyForms, CommitteeForms, committee_forms
from agreements.dossier.asked import Particulars
from agreements.dossier.councils import RECOMMENDED, committee_of
from agreements.dossier.material import Material, forms_of
from agreements.drafting import content_of
from agreements.errors import NotFound, StepFailure
from agreements.glossary import label
from agreements.model.base import Json
from agreements.model.bodies import Committee
from agreements.model.cases import Party
from agreements.model.councils import (
    AgendaItem,
    Consultation,
    Paper,
    Resolution,
    ResolutionRecord,
)
from agreements.model.drafting import TextVersion
from agreements.model.enums import CommitteeKind, RecordKind, Urgency
from agreements.standing import ADOPTING, AMENDING
from agreements.wording import stored_terms, texts_of


class ExtractParticulars(Particulars):
    """Auszug aus der Niederschrift oder Beschlussausfertigung eines eigenen Beschlusses."""

    resolution_id: UUID = Field(description="der Beschluss")
    variant: Literal["extract", "execution"] = Field(
        default="extract", description="Auszug aus der Niederschrift oder Beschlussausfertigung"
    )
    presented_to: Text = Field(
        default="", max_length=300, description="nach „zur Vorlage bei“", examples=["der Stadt Au"]
    )
    certified_by: Text = Field(default="", max_length=200, description="wer beglaubigt")
    certified_as: Text = Field(default="", max_length=200, examples=["Schriftführerin"])


class UrgentParticulars(Particulars):
    """Eine eigene Dringlichkeitsentscheidung, so wie sie erfasst ist."""

    resolution_id: UUID = Field(description="der Beschluss, den sie ersetzt hat")


def extract(look: Material, party: Party | None, given: Particulars) -> data.ExtractData:
    """The extract of a resolution that a committee of the party has taken in a meeting."""
    assert isinstance(given, ExtractParticulars)
    assert party is not None
    resolution, consultation, paper = _found(look, party, given.resolution_id)
    if resolution.urgency is Urgency.HEAD_AND_MEMBER:
        raise StepFailure(
            "Über diese Entscheidung gibt es keine Niederschrift: Sie wurde in der zweiten Stufe "
            "der Dringlichkeit getroffen. Bitte stattdessen die Dringlichkeitsentscheidung "
            "anfordern."
        )
    forms = forms_of(paper.body)
    version = look.session.get_one(TextVersion, paper.version_id)
    item = _agenda_item(look, resolution)
    return data.ExtractData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=forms.name,
        body=forms,
        variant=given.variant,
        committee=_sitting(look, resolution, consultation, forms),
        decides=consultation.role.authoritative,
        adopted=resolution.outcome in ADOPTING,
        held_on=resolution.decided_on,
        meeting_number=(item.meeting.number or "") if item else "",
        item=(item.number or "") if item else "",
        public=consultation.public,
        subject=content_of(version).title,
        parties=tuple(body.name for body in look.forms),
        paper_number=paper.number,
        points=_points(resolution, paper),
        changed=_changed(resolution),
        reservation=resolution.reservation.wording if resolution.reservation else "",
        outcome=_outcome(resolution, consultation),
        votes=data.VoteCount(
            yes=resolution.votes_yes, no=resolution.votes_no, abstained=resolution.votes_abstained
        ),
        unanimous=bool(resolution.unanimous),
        members_present=resolution.members_present,
        members_excluded=resolution.members_excluded,
        bias_basis=law_for(look.case, paper, resolution.decided_on).bias,
        presented_to=given.presented_to,
        certified_by=given.certified_by,
        certified_as=given.certified_as,
        text=data.TextMark(version=version.number, digest=resolution.text_hash),
    )


def urgent_decision(
    look: Material, party: Party | None, given: Particulars
) -> data.UrgentDecisionData:
    """An urgent decision of the party as it was recorded, with what the council made of it."""
    assert isinstance(given, UrgentParticulars)
    assert party is not None
    resolution, consultation, paper = _found(look, party, given.resolution_id)
    if resolution.urgency is None or resolution.urgent is None:
        raise StepFailure(
            "Dieser Beschluss ist keine Dringlichkeitsentscheidung. Bitte den Auszug aus der "
            "Niederschrift anfordern."
        )
    forms, urgent = forms_of(paper.body), resolution.urgent
    version = look.session.get_one(TextVersion, paper.version_id)
    return data.UrgentDecisionData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=forms.name,
        body=forms,
        stage=resolution.urgency.value,
        main_committee=main_committee(look, paper, urgent.get("committee")),
        legal_basis=law_for(look.case, paper, resolution.decided_on).urgency,
        public=consultation.public,
        subject=content_of(version).title,
        parties=tuple(body.name for body in look.forms),
        paper_number=paper.number,
        points=tuple(paper.proposal["points"]),
        facts=clauses.reasons(texts_of(look.case, version).kind, stored_terms(version)),
        reason=urgent["reason"],
        main_committee_prevented=urgent["main_committee_prevented"],
        harm=urgent["harm"],
        decided_on=resolution.decided_on,
        outcome=label(resolution.outcome),
        votes=data.VoteCount(
            yes=resolution.votes_yes, no=resolution.votes_no, abstained=resolution.votes_abstained
        ),
        unanimous=bool(resolution.unanimous),
        signatures=_signatures(urgent),
        later=_later(resolution),
        text=data.TextMark(version=version.number, digest=resolution.text_hash),
    )


def _found(
    look: Material, party: Party, resolution_id: UUID
) -> tuple[Resolution, Consultation, Paper]:
    """A resolution of the party in this case; one of another body is not found."""
    row = look.session.execute(
        select(Resolution, Consultation, Paper)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(
            Resolution.id == resolution_id,
            Paper.case_id == look.case.id,
            Paper.body_id == party.body_id,
        )
    ).first()
    if row is None:
        raise NotFound(
            "resolution-unknown",
            "Diesen Beschluss gibt es für Ihre Körperschaft in dem Vorgang nicht.",
            "resolution_id",
        )
    resolution, consultation, paper = row
    if any(record.kind is RecordKind.CORRECTION for record in resolution.records):
        raise StepFailure(
            "Dieser Eintrag ist berichtigt worden. Bitte das Dokument für den neuen Eintrag "
            "anfordern."
        )
    return resolution, consultation, paper


def _agenda_item(look: Material, resolution: Resolution) -> AgendaItem | None:
    if resolution.agenda_item_id is None:
        return None
    return look.session.get_one(AgendaItem, resolution.agenda_item_id)


def _sitting(
    look: Material, resolution: Resolution, consultation: Consultation, forms: BodyForms
) -> CommitteeForms:
    """The committee that met, with its body; in the first stage of urgency the main committee."""
    if resolution.urgency is not None and resolution.urgent is not None:
        found = main_committee(look, consultation.paper, resolution.urgent.get("committee"))
    else:
        found = committee_of(consultation, forms)
        if found.genitive == forms.council_genitive:
            return found
    of = f" {forms.genitive}"
    return CommitteeForms(
        name=found.name,
        nominative=found.nominative + of,
        genitive=found.genitive + of,
        dative=found.dative + of,
    )


def main_committee(look: Material, paper: Paper, name: str | None) -> CommitteeForms:
    """The Haupt- or Kreisausschuss: the one that decided, else the one that the body has."""
    of_district = paper.body.kind.is_district
    kind = CommitteeKind.DISTRICT_COMMITTEE if of_district else CommitteeKind.MAIN_COMMITTEE
    known = look.session.scalars(
        select(Committee).where(Committee.body_id == paper.body_id, Committee.kind == kind)
    ).all()
    for committee in known:
        if name in (None, committee.name):
            return committee_forms(committee.name, committee.genitive)
    word = "Kreisausschuss" if of_district else "Hauptausschuss"
    return committee_forms(word, f"des {word}es")


def _points(resolution: Resolution, paper: Paper) -> tuple[FilledText, ...]:
    """What was resolved: as the minutes word it, else the proposal."""
    worded = tuple(line for line in resolution.wording.splitlines() if line.strip())
    if worded:
        return worded
    if resolution.outcome in AMENDING and resolution.amendments is None:
        raise StepFailure(
            "Zu diesem geändert gefassten Beschluss ist kein Wortlaut erfasst. Bitte den Eintrag "
            "um den Wortlaut aus der Niederschrift berichtigen."
        )
    return tuple(paper.proposal["points"])


def _changed(resolution: Resolution) -> tuple[data.ChangedPlace, ...]:
    items = (resolution.amendments or {}).get("items", ())
    return tuple(data.ChangedPlace(place=i["place"], wording=i["wording"]) for i in items)


def _outcome(resolution: Resolution, consultation: Consultation) -> str:
    outcome = label(resolution.outcome)
    if consultation.role.authoritative:
        return outcome
    return RECOMMENDED.get(resolution.outcome, outcome)


def _signatures(urgent: Json) -> tuple[data.UrgentSignature, ...]:
    """Who has signed, the head of administration first."""
    signed = [s for s in urgent["signatories"] if s["signed"]]
    signed.sort(key=lambda s: s["capacity"] != "head")
    return tuple(data.UrgentSignature(name=s["name"], function=s["function"]) for s in signed)


def _later(resolution: Resolution) -> data.LaterDecision | None:
    wanted = (RecordKind.CONFIRMATION, RecordKind.REVOCATION)
    record: ResolutionRecord | None = next(
        (r for r in reversed(resolution.records) if r.kind in wanted), None
    )
    if record is None:
        return None
    votes = (record.details or {}).get("votes") or {}
    return data.LaterDecision(
        confirmed=record.kind is RecordKind.CONFIRMATION,
        decided_on=record.happened_on,
        votes=data.VoteCount.model_validate(votes),
        reason=record.reason,
    )
