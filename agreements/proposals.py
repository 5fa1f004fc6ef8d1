"""What parties propose for a text: sent as an edited document, decided one by one.

Everybody who works for a party as legal staff or clerk may propose; the legal staff of the lead
decides. Authors stay those whom the document names. What is accepted is adopted: ``adoption``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import clock, course, drafting, extracts, journal, substitution, word_exchange
from agreements.documents.store import DocumentStore
from agreements.documents.word.lines import lines_of
from agreements.documents.word.proposing import Found, findings
from agreements.documents.word.reading import Reading, read
from agreements.errors import Conflict, NotFound, Refusal, StaleVersion
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.drafting import TextVersion
from agreements.model.enums import ProposalKind, ProposalState, Role, VersionKind
from agreements.model.people import User
from agreements.model.proposals import Proposal, ProposalUpload
from agreements.people import Actor

_PROPOSING: Final = (Role.LEGAL, Role.CLERK)


def _printed(text: str) -> str:
    found = " ".join(text.split())
    if not found or not found.isprintable():
        raise ValueError("Bitte den Grund in Worten angeben.")
    return found


class DecideProposal(BaseModel):
    """Einen Vorschlag annehmen oder ablehnen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Literal["accepted", "rejected"]
    reason: Annotated[str, Field(max_length=2000), AfterValidator(_printed)]


def file_proposals(
    session: Session,
    actor: Actor,
    case: Case,
    kind: VersionKind,
    number: int | None,
    body_ags: str | None,
    content: bytes,
    media_type: str,
    file_name: str,
    store: DocumentStore,
) -> ProposalUpload:
    """Read the proposals of a party from an edited document; the same file again changes nothing.

    number: the version from which it was made, for a document that does not say it any more.
    A file without rows is only litter, rows without a file would be a loss: hence the order.
    """
    body, actor = _proposing_body(session, actor, case, body_ags)
    drafting.writable_stage(session, case, kind)
    package = word_exchange.opened_docx(content, media_type)
    base = _base(session, case, kind, number, read(package))
    found = findings(package, lines_of(drafting.content_of(base)))
    if not found.proposals:
        raise Refusal(
            "no-proposals",
            f"Das Dokument enthält gegenüber Textfassung {base.number} keine Änderung und keine "
            "Anmerkung.",
            "file",
        )
    content_hash = store.put(content)
    course.locked_case(session, case.id)
    drafting.writable_stage(session, case, base.kind)
    if (known := _known(session, base, body, content_hash)) is not None:
        return known
    upload = ProposalUpload(
        id=new_id(),
        case_id=case.id,
        version_id=base.id,
        body_id=body.id,
        file_name=extracts.safe_name(file_name, ".docx", "Vorschläge"),
        size=len(content),
        content_hash=content_hash,
        hints={"items": list(found.hints)},
        uploaded_by=actor.user_id,
        uploaded_at=clock.now(),
    )
    session.add(upload)
    session.flush()
    rows = _rows(session, upload, found.proposals, actor.name)
    journal.append(
        session,
        case,
        Event.PROPOSALS_FILED,
        actor,
        body_id=body.id,
        data={
            "kind": base.kind.value,
            "version": base.number,
            "proposals": [row.number for row in rows],
            "content_hash": content_hash,
            "upload_id": str(upload.id),
        },
    )
    session.flush()
    return upload


def _base(
    session: Session, case: Case, kind: VersionKind, number: int | None, reading: Reading
) -> TextVersion:
    """The version from which a document was made."""
    if number is None and reading.base is None:
        raise Refusal(
            "word-base-unknown",
            "Das Dokument sagt nicht mehr, aus welcher Textfassung es entstand. Bitte die Nummer "
            "angeben.",
            "version",
        )
    wanted = number if number is not None or reading.base is None else reading.base[1]
    base = session.scalar(
        select(TextVersion).where(
            TextVersion.case_id == case.id,
            TextVersion.kind == kind,
            TextVersion.number == wanted,
        )
    )
    if base is None:
        raise NotFound("version-unknown", f"Eine Textfassung {wanted} dieser Art gibt es nicht.")
    word_exchange.check_base(reading, base)
    return base


def _proposing_body(
    session: Session, actor: Actor, case: Case, ags: str | None
) -> tuple[Body, Actor]:
    """For which party the actor proposes; without an AGS for the only one they work for."""
    parties = session.scalars(
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == case.id, Party.left_on.is_(None))
        .order_by(Party.position)
    ).all()
    wanted = [body for body in parties if ags in (None, body.ags)]
    able = [(body, actor) for body in wanted if _may_propose(actor, body)]
    if not able:
        # Only now, in further statements: for whom the actor stands in.
        acting = [
            (body, substitution.acting_in_any(session, actor, _PROPOSING, body.id, case.id))
            for body in wanted
        ]
        able = [(body, one) for body, one in acting if _may_propose(one, body)]
    actor.require(
        bool(able),
        "Vorschläge zum Text machen Rechtsamt und Sachbearbeitung einer Beteiligten.",
    )
    if len(able) > 1:
        raise Refusal(
            "body-missing",
            "Sie arbeiten für mehrere Beteiligte; bitte angeben, wessen Vorschläge es sind.",
            "body",
            ", ".join(body.ags for body, _ in able),
        )
    return able[0]


