"""Plays a case over HTTP: people act with their own accounts, time passes, the machine follows.

``Play`` knows one case of four parties. What people do is done through the API alone; the
machine's part is ``tests.machine``, with documents where a scenario looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import httpx

from agreements import automation, clock
from agreements.database.engine import transaction
from agreements.verification import verify
from tests.agreements.documents.reading import text_of
from tests.api.world import AGREEMENT, SLUGS, START, World, ok, signed_by
from tests.machine import drive

LEAD: Final = "recht.schwerte"
Json = dict[str, Any]


def noon(day: date) -> datetime:
    """Noon of that day."""
    return datetime.combine(day, time(10), UTC)


@dataclass
class Play:
    """One case and the people who act in it. ``writing``: the machine writes documents too."""

    world: World
    reference: str = ""
    writing: bool = False
    _clients: dict[tuple[str, int], httpx.Client] = field(default_factory=dict)

    @contextmanager
    def on(self, day: date) -> Iterator[str]:
        """Time passes: within the block it is that day, which is yielded as ISO text."""
        with clock.fixed(noon(day)):
            yield day.isoformat()

    @property
    def today(self) -> str:
        """The day on which people act now."""
        return clock.today().isoformat()

    @property
    def case(self) -> str:
        """The address of the case."""
        return f"/cases/{self.reference}"

    def as_(self, username: str) -> httpx.Client:
        """A client of that person; signed in anew every year."""
        key = (username, clock.today().year)
        if key not in self._clients:
            token = self.world.token(username, timedelta(days=365))
            self._clients[key] = self.world.client(Authorization=f"Bearer {token}")
        return self._clients[key]

    def post(self, username: str, path: str, **content: Any) -> Json:  # noqa: ANN401  (JSON)
        """Somebody acts in the case; then the machine does its part."""
        answer = ok(self.as_(username).post(f"{self.case}{path}", json=content))
        self.drive()
        return answer

    def refuse(self, username: str, path: str, **content: Any) -> Json:  # noqa: ANN401  (JSON)
        """Somebody tries to act in the case, and may not; the problem."""
        response = self.as_(username).post(f"{self.case}{path}", json=content)
        assert response.is_client_error, response.text
        problem: Json = response.json()
        return problem

    def get(self, path: str = "", username: str = LEAD) -> Json:
        """What somebody reads of the case."""
        return ok(self.as_(username).get(f"{self.case}{path}"))

    def drive(self) -> None:
        """The machine's part."""
        if self.writing:
            drive(self.world.sessions, self.world.store)
        else:
            self.world.drive()

    def start(self, **changes: Any) -> None:  # noqa: ANN401  (JSON)
        """Start the case of the four parties."""
        wanted = {**START, "started_on": self.today, **changes}
        self.reference = str(ok(self.as_(LEAD).post("/cases", json=wanted))["reference"])
        self.drive()

    def write(self, **changes: Any) -> Json:  # noqa: ANN401  (JSON)
        """The lead writes a version of the agreement."""
        wanted = {**AGREEMENT, "written_on": self.today, **changes}
        return self.post(LEAD, "/versions", **wanted)

    def complete(self, username: str, kind: str, **act: Any) -> Json:  # noqa: ANN401  (JSON)
        """Complete the person's one open task of that kind in this case."""
        task = self.task(username, kind)
        return self.finish(username, task["id"], kind=kind, **act)

    def finish(self, username: str, task_id: str, **act: Any) -> Json:  # noqa: ANN401  (JSON)
        """Complete a task."""
        answer = ok(self.as_(username).post(f"/tasks/{task_id}/complete", json=act))
        self.drive()
        return answer

    def task(self, username: str, kind: str) -> Json:
        """The person's one open task of that kind in this case."""
        [found] = self.tasks(username, kind)
        return found

    def tasks(self, username: str, kind: str | None = None) -> list[Json]:
        """The person's open tasks in this case."""
        wanted = {"case": self.reference} | ({"kind": kind} if kind else {})
        found: list[Json] = ok(self.as_(username).get("/tasks", params=wanted))["items"]
        return found

    def agree(self, version: int, **freezing: Any) -> None:  # noqa: ANN401  (JSON)
        """Every party agrees with the version, and the lead freezes it."""
        for slug in self.slugs():
            self.complete(
                f"sb.{slug}",
                "give_statement",
                version=version,
                verdict="agreed",
                given_on=self.today,
            )
        self.complete(LEAD, "freeze_version", version=version, frozen_on=self.today, **freezing)

    def slugs(self) -> list[str]:
        """The last part of the users' names of those who take part now."""
        parties = self.get()["parties"]
        return [SLUGS[p["body"]["ags"]] for p in parties if p["left_on"] is None]

    def to_councils(self) -> None:
        """From the start to the frozen text, and through the Kreistag."""
        if not self.reference:
            self.start()
        self.write()
        self.complete(LEAD, "submit_draft", submitted_on=self.today)
        self.agree(1)
        self.decide("kreis-unna")

    def resolve(
        self,
        slug: str,
        outcome: str = "adopted",
        **particulars: Any,  # noqa: ANN401  (JSON)
    ) -> Json:
        """The next committee of the body decides."""
        act = {
            "outcome": outcome,
            "decided_on": self.today,
            "text_hash": self._proposed(slug),
            **particulars,
        }
        return self.post(f"sb.{slug}", "/resolutions", **act)

    def _proposed(self, slug: str) -> str:
        """The text on which the body is to decide now."""
        [task] = self.tasks(f"sb.{slug}", "record_resolution")
        for paper in self.papers(slug, f"sb.{slug}"):
            if any(c["id"] == task["consultation_id"] for c in paper["consultations"]):
                return str(paper["text_hash"])
        raise AssertionError(slug)

    def decide(
        self,
        slug: str,
        outcome: str = "adopted",
        **particulars: Any,  # noqa: ANN401  (JSON)
    ) -> Json:
        """All committees of the body: those before the last recommend, the last one decides."""
        answer: Json = {}
        while tasks := self.tasks(f"sb.{slug}", "record_resolution"):
            consultation = self.consultation(tasks[0]["consultation_id"], f"sb.{slug}")
            if consultation["role"] == "decision":
                return self.resolve(slug, outcome, **particulars)
            answer = self.resolve(slug)
        return answer

    def decide_all(self) -> None:
        """Whoever still has to decide adopts; the councils' turn comes after the Kreistag's."""
        for _ in range(2):
            for slug in self.slugs():
                self.decide(slug)

    def consultation(self, consultation_id: str, username: str = LEAD) -> Json:
        """A consultation of the case."""
        for paper in self.papers(username=username):
            for consultation in paper["consultations"]:
                if consultation["id"] == consultation_id:
                    found: Json = consultation
                    return found
        raise AssertionError(consultation_id)

    def papers(self, slug: str | None = None, username: str = LEAD) -> list[Json]:
        """The papers of the case, of one body or of all."""
        found: list[Json] = self.get("/resolutions", username)["items"]
        return [p for p in found if slug is None or SLUGS[p["body"]["ags"]] == slug]

    def resolution(self, slug: str) -> Json:
        """The newest resolution of the body's deciding committee."""
        found = [
            resolution
            for paper in self.papers(slug, f"sb.{slug}")
            for consultation in paper["consultations"]
            if consultation["role"] == "decision"
            for resolution in consultation["resolutions"]
        ]
        newest: Json = max(found, key=lambda r: str(r["id"]))
        return newest

    def text_hash(self) -> str:
        """The hash of the newest agreement text."""
        versions = self.get("/versions")["items"]
        return str([v for v in versions if v["kind"] == "agreement"][-1]["text_hash"])

    def stage(self, key: str) -> Json:
        """A stage in its current round."""
        [found] = [s for s in self.get()["stages"] if s["key"] == key]
        stage: Json = found
        return stage

    def state(self, key: str) -> tuple[str, int]:
        """State and round of a stage."""
        stage = self.stage(key)
        return stage["state"], stage["number"]

    def take(self, detour: str, username: str = LEAD, **content: Any) -> Json:  # noqa: ANN401
        """Take a detour."""
        given = {"reason": "Beschluss des Lenkungskreises", "decided_on": self.today, **content}
        return self.post(username, f"/detours/{detour}", **given)

    def offered(self) -> set[str]:
        """The detours that the lead can take now."""
        ways = self.get("/detours")["items"]
        return {way["detour"] for way in ways if way["offered"]}

    def ask(
        self,
        stage: str,
        ags: str,
        role: str,
        title: str,
        **particulars: Any,  # noqa: ANN401  (JSON)
    ) -> Json:
        """The lead opens an ad-hoc task."""
        wanted = {"stage": stage, "body": ags, "role": role, "title": title, **particulars}
        return self.post(LEAD, "/tasks", reason=title, decided_on=self.today, **wanted)

    def answer(self, username: str, task: Json, result: str) -> None:
        """Somebody completes an ad-hoc task."""
        self.finish(username, task["id"], kind="ad_hoc", result=result, done_on=self.today)

    def extract(self, slug: str) -> Json:
        """The body's clerk files the certified extract of its newest resolution."""
        path = f"{self.case}/resolutions/{self.resolution(slug)['id']}/extract"
        return ok(
            self.as_(f"sb.{slug}").post(
                path,
                params={"file_name": f"Auszug {slug}.pdf"},
                content=b"%PDF-1.7 Auszug aus der Niederschrift",
                headers={"Content-Type": "application/pdf"},
            )
        )

    def confirm(self) -> None:
        """The lead states that all resolutions are there and on the same text."""
        self.complete(LEAD, "confirm_resolutions", confirmed_on=self.today)

    def sign(self, slug: str, username: str | None = None, **particulars: Any) -> Json:  # noqa: ANN401
        """A party signs."""
        return self.post(
            username or f"unterschrift.{slug}",
            "/signatures",
            **{
                "signed_on": self.today,
                **signed_by(slug, clock.today()),
                "text_hash": self.text_hash(),
                **particulars,
            },
        )

    def sign_all(self) -> None:
        """All who are asked sign."""
        for slug in self.slugs():
            if self.tasks(f"unterschrift.{slug}", "record_signature"):
                self.sign(slug)

    def to_force(self) -> None:
        """From the signatures to force: authority, publication, the day after it."""
        self.post(LEAD, "/approval/submission", applied_on=self.today, received_on=self.today)
        self.post(LEAD, "/approval/answer", answer="approved", answered_on=self.today)
        publication = {"gazette": "Amtsblatt", "issue": "22", "published_on": self.today}
        self.post(LEAD, "/publication", **publication)
        with self.on(clock.today() + timedelta(days=1)):
            self.new_day()
            assert self.state("entry_into_force")[0] == "done"

    def new_day(self) -> None:
        """What the machine does when a day has come."""
        with transaction(self.world.sessions) as session:
            waiting = automation.cases_waiting_for_a_day(session)
        for case_id in waiting:
            with transaction(self.world.sessions) as session:
                automation.judge_case(session, case_id)
        self.drive()

    def events(self, username: str = LEAD) -> list[str]:
        """The events of the journal that somebody sees, oldest first."""
        return [entry["event"] for entry in self.entries(username)]

    def entries(self, username: str = LEAD) -> list[Json]:
        """The journal that somebody sees, oldest first."""
        found: list[Json] = []
        cursor: str | None = None
        while True:
            wanted = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = ok(self.as_(username).get(f"{self.case}/journal", params=wanted))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def entry(self, event: str) -> Json:
        """The newest entry of that event."""
        return [entry for entry in self.entries() if entry["event"] == event][-1]

    def verify(self) -> None:
        """The journal's chain holds."""
        with transaction(self.world.sessions) as session:
            report = verify(session)
        assert report.findings == []
        assert report.entries

    def documents(self, username: str = LEAD) -> list[Json]:
        """The documents that somebody sees."""
        found: list[Json] = self.get("/documents", username)["items"]
        return found

    def text_of(self, document: Json, username: str = LEAD) -> str:
        """What stands in a document."""
        answer = self.as_(username).get(f"/documents/{document['id']}/content")
        assert answer.is_success, answer.text
        return text_of(answer.content)
