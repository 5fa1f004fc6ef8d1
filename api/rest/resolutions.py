"""What happens to a resolution: objection, annulment, revocation, correction, extract, urgency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import access, councils, extracts, objections
from agreements.corrections import CorrectResolution, correct
from agreements.documents.store import DocumentStore
from agreements.model.cases import Case
from agreements.people import Actor
from agreements.queries import contents as queries
from agreements.sights import Sight
from api.dependencies import ActorDep, Once, OnceDep, Reply, SessionDep
from api.rest.body_calendar import MeetingDayView
from api.rest.resolution_views import (
    ExtractView,
    ResolutionView,
    SittingView,
    resolution_view,
)
from api.rest.schemas import Output
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body, media_type_of

router = APIRouter(prefix="/cases/{reference}", tags=["Beschlüsse"])


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts on the resolutions of which case, once; locks as in ``deciding``."""

    session: Session
    actor: Actor
    reference: str
    once: Once

    def on(self, resolution_id: UUID, use_case: Callable[[Case], UUID]) -> JSONResponse:
        """Act on a visible resolution; the answer is the one whose id ``use_case`` returns."""

        def work() -> Reply:
            case, sight = self.locked()
            queries.resolution(self.session, case, sight, resolution_id)
            return self._reply(case, sight, use_case(case))

        return self.once.run(work)

    def write(self, use_case: Callable[[Case], UUID]) -> JSONResponse:
        """Write a resolution; the answer is the one whose id ``use_case`` returns."""

        def work() -> Reply:
            case, sight = self.locked()
            return self._reply(case, sight, use_case(case))

        return self.once.run(work)

    def locked(self) -> tuple[Case, Sight]:
        """The case, locked, for people who see its contents."""
        case, sight = access.visible_case(self.session, self.actor, self.reference, lock=True)
        sight.require_contents()
        return case, sight

    def _reply(self, case: Case, sight: Sight, resolution_id: UUID) -> Reply:
        self.session.flush()
        found = queries.resolution(self.session, case, sight, resolution_id)
        items = {item.id: item for item in found.consultation.agenda_items}
        filed = extracts.extracts_of(self.session, [found.resolution.id])
        view = resolution_view(found.resolution, items, filed.get(found.resolution.id, []))
        return Reply(view, 201)


def _acting(reference: str, session: SessionDep, actor: ActorDep, once: OnceDep) -> Acting:
    return Acting(session, actor, reference, once)


ActingDep = Annotated[Acting, Depends(_acting)]


def _one(summary: str, **content: Any) -> dict[str, Example]:  # noqa: ANN401  (JSON)
    return {summary: Example(value=content)}


_HASH: Final = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
_OBJECTION: Final = _one(
    "Beanstandung",
    happened_on="2026-03-27",
    reason="Der Beschluss verletzt § 75 Abs. 1 GO NRW: Die Ausgabe ist nicht gedeckt.",
)
_LIFTING: Final = _one(
    "Beanstandung aufgehoben",
    happened_on="2026-04-10",
    reason="Die Deckung ist durch den Nachtragshaushalt gegeben.",
)
_ANNULMENT: Final = _one(
    "Aufhebung durch die Kommunalaufsicht",
    happened_on="2026-05-04",
    authority="Landrat des Kreises Unna als untere staatliche Verwaltungsbehörde",
    authority_reference="30.2-15/2026",
    reason="Das Gremium war nicht zuständig.",
)
_REVOCATION: Final = _one(
    "Der Rat hebt auf",
    happened_on="2026-05-07",
    votes={"yes": 22, "no": 12, "abstained": 1},
    reason="Der Rat will zuvor die Kosten prüfen lassen.",
)
_CORRECTION: Final = _one(
    "Ja- und Nein-Stimmen waren vertauscht",
    entry={
        "outcome": "adopted",
        "votes": {"yes": 31, "no": 4, "abstained": 0},
        "decided_on": "2026-03-26",
        "text_hash": _HASH,
    },
    reason="Abgleich mit der Niederschrift.",
)
_MEETING: Final = _one(
    "Ratssitzung",
    held_on="2026-03-26",
    starts_at="17:00:00",
    number="3/2026",
    place="Ratssaal",
    invited_on="2026-03-12",
    agenda_item="Ö 7",
)


@router.post(
    "/resolutions/{resolution_id}/objection",
    summary="Die Beanstandung eines Beschlusses festhalten",
    status_code=201,
    response_model=ResolutionView,
)
def object_to(
    resolution_id: UUID,
    acting: ActingDep,
    wanted: Annotated[objections.RecordObjection, Body(openapi_examples=_OBJECTION)],
) -> JSONResponse:
    return acting.on(
        resolution_id,
        lambda case: (
            objections.object_to(
                acting.session, acting.actor, case, resolution_id, wanted
            ).resolution_id
        ),
    )


