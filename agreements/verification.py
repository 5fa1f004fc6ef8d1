"""Whether the journals of all cases are as they were written, and as the checkpoints saw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ScalarResult, exists, select, text
from sqlalchemy.orm import Session

from agreements import checkpoints, clock, journal
from agreements.errors import NotFound
from agreements.journal import End, Fault
from agreements.model.cases import Case
from agreements.model.records import Checkpoint, JournalEntry

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit, with a sentence for people.

    reference: the case; None if a checkpoint itself is broken. number: the first entry that does
    not fit. checkpoint: the one that proves it, if the chain alone does not.
    """

    reference: str | None
    number: int | None
    checkpoint: int | None
    fault: str
    sentence: str


@dataclass(slots=True)
class Report:
    """What fits so far (cases: looked at), and what does not: of each case the first link."""

    cases: int = 0
    entries: int = 0
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether everything fits."""
        return not self.findings


def verify(
    session: Session, references: Sequence[str] = (), *, known: Sequence[str] = ()
) -> Report:
    """Check the journals of the named cases, or of all, and all checkpoints.

    The session's transaction must be REPEATABLE READ where people work at the same time.
    known: hashes of checkpoints that were kept elsewhere; each must still be there. Raises
    NotFound for a case that neither exists nor stands in a checkpoint.
    """
    report = Report()
    for case_id, reference, end in _cases(session, references):
        report.cases += 1
        found = journal.first_broken(_counted(_chain(session, case_id), report), end)
        if found is not None:
            report.findings.append(
                Finding(reference, found.number, None, found.fault.value, found.sentence)
            )
    whole = _check_checkpoints(session, report, known)
    _check_states(session, report, set(references), whole)
    report.findings.sort(key=lambda found: (found.reference or "", found.checkpoint or 0))
    return report


def _cases(session: Session, references: Sequence[str]) -> list[tuple[UUID, str, End]]:
    query = select(Case.id, Case.reference, Case.journal_number, Case.journal_hash)
    if references:
        query = query.where(Case.reference.in_(references))
    found = [
        (row.id, row.reference, End(row.journal_number, row.journal_hash))
        for row in session.execute(query.order_by(Case.reference))
    ]
    for unknown in set(references) - {reference for _, reference, _ in found}:
        seen = exists().where(Checkpoint.states.contains([{"reference": unknown}]))
        if not session.scalar(select(seen)):
            raise NotFound("case-unknown", f"Den Vorgang {unknown} gibt es nicht.")
    return found


def _chain(session: Session, case_id: UUID) -> ScalarResult[JournalEntry]:
    return session.scalars(
        select(JournalEntry)
        .where(JournalEntry.case_id == case_id)
        .order_by(JournalEntry.number)
        .execution_options(yield_per=_AT_A_TIME, populate_existing=True)
    )


def _counted(chain: ScalarResult[JournalEntry], report: Report) -> Iterator[JournalEntry]:
    with chain:
        for entry in chain:
            report.entries += 1
            yield entry


def _check_checkpoints(session: Session, report: Report, known: Sequence[str]) -> int:
    """The number of the last checkpoint that fits: later ones prove nothing."""
    previous, whole, hashes = "", 0, set[str]()
    rows = session.scalars(
        select(Checkpoint).order_by(Checkpoint.number).execution_options(yield_per=1)
    )
    for checkpoint in rows:
        fault = _fault_of(checkpoint, whole + 1, previous)
        if fault is not None:
            report.findings.append(_of_checkpoint(whole + 1, fault))
            rows.close()
            break
        hashes.add(checkpoint.hash)
        previous, whole = checkpoint.hash, checkpoint.number
    for lost in [digest for digest in known if digest not in hashes]:
        sentence = (
            f"Einen Prüfpunkt mit der Prüfsumme {lost} gibt es nicht: Er wurde entfernt oder "
            "ersetzt, oder die Prüfsumme ist falsch abgeschrieben."
        )
        report.findings.append(Finding(None, None, None, Fault.MISSING.value, sentence))
    report.checkpoints = whole
    return whole


def _fault_of(checkpoint: Checkpoint, expected: int, previous: str) -> Fault | None:
    if checkpoint.number != expected:
        return Fault.MISSING
    whole = (
        checkpoint.digest == checkpoints.digest_of(checkpoint.states)
        and checkpoint.cases == len(checkpoint.states)
        and checkpoint.hash == checkpoints.hash_of(checkpoint)
    )
    if not whole:
        return Fault.CHANGED
    return Fault.LINK if checkpoint.previous_hash != previous else None


def _of_checkpoint(number: int, fault: Fault) -> Finding:
    sentence = {
        Fault.MISSING: f"Prüfpunkt {number} fehlt.",
        Fault.LINK: f"Prüfpunkt {number} schließt nicht an den vorigen an: Einer von beiden wurde "
        "nachträglich ersetzt.",
    }.get(fault, f"Prüfpunkt {number} wurde nachträglich geändert.")
    return Finding(None, None, number, fault.value, sentence)


# What a checkpoint saw of a case and is no longer so; of each case the earliest. ``confirmed``:
# how far an earlier checkpoint still fits, so the change lies behind that.
_DEVIATIONS = text("""
WITH seen AS (
    SELECT c.number AS checkpoint, c.taken_at, s.*, j.hash IS NOT DISTINCT FROM
        CASE WHEN s.journal_number > 0 THEN s.journal_hash END AND k.id IS NOT NULL AS fits
    FROM checkpoints c
    CROSS JOIN LATERAL jsonb_to_recordset(c.states)
        AS s(case_id uuid, reference text, journal_number int, journal_hash text)
    LEFT JOIN cases k ON k.id = s.case_id AND k.reference = s.reference
    LEFT JOIN journal j ON j.case_id = s.case_id AND j.number = s.journal_number
    WHERE c.number <= :whole
)
SELECT DISTINCT ON (case_id, reference) checkpoint, taken_at, reference, journal_number,
    (SELECT coalesce(max(e.journal_number), 0) FROM seen e
     WHERE e.case_id = d.case_id AND e.checkpoint < d.checkpoint AND e.fits) AS confirmed
FROM seen d WHERE NOT fits
ORDER BY case_id, reference, checkpoint
""")


def _check_states(session: Session, report: Report, references: set[str], whole: int) -> None:
    for row in session.execute(_DEVIATIONS, {"whole": whole}).all():
        if references and row.reference not in references:
            continue
        first = row.confirmed + 1
        # Two checkpoints may have seen the same state of a case that is gone.
        span = (
            f"Eintrag {first}"
            if first >= row.journal_number
            else (f"Einträge {first} bis {row.journal_number}")
        )
        taken = row.taken_at.astimezone(clock.BERLIN)
        sentence = (
            f"{span}: Bei Prüfpunkt {row.checkpoint} ({taken:%d.%m.%Y, %H:%M} Uhr) war der Verlauf "
            "ein anderer. Er wurde seitdem neu geschrieben, gekürzt oder mit dem Vorgang gelöscht."
        )
        report.findings.append(Finding(row.reference, first, row.checkpoint, "rewritten", sentence))
