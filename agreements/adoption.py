"""Accepted proposals become a new version of the text, also those that were made on an older one.

As long as nobody has changed the same words meanwhile; then people have to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import course, drafting, journal
from agreements.documents.word import adopting
from agreements.documents.word.adopting import Collision, Wanted
from agreements.documents.word.edits import Edit
from agreements.documents.word.lines import content_of, lines_of
from agreements.errors import Conflict
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.drafting import TextVersion
from agreements.model.enums import ProposalState, VersionKind
from agreements.model.proposals import Proposal, ProposalUpload
from agreements.people import Actor
from agreements.wanted import Note
from agreements.wording import stored_terms

_LONGEST_NOTE: Final = 4000


class AdoptProposals(BaseModel):
    """Eine neue Fassung aus den angenommenen Vorschlägen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: VersionKind = VersionKind.AGREEMENT
    note: Note = ""
    written_on: date


@dataclass(frozen=True, slots=True)
class _Accepted:
    """An accepted proposal, the version on which it is based, and whose it is."""

    proposal: Proposal
    base: TextVersion
    body: str

    @property
    def wanted(self) -> Wanted:
        """Its edits."""
        edits = tuple(Edit(start, end, text) for start, end, text in self.proposal.edits["items"])
        return Wanted(self.proposal.number, edits, str(self.proposal.upload_id))


def adopt(session: Session, actor: Actor, case: Case, wanted: AdoptProposals) -> TextVersion:
    """A new version from the newest one and all accepted proposals that are in none yet."""
    course.locked_case(session, case.id)
    actor = drafting.as_author(session, actor, case)
    newest = drafting.latest_version(session, case.id, wanted.kind)
    accepted = _accepted(session, case, wanted.kind)
    if newest is None or not accepted:
        raise Conflict(
            "nothing-accepted",
            "Es gibt keine angenommenen Vorschläge, die noch in keiner Fassung stehen.",
        )
    old = drafting.content_of(newest)
    current = lines_of(old)
    for base in {entry.base.id: entry.base for entry in accepted}.values():
        entries = [entry for entry in accepted if entry.base.id == base.id]
        outcome = adopting.adopt(
            lines_of(drafting.content_of(base)), current, [entry.wanted for entry in entries]
        )
        if isinstance(outcome, Collision):
            raise _colliding(outcome, entries, base, newest)
        current = outcome
    version = drafting.write_version(
        session,
        actor,
        case.id,
        stored_terms(newest),
        content_of(current, old),
        note=_note(wanted.note, accepted),
        written_on=wanted.written_on,
    )
    for entry in accepted:
        entry.proposal.adopted_in = version.id
        entry.proposal.version += 1
    journal.append(
        session,
        case,
        Event.PROPOSALS_ADOPTED,
        actor,
        legal_date=wanted.written_on,
        data={
            "kind": wanted.kind.value,
            "version": version.number,
            "proposals": [entry.proposal.number for entry in accepted],
        },
    )
    session.flush()
    return version


def _accepted(session: Session, case: Case, kind: VersionKind) -> list[_Accepted]:
    rows = session.execute(
        select(Proposal, TextVersion, Body.forms["short"].astext)
        .join(ProposalUpload, ProposalUpload.id == Proposal.upload_id)
        .join(TextVersion, TextVersion.id == ProposalUpload.version_id)
        .join(Body, Body.id == ProposalUpload.body_id)
        .where(
            Proposal.case_id == case.id,
            Proposal.state == ProposalState.ACCEPTED,
            Proposal.adopted_in.is_(None),
            TextVersion.kind == kind,
        )
        .order_by(TextVersion.number, Proposal.number)
        .execution_options(populate_existing=True)
    )
    return [_Accepted(*row) for row in rows if row[0].kind.changes_text]


def _colliding(
    found: Collision, entries: Iterable[_Accepted], base: TextVersion, newest: TextVersion
) -> Conflict:
    known = {entry.proposal.number: entry for entry in entries}
    one = known[found.one]
    if found.other is None:
        return Conflict(
            "proposal-outdated",
            f"Vorschlag Nr. {found.one} ({one.body}, {one.proposal.place}) beruht auf Textfassung "
            f"{base.number}; an dieser Stelle lautet Fassung {newest.number} inzwischen anders. "
            "Bitte ihn ablehnen oder den Text selbst ändern.",
        )
    other = known[found.other]
    return Conflict(
        "proposals-collide",
        f"Die Vorschläge Nr. {found.one} ({one.body}) und Nr. {found.other} ({other.body}) ändern "
        f"dieselbe Stelle ({one.proposal.place}). Bitte einen von ihnen ablehnen.",
    )


def _note(words: str, accepted: Sequence[_Accepted]) -> str:
    named = ", ".join(
        f"Nr. {e.proposal.number} ({e.body}, {e.proposal.author}: {e.proposal.place})"
        for e in accepted
    )
    note = "\n".join(part for part in (words, f"Übernommene Vorschläge: {named}") if part)
    return note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"
