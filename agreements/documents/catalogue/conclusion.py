"""From the signatures to the entry into force, and to the end of the agreement."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.examples import conclusion
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("signing_set", "Ausfertigung zur Unterzeichnung",
             "Ausfertigung.docx", data.SigningData,
             "Ausfertigung zur Unterzeichnung, Textfassung {text.version}.docx",
             conclusion.signing_set, conclusion.signing_set_second),
    Template("signing_sheet", "Laufblatt zur Unterzeichnung",
             "Laufblatt zur Unterzeichnung.docx", data.SigningSheetData,
             "Laufblatt zur Unterzeichnung, Textfassung {text.version}.docx",
             conclusion.signing_sheet, conclusion.signing_sheet_second),
    Template("approval_application", "Antrag auf Genehmigung",
             "Antrag auf Genehmigung.docx", data.ApprovalData,
             "Antrag auf Genehmigung an {authority.name}.docx",
             examples.approval, conclusion.approval_second),
    Template("filing", "Anzeige der Vereinbarung",
             "Antrag auf Genehmigung.docx", data.ApprovalData,
             "Anzeige an {authority.name}.docx",
             examples.filing, conclusion.filing_second),
    Template("fiction_note", "Vermerk zur Genehmigungsfiktion",
             "Vermerk zur Genehmigungsfiktion.docx", data.FictionNoteData,
             "Vermerk zur Genehmigungsfiktion {file_reference}.docx",
             conclusion.fiction_note, conclusion.fiction_note_second),
    Template("certificate_request", "Antrag auf Bescheinigung der Genehmigungsfiktion",
             "Antrag auf Bescheinigung der Genehmigungsfiktion.docx", data.CertificateRequestData,
             "Antrag auf Bescheinigung der Genehmigungsfiktion an {authority.name}.docx",
             conclusion.certificate_request, conclusion.certificate_request_second),
    Template("publication_request", "Bitte um Bekanntmachung",
             "Bitte um Bekanntmachung.docx", data.PublicationRequestData,
             "Bitte um Bekanntmachung an {authority.name}.docx",
             conclusion.publication_request, conclusion.publication_request_second),
    Template("publication", "Bekanntmachungstext",
             "Bekanntmachung.docx", data.PublicationData,
             "Bekanntmachung {authority.gazette}.docx",
             examples.publication, conclusion.publication_second),
    Template("publication_notice", "Hinweisbekanntmachung",
             "Hinweisbekanntmachung.docx", data.NoticeData,
             "Hinweisbekanntmachung {body.short}.docx",
             conclusion.publication_notice, conclusion.publication_notice_second),
    Template("end_filing", "Anzeige der Beendigung",
             "Anzeige der Beendigung.docx", data.EndFilingData,
             "Anzeige der Beendigung an {authority.name}.docx",
             conclusion.end_filing, conclusion.end_filing_second),
)
# fmt: on
