"""Plays a story over the API: whoever has an open task answers it as the story tells.

Level-triggered like the machine itself: it looks at the stages that wait for people, so it
can be interrupted anywhere and goes on with any case that tells the same story.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from agreements import acts
from agreements.cases import PROCEDURE
from agreements.cli.client import ApiClient, Json
from agreements.demo.story import DISTRICT_KEY, Story
from agreements.errors import Refusal
from agreements.model.enums import ConsultationRole, Role, Round, StageKind, TaskKind, Verdict
from agreements.procedures.definition import Addressee, Procedure, latest
from agreements.regions.assemble import sample_region

# How long the case may stand still while the machine is on turn.
STANDSTILL_SECONDS: Final = 180.0
# The longer the machine takes, the rarer the looks: they take time from it.
LOOK_SECONDS: Final = 0.15
LONGEST_PAUSE: Final = 0.6

OVER: Final = frozenset(("done", "skipped", "superseded"))
Watch = Callable[[str, str, str], None]
"""Called after each acknowledged act with (stage key, kind of act, body)."""


class Player:
    """The people of the sample region, who know the story."""

    def __init__(self, api: ApiClient, story: Story) -> None:
        self.api, self.story = api, story
        self._watch: Watch = lambda stage, kind, body: None
        self._people = _people()
        self._procedure: Procedure = latest(PROCEDURE)
        self.lead = self._people[Role.LEGAL, story.case.lead]
        self.reference = ""
        self._answers: dict[TaskKind, Callable[[Json, Json], BaseModel | Json | None]] = {
            TaskKind.SUBMIT_DRAFT: lambda stage, task: story.drafted,
            TaskKind.GIVE_STATEMENT: self._statement,
            TaskKind.FREEZE_VERSION: self._freeze,
            TaskKind.RECORD_RESOLUTION: self._resolution,
            TaskKind.RECORD_SIGNATURE: self._signature,
            **self._fixed_answers(),
        }

    def watch(self, watch: Watch) -> None:
        """From now on tell ``watch`` of each act."""
        self._watch = watch

    def title_of(self, key: str) -> str:
        """What people read as the name of a stage."""
        return self._procedure.stage(key).title

    def start(self) -> str:
        """Begin the case; returns its reference."""
        case = self.api.post(self.lead, "/cases", self.story.case.model_dump(mode="json"))
        self.reference = case["reference"]
        return self.reference

    def play(self, reference: str, until: str | None = None) -> Json:
        """Play to the end, or until the stage waits for people; returns the case."""
        self.reference = reference
        last_seen: object = None
        seen_at, pause = time.monotonic(), LOOK_SECONDS
        while True:
            case = self.case()
            if _is_over(case) or (until is not None and _has_reached(case, until)):
                return case
            _refuse_if_stuck(case)
            if self._answer_all(case):
                seen_at, pause = time.monotonic(), LOOK_SECONDS
                continue
            if (seen := _signature(case)) != last_seen:
                last_seen, seen_at, pause = seen, time.monotonic(), LOOK_SECONDS
            if time.monotonic() - seen_at > STANDSTILL_SECONDS:
                raise self._standstill()
            time.sleep(pause)
            pause = min(pause * 1.3, LONGEST_PAUSE)

    def case(self) -> Json:
        """The case as the lead's legal staff sees it."""
        return self.api.get(self.lead, f"/cases/{self.reference}")

    def acts_expected(self) -> int:
        """How many acts of people the story tells, the start of the case among them."""
        story, parties = self.story, len(self.story.case.parties)
        wishes = sum(len(wanted) for wanted in story.coordination.wishes.values())
        texts = len(story.agreements) + (story.principle is not None)
        sittings = sum(len(told) for bodies in story.rounds.values() for told in bodies.values())
        rest = (4 + 2 * parties) * (story.conclusion is not None) + 3 * (story.funding is not None)
        return 1 + texts + 1 + wishes + parties + 1 + sittings + rest

    def acts_done(self) -> int:
        """How many acts of people the case's journal holds."""
        entries = self.api.pages(self.lead, f"/cases/{self.reference}/journal", limit=200)
        return sum(entry["actor"] != "vereinbar" for entry in entries)

    def _answer_all(self, case: Json) -> bool:
        """Answer every open task that the story knows an answer to; False if there was none."""
        answered = False
        for stage in case["stages"]:
            waits = stage["state"] == "open" and stage["awaits"] == "people"
            if not waits or self._comes_later(stage, case):
                continue
            answered = self._write_texts(stage) or answered
            for username in self._on_turn(stage):
                for task in self._tasks(username, stage):
                    answered = self._answer(username, stage, task) or answered
        return answered

    def _comes_later(self, stage: Json, case: Json) -> bool:
        """Whether another stage has to end first for things to happen in the order of their days.

        Documents show the case as it stands, so the same order gives the same documents.
        """
        own = self._days(stage)
        if own is None:
            return False
        others = (self._days(s) for s in case["stages"] if s["state"] not in OVER)
        return any(other is not None and other[1] < own[0] for other in others)

    def _days(self, stage: Json) -> tuple[date, date] | None:
        round_ = Round(stage["round"]) if stage["round"] else None
        return self.story.days(StageKind(stage["kind"]), round_)

    def _tasks(self, username: str, stage: Json) -> list[Json]:
        tasks = self.api.get(username, "/tasks", case=self.reference)["items"]
        return [task for task in tasks if task["stage_id"] == stage["id"]]

    def _answer(self, username: str, stage: Json, task: Json) -> bool:
        kind = TaskKind(task["kind"])
        answer = self._answers[kind](stage, task) if kind in self._answers else None
        if answer is None:
            return False
        content = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer
        self.api.post(username, f"/tasks/{task['id']}/complete", {"kind": kind, **content})
        self._watch(stage["key"], kind, task["body"]["ags"])
        return True

    def _on_turn(self, stage: Json) -> Iterator[str]:
        """The people who may have a task in the stage, in the procedure's order."""
        for task in self._procedure.stage(stage["key"]).tasks:
            for ags in self._addressees(task.of, StageKind(stage["kind"])):
                yield self._people[task.role, ags]

    def _addressees(self, of: Addressee, kind: StageKind) -> Iterable[str]:
        case = self.story.case
        if of is Addressee.LEAD:
            return (case.lead,)
        if of is Addressee.APPLICANT:
            return (case.applicant or case.lead,)
        district_decides = {
            StageKind.KREISTAG_DECISION: True,
            StageKind.COUNCIL_RESOLUTIONS: False,
        }.get(kind)
        return [a for a in case.parties if district_decides in (None, len(a) == DISTRICT_KEY)]

    # Texts: written by the lead's legal staff before anybody is asked about them

    def _write_texts(self, stage: Json) -> bool:
        if stage["kind"] == StageKind.DRAFTING:
            wanted = [self.story.principle] if self.story.principle else []
            return self._write(stage, [*wanted, self.story.agreements[0]])
        if stage["kind"] == StageKind.COORDINATION:
            number = self._newest()["number"]
            if number < len(self.story.agreements) and self._wishes_are_known(number):
                return self._write(stage, [self.story.agreements[number]], again=True)
        return False

    def _write(self, stage: Json, texts: Iterable[BaseModel], *, again: bool = False) -> bool:
        path = f"/cases/{self.reference}/versions"
        there = {v["kind"] for v in self.api.get(self.lead, path)["items"]}
        written = False
        for text in texts:
            content = text.model_dump(mode="json")
            if again or content["kind"] not in there:
                self.api.post(self.lead, path, content)
                self._watch(stage["key"], "write_version", self.story.case.lead)
                written = True
        return written

    def _wishes_are_known(self, number: int) -> bool:
        wanted = self.story.coordination.wishes.get(number, {})
        return wanted.keys() <= self._spoken(number)

    def _spoken(self, number: int) -> set[str]:
        given = self.api.get(self.lead, f"/cases/{self.reference}/statements")["items"]
        return {entry["body"]["ags"] for entry in given if entry["version"] == number}

    def _newest(self) -> Json:
        versions = self.api.get(self.lead, f"/cases/{self.reference}/versions")["items"]
        agreements = [version for version in versions if version["kind"] == "agreement"]
        return max(agreements, key=lambda version: int(version["number"]))

    # What each kind of task is answered with

    def _fixed_answers(self) -> Mapping[TaskKind, Callable[[Json, Json], BaseModel]]:
        found: list[BaseModel] = []
        if self.story.conclusion is not None:
            told = self.story.conclusion
            found += [told.confirmed, told.submitted, told.answered, told.published, told.notice]
        if self.story.funding is not None:
            plan = self.story.funding
            found += [plan.planned, plan.checked, plan.submitted]
        return {_kind_of(act): lambda stage, task, act=act: act for act in found}  # type: ignore[misc]

    def _statement(self, stage: Json, task: Json) -> BaseModel | None:
        told, ags = self.story.coordination, task["body"]["ags"]
        number = self._newest()["number"]
        if number == len(self.story.agreements):
            return acts.GiveStatement(
                version=number, verdict=Verdict.AGREED, given_on=told.agreed_on
            )
        wish = told.wishes.get(number, {}).get(ags)
        if wish is None or told.wished_on is None:
            return None
        return acts.GiveStatement(
            version=number,
            verdict=Verdict.CHANGES_WANTED,
            comment=wish,
            given_on=told.wished_on,
        )

    def _freeze(self, stage: Json, task: Json) -> BaseModel | None:
        number = self._newest()["number"]
        if number < len(self.story.agreements):
            return None
        if not set(self.story.case.parties) <= self._spoken(number):
            return None
        return acts.FreezeVersion(version=number, frozen_on=self.story.coordination.frozen_on)

    def _resolution(self, stage: Json, task: Json) -> Json | None:
        round_of_stage = self.story.rounds.get(Round(stage["round"]))
        if round_of_stage is None:
            return None
        clerk = self._people[Role.CLERK, task["body"]["ags"]]
        basis = self.api.get(clerk, f"/tasks/{task['id']}")["basis"]["consultation"]
        sitting = round_of_stage[task["body"]["ags"]][ConsultationRole(basis["role"])]
        return {**sitting.model_dump(mode="json"), "text_hash": basis["text_hash"]}

    def _signature(self, stage: Json, task: Json) -> BaseModel | None:
        if self.story.conclusion is None:
            return None
        on = self.story.conclusion.signed_on
        found = self.api.get(self.lead, f"/cases/{self.reference}/signing", on=str(on))
        [party] = [p for p in found["parties"] if p["body"]["ags"] == task["body"]["ags"]]
        head, *others = party["may_sign"]
        # § 64 Abs. 1 GO NRW asked for two until July 2025.
        second = others[0] if party["signatures_needed"] > 1 else {"name": None, "function": None}
        return acts.RecordSignature(
            signed_on=on,
            signatory_name=head["name"],
            signatory_function=head["function"],
            co_signatory_name=second["name"],
            co_signatory_function=second["function"],
            text_hash=self._newest()["text_hash"],
        )

    def _standstill(self) -> Refusal:
        missing = self.api.get(self.lead, f"/cases/{self.reference}/missing")["items"]
        reasons = " ".join(f"{m['stage']}: {' '.join(m['sentences'])}" for m in missing)
        return Refusal(
            "demo-stands-still",
            f"Der Vorgang {self.reference} kommt seit {STANDSTILL_SECONDS:.0f} Sekunden nicht "
            f"voran. {reasons} Die Protokolle liegen im Datenordner unter logs/.",
        )


