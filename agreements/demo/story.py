"""What happens in a demonstrated case: who decides what on which legal date, and its sources.

A fact that is not on record is marked as sample data or left unknown, never made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements import clock
from agreements.acts import (
    CheckFinancePlan,
    ConfirmResolutions,
    DraftFinancePlan,
    RecordAuthorityAnswer,
    RecordNotice,
    RecordPublication,
    SubmitApplication,
    SubmitDraft,
    SubmitToAuthority,
    Votes,
)
from agreements.cases import StartCase
from agreements.model.enums import ConsultationRole, Outcome, Round, StageKind
from agreements.wording import AgreementInput, PrincipleInput
from agreements.yaml_text import parsed


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(_Data):
    """A fact of the real case that is on record, and where."""

    fact: str
    source: str


class Sitting(_Data):
    """A committee decides. ``sample``: not on record; ``remark`` says what is."""

    decided_on: date
    outcome: Outcome = Outcome.ADOPTED
    votes: Votes = Votes()
    unanimous: bool | None = None
    remark: str = ""
    sample: bool = False


class Coordination(_Data):
    """The parties' statements: wishes to earlier versions, then agreement on the last one."""

    wishes: Mapping[int, Mapping[str, str]] = Field(
        default={}, description="version -> AGS -> what that party wants changed"
    )
    wished_on: date | None = None
    agreed_on: date
    frozen_on: date


class Conclusion(_Data):
    """From the confirmed resolutions to the parties' notices."""

    confirmed: ConfirmResolutions
    signed_on: date
    submitted: SubmitToAuthority
    answered: RecordAuthorityAnswer
    published: RecordPublication
    notice: RecordNotice


class Funding(_Data):
    """Finance plan, its check, and the application."""

    planned: DraftFinancePlan
    checked: CheckFinancePlan
    submitted: SubmitApplication


class Story(_Data):
    """A whole case, or its beginning: what is not told is left to people."""

    on_record: tuple[Record, ...] = ()
    case: StartCase
    principle: PrincipleInput | None = None
    agreements: tuple[AgreementInput, ...] = Field(min_length=1)
    drafted: SubmitDraft
    coordination: Coordination
    rounds: Mapping[Round, Mapping[str, Mapping[ConsultationRole, Sitting]]] = {}
    conclusion: Conclusion | None = None
    funding: Funding | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, bodies in self.rounds.items():
            if set(bodies) != set(self.case.parties):
                raise ValueError(f"round {name}: not the parties of the case")
        if set(self.coordination.wishes) - set(range(1, len(self.agreements))):
            raise ValueError("a wish to a version that no later one answers")
        return self

    def days(self, stage: StageKind, round_: Round | None) -> tuple[date, date] | None:
        """The first and the last day on which people act in a stage; None: nothing is told."""
        told = self._acts(stage, round_)
        return (min(told), max(told)) if told else None

    def _acts(self, stage: StageKind, round_: Round | None) -> list[date]:
        if stage is StageKind.DRAFTING:
            return [self.drafted.submitted_on]
        if stage is StageKind.COORDINATION:
            told = self.coordination
            return [told.wished_on or told.agreed_on, told.agreed_on, told.frozen_on]
        if stage in _COUNCILS and round_ is not None:
            return [
                sitting.decided_on
                for ags, sittings in self.rounds.get(round_, {}).items()
                if (len(ags) == DISTRICT_KEY) is (stage is StageKind.KREISTAG_DECISION)
                for sitting in sittings.values()
            ]
        return self._concluding(stage) + self._funding(stage)

    def _concluding(self, stage: StageKind) -> list[date]:
        if self.conclusion is None:
            return []
        told = self.conclusion
        days = {
            StageKind.RESOLUTIONS_CHECK: [told.confirmed.confirmed_on],
            StageKind.SIGNING: [told.signed_on],
            StageKind.SUPERVISORY_APPROVAL: [told.submitted.applied_on, told.answered.answered_on],
            StageKind.PUBLICATION: [told.published.published_on],
            StageKind.PUBLICATION_NOTICES: [told.notice.published_on],
        }
        return days.get(stage, [])

    def _funding(self, stage: StageKind) -> list[date]:
        if self.funding is None:
            return []
        told = self.funding
        days = {
            StageKind.FINANCE_PLAN: [told.planned.planned_on, told.checked.checked_on],
            StageKind.FUNDING_APPLICATION: [told.submitted.submitted_on],
        }
        return days.get(stage, [])


_COUNCILS = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)
# Digits of a Kreisschlüssel; a Gemeindeschlüssel has eight.
DISTRICT_KEY = 5


def load_story(name: str) -> Story:
    """The story of that name: ``smart_region`` (the real case) or ``sample_case`` (runs now)."""
    text = files("agreements.demo").joinpath(f"{name}.yaml").read_text("utf-8")
    return Story.model_validate(_with_days(parsed(text)))


def _with_days(value: object, key: str = "") -> object:
    """In a case that runs now, dates are given in days from today: ``…_on: -3``."""
    if isinstance(value, dict):
        return {name: _with_days(entry, str(name)) for name, entry in value.items()}
    if isinstance(value, list):
        return [_with_days(entry) for entry in value]
    if isinstance(value, int) and key.endswith("_on"):
        return clock.today() + timedelta(days=value)
    return value
