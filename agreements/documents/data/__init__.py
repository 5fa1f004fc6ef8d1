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
from agreements.documents.data.authority import ApprovalData
from agreements.documents.data.base import DocumentData, Hash, Money, Part, TextMark
from agreements.documents.data.bundle import ContentsData, ContentsRow
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

__all__ = [
    "AgreementData",
    "AgreementParty",
    "AgreementText",
    "ApprovalData",
    "ConditionRow",
    "ConsultationRow",
    "ContentsData",
    "ContentsRow",
    "CostItem",
    "DocumentData",
    "FundingApplicationData",
    "Hash",
    "JournalData",
    "JournalRow",
    "MatrixData",
    "MatrixRow",
    "Money",
    "OtherFunds",
    "OtherFundsRow",
    "OwnShare",
    "PaperData",
    "Paragraph",
    "Part",
    "PublicationData",
    "ResolutionReference",
    "Section",
    "SignedBy",
    "SynopsisData",
    "SynopsisPart",
    "SynopsisRow",
    "TextMark",
    "sections_of",
    "text_fields",
]
