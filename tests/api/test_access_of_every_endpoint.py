"""Every endpoint, every sort of actor: nobody reads or touches what is not theirs.

The endpoints come from the OpenAPI document, who may use them from ``access_table``. What is
touched is Kamen's, on a case in which Kamen is asked for every kind of decision. An input that
cannot be read at all is refused (422) before anybody looks who asks: it says nothing of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import String, cast, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from agreements import accounts, clock, course
from agreements.accounts import NewAccount
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.prepared import Compiled
from agreements.documents.template import DOCX
from agreements.model.base import Base
from agreements.model.bodies import Body, SessionFreePeriod
from agreements.model.cases import Case, Stage, Task
from agreements.model.conclusion import Approval, SignedCopy
from agreements.model.councils import Confidant, Resolution
from agreements.model.enums import (
    CopyKind,
    CopyState,
    MailKind,
    MailState,
    Role,
    StageKind,
    TaskKind,
    TaskState,
)
from agreements.model.funding import Application, FinancePlanVersion
from agreements.model.notices import Mail
from agreements.model.people import Token, User
from agreements.model.proposals import ProposalUpload
from agreements.model.records import Document
from agreements.model.templates import TemplateVersion
from agreements.model.work import SavedFilter, TaskAttachment
from api.app import app
from api.contract import operations
from tests.agreements.documents.word.making import Editing
from tests.api.access_table import ACTORS, OWN, TABLE
from tests.api.conftest import Stand
from tests.api.world import KAMEN, KREIS, TODAY, World, finance_plan, ok

OPERATIONS = list(operations(app.openapi()))
IDS = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]
each = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
reading, changing = (
    pytest.mark.parametrize(
        ("method", "path", "operation"),
        [entry for entry in OPERATIONS if (entry[0] == "get") is is_get],
        ids=[name for name in IDS if name.startswith("GET") is is_get],
    )
    for is_get in (True, False)
)
OF_A_RESOLUTION = (
    TaskKind.JUDGE_AMENDMENT,
    TaskKind.SETTLE_RESERVATION,
    TaskKind.CONFIRM_URGENT_DECISION,
)
MARK, BIASED = "Kamener Vermerk 4711", "Ottilie Befangen"
_numbers = count(1)


@dataclass(frozen=True)
class Prepared:
    """A database with the case, the actors' tokens, and what stands in the paths."""

    database: str
    secrets: dict[str, str]
    path: dict[str, str]
    marks: tuple[str, ...]


@dataclass
class Scene:
    """A copy of the prepared database behind the served API."""

    world: World
    prepared: Prepared
    client: httpx.Client

    def send(
        self,
        actor: str,
        method: str,
        path: str,
        operation: dict[str, Any],
        *,
        content: object = None,
        limit: int | None = None,
    ) -> httpx.Response:
        """The actor uses the endpoint on what is Kamen's, with its example as input."""
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        headers = {"Idempotency-Key": f"{actor}-{method}"} if "Idempotency-Key" in names else {}
        if secret := self.prepared.secrets.get(actor):
            headers["Authorization"] = f"Bearer {secret}"
        needed = {"body": KAMEN, "file_name": "Auszug.pdf"} if method == "post" else {}
        arguments = {name: value for name, value in needed.items() if name in names}
        sent = _sent(operation, content)
        return self.client.request(
            method,
            self.world.address + self.filled(path),
            headers=headers | sent.pop("headers", {}),
            params=arguments | ({"limit": str(limit)} if limit else {}),
            **sent,
        )

    def filled(self, path: str) -> str:
        """The path with what is Kamen's in the places of its parameters."""
        return re.sub(r"\{(\w+)\}", lambda found: self._value(found[1]), path)

    def _value(self, name: str) -> str:
        assert name in self.prepared.path, (
            f"Der Pfadparameter {name} ist neu: bitte in _prepared sagen, was dort von Kamen steht."
        )
        return self.prepared.path[name]

    def state(self) -> dict[str, str | None]:
        """A digest of every table; what the server keeps of the sign-ins is part of it."""
        with self.world.sessions() as session:
            return dict(_digests().execute(session, {}).fetchall())


