"""The typed data of each document. Templates read these names and decide nothing.

One module per kind of document; what others use of them stands here.
"""

from agreements.documents.data.agreement import (
    AgreementData,
    AgreementParty,
    AgreementText,
    Paragraph,
    PublicationData,
    Section,
    SignedBy,
    sections_of,
    text_fields,
)
from agreements.documents.data.authority import (
    ApprovalData,
    CertificateRequestData,
    ClockRow,
    EndFilingData,
    FictionNoteData,
)
from agreements.documents.data.base import DocumentData, Hash, Money, Part, TextMark
from agreements.documents.data.councils import (
    ConsultationRow,
    MatrixData,
    MatrixRow,
    PaperData,
    ResolutionReference,
    SynopsisData,
    SynopsisPart,
    SynopsisRow,
)
from agreements.documents.data.funding import (
    ConditionRow,
    CostItem,
    FundingApplicationData,
    OtherFunds,
    OtherFundsRow,
    OwnShare,
)
from agreements.documents.data.journal import JournalData, JournalRow
from agreements.documents.data.minutes import (
    Attendance,
    MinutesItem,
    MinutesTask,
    SteeringMinutesData,
)
from agreements.documents.data.publication import NoticeData, PublicationRequestData
from agreements.documents.data.records import (
    CaseFileData,
    CaseFileEntry,
    CaseFileResolution,
    ClosingNoteData,
    Milestone,
    Original,
)
from agreements.documents.data.signing import (
    SheetParty,
    Signatory,
    SigningData,
    SigningParty,
    SigningSheetData,
)

__all__ = [
    "AgreementData",
    "AgreementParty",
    "AgreementText",
    "ApprovalData",
    "Attendance",
    "CaseFileData",
    "CaseFileEntry",
    "CaseFileResolution",
    "CertificateRequestData",
    "ClockRow",
    "ClosingNoteData",
    "ConditionRow",
    "ConsultationRow",
    "CostItem",
    "DocumentData",
    "EndFilingData",
    "FictionNoteData",
    "FundingApplicationData",
    "Hash",
    "JournalData",
    "JournalRow",
    "MatrixData",
    "MatrixRow",
    "Milestone",
    "MinutesItem",
    "MinutesTask",
    "Money",
    "NoticeData",
    "Original",
    "OtherFunds",
    "OtherFundsRow",
    "OwnShare",
    "PaperData",
    "Paragraph",
    "Part",
    "PublicationData",
    "PublicationRequestData",
    "ResolutionReference",
    "Section",
    "SheetParty",
    "Signatory",
    "SignedBy",
    "SigningData",
    "SigningParty",
    "SigningSheetData",
    "SteeringMinutesData",
    "SynopsisData",
    "SynopsisPart",
    "SynopsisRow",
    "TextMark",
    "sections_of",
    "text_fields",
]
