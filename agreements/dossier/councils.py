"""The documents of the councils: a Beschlussvorlage for each, and the matrix of a round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from agreements.councils import ROUND_TEXT
from agreements.discretion import PRIVATE_CONSULTATION
from agreements.documents import clauses, data
from agreements.documents.clauses import AgreementTerms
from agreements.documents.filters import datum, eur, satzanfang, zahl
from agreements.documents.forms import (
    BodyForms,
    CommitteeForms,
    committee_forms,
    council_forms,
)
from agreements.dossier import comparing
from agreements.dossier.jobs import DocumentJob, earlier_version
from agreements.dossier.material import (
    Material,
    decided_in_private,
    facts_by_resolution,
    forms_of,
    mark_of,
    papers_of_round,
)
from agreements.drafting import content_of
from agreements.errors import StepFailure
from agreements.funding import applying
from agreements.funding.plan import FinancePlan
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.councils import Carry, Consultation, Paper, Resolution
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    CommitteeKind,
    Outcome,
    PartyRole,
    PlanState,
    Round,
    VersionKind,
)
from agreements.model.funding import FinancePlanVersion
from agreements.standing import DecisionFact
from agreements.wording import stored_terms, texts_of

SPREAD: Final = "Der Eigenanteil ist nachstehend gleichmäßig auf die Monate verteilt."
# Who signs a paper besides the office that has written it, where the body names nobody.
_COSIGNERS: Final = ("Federführende Stelle", "Finanzverwaltung", "Rechtsamt")
# A committee that does not decide recommends.
RECOMMENDED: Final = {Outcome.ADOPTED: "empfohlen", Outcome.REJECTED: "nicht empfohlen"}


def paper(look: Material, job: DocumentJob) -> data.PaperData:
    """The Beschlussvorlage of one body; its proposal is the same for all bodies."""
    row = look.session.scalar(
        select(Paper).where(Paper.stage_id == look.stage.id, Paper.id == job.subject_id)
    )
    if row is None or look.stage.round is None:
        raise StepFailure(f"{job.title}: Für diese Körperschaft ist keine Vorlage vorgesehen.")
    return paper_data(look, row)


def paper_data(look: Material, row: Paper) -> data.PaperData:
    """What a paper says, from the stage to which it belongs."""
    assert look.stage.round is not None, "papers belong to stages with a round"
    version = look.session.get_one(TextVersion, row.version_id)
    texts = texts_of(look.case, version)
    forms = forms_of(row.body)
    plan = _checked_plan(look)
    return data.PaperData(
        file_reference=look.case.reference,
        dated_on=row.dated_on,
        author=forms.name,
        body=forms,
        paper_number=row.number,
        round_label=label(look.stage.round),
        public=all(consultation.public for consultation in row.consultations),
        # Which office prepares a paper is not known here; the head of administration answers.
        office=satzanfang(forms.head_nominative),
        consultations=tuple(
            data.ConsultationRow(
                committee=c.committee.name,
                role=label(c.role),
                planned_on=c.meeting_on,
                forms=committee_of(c, forms),
                decides=c.role.authoritative,
                public=c.public,
            )
            for c in row.consultations
        ),
        subject=content_of(version).title,
        points=tuple(row.proposal["points"]),
        reasons=clauses.reasons(texts.kind, stored_terms(version)),
        legal_basis=texts.legal_basis,
        financial_effects=tuple(_financial_effects(look, row.body, forms, plan)),
        financial_rows=_financial_rows(row.body, plan),
        sections=tuple(_sections(look, version, forms)),
        changes=comparing.changes(look, version),
        annexes=tuple(_annexes(look, version, plan)),
        cosigners=_COSIGNERS,
        text=mark_of(version),
    )


def committee_of(consultation: Consultation, forms: BodyForms) -> CommitteeForms:
    """A committee in the cases; the council with the body to which it belongs."""
    committee = consultation.committee
    if committee.kind in (CommitteeKind.COUNCIL, CommitteeKind.DISTRICT_COUNCIL):
        return council_forms(committee.name, forms)
    return committee_forms(committee.name, committee.genitive)


def _sections(
    look: Material, version: TextVersion, forms: BodyForms
) -> Iterator[data.PaperSection]:
    """What the case knows of the further effects; the rest is for the body itself to say."""
    terms = stored_terms(version)
    if not isinstance(terms, AgreementTerms) or not terms.staff:
        return
    performing = look.holder(PartyRole.PERFORMING)
    posts = f"{zahl(terms.staff)} Vollzeitäquivalente"
    if performing == forms:
        text = (
            f"Für die Aufgaben nach der Vereinbarung sind {posts} vorgesehen. Sie sind im "
            f"Stellenplan {forms.genitive} auszuweisen."
        )
    else:
        text = (
            f"Das Personal für die Aufgaben nach der Vereinbarung ({posts}) stellt "
            f"{performing.nominative}. Im Stellenplan {forms.genitive} sind dafür keine Stellen "
            "auszuweisen."
        )
    yield data.PaperSection(title="Personelle Auswirkungen", paragraphs=(text,))


def _checked_plan(look: Material) -> FinancePlanVersion | None:
    """The newest plan, if a second person has checked it; another one is no basis for a paper."""
    plan = applying.latest_plan(look.session, look.case.id)
    return plan if plan is not None and plan.state is PlanState.CHECKED else None


def _annexes(
    look: Material, version: TextVersion, plan: FinancePlanVersion | None
) -> Iterator[str]:
    if version.kind is VersionKind.AGREEMENT:
        yield f"Öffentlich-rechtliche Vereinbarung, Textfassung {version.number}"
    earlier = earlier_version(look.session, look.stage)
    if earlier is not None:
        number = look.session.get_one(TextVersion, earlier).number
        yield f"Synopse der Textfassungen {number} und {version.number}"
    if version.kind is VersionKind.AGREEMENT and plan is not None:
        yield "Kosten- und Finanzierungsplan"


def _financial_effects(
    look: Material, body: Body, forms: BodyForms, plan: FinancePlanVersion | None
) -> Iterator[str]:
    principle = look.stage.round is Round.PRINCIPLE
    if principle:
        yield "Mit dem Grundsatzbeschluss wird noch keine finanzielle Verpflichtung eingegangen."
    if plan is not None:
        yield from _planned_effects(body, forms, plan)
    elif principle:
        yield (
            f"Der Anteil {forms.genitive} an den Kosten richtet sich nach dem Kostenschlüssel der "
            "öffentlich-rechtlichen Vereinbarung, die gesondert zur Beschlussfassung vorgelegt "
            "wird."
        )
    else:
        yield (
            f"Der Anteil {forms.genitive} an den Kosten richtet sich nach dem Kostenschlüssel der "
            "Vereinbarung. Er ist im Haushaltsplan zu veranschlagen."
        )


def _financial_rows(
    body: Body, version: FinancePlanVersion | None
) -> tuple[data.FinancialRow, ...]:
    """The body's own contribution by the checked plan, spread evenly over its months."""
    if version is None:
        return ()
    plan = FinancePlan.model_validate(version.plan)
    own = next((own.amount for own in plan.own_contributions if own.ags == body.ags), Decimal(0))
    if not own:
        return ()
    shares = by_year(own, version.starts_on, version.ends_on)
    recurring = len(shares) > 1
    return tuple(
        data.FinancialRow(
            year=str(year),
            title="Anteil am Eigenanteil",
            one_off=None if recurring else amount,
            annual=amount if recurring else None,
            cover="zu veranschlagen",
        )
        for year, amount in shares
    )


