"""What the builders of several documents look up in a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from agreements import course, drafting, standing
from agreements.discretion import PRIVATE_CONSULTATION
from agreements.documents.content import CanonicalContent
from agreements.documents.data import ResolutionReference, TextMark
from agreements.documents.forms import AuthorityForms, BodyForms
from agreements.errors import StepFailure
from agreements.law.authorities import Authority
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage
from agreements.model.councils import Consultation, Paper
from agreements.model.drafting import TextVersion
from agreements.model.enums import PartyRole, Round, VersionKind
from agreements.standing import DecisionFact
from agreements.wording import authority_forms


@dataclass(frozen=True, slots=True)
class Material:
    """A stage of a case, as the builders of its documents look at it."""

    session: Session
    case: Case
    stage: Stage

    @property
    def legal_day(self) -> date:
        """The date of what the machine writes before people act."""
        return course.legal_day(self.session, self.case, self.stage)

    @property
    def last_act(self) -> date:
        """The date of what the machine writes after people have acted."""
        return self.stage.last_act_on or self.legal_day

    @property
    def parties(self) -> list[Party]:
        """Those who take part now, in their order."""
        return [party for party in self.case.parties if party.left_on is None]

    @property
    def forms(self) -> tuple[BodyForms, ...]:
        """The names of those who take part now, in their order."""
        return tuple(forms_of(party.body) for party in self.parties)

    def holder(self, role: PartyRole) -> BodyForms:
        """Who has a role; the lead where nobody has it."""
        for wanted in (role, PartyRole.LEAD):
            for party in self.parties:
                if wanted in party.roles:
                    return forms_of(party.body)
        raise StepFailure("Der Vorgang hat keine federführende Körperschaft mehr.")

    def frozen(self, kind: VersionKind) -> TextVersion:
        """The frozen text of that kind."""
        version = drafting.frozen_version(self.session, self.case.id, kind)
        if version is None:
            raise StepFailure(
                "Es gibt noch keine festgeschriebene Textfassung. Bitte im Schritt „Abstimmung“ "
                "eine Fassung festschreiben."
            )
        return version


def material(session: Session, stage_id: UUID) -> Material:
    """The material of a stage."""
    stage = session.get_one(Stage, stage_id)
    return Material(session, session.get_one(Case, stage.case_id), stage)


def forms_of(body: Body) -> BodyForms:
    """The grammatical forms of a body's name."""
    return BodyForms.model_validate(body.forms)


def mark_of(version: TextVersion) -> TextMark:
    """Number and hash of a version, as documents show them."""
    return TextMark(version=version.number, digest=version.text_hash)


def agreement_of(version: TextVersion) -> CanonicalContent:
    """The content of a version of the agreement."""
    content = drafting.content_of(version)
    if not isinstance(content, CanonicalContent):
        raise StepFailure(f"Die Textfassung {version.number} ist kein Vereinbarungstext.")
    return content


def letter_forms(authority: Authority) -> AuthorityForms:
    """An authority to which a letter goes; without an address there is no letter."""
    if not authority.address:
        raise StepFailure(
            f"Für die Behörde „{authority.name}“ ist keine Anschrift hinterlegt. Bitte die "
            "Anschrift des Kreises mit „vereinbar region add“ ergänzen und den Schritt wiederholen."
        )
    return authority_forms(authority)


def papers_of_round(look: Material, wanted: Round) -> list[Paper]:
    """The papers of a round in the parties' order, those of its earlier runs first.

    With consultations and resolutions; without papers that were replaced before anybody dealt
    with them.
    """
    stages = [
        stage_id for stage_id, of in course.rounds_of(look.session, look.case.id) if of is wanted
    ]
    found = look.session.scalars(
        select(Paper)
        .join(Party, (Party.body_id == Paper.body_id) & (Party.case_id == Paper.case_id))
        .where(Paper.stage_id.in_(stages), Party.left_on.is_(None))
        .order_by(Party.position, Paper.id)
        .options(selectinload(Paper.consultations).selectinload(Consultation.resolutions))
        .execution_options(populate_existing=True)
    )
    return [
        paper
        for paper in found
        if paper.superseded_because is None or any(c.resolutions for c in paper.consultations)
    ]


def facts_by_resolution(look: Material) -> dict[UUID, DecisionFact]:
    """What the latest resolution of each authoritative consultation is worth now."""
    found = standing.decisions_of(look.session, look.case.id)
    return {d.resolution_id: d for d in found if d.resolution_id is not None}


def decided_in_private(paper: Paper) -> bool:
    """Whether the body decides on the paper in a non-public consultation; then it is not public."""
    return any(c.role.authoritative and not c.public for c in paper.consultations)


def adopted(
    look: Material, wanted: Round, text_hash: str | None = None
) -> list[ResolutionReference]:
    """For each body its newest resolution of a round that counts: for that text, or for any."""
    facts = facts_by_resolution(look)
    found: dict[UUID, ResolutionReference] = {}
    for paper in papers_of_round(look, wanted):
        for consultation in paper.consultations:
            last = consultation.resolutions[-1] if consultation.resolutions else None
            fact = facts.get(last.id) if last else None
            if last is None or fact is None or not fact.adopts:
                continue
            if text_hash is None or fact.holds_for(text_hash):
                found[paper.body_id] = ResolutionReference(
                    body=forms_of(paper.body),
                    council=(
                        consultation.committee.name if consultation.public else PRIVATE_CONSULTATION
                    ),
                    decided_on=last.decided_on,
                    paper_number="" if decided_in_private(paper) else paper.number,
                )
    return list(found.values())


def resolutions_of_all(
    look: Material, wanted: Round, text_hash: str
) -> tuple[ResolutionReference, ...]:
    """The resolutions of a round; fails unless one of every party holds for the text."""
    found = adopted(look, wanted, text_hash)
    decided = {reference.body.name for reference in found}
    if lacking := [forms.short for forms in look.forms if forms.name not in decided]:
        raise StepFailure(
            f"Es fehlt der Beschluss von: {', '.join(lacking)}. Bitte die Beschlüsse erfassen und "
            "den Schritt wiederholen."
        )
    return tuple(found)