@cache
def _digests() -> Compiled:
    """Of every table its name and a digest of its rows."""
    return Compiled(
        union_all(
            *(
                select(
                    literal(table.name).label("name"),
                    func.md5(
                        func.string_agg(
                            cast(table.table_valued(), String),
                            aggregate_order_by(literal("|"), cast(table.table_valued(), String)),
                        )
                    ),
                )
                for table in Base.metadata.sorted_tables
            )
        )
    )


def _sent(operation: dict[str, Any], content: object) -> dict[str, Any]:
    """What is sent: ``content``, else the example of the endpoint's input, or a file."""
    body = operation.get("requestBody")
    if body is None:
        return {}
    described = body["content"].get("application/json")
    if described is None:
        return {"content": b"%PDF-1.7", "headers": {"Content-Type": "application/pdf"}}
    # Of several examples, that for recording a resolution.
    examples = described["examples"]
    named = examples.get(TaskKind.RECORD_RESOLUTION.value) or next(iter(examples.values()))
    return {"json": content or named["value"]}


@pytest.fixture(scope="module")
def prepared(
    postgres: EmbeddedPostgres,
    region_template: str,
    stand: Stand,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Prepared]:
    """The case before the councils; Kamen has something of everything."""
    name = "access"
    postgres.ensure_database(name, template=region_template)
    with stand(name, tmp_path_factory.mktemp("access")) as world:
        reference = world.to_coordination()
        _propose(world, reference)
        _go_on_to_councils(world, reference)
        world.complete("recht.kreis-unna", "draft_finance_plan", **finance_plan())
        _speak_for_kamen(world, reference)
        found = _prepared(world, reference, name)
    yield found
    postgres.drop_database(name)


def _propose(world: World, reference: str) -> None:
    """Kamen wants another wording of the text."""
    clerk, case = world.as_("sb.kamen"), f"/cases/{reference}"
    editing = Editing(clerk.get(f"{case}/versions/agreement/1/word").content, MARK)
    editing.replace("Stadt", MARK)
    headers = {"Content-Type": DOCX}
    path = f"{case}/proposals?file_name=Kamen.docx"
    ok(clerk.post(path, content=editing.saved(), headers=headers))
    with world.sessions.begin() as session:
        # Every scene has this file in its store.
        content_hash = world.store.put(MARK.encode())
        session.execute(update(ProposalUpload).values(content_hash=content_hash))


def _go_on_to_councils(world: World, reference: str) -> None:
    for slug in ("schwerte", "kreis-unna", "kamen", "bergkamen"):
        comment = MARK if slug == "kamen" else ""
        act = {"version": 1, "verdict": "agreed", "given_on": TODAY, "comment": comment}
        world.complete(f"sb.{slug}", "give_statement", **act)
    world.complete("recht.schwerte", "freeze_version", version=1, frozen_on=TODAY)
    for _ in range(2):
        world.resolve(reference, KREIS)
    world.drive()


def _speak_for_kamen(world: World, reference: str) -> None:
    """A resolution, a confidant, somebody biased, a document, and every kind of task."""
    case, clerk = f"/cases/{reference}", world.as_("sb.kamen")
    ok(clerk.post(f"{case}/resolutions", json=world.resolution(reference, remark=MARK)))
    ok(clerk.post(f"{case}/confidants", json={"body": KAMEN, "username": "recht.schwerte"}))
    biased = {"name": BIASED, "function": "Ratsmitglied", "reason": MARK, "declared_on": TODAY}
    ok(clerk.post(f"{case}/exclusions", json={"body": KAMEN, **biased}))
    with world.sessions.begin() as session:
        accounts.add(session, NewAccount("aufsicht", "Aufsicht", [(Role.AUTHORITY, KREIS)]))
        row = session.scalars(select(Case).where(Case.reference == reference)).one()
        body = session.scalars(select(Body).where(Body.ags == KAMEN)).one()
        stage = session.scalars(
            select(Stage).where(
                Stage.case_id == row.id, Stage.kind == StageKind.COUNCIL_RESOLUTIONS
            )
        ).first()
        assert stage is not None
        document = _document(world, row, stage, body)
        session.add(document)
        session.flush()
        _signed_copy(session, document, body)
        _ask_for_everything(session, row, stage, body)
        _go_outside(session, row, stage)
    _leave_remarks(world)


