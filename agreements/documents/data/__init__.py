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
from agreements.documents.data.councils import (
    ConsultationRow,
    FinancialRow,
    MatrixData,
    MatrixRow,
    PaperChanges,
    PaperData,
    PaperSection,
    ResolutionReference,
    SynopsisData,
    SynopsisPart,
    SynopsisRow,
)
from agreements.documents.data.decisions import (
    ChangedPlace,
    ExtractData,
    LaterDecision,
    UrgentDecisionData,
    UrgentSignature,
    VoteCount,
)
from agreements.documents.data.funding import (
    ConditionRow,
    CostItem,
    FinancePlanData,
    FinancingData,
    FundingApplicationData,
    FundingLetterData,
    OtherFunds,
    OtherFundsRow,
    OwnShare,
    YearRow,
)
from agreements.documents.data.journal import JournalData, JournalRow

__all__ = [
    "AgreementData",
    "AgreementParty",
    "AgreementText",
    "ApprovalData",
    "ChangedPlace",
    "ConditionRow",
    "ConsultationRow",
    "CostItem",
    "DocumentData",
    "ExtractData",
    "FinancePlanData",
    "FinancialRow",
    "FinancingData",
    "FundingApplicationData",
    "FundingLetterData",
    "Hash",
    "JournalData",
    "JournalRow",
    "LaterDecision",
    "MatrixData",
    "MatrixRow",
    "Money",
    "OtherFunds",
    "OtherFundsRow",
    "OwnShare",
    "PaperChanges",
    "PaperData",
    "PaperSection",
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
    "UrgentDecisionData",
    "UrgentSignature",
    "VoteCount",
    "YearRow",
    "sections_of",
    "text_fields",
]
