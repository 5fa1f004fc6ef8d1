"""The synopsis: what has changed between two rounds, as an annex of the new papers.

Also any two versions side by side: as a page, as the table for a Vorlage.
"""

from __future__ import annotations

from datetime import date
from typing import Final

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

# What a paper shows of a comparison; beyond that its readers are better served by the annex.
_MOST_ROWS: Final = 12
_MOST_SIGNS: Final = 8000


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


def changes(look: Material, version: TextVersion) -> data.PaperChanges | None:
    """What a paper says about the text of the round before; None if there is none, or the same.

    A short comparison stands in the paper itself; of a long one the places, and the annex shows it.
    """
    earlier_id = earlier_version(look.session, look.stage)
    if earlier_id is None:
        return None
    earlier = look.session.get_one(TextVersion, earlier_id)
    found = [d for d in compare(content_of(earlier), content_of(version)) if d.changed]
    if not found:
        return None
    rows = tuple(_condensed(_row(difference)) for difference in found)
    signs = sum(len(part.text) for row in rows for part in (*row.old, *row.new))
    short = len(rows) <= _MOST_ROWS and signs <= _MOST_SIGNS
    return data.PaperChanges(
        earlier=mark_of(earlier),
        reason=_reason(look),
        rows=rows if short else (),
        places=() if short else tuple(_place(difference) for difference in found),
    )


def _place(difference: Difference) -> str:
    """A changed place with its title, and what became of it."""
    title = (difference.new or difference.old or "").split("\n", 1)[0]
    what = "entfallen" if not difference.new else "geändert" if difference.old else "neu"
    if not difference.place.startswith("§"):
        return f"{difference.place}: {what}"
    return f"{difference.place} ({title}): {what}"


def _condensed(row: data.SynopsisRow) -> data.SynopsisRow:
    return row.model_copy(update={"old": _shortened(row.old), "new": _shortened(row.new)})


def _shortened(parts: tuple[data.SynopsisPart, ...]) -> tuple[data.SynopsisPart, ...]:
    """The parts without the lines in which nothing changes; the first, a title, stays."""
    lines: list[list[data.SynopsisPart]] = [[]]
    for part in parts:
        for number, text in enumerate(part.text.split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(part.model_copy(update={"text": text}))
    kept: list[data.SynopsisPart] = []
    omitted = False
    for number, line in enumerate(lines):
        if number and not any(part.changed for part in line):
            omitted = omitted or bool(line)
            continue
        kept += _on_a_new_line(line, omitted=omitted) if number else line
        omitted = False
    return tuple(kept + _omission() if omitted else kept)


def _on_a_new_line(line: list[data.SynopsisPart], *, omitted: bool) -> list[data.SynopsisPart]:
    return [*(_omission() if omitted else []), data.SynopsisPart(text="\n"), *line]


def _omission() -> list[data.SynopsisPart]:
    return [data.SynopsisPart(text="\n[…]")]


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