def _people() -> dict[tuple[Role, str], str]:
    """Who has which role for which body in the sample region."""
    found: dict[tuple[Role, str], str] = {}
    for user in sample_region().users:
        for duty in user.duties:
            found.setdefault((duty.role, duty.body or ""), user.username)
    return found


def _kind_of(act: BaseModel) -> TaskKind:
    return TaskKind(act.model_dump()["kind"])


def _is_over(case: Json) -> bool:
    # The stages are read after the case: the last one may have closed in between.
    return case["state"] == "done" and all(stage["state"] in OVER for stage in case["stages"])


def _has_reached(case: Json, key: str) -> bool:
    stage = next(stage for stage in case["stages"] if stage["key"] == key)
    waits = stage["state"] == "open" and stage["awaits"] == "people"
    return waits or stage["state"] in OVER


def _signature(case: Json) -> Any:  # noqa: ANN401  (only compared)
    return [(s["state"], s["awaits"], s["reason"], s["flow_run_id"]) for s in case["stages"]]


def _refuse_if_stuck(case: Json) -> None:
    for stage in case["stages"]:
        if stage["halted_at"] is not None:
            raise Refusal(
                "demo-stage-halted",
                f"Der Schritt „{stage['title']}“ ist angehalten: {stage['halt_reason']}",
            )
        if stage["failure"] is not None:
            raise Refusal(
                "demo-stage-failed",
                f"Der Schritt „{stage['title']}“ ist gescheitert: {stage['failure']}",
            )
        if stage["state"] == "blocked":
            raise Refusal(
                "demo-stage-blocked",
                f"Der Schritt „{stage['title']}“ geht nicht weiter: {stage['reason']}",
            )
