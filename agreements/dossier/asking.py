"""Documents that people ask for: what may be asked for now, and the writing of one.

What each is stands with its area (``asked_*``); here they are collected, rights are judged, and
the result is filed. Asking again makes the next number; the earlier ones stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from sqlalchemy.orm import Session

from agreements import exclusions, substitution, template_versions
from agreements.decision import check_day
from agreements.documents.data import DocumentData
from agreements.documents.failures import invalid_data
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import RenderedDocument
from agreements.documents.store import DocumentStore
from agreements.dossier import asked_agreements, asked_conclusion, asked_councils, filing
from agreements.dossier.asked import Asked, Particulars
from agreements.dossier.jobs import DocumentJob, Purpose
from agreements.dossier.material import Material
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal, StepFailure
from agreements.glossary import label
from agreements.model.cases import Case, Party, Stage
from agreements.model.enums import PartyRole, StageKind, StageState
from agreements.model.records import Document
from agreements.people import Actor

# The areas' catalogues, in the order of the procedure: agreements, councils, conclusion.
CATALOGUE: Final[tuple[Asked, ...]] = (
    *asked_agreements.ASKED,
    *asked_councils.ASKED,
    *asked_conclusion.ASKED,
)

# From the template's id, the JSON form of its data, and its file where one was released.
Render = Callable[[str, dict[str, object], bytes | None], RenderedDocument]

# Where a document belongs in the file; what is not named here belongs to the current stage.
_STAGES: Final[Mapping[Purpose, StageKind]] = {
    Purpose.SIGNING_SET: StageKind.SIGNING,
    Purpose.SIGNING_SHEET: StageKind.SIGNING,
    Purpose.CERTIFICATE_REQUEST: StageKind.SUPERVISORY_APPROVAL,
    Purpose.FICTION_NOTE: StageKind.SUPERVISORY_APPROVAL,
    Purpose.PUBLICATION_REQUEST: StageKind.PUBLICATION,
    Purpose.PUBLICATION_NOTICE: StageKind.PUBLICATION_NOTICES,
}
_BEGUN: Final = (StageState.OPEN, StageState.BLOCKED, StageState.DONE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of document for one party, and what stands against asking for it, if anything.

    party: for which body it is written; for the case that is the lead's.
    """

    asked: Asked
    party: Party
    objection: str | None

    @property
    def title(self) -> str:
        """What the document is called."""
        return template_by_id(self.asked.template_id).title


def offered(session: Session, actor: Actor, case: Case) -> list[Offer]:
    """What the actor may have written in the case, and why something not, in catalogue order.

    A person of several parties gets what is written for one body once for each.
    """
    return [
        Offer(asked, party, _objection(session, actor, case, asked, party))
        for asked in CATALOGUE
        for party in _candidates(actor, case, asked)
    ]


def order(
    session: Session,
    actor: Actor,
    case: Case,
    asked: Asked,
    body: str | None,
    given: Particulars,
    render: Render,
    store: DocumentStore | None = None,
) -> Document:
    """Write a document of that kind and file it, with who has asked for it in the journal.

    body: AGS, needed by whoever acts for several parties. given: of the kind's own model. The
    case is locked only for filing, never while rendering.
    """
    party = _party(actor, case, asked, body)
    acting = _permitted(session, actor, case, asked, party)
    why = "dem Beginn des Vorgangs"
    check_day("dated_on", given.dated_on, not_before=case.started_on, why=why)
    look = _material(session, case, asked.purpose)
    data = _data(look, asked, party, given)
    job = _job(look, asked, party)
    source = template_versions.source_for(session, job, store)
    rendered = render(asked.template_id, data.model_dump(mode="json"), source)
    return filing.file_ordered(session, acting, job, data, rendered, store)


