"""Examples of what the file keeps, for both cases."""

from __future__ import annotations

from datetime import date

from agreements.documents import data, examples
from agreements.documents.examples import two_towns as second
from agreements.documents.forms import BodyForms


def _entry(number: int, stage: str, title: str, on: date, issue: int = 1) -> data.CaseFileEntry:
    return data.CaseFileEntry(
        number=number,
        stage=stage,
        title=title,
        issue=issue,
        dated_on=on,
        file_name=f"{title} ({issue}).docx" if issue > 1 else f"{title}.docx",
        digest=f"{number:02x}" * 32,
    )


def case_file() -> data.CaseFileData:
    """The file of the Smart Region at the end."""
    papers = tuple(
        _entry(3 + place, "Ratsbeschlüsse", f"Beschlussvorlage {body.short}", date(2026, 3, 9))
        for place, body in enumerate(examples.BODIES)
    )
    return data.CaseFileData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 8, 14),
        author=examples.LEAD.name,
        project=examples.PROJECT,
        subject="Gemeinsame digitale Entwicklung der Region",
        holder=examples.LEAD.name,
        parties=tuple(body.name for body in examples.BODIES),
        instrument="mandatierende öffentlich-rechtliche Vereinbarung",
        state="abgeschlossen",
        started_on=date(2026, 1, 15),
        ended_on=date(2026, 8, 9),
        text=examples.text_mark(),
        documents=(
            _entry(1, "Entwurf", "Entwurf der Vereinbarung", date(2026, 2, 2)),
            _entry(2, "Abstimmung", "Festgeschriebene Vereinbarung", date(2026, 3, 2)),
            *papers,
            _entry(14, "Unterzeichnung", "Ausfertigung", date(2026, 6, 15)),
            _entry(15, "Unterzeichnung", "Ausfertigung", date(2026, 6, 18), issue=2),
        ),
        resolutions=tuple(
            data.CaseFileResolution(
                body=reference.body.name,
                committee=reference.council,
                decided_on=reference.decided_on,
                paper_number=reference.paper_number,
                outcome="ungeändert beschlossen",
                round_label="Beschluss zur Vereinbarung",
            )
            for reference in examples.resolutions()
        ),
        journal_entries=312,
        journal_digest="d4" * 32,
    )


def case_file_second() -> data.CaseFileData:
    """A file that has only begun: one document, no resolution yet."""
    return data.CaseFileData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 9, 1),
        author=second.ERLMOOR.name,
        project=second.PROJECT,
        subject=second.SUBJECT,
        holder=second.BIRKENSTEIN.name,
        parties=tuple(body.name for body in second.BODIES),
        instrument="delegierende öffentlich-rechtliche Vereinbarung",
        state="läuft",
        started_on=date(2026, 8, 3),
        documents=(_entry(1, "Entwurf", "Entwurf der Vereinbarung", date(2026, 8, 24)),),
        journal_entries=1,
        journal_digest="e5" * 32,
    )


def closing_note() -> data.ClosingNoteData:
    """What remains of the Smart Region's case."""
    event = data.Milestone
    return data.ClosingNoteData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 9, 1),
        author=examples.LEAD.name,
        project=examples.PROJECT,
        subject="Gemeinsame digitale Entwicklung der Region",
        outcome="concluded",
        parties=tuple(body.name for body in examples.BODIES),
        lead=examples.LEAD.name,
        lead_seat=examples.LEAD.seat,
        instrument="mandatierende öffentlich-rechtliche Vereinbarung",
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        milestones=(
            event(on=date(2026, 1, 15), event="Vorgang begonnen"),
            event(on=date(2026, 3, 2), event="Textfassung festgeschrieben"),
            event(
                on=date(2026, 5, 7),
                event="Letzter Beschluss über die Vereinbarung",
                remark="11 von 11 Vertretungen",
            ),
            event(on=date(2026, 6, 30), event="Letzte Unterschrift"),
            event(
                on=date(2026, 7, 28),
                event="Genehmigung",
                remark="Bezirksregierung Arnsberg, 31.03.02-011",
            ),
            event(
                on=date(2026, 8, 8),
                event="Bekanntmachung",
                remark="Amtsblatt für den Regierungsbezirk Arnsberg, Ausgabe 32, Seite 245",
            ),
        ),
        effective_on=date(2026, 8, 9),
        effective_basis="§ 24 Abs. 4 GkG NRW",
        originals=(
            data.Original(
                what="Unterzeichnete Ausfertigung",
                where="Stadt Schwerte, Rechtsamt, Urkundensammlung Nr. 12",
            ),
            data.Original(
                what="Beglaubigte Auszüge aus den Niederschriften",
                where="Stadt Schwerte, Rechtsamt, Vorgangsakte",
            ),
        ),
        open_points=("Der Hinweis der Stadt Werne auf die Bekanntmachung steht noch aus.",),
        retention_until=date(2056, 12, 31),
        retention_basis="Aktenplan 10.24, 30 Jahre nach Ende der Vereinbarung",
        archive="Stadtarchiv Schwerte",
        documents=58,
        journal_entries=312,
        journal_digest="d4" * 32,
    )


