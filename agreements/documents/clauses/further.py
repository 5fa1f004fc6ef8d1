"""The texts beside the agreement: from their terms to their canonical content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agreements.documents.clauses.assembling import assemble_text
from agreements.documents.clauses.later import (
    AccessionTerms,
    AmendmentTerms,
    ExitTerms,
    GovernanceTerms,
    IntentTerms,
    JointControllersTerms,
    ProcessingTerms,
    RepealTerms,
)
from agreements.documents.clauses.texts import ClauseSet, clause_set
from agreements.documents.content import CanonicalContent
from agreements.documents.forms import BodyForms

FurtherTerms = (
    AccessionTerms
    | AmendmentTerms
    | ExitTerms
    | GovernanceTerms
    | IntentTerms
    | JointControllersTerms
    | ProcessingTerms
    | RepealTerms
)

_KINDS: Final[Mapping[type, str]] = {
    AccessionTerms: "accession",
    AmendmentTerms: "amendment",
    ExitTerms: "exit",
    GovernanceTerms: "governance",
    IntentTerms: "letter_of_intent",
    JointControllersTerms: "joint_controllers",
    ProcessingTerms: "processing",
    RepealTerms: "repeal",
}


def texts_for(terms: FurtherTerms, land: str = "NW") -> ClauseSet:
    """The clause texts of a kind; StepFailure if the Land has none."""
    return clause_set(f"{_KINDS[type(terms)]}_{land.lower()}")


def assemble_further(terms: FurtherTerms, land: str = "NW") -> CanonicalContent:
    """The text for these terms. An amendment's commands stand in its first section."""
    texts = texts_for(terms, land)
    parties = tuple((body, _designation(terms, body)) for body in terms.parties)
    content = assemble_text(texts, terms, parties)
    if not isinstance(terms, AmendmentTerms):
        return content
    first, *rest = content.clauses
    changes = tuple("\n".join((c.instruction, *c.wording)) for c in terms.changes)
    amended = first.model_copy(update={"paragraphs": (*first.paragraphs, *changes)})
    return content.model_copy(update={"clauses": (amended, *rest)})


def _designation(terms: FurtherTerms, body: BodyForms) -> str:
    if isinstance(terms, AccessionTerms) and body == terms.joining:
        return "beitretende Körperschaft"
    if isinstance(terms, ExitTerms) and body == terms.leaving:
        return "ausscheidende Körperschaft"
    if isinstance(terms, ProcessingTerms):
        return "Auftragsverarbeiterin" if body == terms.processor else "Verantwortliche"
    if isinstance(terms, JointControllersTerms):
        return "gemeinsam Verantwortliche"
    return "federführende Körperschaft" if body == terms.lead else ""