def _may_propose(actor: Actor, body: Body) -> bool:
    return any(actor.holds(role, body.id) for role in _PROPOSING)


def _known(
    session: Session, base: TextVersion, body: Body, content_hash: str
) -> ProposalUpload | None:
    return session.scalar(
        select(ProposalUpload).where(
            ProposalUpload.version_id == base.id,
            ProposalUpload.body_id == body.id,
            ProposalUpload.content_hash == content_hash,
        )
    )


def _rows(
    session: Session, upload: ProposalUpload, found: Sequence[Found], uploader: str
) -> list[Proposal]:
    last = session.scalar(
        select(func.max(Proposal.number)).where(Proposal.case_id == upload.case_id)
    )
    by_key: dict[str, UUID] = {}
    rows = []
    for number, proposal in enumerate(found, start=(last or 0) + 1):
        row = _row(upload, number, proposal, uploader)
        row.answers_id = by_key.get(proposal.answers or "")
        if proposal.key:
            by_key[proposal.key] = row.id
        rows.append(row)
        session.add(row)
        # One by one: an answer refers to the row of what it answers.
        session.flush()
    return rows


def _row(upload: ProposalUpload, number: int, found: Found, uploader: str) -> Proposal:
    nothing_to_decide = found.kind is ProposalKind.FORMATTING
    return Proposal(
        id=new_id(),
        case_id=upload.case_id,
        upload_id=upload.id,
        number=number,
        kind=found.kind,
        author=found.author or uploader,
        authored_at=found.authored_at,
        place=found.place,
        old=found.old,
        new=found.new,
        comment=found.comment,
        edits={"items": [[edit.start, edit.end, edit.text] for edit in found.edits]},
        state=ProposalState.NOTED if nothing_to_decide else ProposalState.OPEN,
        reason="",
    )


def decide(
    session: Session,
    actor: Actor,
    case: Case,
    number: int,
    act: DecideProposal,
    version: int | None = None,
) -> Proposal:
    """Accept or reject a proposal with a reason: legal staff of the lead.

    version: the state that the decision was made on. Without it only an open proposal is decided.
    """
    course.locked_case(session, case.id)
    actor = drafting.as_author(session, actor, case)
    proposal = session.scalar(
        select(Proposal)
        .where(Proposal.case_id == case.id, Proposal.number == number)
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise NotFound("proposal-unknown", f"Einen Vorschlag Nr. {number} gibt es nicht.")
    _check_decidable(session, proposal, version)
    before = proposal.state
    proposal.state = ProposalState(act.verdict)
    proposal.reason, proposal.decided_by = act.reason, actor.user_id
    proposal.decided_at = clock.now()
    proposal.version += 1
    upload = session.get_one(ProposalUpload, proposal.upload_id)
    journal.append(
        session,
        case,
        Event.PROPOSAL_DECIDED,
        actor,
        body_id=upload.body_id,
        reason=act.reason,
        before={"proposal_state": before.value},
        after={"proposal_state": proposal.state.value},
        data={"proposal": number, "passage": proposal.place},
    )
    session.flush()
    return proposal


def _check_decidable(session: Session, proposal: Proposal, version: int | None) -> None:
    if proposal.state is ProposalState.NOTED:
        raise Conflict("nothing-to-decide", "Eine Formatierung ändert den Text nicht.")
    if proposal.adopted_in is not None:
        adopted = session.get_one(TextVersion, proposal.adopted_in)
        raise Conflict(
            "proposal-adopted",
            f"Der Vorschlag steht schon in Textfassung {adopted.number}.",
        )
    if version is not None and version != proposal.version:
        raise StaleVersion(
            "proposal-changed", f"Über den Vorschlag hat {_decider(session, proposal)} entschieden."
        )
    if version is None and proposal.state is not ProposalState.OPEN:
        raise Conflict(
            "proposal-decided",
            f"Über den Vorschlag hat {_decider(session, proposal)} schon entschieden. Wer das "
            "ändern will, gibt mit If-Match an, welchen Stand er kennt.",
        )


def _decider(session: Session, proposal: Proposal) -> str:
    user = session.get(User, proposal.decided_by) if proposal.decided_by else None
    return user.display_name if user else "inzwischen jemand"
