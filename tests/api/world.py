"""A small world for the API's tests: the sample region, its people, the machine's part.

Everything happens on one day; what people do is done over HTTP.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from agreements import automation, people
from agreements.automation import StageView
from agreements.documents.store import DocumentStore
from agreements.funding.rules import guideline, quote
from agreements.ids import new_id
from agreements.model.enums import Awaits, TokenKind
from agreements.model.people import User
from agreements.regions.assemble import sample_region
from tests.api.server import PLAIN
from tests.machine import STEPS, Machine, Suspended, drive
from tests.saved import OwnDatabase, once

NOW: Final = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
TODAY: Final = NOW.date().isoformat()
YESTERDAY: Final = (NOW - timedelta(days=1)).date().isoformat()
TOMORROW: Final = (NOW + timedelta(days=1)).date().isoformat()

KREIS, BERGKAMEN, KAMEN, SCHWERTE = "05978", "05978004", "05978020", "05978028"
# AGS -> the last part of the sample users' names.
SLUGS: Final = {
    SCHWERTE: "schwerte",
    KREIS: "kreis-unna",
    KAMEN: "kamen",
    BERGKAMEN: "bergkamen",
}
PASSWORD: Final = "ein-langes-beispiel"
ELIGIBLE: Final = Decimal("400000.00")

START: Final[Mapping[str, Any]] = {
    "title": "Smart Region Kreis Unna",
    "subject": "Gemeinsame digitale Entwicklung der Region",
    "parties": list(SLUGS),
    "lead": SCHWERTE,
    "applicant": KREIS,
    "kreistag_order": "before_councils",
    "programme": "ikz-nrw",
    "started_on": TODAY,
}
AGREEMENT: Final[Mapping[str, Any]] = {
    "kind": "agreement",
    "purpose": "die digitale Entwicklung der Region gemeinsam zu gestalten",
    "tasks": ["den Aufbau und Betrieb einer gemeinsamen Datenplattform"],
    "chair": KREIS,
    "cost_key": {"reference_date": "2024-12-31", "census": "Zensus 2022"},
    "staff": "2.5",
    "written_on": TODAY,
}


@dataclass
class World:
    """A database with the sample region, and the served API on it."""

    address: str
    app: FastAPI
    engine: Engine
    sessions: sessionmaker[Session]
    store: DocumentStore
    documents: bool = False
    clients: list[httpx.Client] = field(default_factory=list)
    database: OwnDatabase | None = None
    _known: dict[str, httpx.Client] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def known(self) -> dict[str, Any]:
        """With which tokens people have come."""
        return dict(self._tokens)

    def recall(self, known: dict[str, Any]) -> None:
        """The same people go on with the same tokens."""
        self._tokens = dict(known)
        self._known.clear()

    def manner(self) -> Hashable:
        """With or without documents."""
        return self.documents

    def client(self, **headers: str) -> httpx.Client:
        """A client that is not signed in."""
        client = httpx.Client(
            base_url=f"{self.address}/api/v1",
            headers=headers,
            trust_env=False,
            verify=PLAIN,
            timeout=60,
        )
        self.clients.append(client)
        return client

    def as_(self, username: str) -> httpx.Client:
        """A client with a token of that person."""
        if username not in self._known:
            if username not in self._tokens:
                self._tokens[username] = self.token(username)
            self._known[username] = self.client(Authorization=f"Bearer {self._tokens[username]}")
        return self._known[username]

    def token(self, username: str, life: timedelta = timedelta(days=1)) -> str:
        """A fresh personal token."""
        with self.sessions.begin() as session:
            user = session.scalars(select(User).where(User.username == username)).one()
            return people.issue_token(session, user, TokenKind.PERSONAL, "Test", life)[0]

    def drive(self) -> None:
        """The machine's part: carry on what waits for it until none is left.

        With documents only where a test wants them: rendering them takes its time.
        """
        if self.documents:
            drive(self.sessions, self.store)
            return
        machine = Machine(self.sessions, self.store)
        while stages := machine.domain(_due):
            for stage in stages:
                _carry(machine, stage)

    @once
    def start(self, **changes: Any) -> str:  # noqa: ANN401  (JSON)
        """Start a case; returns its reference."""
        response = self.as_("recht.schwerte").post("/cases", json={**START, **changes})
        assert response.status_code == 201, response.text
        self.drive()
        return str(response.json()["reference"])

    @once
    def to_coordination(self) -> str:
        """A case whose parties are asked for their statements."""
        reference = self.start()
        lead = self.as_("recht.schwerte")
        ok(lead.post(f"/cases/{reference}/versions", json=AGREEMENT))
        self.complete("recht.schwerte", "submit_draft", submitted_on=TODAY)
        return reference

    @once
    def to_kreistag(self) -> str:
        """A case whose frozen text lies before the Kreisausschuss."""
        reference = self.to_coordination()
        for slug in SLUGS.values():
            self.complete(
                f"sb.{slug}", "give_statement", version=1, verdict="agreed", given_on=TODAY
            )
        self.complete("recht.schwerte", "freeze_version", version=1, frozen_on=TODAY)
        return reference

    @once
    def to_councils(self) -> str:
        """A case that lies before the first committee of each municipality."""
        reference = self.to_kreistag()
        for _ in range(2):
            self.resolve(reference, KREIS)
        self.drive()
        return reference

    @once
    def to_confirmation(self) -> str:
        """A case in which all councils have decided."""
        reference = self.to_councils()
        for ags in (SCHWERTE, KAMEN, BERGKAMEN):
            while self.task(f"sb.{SLUGS[ags]}", "record_resolution"):
                self.resolve(reference, ags)
        self.drive()
        return reference

    @once
    def to_signing(self) -> str:
        """A case whose signatories are asked to sign."""
        reference = self.to_confirmation()
        self.complete("recht.schwerte", "confirm_resolutions", confirmed_on=TODAY)
        return reference

    @once
    def to_authority(self) -> str:
        """A case that is signed and has to go to the authority."""
        reference = self.to_signing()
        for slug in SLUGS.values():
            ok(
                self.as_(f"unterschrift.{slug}").post(
                    f"/cases/{reference}/signatures", json=self.signature(reference, slug)
                )
            )
        self.drive()
        return reference

    def task(self, username: str, kind: str) -> dict[str, Any]:
        """The person's open task of that kind; empty if there is none."""
        found = ok(self.as_(username).get("/tasks", params={"kind": kind}))["items"]
        assert len(found) <= 1
        return found[0] if found else {}

    def complete(self, username: str, kind: str, **act: Any) -> dict[str, Any]:  # noqa: ANN401
        """Complete the person's open task of that kind, then let the machine do its part."""
        task = self.task(username, kind)
        content = {"kind": kind, **act}
        answer = ok(self.as_(username).post(f"/tasks/{task['id']}/complete", json=content))
        self.drive()
        return answer

    def resolution(self, reference: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        """A resolution on the frozen text."""
        return {
            "outcome": "adopted",
            "decided_on": TODAY,
            "text_hash": self.text_hash(reference),
            **changes,
        }

    def resolve(self, reference: str, ags: str) -> dict[str, Any]:
        """The body's next committee adopts."""
        return ok(
            self.as_(f"sb.{SLUGS[ags]}").post(
                f"/cases/{reference}/resolutions", json=self.resolution(reference)
            )
        )

    def signature(
        self,
        reference: str,
        slug: str = "kamen",
        **changes: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """A signature of the body's head under the frozen text."""
        return {
            "signed_on": TODAY,
            **signed_by(slug, NOW.date()),
            "text_hash": self.text_hash(reference),
            **changes,
        }

    def text_hash(self, reference: str) -> str:
        """The hash of the case's newest agreement text."""
        versions = ok(self.as_("recht.schwerte").get(f"/cases/{reference}/versions"))["items"]
        return str(versions[-1]["text_hash"])

    def close(self) -> None:
        """Close all clients."""
        for client in self.clients:
            client.close()


def signed_by(slug: str, day: date) -> dict[str, str]:
    """Who signs for a body of the sample region on a day."""
    ags = next(ags for ags, known in SLUGS.items() if known == slug)
    body = sample_region().body(ags)
    forms, second = body.forms, body.signatories[0]
    head = {"signatory_name": forms.head_name, "signatory_function": forms.head_title}
    # § 64 Abs. 1 GO NRW asked for two until July 2025.
    if day >= date(2025, 7, 10):
        return head
    return head | {"co_signatory_name": second.name, "co_signatory_function": second.function}


def finance_plan(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    """A finance plan that adds up, by the guideline of the day."""
    granted = quote(guideline("ikz-nrw", NOW.date()), len(SLUGS), ELIGIBLE, NOW.date())
    own = {"ags": KREIS, "name": "Kreis Unna", "amount": str(granted.own_contribution)}
    return {
        "plan": {
            "items": [{"label": "Datenplattform", "kind": "services", "amount": str(ELIGIBLE)}],
            "grant": str(granted.grant),
            "own_contributions": [own],
            **changes,
        },
        "description": "Aufbau der Datenplattform",
        "starts_on": "2027-01-01",
        "ends_on": "2029-12-31",
        "planned_on": TODAY,
    }


def _due(session: Session) -> list[StageView]:
    return [stage for stage in automation.live_stages(session) if stage.awaits is Awaits.MACHINE]


def _carry(machine: Machine, stage: StageView) -> None:
    run: UUID = stage.flow_run_id or new_id()
    if stage.flow_run_id is None:
        machine.domain(lambda s: automation.record_run(s, stage.id, stage.attempt, run))
    machine.domain(lambda s: automation.enter(s, stage.id, run))
    try:
        for step in STEPS[stage.kind]:
            # Documents have their own tests; rendering them would make these slow.
            if step is not Machine.write_documents:
                step(machine, stage.id)
    except Suspended:
        return


def ok(response: httpx.Response) -> dict[str, Any]:
    """The content of a successful answer."""
    assert response.is_success, response.text
    content: dict[str, Any] = response.json()
    return content


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a refusal with that status and code, after a look at its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["instance"] == response.request.url.path
    assert problem["title"]
    assert problem["detail"]
    return problem