@router.post(
    "/resolutions/{resolution_id}/objection/lifting",
    summary="Die Aufhebung einer Beanstandung festhalten",
    status_code=201,
    response_model=ResolutionView,
)
def lift_objection(
    resolution_id: UUID,
    acting: ActingDep,
    wanted: Annotated[objections.LiftObjection, Body(openapi_examples=_LIFTING)],
) -> JSONResponse:
    return acting.on(
        resolution_id,
        lambda case: (
            objections.lift(acting.session, acting.actor, case, resolution_id, wanted).resolution_id
        ),
    )


@router.post(
    "/resolutions/{resolution_id}/annulment",
    summary="Die Aufhebung eines Beschlusses durch die Aufsichtsbehörde festhalten",
    status_code=201,
    response_model=ResolutionView,
)
def annul(
    resolution_id: UUID,
    acting: ActingDep,
    wanted: Annotated[objections.RecordAnnulment, Body(openapi_examples=_ANNULMENT)],
) -> JSONResponse:
    return acting.on(
        resolution_id,
        lambda case: (
            objections.annul(
                acting.session, acting.actor, case, resolution_id, wanted
            ).resolution_id
        ),
    )


@router.post(
    "/resolutions/{resolution_id}/revocation",
    summary="Die Aufhebung eines Beschlusses durch das Gremium festhalten",
    status_code=201,
    response_model=ResolutionView,
)
def revoke(
    resolution_id: UUID,
    acting: ActingDep,
    wanted: Annotated[objections.RecordRevocation, Body(openapi_examples=_REVOCATION)],
) -> JSONResponse:
    return acting.on(
        resolution_id,
        lambda case: (
            objections.revoke(
                acting.session, acting.actor, case, resolution_id, wanted
            ).resolution_id
        ),
    )


@router.post(
    "/resolutions/{resolution_id}/correction",
    summary="Einen falschen Eintrag durch eine zweite Person berichtigen",
    status_code=201,
    response_model=ResolutionView,
)
def correct_entry(
    resolution_id: UUID,
    acting: ActingDep,
    wanted: Annotated[CorrectResolution, Body(openapi_examples=_CORRECTION)],
) -> JSONResponse:
    return acting.on(
        resolution_id,
        lambda case: correct(acting.session, acting.actor, case, resolution_id, wanted).id,
    )


@router.post(
    "/resolutions/{resolution_id}/extract",
    summary="Den Auszug aus der Niederschrift als Datei ablegen",
    status_code=201,
    response_model=ExtractView,
    dependencies=[LimitedLength],
    openapi_extra=file_body(extracts.ACCEPTED),
)
def file_extract(
    resolution_id: UUID,
    request: Request,
    acting: ActingDep,
    content: FileContent,
    file_name: FileName,
) -> JSONResponse:
    def work() -> Reply:
        case, sight = acting.locked()
        queries.resolution(acting.session, case, sight, resolution_id)
        document = extracts.file_extract(
            acting.session,
            acting.actor,
            case,
            resolution_id,
            content,
            media_type_of(request),
            file_name,
            DocumentStore(request.app.state.settings.documents),
        )
        acting.session.flush()
        return Reply(ExtractView.of(document), 201)

    return acting.once.run(work)


class ScheduledView(Output):
    """Die vorgesehene Sitzung und die Fristen, die dieser Tag versäumt."""

    sitting: SittingView
    missed: list[str] = Field(description="versäumte Fristen als Sätze; leer: keine")
    day: MeetingDayView = Field(description="Ladungsfrist und sitzungsfreie Zeit")


@router.post(
    "/consultations/{consultation_id}/meeting",
    summary="Eine Beratung für eine Sitzung vorsehen",
    status_code=201,
    response_model=ScheduledView,
)
def schedule(
    consultation_id: UUID,
    acting: ActingDep,
    wanted: Annotated[councils.ScheduleMeeting, Body(openapi_examples=_MEETING)],
) -> JSONResponse:
    def work() -> Reply:
        case, sight = acting.locked()
        queries.require_consultation(acting.session, case, sight, consultation_id)
        found = councils.schedule(acting.session, acting.actor, case, consultation_id, wanted)
        answer = ScheduledView(
            sitting=SittingView.of(found.item),
            missed=list(found.missed),
            day=MeetingDayView.of(found.day),
        )
        return Reply(answer, 201)

    return acting.once.run(work)