def closing_note_second() -> data.ClosingNoteData:
    """A case that was withdrawn: nothing was concluded."""
    return data.ClosingNoteData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 10, 30),
        author=second.BIRKENSTEIN.name,
        project=second.PROJECT,
        subject=second.SUBJECT,
        outcome="withdrawn",
        outcome_reason="Der Rat der Gemeinde Erlmoor hat die Übertragung abgelehnt.",
        parties=tuple(body.name for body in second.BODIES),
        lead=second.BIRKENSTEIN.name,
        lead_seat=second.BIRKENSTEIN.seat,
        instrument="delegierende öffentlich-rechtliche Vereinbarung",
        milestones=(
            data.Milestone(on=date(2026, 8, 3), event="Vorgang begonnen"),
            data.Milestone(on=date(2026, 10, 29), event="Vorgang zurückgezogen"),
        ),
        retention_until=date(2036, 12, 31),
        retention_basis="Aktenplan 10.24, zehn Jahre",
        documents=1,
        journal_entries=1,
        journal_digest="e5" * 32,
    )


def _attended(body: BodyForms, votes: int = 1) -> data.Attendance:
    persons = () if body.short == "Selm" else (f"{body.head_title} {body.head_name}",)
    return data.Attendance(body=body, persons=persons, votes=votes)


def steering_minutes() -> data.SteeringMinutesData:
    """The third session; one party is missing, one item is put to the vote."""
    return data.SteeringMinutesData(
        file_reference=examples.REFERENCE,
        dated_on=date(2027, 3, 12),
        author=examples.LEAD.name,
        project=examples.PROJECT,
        session_number=3,
        held_on=date(2027, 3, 10),
        starts_at="14:00",
        ends_at="16:15",
        place="Kreishaus Unna, Sitzungssaal 2",
        chair="Landrat Martin Muster",
        minute_taker="Selma Schreib",
        attendance=tuple(_attended(body) for body in examples.BODIES),
        votes_present=10,
        votes_total=11,
        quorum=6,
        quorum_basis="§ 6 Absatz 3 der Vereinbarung",
        items=(
            data.MinutesItem(
                title="Genehmigung der Niederschrift der zweiten Sitzung",
                resolution="Die Niederschrift wird genehmigt.",
                yes=10,
                no=0,
                abstained=0,
                adopted=True,
            ),
            data.MinutesItem(
                title="Datenplattform: Vergabe der Hosting-Leistung",
                report=(
                    "Die Projektleitstelle stellt drei Angebote vor. Die Kosten liegen im Rahmen "
                    "des Wirtschaftsplans.",
                    "Die Stadt Lünen bittet um eine Ausstiegsklausel nach zwei Jahren.",
                ),
                resolution="Die Projektleitstelle schließt den Vertrag mit einer Laufzeit von vier "
                "Jahren und einem Kündigungsrecht nach zwei Jahren.",
                yes=8,
                no=1,
                abstained=1,
                adopted=True,
            ),
            data.MinutesItem(
                title="Verschiedenes", report=("Es liegen keine weiteren Punkte vor.",)
            ),
        ),
        tasks=(
            data.MinutesTask(
                what="Vertrag unterzeichnen und den Beteiligten übersenden",
                who="Projektleitstelle Schwerte",
                due_on=date(2027, 4, 15),
            ),
            data.MinutesTask(what="Ansprechpersonen benennen", who="alle Beteiligten"),
        ),
        next_on=date(2027, 6, 9),
        annexes=("Angebotsvergleich",),
    )


def steering_minutes_second() -> data.SteeringMinutesData:
    """A session without a quorum and without resolutions."""
    birkenstein, erlmoor = second.BODIES
    return data.SteeringMinutesData(
        file_reference=second.REFERENCE,
        dated_on=date(2027, 2, 3),
        author=birkenstein.name,
        project=second.PROJECT,
        session_number=1,
        held_on=date(2027, 2, 2),
        starts_at="9:30",
        ends_at="10:10",
        place="Rathaus Birkenstein, Raum 104",
        chair="Bürgermeisterin Dr. Henriette Sommerfeld",
        minute_taker="Till Protokoll",
        attendance=(
            data.Attendance(
                body=birkenstein, persons=("Bürgermeisterin Dr. Henriette Sommerfeld",), votes=1
            ),
            data.Attendance(body=erlmoor, votes=1),
        ),
        votes_present=1,
        votes_total=2,
        quorum=2,
        quorum_basis="§ 3 der Vereinbarung",
        items=(
            data.MinutesItem(
                title="Bericht über das erste Quartal",
                report=("Der Bericht wird zur nächsten Sitzung schriftlich vorgelegt.",),
            ),
        ),
    )


def journal_second() -> data.JournalData:
    """One entry of a journal of forty."""
    return data.JournalData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 11, 30),
        author=second.BIRKENSTEIN.name,
        project=second.PROJECT,
        parties=tuple(body.name for body in second.BODIES),
        retrieved_by="Ruth Justiz",
        retrieved_at="30.11.2026, 11:05:12 Uhr",
        notice="Der Auszug enthält einen Teil der Verlaufsakte.",
        total=40,
        last_digest="40" * 32,
        rows=(
            data.JournalRow(
                number=17,
                recorded_at="09.10.2026, 08:01:00 Uhr",
                who="Ruth Justiz",
                body=second.BIRKENSTEIN.name,
                legal_date=date(2026, 10, 8),
                act="Unterschrift erfasst",
                particulars="Form: Schriftform",
                digest="17" * 32,
            ),
        ),
    )
