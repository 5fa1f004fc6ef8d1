"""The records of a case as a whole: table of contents, closing note."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from agreements import course, drafting
from agreements.documents import data
from agreements.dossier import councils
from agreements.dossier.asked import Particulars
from agreements.dossier.material import Material, facts_by_resolution, mark_of, papers_of_round
from agreements.glossary import label
from agreements.model.cases import Party
from agreements.model.enums import PartyRole, Round, VersionKind
from agreements.model.records import Document


def case_file(look: Material, party: Party | None, given: Particulars) -> data.CaseFileData:
    """Cover and table of contents of the case file, for the body that keeps this copy of it.

    Nothing of non-public consultations: its holder may not be the body that consulted.
    """
    case = look.case
    version = drafting.frozen_version(look.session, case.id, VersionKind.AGREEMENT)
    lead = look.holder(PartyRole.LEAD).name
    return data.CaseFileData(
        file_reference=case.reference,
        dated_on=given.dated_on,
        author=party.body.forms["name"] if party else lead,
        project=case.title,
        subject=case.subject,
        holder=lead,
        parties=tuple(forms.name for forms in look.forms),
        instrument=label(case.instrument),
        state=label(case.state),
        started_on=case.started_on,
        ended_on=case.ended_on,
        text=mark_of(version) if version else None,
        documents=tuple(entries(look)),
        resolutions=tuple(_resolutions(look)),
        journal_entries=case.journal_number,
        journal_digest=case.journal_hash,
    )


def entries(look: Material) -> Iterator[data.CaseFileEntry]:
    """The documents of the case as they were filed, without confidential ones."""
    titles = {stage.key: stage.title for stage in course.procedure_of(look.case).stages}
    stages = {stage.id: titles.get(stage.key, stage.key) for stage in look.case.stages}
    rows = look.session.scalars(
        select(Document)
        .where(Document.case_id == look.case.id, Document.confidential.is_(False))
        .order_by(Document.id)
    )
    for number, row in enumerate(rows, start=1):
        yield data.CaseFileEntry(
            number=number,
            stage=stages[row.stage_id],
            title=row.title,
            issue=row.number,
            dated_on=row.dated_on,
            file_name=row.file_name,
            digest=row.content_hash,
        )


def _resolutions(look: Material) -> Iterator[data.CaseFileResolution]:
    facts = facts_by_resolution(look)
    for wanted in Round:
        for paper in papers_of_round(look, wanted):
            for row in councils.rows_of(look, paper, facts):
                yield data.CaseFileResolution(
                    body=row.body,
                    committee=row.committee,
                    decided_on=row.decided_on,
                    paper_number=row.paper_number,
                    outcome=row.outcome,
                    round_label=label(wanted),
                )
