"""The cases, for reading: which there are, who has decided what, and what each waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from agreements import access, overview, resolutions, sights
from agreements.dossier import filing
from agreements.dossier.jobs import Purpose
from agreements.glossary import label
from agreements.model.cases import Case, Stage
from agreements.model.councils import Consultation, Resolution
from agreements.model.enums import StageState
from agreements.model.records import Document
from agreements.queries import cases as queries
from agreements.queries import contents
from agreements.sights import Sight
from api.dependencies import ActorDep, SessionDep
from api.rest.schemas import stage_title
from api.web.deciding import words
from api.web.frame import Page, own_page

SHOWN: Final = 50
router = APIRouter(route_class=Page, prefix="/vorgaenge")


@router.get("")
def cases(session: SessionDep, actor: ActorDep, suche: str = "", ab: str = "") -> HTMLResponse:
    search = suche.strip()[:200]
    found = queries.cases(
        session, actor, search=search or None, state=None, cursor=ab or None, limit=SHOWN
    )
    kept = {"suche": search} if search else {}
    following = {**kept, "ab": found.next_cursor}
    return own_page(
        session,
        actor,
        "cases.html",
        lines=found.items,
        search=search,
        first_page=f"/vorgaenge?{urlencode(kept)}",
        next_page=f"/vorgaenge?{urlencode(following)}" if found.next_cursor else None,
        later_page=bool(ab),
    )


@router.get("/{reference}")
def case(reference: str, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    found, sight = access.visible_case(session, actor, reference)
    glance = overview.case_overview(session, found.id)
    return own_page(
        session,
        actor,
        "case.html",
        case=found,
        parties=[
            (party.body.name, ", ".join(label(role) for role in party.roles), party.left_on)
            for party in found.parties
        ],
        stands=words.stands(session, found),
        stages=glance.stages,
        not_due=label(StageState.NOT_DUE),
        deadlines=glance.deadlines,
        sees_contents=sight.contents,
        sees_all=sight.whole,
        decided=list(_decided(session, found, sight)) if sight.contents else [],
        documents=_documents(session, found, sight) if sight.contents else [],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What a committee has to decide or has decided. worth: whether it counts now."""

    stage: str
    body: str
    committee: str
    role: str
    public: bool
    said: str
    decided_on: date | None
    worth: str


def _decided(session: Session, case: Case, sight: Sight) -> Iterator[Line]:
    parties = {party.body_id: party.body.name for party in case.parties}
    for paper, stage in contents.papers(session, case, sight):
        for consultation in sorted(paper.consultations, key=lambda one: one.position):
            for resolution in consultation.resolutions or (None,):
                yield _line(case, stage, parties.get(paper.body_id, ""), consultation, resolution)


def _line(
    case: Case, stage: Stage, body: str, consultation: Consultation, resolution: Resolution | None
) -> Line:
    return Line(
        stage=stage_title(case, stage),
        body=body,
        committee=consultation.committee.name,
        role=label(consultation.role),
        public=consultation.public,
        said=label(consultation.state if resolution is None else resolution.outcome),
        decided_on=resolution.decided_on if resolution is not None else None,
        worth=_worth(resolution) if resolution is not None else "",
    )


def _worth(resolution: Resolution) -> str:
    since = [label(record.kind) for record in resolution.records]
    return ", ".join([label(resolutions.worth_of(resolution)), *since])


def _documents(session: Session, case: Case, sight: Sight) -> Sequence[Document]:
    """The newest of each that the person may read, the latest first."""
    newest = {
        _place(document): document
        for document in filing.documents_of(session, case.id)
        if sights.may_read(sight, document)
    }
    return sorted(newest.values(), key=lambda document: document.id, reverse=True)


def _place(document: Document) -> tuple[object, ...]:
    """What a newer document takes the place of; of signed copies each counts."""
    own = document.id if document.purpose == Purpose.SIGNED_COPY else document.subject_id
    return document.stage_id, document.purpose, document.body_id, own
