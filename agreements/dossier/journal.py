"""The journal of a case as a readable document, for the person who asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, course
from agreements.documents import data
from agreements.dossier.particulars import Words, berlin, particulars, printable
from agreements.errors import Refusal
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.enums import PartyRole
from agreements.people import Actor
from agreements.queries.journal import Line, Visibility, event_label, notice

# So many take about 3 seconds; 5000 took 8.
MOST_ENTRIES: Final = 2000

_NOTES: Final = {
    Visibility.FULL: "",
    Visibility.MASKED: "Einzelheiten sind für die abrufende Person nicht einsehbar.",
    Visibility.HIDDEN: "Der Eintrag ist für die abrufende Person nicht einsehbar.",
}


def journal_data(
    session: Session,
    case: Case,
    actor: Actor,
    lines: Sequence[Line],
    first: int = 1,
    last: int | None = None,
) -> data.JournalData:
    """The data of the document; ``lines``: the whole journal as the actor may read it.

    first, last: numbers of the entries to print, both included. Raises Refusal if there are none
    or too many for one document.
    """
    printed = lines[first - 1 : last]
    _check(len(printed), len(lines))
    words = words_of(session, case)
    lead = next(party.body for party in case.parties if PartyRole.LEAD in party.roles)
    now = clock.now()
    return data.JournalData(
        file_reference=case.reference,
        dated_on=now.astimezone(clock.BERLIN).date(),
        author=lead.name,
        project=case.title,
        parties=tuple(party.body.name for party in case.parties),
        retrieved_by=actor.name,
        retrieved_at=berlin(now),
        notice=notice(lines),
        total=len(lines),
        last_digest=lines[-1].entry.hash,
        rows=tuple(_row(words, line) for line in printed),
    )


def _check(printed: int, total: int) -> None:
    if printed == 0:
        raise Refusal(
            "no-entries",
            f"In diesem Bereich liegt kein Eintrag; der Verlauf hat {total}.",
            "first",
            f"1 bis {total}",
        )
    if printed > MOST_ENTRIES:
        raise Refusal(
            "too-many-entries",
            f"Ein Dokument fasst höchstens {MOST_ENTRIES} Einträge, verlangt sind {printed}. Bitte "
            "mit „first“ und „last“ in Teilen abrufen oder als JSON.",
            "last",
            f"höchstens {MOST_ENTRIES} Einträge auf einmal",
        )


def words_of(session: Session, case: Case) -> Words:
    """What only the case and the installation know of the words of its journal."""
    # Bodies that have left, or that a task names, are no parties any more.
    bodies = session.execute(select(Body.ags, Body.name))
    stages = course.procedure_of(case).stages
    return Words(
        {row.ags: row.name for row in bodies}, {stage.key: stage.title for stage in stages}
    )


def _row(words: Words, line: Line) -> data.JournalRow:
    entry, note = line.entry, _NOTES[line.visibility]
    if line.visibility is Visibility.HIDDEN:
        return data.JournalRow(number=entry.number, note=note, digest=entry.hash)
    seen = data.JournalRow(
        number=entry.number,
        recorded_at=berlin(entry.recorded_at),
        act=printable(event_label(entry)),
        note=note,
        digest=entry.hash,
    )
    if line.visibility is Visibility.MASKED:
        return seen
    lines = particulars(words, entry.before, entry.after, entry.data)
    return seen.model_copy(
        update={
            "who": printable(entry.actor),
            "on_behalf_of": printable(entry.on_behalf_of or ""),
            "body": line.body.name if line.body else "",
            "legal_date": entry.legal_date,
            "reason": printable(entry.reason or ""),
            "legal_basis": printable(entry.legal_basis or ""),
            "particulars": "\n".join(lines),
        }
    )
