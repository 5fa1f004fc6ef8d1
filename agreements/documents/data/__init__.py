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
from agreements.documents.data.annexes import (
    CostKeyData,
    RulesOfProcedureData,
    ServiceCatalogueData,
    ServiceItem,
    ShareRow,
)
from agreements.documents.data.authority import ApprovalData
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
from agreements.documents.data.instruments import (
    ChangeText,
    ContractText,
    DutyRow,
    FollowUpData,
    JointControllersData,
    LetterOfIntentData,
    MeasureRow,
    ProcessingData,
    SubprocessorRow,
    contract_fields,
)
from agreements.documents.data.journal import JournalData, JournalRow

__all__ = [
    "AgreementData",
    "AgreementParty",
    "AgreementText",
    "ApprovalData",
    "ChangeText",
    "ConditionRow",
    "ConsultationRow",
    "ContractText",
    "CostItem",
    "CostKeyData",
    "DocumentData",
    "DutyRow",
    "FollowUpData",
    "FundingApplicationData",
    "Hash",
    "JointControllersData",
    "JournalData",
    "JournalRow",
    "LetterOfIntentData",
    "MatrixData",
    "MatrixRow",
    "MeasureRow",
    "Money",
    "OtherFunds",
    "OtherFundsRow",
    "OwnShare",
    "PaperData",
    "Paragraph",
    "Part",
    "ProcessingData",
    "PublicationData",
    "ResolutionReference",
    "RulesOfProcedureData",
    "Section",
    "ServiceCatalogueData",
    "ServiceItem",
    "ShareRow",
    "SignedBy",
    "SubprocessorRow",
    "SynopsisData",
    "SynopsisPart",
    "SynopsisRow",
    "TextMark",
    "contract_fields",
    "sections_of",
    "text_fields",
]