def _leave_remarks(world: World) -> None:
    """An attachment at the task of Kamen's clerk, and a search that they keep."""
    clerk, task = world.as_("sb.kamen"), world.task("sb.kamen", "record_resolution")["id"]
    path = f"/tasks/{task}/attachments?file_name=Anlage.txt"
    ok(clerk.post(path, content=MARK.encode(), headers={"Content-Type": "text/plain"}))
    ok(clerk.post("/filters", json={"name": MARK, "query": {"q": MARK}}))


def _ask_for_everything(session: Session, case: Case, stage: Stage, body: Body) -> None:
    """Without open tasks a foreign act would fail for want of a task, not for its actor."""
    resolution = session.scalars(select(Resolution).where(Resolution.remark == MARK)).one()
    definitions = {t.kind: t for s in course.procedure_of(case).stages for t in s.tasks}
    for definition in definitions.values():
        about = resolution if definition.kind in OF_A_RESOLUTION else None
        if definition.kind is not TaskKind.RECORD_RESOLUTION:
            session.add(
                Task(
                    case_id=case.id,
                    stage_id=stage.id,
                    body_id=body.id,
                    role=definition.role,
                    kind=definition.kind,
                    consultation_id=about.consultation_id if about else None,
                    subject_id=about.id if about else None,
                    opened_at=clock.now(),
                )
            )


def _go_outside(session: Session, case: Case, stage: Stage) -> None:
    """What is at the supervisory authority and at the funding authority."""
    plan = session.scalars(select(FinancePlanVersion)).one()
    session.add(
        Approval(
            case_id=case.id,
            stage_id=stage.id,
            authority="Bezirksregierung Arnsberg",
            authority_basis="§ 29 Abs. 4 GkG NRW",
            requirement="approval",
            requirement_basis="§ 24 Abs. 2 GkG NRW",
        )
    )
    session.add(
        Application(
            case_id=case.id,
            stage_id=stage.id,
            plan_id=plan.id,
            programme="ikz-nrw",
            guideline="2021",
            authority="Bezirksregierung Arnsberg",
            parties=4,
            eligible=plan.eligible,
            grant=plan.grant,
            own_contribution=plan.own_contribution,
            reasons={"reasons": []},
            prepared_on=clock.today(),
        )
    )


def _signed_copy(session: Session, document: Document, body: Body) -> None:
    """The document as if it were what Kamen has signed: somebody has to look at it."""
    clerk = session.scalars(select(User.id).where(User.username == "sb.kamen")).one()
    session.add(
        SignedCopy(
            case_id=document.case_id,
            stage_id=document.stage_id,
            body_id=body.id,
            document_id=document.id,
            kind=CopyKind.SCAN,
            state=CopyState.TO_CONFIRM,
            text_hash="0" * 64,
            findings=[],
            signers=[],
            filed_by=clerk,
            filed_at=clock.now(),
        )
    )


def _document(world: World, case: Case, stage: Stage, body: Body) -> Document:
    content = MARK.encode()
    return Document(
        case_id=case.id,
        stage_id=stage.id,
        body_id=body.id,
        media_type="text/plain",
        purpose="paper",
        title=f"Beschlussvorlage ({MARK})",
        file_name="Beschlussvorlage Kamen.docx",
        content_hash=world.store.put(content),
        size=len(content),
        template="paper",
        template_hash="0" * 64,
        data_hash="0" * 64,
        dated_on=clock.today(),
        written_at=clock.now(),
    )


def _failed_mail(world: World, user_id: UUID) -> str:
    with world.sessions.begin() as session:
        session.get_one(User, user_id).email = "sb@kamen.de"
        mail = Mail(
            user_id=user_id,
            kind=MailKind.TASK,
            address="sb@kamen.de",
            subject="Aufgabe",
            plain=MARK,
            html=MARK,
            message_id="<failed@kamen.de>",
            state=MailState.FAILED,
            created_at=clock.now(),
            next_attempt_at=clock.now(),
        )
        session.add(mail)
        session.flush()
        return str(mail.id)