def by_year(amount: Decimal, starts_on: date, ends_on: date) -> tuple[tuple[int, Decimal], ...]:
    """An amount by calendar years, as many months as of each year; the last bears the rounding."""
    years = range(starts_on.year, ends_on.year + 1)
    months = [
        (ends_on.month if year == ends_on.year else 12)
        - (starts_on.month if year == starts_on.year else 1)
        + 1
        for year in years
    ]
    cent = Decimal("0.01")
    whole = sum(months)
    shares = [(amount * count / whole).quantize(cent, ROUND_DOWN) for count in months]
    shares[-1] += amount - sum(shares)
    return tuple(zip(years, shares, strict=True))


def _planned_effects(body: Body, forms: BodyForms, version: FinancePlanVersion) -> Iterator[str]:
    plan = FinancePlan.model_validate(version.plan)
    own = next((own for own in plan.own_contributions if own.ags == body.ags), None)
    if own is None:
        yield (
            f"Ein Eigenanteil {forms.genitive} ist im Kosten- und Finanzierungsplan nicht "
            "vorgesehen."
        )
    else:
        yield (
            f"Nach dem Kosten- und Finanzierungsplan für die Zeit vom {datum(version.starts_on)} "
            f"bis zum {datum(version.ends_on)} entfällt auf {forms.accusative} ein Eigenanteil von "
            f"{eur(own.amount)}. Er ist im Haushaltsplan zu veranschlagen."
        )
        if own.amount and version.starts_on.year < version.ends_on.year:
            yield SPREAD
    yield (
        f"Von den zuwendungsfähigen Ausgaben von {eur(plan.eligible)} sollen {eur(plan.grant)} "
        "durch die Zuwendung gedeckt werden."
    )


