"""The synopsis: what has changed between two rounds, as an annex of the new papers.

Also any two versions side by side: as a page, as the table for a Vorlage.
"""

from __future__ import annotations

from datetime import date

from agreements.councils import papers_of
from agreements.documents import data
from agreements.documents.content import Content, short_hash
from agreements.documents.synopsis_page import synopsis_page
from agreements.dossier.jobs import DocumentJob, earlier_version
from agreements.dossier.material import Material, forms_of, mark_of
from agreements.drafting import content_of
from agreements.errors import StepFailure
from agreements.model.cases import Case, Stage
from agreements.model.drafting import TextVersion
from agreements.model.enums import PartyRole
from agreements.synopsis import Change, Difference, compare


def synopsis(look: Material, job: DocumentJob) -> data.SynopsisData:
    """The text of the stage beside that of the round before it."""
    earlier_id = earlier_version(look.session, look.stage)
    papers = papers_of(look.session, look.stage.id)
    if earlier_id is None or not papers:
        raise StepFailure(f"{job.title}: Es gibt keine frühere Textfassung zu vergleichen.")
    earlier = look.session.get_one(TextVersion, earlier_id)
    version = look.session.get_one(TextVersion, papers[0].version_id)
    return _table(look.case, earlier, version, papers[0].dated_on, _reason(look))


def table(case: Case, earlier: TextVersion, later: TextVersion) -> data.SynopsisData:
    """Any two versions as the table for a Vorlage, dated on the day of the later one."""
    return _table(case, earlier, later, later.written_on, "")


def table_rows(old: Content, new: Content) -> tuple[data.SynopsisRow, ...]:
    """The places in which two texts differ, as rows of a table: old beside new."""
    return tuple(_row(difference) for difference in compare(old, new) if difference.changed)


def page(case: Case, earlier: TextVersion, later: TextVersion) -> str:
    """Any two versions side by side as an HTML page in German."""
    heading = f"{case.title}: Textfassung {earlier.number} und {later.number}"
    about = (
        f"Aktenzeichen {case.reference} · Prüfsummen {short_hash(earlier.text_hash)}… und "
        f"{short_hash(later.text_hash)}…"
    )
    labels = (f"Textfassung {earlier.number}", f"Textfassung {later.number}")
    rows = compare(content_of(earlier), content_of(later))
    return synopsis_page(heading, about, labels, rows)


def _table(
    case: Case, earlier: TextVersion, later: TextVersion, dated_on: date, reason: str
) -> data.SynopsisData:
    parties = [party for party in case.parties if party.left_on is None]
    lead = next((p for p in parties if PartyRole.LEAD in p.roles), parties[0])
    content = content_of(later)
    return data.SynopsisData(
        file_reference=case.reference,
        dated_on=dated_on,
        author=forms_of(lead.body).name,
        project=case.title,
        parties=tuple(forms_of(party.body).name for party in parties),
        subject=content.title,
        earlier=mark_of(earlier),
        text=mark_of(later),
        reason=reason,
        rows=table_rows(content_of(earlier), content),
    )


def _reason(look: Material) -> str:
    before = [
        stage
        for stage in look.case.stages
        if stage.key == look.stage.key and stage.number < look.stage.number
    ]
    latest: Stage | None = max(before, key=lambda stage: stage.number, default=None)
    return (latest.superseded_because or "") if latest else ""


def _row(difference: Difference) -> data.SynopsisRow:
    return data.SynopsisRow(
        place=difference.place,
        old=_column(difference, Change.REMOVED),
        new=_column(difference, Change.ADDED),
    )


def _column(difference: Difference, own: Change) -> tuple[data.SynopsisPart, ...]:
    return tuple(
        data.SynopsisPart(text=segment.text, changed=segment.change is own)
        for segment in difference.segments
        if segment.change in (Change.KEPT, own)
    )