def _template_version(world: World, body_id: UUID) -> str:
    """A template of Kamen's, uploaded by somebody else than its legal office."""
    with world.sessions.begin() as session:
        uploader = session.scalars(select(User.id).where(User.username == "recht.schwerte")).one()
        version = TemplateVersion(
            template="matrix",
            body_id=body_id,
            number=1,
            file_name="Beschlussmatrix.docx",
            content_hash=world.store.put(MARK.encode()),
            size=len(MARK),
            note=MARK,
            uploaded_by=uploader,
            uploaded_at=clock.now(),
        )
        session.add(version)
        session.flush()
        return str(version.id)


def _prepared(world: World, reference: str, database: str) -> Prepared:
    absence = ok(
        world.as_("sb.kamen").post(
            "/absences",
            json={"first_day": "2026-07-01", "substitutions": [{"substitute": "recht.kamen"}]},
        )
    )
    calendar = ok(world.as_("sb.kamen").post("/calendars", json={"name": "Fristen"}))
    secrets = {actor: world.token(name) for actor, name in ACTORS.items() if name is not None}
    with world.sessions() as session:
        kamen = session.scalars(select(Body).where(Body.ags == KAMEN)).one()
        clerk = session.scalars(select(User.id).where(User.username == "sb.kamen")).one()
        task = session.scalars(
            select(Task).where(
                Task.body_id == kamen.id,
                Task.kind == TaskKind.RECORD_RESOLUTION,
                Task.state == TaskState.OPEN,
            )
        ).one()
        document = session.scalars(select(Document).where(Document.body_id == kamen.id)).one()
        confidant = session.scalars(select(Confidant)).one()
        resolution = session.scalars(select(Resolution).where(Resolution.remark == MARK)).one()
        attachment = session.scalars(select(TaskAttachment)).one()
        saved = session.scalars(select(SavedFilter)).one()
        upload = session.scalars(select(ProposalUpload.id)).one()
        token = session.scalars(select(Token).where(Token.user_id == clerk)).first()
        session_free = session.scalars(
            select(SessionFreePeriod.id).where(SessionFreePeriod.body_id == kamen.id)
        ).first()
        version_id = _template_version(world, kamen.id)
        assert token is not None
        path = {
            "reference": reference,
            "ags": KAMEN,
            "kind": "agreement",
            "bundle": "signing",
            "form": "zip",
            "number": "1",
            "other": "1",
            "stage_id": str(task.stage_id),
            "task_id": str(task.id),
            "document_id": str(document.id),
            "document_kind": "case_file",
            "confidant_id": str(confidant.id),
            "token_id": str(token.id),
            "consultation_id": str(task.consultation_id),
            "period_id": str(session_free),
            "resolution_id": str(resolution.id),
            "attachment_id": str(attachment.id),
            "filter_id": str(saved.id),
            "upload_id": str(upload),
            "absence_id": absence["id"],
            "calendar_id": calendar["calendar"]["id"],
            "secret": calendar["url"].rpartition("/")[2].removesuffix(".ics"),
            "mail_id": _failed_mail(world, clerk),
            "template_id": "matrix",
            "version_id": version_id,
            "substitution_id": absence["substitutions"][0]["id"],
        }
    marks = (MARK, path["task_id"], path["document_id"], path["confidant_id"], path["token_id"])
    return Prepared(database, secrets, path, marks)