def matrix(look: Material, job: DocumentJob) -> data.MatrixData:
    """The matrix of the stage's round, or of the agreement."""
    return matrix_data(look, look.stage.round or Round.AGREEMENT, look.last_act)


def matrix_data(look: Material, wanted: Round, dated_on: date) -> data.MatrixData:
    """Who has decided what in a round, in every committee; what is not known stays unknown.

    Resolutions on an earlier text stand there too, with the version on which they were taken.
    """
    version = look.frozen(ROUND_TEXT[wanted])
    facts = facts_by_resolution(look)
    papers = papers_of_round(look, wanted)
    return data.MatrixData(
        file_reference=look.case.reference,
        dated_on=dated_on,
        author=look.holder(PartyRole.LEAD).name,
        project=look.case.title,
        round_label=label(wanted),
        rows=tuple(row for paper in papers for row in rows_of(look, paper, facts)),
        summary=_summary(look, facts, version),
    )


def rows_of(
    look: Material, paper: Paper, facts: Mapping[UUID, DecisionFact]
) -> Iterator[data.MatrixRow]:
    """What became of a paper in each committee, without what is not public."""
    version = look.session.get_one(TextVersion, paper.version_id)
    private = [c for c in paper.consultations if not c.public]
    for consultation in paper.consultations:
        if not consultation.public:
            if consultation is private[-1]:
                yield _private_row(paper, version, facts)
            continue
        common = data.MatrixRow(
            body=forms_of(paper.body).name,
            committee=consultation.committee.name,
            role=label(consultation.role),
            paper_number="" if decided_in_private(paper) else paper.number,
            outcome=label(consultation.state),
            text=mark_of(version),
        )
        if not consultation.resolutions:
            yield common
        for resolution in consultation.resolutions:
            yield common.model_copy(update=_decided(look, consultation, resolution))


def _private_row(
    paper: Paper, version: TextVersion, facts: Mapping[UUID, DecisionFact]
) -> data.MatrixRow:
    """All non-public consultations of a body: the matrix goes to every party."""
    row = data.MatrixRow(
        body=forms_of(paper.body).name,
        committee=PRIVATE_CONSULTATION,
        role="–",
        outcome="nichtöffentlich beraten",
    )
    if not decided_in_private(paper):
        return row
    of_paper = {r.id for c in paper.consultations for r in c.resolutions}
    holds = any(facts[id_].holds_for(version.text_hash) for id_ in of_paper & facts.keys())
    remark = f"Der Beschluss über diesen Text liegt {'' if holds else 'nicht '}vor."
    return row.model_copy(update={"text": mark_of(version), "remark": remark})


def _decided(
    look: Material, consultation: Consultation, resolution: Resolution
) -> dict[str, object]:
    outcome = label(resolution.outcome)
    if not consultation.role.authoritative:
        outcome = RECOMMENDED.get(resolution.outcome, outcome)
    remarks = (
        "einstimmig" if resolution.unanimous else "",
        label(resolution.urgency) if resolution.urgency else "",
        resolution.remark,
        *_afterwards(look, resolution),
        "Beispieldaten" if resolution.sample else "",
    )
    return {
        "decided_on": resolution.decided_on,
        "outcome": outcome,
        "yes": resolution.votes_yes,
        "no": resolution.votes_no,
        "abstained": resolution.votes_abstained,
        "remark": "; ".join(remark for remark in remarks if remark),
    }


def _afterwards(look: Material, resolution: Resolution) -> Iterator[str]:
    """What has happened to a resolution since, and for which other text it holds."""
    if resolution.reservation is not None:
        yield f"Vorbehalt {label(resolution.reservation.state)}"
    if resolution.reconciliation is not None:
        yield f"Abweichung {label(resolution.reconciliation.materiality)}"
    for record in resolution.records:
        yield f"{label(record.kind)} am {record.happened_on:%d.%m.%Y}"
    carried = look.session.execute(
        select(TextVersion.number, Carry.because)
        .join(TextVersion, TextVersion.id == Carry.version_id)
        .where(Carry.resolution_id == resolution.id)
        .order_by(TextVersion.number)
    )
    for number, because in carried:
        yield f"gilt für Textfassung {number}: {label(because)}"


def _summary(look: Material, facts: Mapping[UUID, DecisionFact], version: TextVersion) -> str:
    holding = {fact.body_id for fact in facts.values() if fact.holds_for(version.text_hash)}
    adopting = sum(party.body_id in holding for party in look.parties)
    text = (
        f"der Textfassung {version.number} der Vereinbarung"
        if version.kind is VersionKind.AGREEMENT
        else "demselben Wortlaut"
    )
    verb = "hat" if adopting == 1 else "haben"
    return f"{adopting} von {len(look.parties)} Vertretungen {verb} {text} zugestimmt."
