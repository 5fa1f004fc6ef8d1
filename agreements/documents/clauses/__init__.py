"""From dated clause texts and the terms of one case to the text that councils resolve.

The clause texts are data (``*.yaml`` beside this file), each with the day from which it is
offered, its sources, and whether legal staff have verified it. Inside a text the strict sandbox
fills ``{{ lead.genitive }}`` and the like; ``{{ ref("kosten") }}`` names another section,
``{{ ref("kosten", 2) }}`` one of its paragraphs, ``{{ anlage("kosten") }}`` an annex. In text
that people write for one case only these references are filled.
"""

from __future__ import annotations

from agreements.documents.clauses.amending import Command, commands
from agreements.documents.clauses.assembling import (
    approval_reasons,
    assemble,
    assemble_principle,
    assemble_text,
    reasons,
    resolution_points,
)
from agreements.documents.clauses.choices import (
    AddClause,
    ClauseChoices,
    ClauseDetails,
    ClauseEdit,
    CostKeyMethod,
    DropClause,
    ReplaceClause,
    Votes,
)
from agreements.documents.clauses.further import assemble_further
from agreements.documents.clauses.later import (
    AccessionTerms,
    AmendmentTerms,
    BaseAgreement,
    ExitTerms,
    GovernanceTerms,
    IntentRole,
    IntentStep,
    IntentTerms,
    JointControllersTerms,
    ProcessingTerms,
    RepealTerms,
)
from agreements.documents.clauses.terms import (
    AdvanceShare,
    AgreementTerms,
    CostKeyTerms,
    PrincipleTerms,
)
from agreements.documents.clauses.texts import ClauseSet, clause_set, clause_sets, offered
from agreements.documents.clauses.variants import objections

__all__ = [
    "AccessionTerms",
    "AddClause",
    "AdvanceShare",
    "AgreementTerms",
    "AmendmentTerms",
    "BaseAgreement",
    "ClauseChoices",
    "ClauseDetails",
    "ClauseEdit",
    "ClauseSet",
    "Command",
    "CostKeyMethod",
    "CostKeyTerms",
    "DropClause",
    "ExitTerms",
    "GovernanceTerms",
    "IntentRole",
    "IntentStep",
    "IntentTerms",
    "JointControllersTerms",
    "PrincipleTerms",
    "ProcessingTerms",
    "RepealTerms",
    "ReplaceClause",
    "Votes",
    "approval_reasons",
    "assemble",
    "assemble_further",
    "assemble_principle",
    "assemble_text",
    "clause_set",
    "clause_sets",
    "commands",
    "objections",
    "offered",
    "reasons",
    "resolution_points",
]
