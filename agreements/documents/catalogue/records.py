"""What the file keeps."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.examples import records, second
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("steering_minutes", "Niederschrift des Lenkungskreises",
             "Niederschrift Lenkungskreis.docx", data.SteeringMinutesData,
             "Niederschrift Lenkungskreis, Sitzung {session_number}.docx",
             records.steering_minutes, records.steering_minutes_second),
    Template("journal", "Verlaufsakte",
             "Verlaufsakte.docx", data.JournalData,
             "Verlaufsakte {file_reference}.docx",
             examples.journal, records.journal_second),
    Template("closing_note", "Schlussvermerk",
             "Schlussvermerk.docx", data.ClosingNoteData,
             "Schlussvermerk {file_reference}.docx",
             records.closing_note, records.closing_note_second),
    Template("case_file", "Inhaltsverzeichnis der Vorgangsakte",
             "Inhaltsverzeichnis der Vorgangsakte.docx", data.CaseFileData,
             "Inhaltsverzeichnis der Vorgangsakte {file_reference}.docx",
             records.case_file, records.case_file_second),
    Template("contents", "Inhaltsverzeichnis",
             "Inhaltsverzeichnis.docx", data.ContentsData,
             "Inhaltsverzeichnis {title} {file_reference}.docx",
             examples.contents, second.contents),
)
# fmt: on