@contextmanager
def _copied(
    postgres: EmbeddedPostgres, prepared: Prepared, stand: Stand, documents: Path
) -> Iterator[Scene]:
    name = f"access_{next(_numbers)}"
    postgres.ensure_database(name, template=prepared.database)
    with stand(name, documents) as world:
        world.store.put(MARK.encode())
        yield Scene(world, prepared, world.client())
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def scene(
    postgres: EmbeddedPostgres,
    prepared: Prepared,
    stand: Stand,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """One for all tests that change nothing."""
    with _copied(postgres, prepared, stand, tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest.fixture
def own_scene(
    postgres: EmbeddedPostgres, prepared: Prepared, stand: Stand, tmp_path: Path
) -> Iterator[Scene]:
    """One for a single test that changes something."""
    with _copied(postgres, prepared, stand, tmp_path) as scene:
        yield scene


@each
def test_an_endpoint_has_its_line_in_the_table(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert (method, path) in TABLE, (
        f"{method.upper()} {path} ist neu: bitte in tests/api/access_table.py sagen, wer ihn "
        "verwenden darf."
    )


def test_the_table_names_no_endpoint_that_is_gone() -> None:
    assert set(TABLE) == {(method, path) for method, path, _ in OPERATIONS}


@each
def test_nobody_else_gets_an_answer_or_changes_anything(
    scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    access = TABLE[method, path]
    before = scene.state()
    for actor in ACTORS.keys() - access.who:
        response = scene.send(actor, method, path, operation)
        expected = {401} if actor == "nobody" else {403, 404}
        assert response.status_code in expected, f"{actor}: {response.status_code} {response.text}"
        assert MARK not in response.text
    assert scene.state() == before


@reading
def test_whoever_may_look_gets_an_answer(
    scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    access = TABLE[method, path]
    for actor in access.who:
        response = scene.send(actor, method, path, operation)
        if access.absent is not None:
            assert response.status_code in {404, 409}
            assert response.json()["code"] == access.absent
        else:
            assert response.status_code == 200, f"{actor}: {response.text}"


@changing
def test_whoever_may_act_is_not_turned_away(
    own_scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    actors = [actor for actor in ACTORS if actor in TABLE[method, path].who]
    response = own_scene.send(actors[0], method, path, operation)
    if response.status_code == 403 and response.json()["code"] == "second-person-needed":
        response = own_scene.send(actors[1], method, path, operation)
    # Whether the act is due and the example fits the case is not the question.
    if (method, path) == ("post", "/api/v1/session"):
        # The example's password is none.
        assert response.json()["code"] == "wrong-credentials"
        return
    assert response.status_code in {200, 201, 204, 409, 422}, response.text


@reading
def test_what_is_read_holds_nothing_of_others(
    scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    if "{" in path.removeprefix("/api/v1/cases/{reference}"):
        return  # a path that names a thing is open to those alone who may see the thing
    marks = scene.prepared.marks
    legal = {"other legal", "lead legal"}
    for actor in TABLE[method, path].who - OWN:
        text = _all_pages(scene, actor, method, path, operation)
        hidden = (BIASED, marks[-1]) if actor in legal else (BIASED, *marks)
        if actor == "lead legal":
            # Kamen has named this person.
            hidden = (marks[-1],)
        found = [mark for mark in hidden if mark in text]
        assert not found, f"{actor} liest {found}"


def _all_pages(scene: Scene, actor: str, method: str, path: str, operation: dict[str, Any]) -> str:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    limit = 200 if "limit" in names else None
    response = scene.send(actor, method, path, operation, limit=limit)
    assert '"next_cursor":null' in response.text or "next_cursor" not in response.text
    return response.text


def test_the_own_people_read_what_is_hidden_from_others(scene: Scene) -> None:
    gets = [entry for entry in OPERATIONS if entry[0] == "get"]
    text = "".join(_all_pages(scene, "own clerk", *entry) for entry in gets)
    assert not [mark for mark in (BIASED, *scene.prepared.marks) if mark not in text]


@changing
def test_an_unreadable_input_tells_nothing_of_a_case(
    scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    accepted = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in accepted or "{reference}" not in path:
        return
    elsewhere = path.replace("{reference}", "IKZ-2026-9999")
    for actor in ACTORS:
        here = scene.send(actor, method, path, operation, content={"unknown": 1})
        there = scene.send(actor, method, elsewhere, operation, content={"unknown": 1})
        assert here.status_code in {401, 403, 404, 422}
        assert here.status_code != 422 or here.json()["code"] == "invalid-input"
        if "stranger" in actor or actor in ("authority", "nobody"):
            assert (here.status_code, here.json()["code"]) == (
                there.status_code,
                there.json()["code"],
            )
