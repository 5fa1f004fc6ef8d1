"""The synopsis: what has changed between two rounds, as an annex of the new papers."""

from __future__ import annotations

from agreements.councils import papers_of
from agreements.documents import data
from agreements.dossier.jobs import DocumentJob, earlier_version
from agreements.dossier.material import Material, mark_of
from agreements.drafting import content_of
from agreements.errors import StepFailure
from agreements.model.cases import Stage
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
    content = content_of(version)
    return data.SynopsisData(
        file_reference=look.case.reference,
        dated_on=papers[0].dated_on,
        author=look.holder(PartyRole.LEAD).name,
        project=look.case.title,
        parties=tuple(forms.name for forms in look.forms),
        subject=content.title,
        earlier=mark_of(earlier),
        text=mark_of(version),
        reason=_reason(look),
        rows=tuple(
            _row(difference)
            for difference in compare(content_of(earlier), content)
            if difference.changed
        ),
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