def asked_by(kind: str) -> Asked:
    """The kind of document, or a refusal that lists those that exist."""
    for asked in CATALOGUE:
        if asked.purpose.value == kind:
            return asked
    raise NotFound(
        "document-kind-unknown",
        f"Ein Dokument „{kind[:60]}“ lässt sich hier nicht anfordern.",
        "document_kind",
        ", ".join(asked.purpose.value for asked in CATALOGUE),
    )


def _candidates(actor: Actor, case: Case, asked: Asked) -> Iterator[Party]:
    own = actor.party_bodies()
    for party in _taking_part(case):
        if party.body_id in own if asked.own else PartyRole.LEAD in party.roles:
            yield party


def _taking_part(case: Case) -> list[Party]:
    return [party for party in case.parties if party.left_on is None]


def _party(actor: Actor, case: Case, asked: Asked, body: str | None) -> Party:
    """For which party it is written; the body named, else the only one that it can be."""
    parties = list(_candidates(actor, case, asked))
    if body is not None:
        parties = [party for party in parties if party.body.ags == body]
    if len(parties) == 1:
        return parties[0]
    if not parties:
        raise _not_for(actor, case, asked)
    raise Refusal(
        "body-needed",
        "Sie handeln in diesem Vorgang für mehrere Beteiligte. Bitte angeben, für welche das "
        "Dokument ist.",
        "body",
        ", ".join(party.body.ags for party in parties),
    )


def _not_for(actor: Actor, case: Case, asked: Asked) -> NotPermitted:
    whose = "der eigenen Körperschaft" if asked.own else "der federführenden Körperschaft"
    return NotPermitted(
        "not-permitted",
        f"„{template_by_id(asked.template_id).title}“ fordert an, wer bei {whose} die Rolle "
        f"„{label(asked.role)}“ hat.",
        "body",
    )


def _permitted(session: Session, actor: Actor, case: Case, asked: Asked, party: Party) -> Actor:
    """The actor as somebody who may ask for it: of their own, or in another's place."""
    acting = substitution.acting(session, actor, asked.role, party.body_id, case.id)
    if not acting.holds(asked.role, party.body_id):
        raise _not_for(actor, case, asked)
    exclusions.require_unbiased(session, acting, case.id, party.body_id)
    return acting


def _objection(
    session: Session, actor: Actor, case: Case, asked: Asked, party: Party
) -> str | None:
    try:
        _permitted(session, actor, case, asked, party)
        if asked.ready is not None:
            asked.ready(_material(session, case, asked.purpose), party if asked.own else None)
    except (Refusal, StepFailure) as refusal:
        return refusal.message
    return None


def _material(session: Session, case: Case, purpose: Purpose) -> Material:
    return Material(session, case, _stage(case, purpose))


def _stage(case: Case, purpose: Purpose) -> Stage:
    """Where the document belongs: its own stage if that has begun, else where the case stands."""
    begun = [stage for stage in case.stages if stage.state in _BEGUN]
    kind = _STAGES.get(purpose)
    own = [stage for stage in begun if stage.kind is kind]
    live = [stage for stage in begun if stage.state is not StageState.DONE]
    candidates = own or live or begun or case.stages
    return max(candidates, key=lambda stage: (stage.number, stage.position))


def _data(look: Material, asked: Asked, party: Party, given: Particulars) -> DocumentData:
    try:
        return asked.build(look, party if asked.own else None, given)
    except ValidationError as problem:
        raise _not_writable(
            invalid_data(template_by_id(asked.template_id).title, problem)
        ) from None
    except StepFailure as failure:
        raise _not_writable(failure) from failure


def _not_writable(failure: StepFailure) -> Conflict:
    return Conflict("document-not-ready", failure.message)


def _job(look: Material, asked: Asked, party: Party) -> DocumentJob:
    title = template_by_id(asked.template_id).title
    if asked.own:
        title = f"{title} {party.body.forms['short']}"
    return DocumentJob(
        look.stage.id,
        asked.purpose,
        party.body_id if asked.own else None,
        title,
        asked.template_id,
    )
