"""Results as councils word them, read as a proposal."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agreements.glossary import label
from agreements.model.enums import Outcome
from agreements.results import ReadOutcome, ResultRole, read_result
from agreements.results.proposal import proposed_outcome
from api.dependencies import ActorDep
from api.rest.resolution_views import VotesView
from api.rest.schemas import Output

router = APIRouter(prefix="/results", tags=["Beschlüsse"])


class ReadText(BaseModel):
    """Ein Ergebnis, wie das Ratsinformationssystem oder die Niederschrift es nennt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, StringConstraints(max_length=4000)]
    role: ResultRole = ResultRole.DECISION


class ReadResultView(Output):
    """Was aus dem Text zu lesen ist: ein Vorschlag, den ein Mensch bestätigt.

    `proposal`: das vorzuschlagende Ergebnis; null: das muss ein Mensch sagen.
    """

    text: str
    outcome: ReadOutcome
    outcome_label: str = Field(examples=["beschlossen"])
    votes: VotesView
    unanimous: bool | None
    certain: bool = Field(description="der Text lässt keinen vernünftigen Zweifel")
    proposal: Outcome | None
    proposal_label: str | None


_TEXT: Final = {
    "Aus einer Niederschrift": Example(
        value={"text": "mit Stimmenmehrheit bei 2 Enthaltungen abgelehnt"}
    )
}


@router.post("/read", summary="Aus dem Wortlaut eines Ergebnisses einen Vorschlag lesen")
def read(
    actor: ActorDep, wanted: Annotated[ReadText, Body(openapi_examples=_TEXT)]
) -> ReadResultView:
    found = read_result(wanted.text, wanted.role)
    proposal = proposed_outcome(found, wanted.role)
    return ReadResultView(
        text=found.text,
        outcome=found.outcome,
        outcome_label=label(found.outcome),
        votes=VotesView(yes=found.yes, no=found.no, abstained=found.abstained),
        unanimous=found.unanimous,
        certain=found.certain,
        proposal=proposal,
        proposal_label=label(proposal) if proposal is not None else None,
    )
