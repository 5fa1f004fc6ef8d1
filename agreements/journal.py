"""The journal: what was done in a case, append-only, each entry chained to the one before.

An entry's hash is SHA-256 over the canonical JSON (UTF-8, keys sorted, no blanks) of its
fields and the hash before it, so a change or a removal breaks the chain from there on. The
salt keeps who sees only the hash of an entry from guessing what it says. How somebody verifies
a journal without this program: docs/journal.md.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.base import Json, fresh
from agreements.model.cases import Case
from agreements.model.records import JournalEntry
from agreements.people import Actor

MACHINE = "vereinbar"


class Event(StrEnum):
    """Everything that can stand in a journal. Labels: ``agreements.glossary``."""

    CASE_STARTED = "case_started"
    CASE_COMPLETED = "case_completed"
    STAGE_BEGUN = "stage_begun"
    STAGE_CLOSED = "stage_closed"
    STAGE_FAILED = "stage_failed"
    AUTOMATION_HALTED = "automation_halted"
    AUTOMATION_HALT_LIFTED = "automation_halt_lifted"
    VERSION_WRITTEN = "version_written"
    DRAFT_SUBMITTED = "draft_submitted"
    STATEMENT_GIVEN = "statement_given"
    VERSION_FROZEN = "version_frozen"
    RESOLUTION_RECORDED = "resolution_recorded"
    RESOLUTIONS_CONFIRMED = "resolutions_confirmed"
    SIGNATURE_RECORDED = "signature_recorded"
    SUBMITTED_TO_AUTHORITY = "submitted_to_authority"
    AUTHORITY_ANSWERED = "authority_answered"
    PUBLICATION_RECORDED = "publication_recorded"
    NOTICE_RECORDED = "notice_recorded"
    IN_FORCE = "in_force"
    FINANCE_PLAN_DRAFTED = "finance_plan_drafted"
    FINANCE_PLAN_CHECKED = "finance_plan_checked"
    APPLICATION_SUBMITTED = "application_submitted"
    DOCUMENT_WRITTEN = "document_written"
    TASK_CLAIMED = "task_claimed"
    TASK_RELEASED = "task_released"
    TASK_ASSIGNED = "task_assigned"
    TASK_DELEGATED = "task_delegated"
    TASK_HANDED_BACK = "task_handed_back"
    TASK_COMMENTED = "task_commented"
    ATTACHMENT_FILED = "attachment_filed"
    ATTACHMENT_REMOVED = "attachment_removed"
    TASK_PLANNED = "task_planned"
    DUE_DATE_SET = "due_date_set"
    DUE_DATE_MOVED = "due_date_moved"
    TASK_ESCALATED = "task_escalated"
    MEETING_SCHEDULED = "meeting_scheduled"
    URGENT_DECISION_RECORDED = "urgent_decision_recorded"
    URGENT_DECISION_CONFIRMED = "urgent_decision_confirmed"
    RESOLUTION_OBJECTED = "resolution_objected"
    OBJECTION_LIFTED = "objection_lifted"
    RESOLUTION_ANNULLED = "resolution_annulled"
    RESOLUTION_REVOKED = "resolution_revoked"
    RESOLUTION_CORRECTED = "resolution_corrected"
    RESERVATION_SETTLED = "reservation_settled"
    AMENDMENT_JUDGED = "amendment_judged"
    RESOLUTION_CARRIED = "resolution_carried"
    PAPER_RENEWED = "paper_renewed"
    EXTRACT_FILED = "extract_filed"
    PRINT_SET_MADE = "print_set_made"
    SIGNED_COPY_FILED = "signed_copy_filed"
    SIGNED_COPY_CONFIRMED = "signed_copy_confirmed"
    STAGE_SUPERSEDED = "stage_superseded"
    TEXT_REOPENED = "text_reopened"
    PARTY_LEFT = "party_left"
    PARTY_JOINED = "party_joined"
    CASE_WITHDRAWN = "case_withdrawn"
    AD_HOC_TASK_OPENED = "ad_hoc_task_opened"
    AD_HOC_TASK_DONE = "ad_hoc_task_done"
    TASK_CANCELLED = "task_cancelled"
    EXCLUSION_RECORDED = "exclusion_recorded"
    CONFIDANT_NAMED = "confidant_named"
    CONFIDANT_ENDED = "confidant_ended"
    COMMITTEES_CHANGED = "committees_changed"
    PROPOSALS_FILED = "proposals_filed"
    PROPOSAL_DECIDED = "proposal_decided"
    PROPOSALS_ADOPTED = "proposals_adopted"


def append(
    session: Session,
    case: Case,
    event: Event,
    actor: Actor | None,
    *,
    legal_date: date | None = None,
    body_id: UUID | None = None,
    data: Json | None = None,
    on_behalf_of: str | None = None,
    reason: str | None = None,
    legal_basis: str | None = None,
    before: Json | None = None,
    after: Json | None = None,
    confidential: bool = False,
) -> JournalEntry:
    """Add an entry; the case must be locked. ``actor`` None is the machine.

    on_behalf_of: in whose name, if not one's own. before, after: what the act changed.
    confidential: of a non-public consultation of the body ``body_id``.
    """
    entry = fresh(
        JournalEntry,
        case_id=case.id,
        number=case.journal_number + 1,
        event=event.value,
        recorded_at=clock.now(),
        legal_date=legal_date,
        actor=actor.name if actor else MACHINE,
        actor_id=actor.user_id if actor else None,
        on_behalf_of=on_behalf_of or (actor.on_behalf_of if actor else None),
        body_id=body_id,
        reason=reason,
        legal_basis=legal_basis,
        before=_plain(before),
        after=_plain(after),
        confidential=confidential,
        data=_plain(data or {}),
        salt=secrets.token_hex(16),
        previous_hash=case.journal_hash,
    )
    entry.hash = hash_of(entry)
    case.journal_number, case.journal_hash = entry.number, entry.hash
    session.add(entry)
    return entry


def _plain(value: Json | None) -> Any:  # noqa: ANN401  (JSON)
    """The value as the database will give it back, so that its hash stays the same."""
    if value is None:
        return None
    return json.loads(json.dumps(value), parse_float=_refuse, parse_constant=_refuse)


def _refuse(number: str) -> NoReturn:
    # A fraction has many spellings; money and shares are written as text.
    raise ValueError(f"a journal entry holds no fractions: {number}")


def hash_of(entry: JournalEntry) -> str:
    """The hash that the entry must have."""
    return hashlib.sha256(canonical_of(entry).encode()).hexdigest()


def canonical_of(entry: JournalEntry) -> str:
    """What an entry's hash is taken over. The format is a promise: see docs/journal.md."""
    return canonical(
        {
            "case_id": str(entry.case_id),
            "number": entry.number,
            "event": entry.event,
            "recorded_at": instant(entry.recorded_at),
            "legal_date": entry.legal_date.isoformat() if entry.legal_date else None,
            "actor": entry.actor,
            "actor_id": str(entry.actor_id) if entry.actor_id else None,
            "on_behalf_of": entry.on_behalf_of,
            "body_id": str(entry.body_id) if entry.body_id else None,
            "reason": entry.reason,
            "legal_basis": entry.legal_basis,
            "before": entry.before,
            "after": entry.after,
            "confidential": entry.confidential,
            "data": entry.data,
            "salt": entry.salt,
            "previous_hash": entry.previous_hash,
        }
    )


def canonical(content: object) -> str:
    """JSON in exactly one spelling: keys sorted by code point, no blanks, nothing escaped."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def instant(moment: datetime) -> str:
    """An instant as the journal writes it: ISO 8601 with the offset of Europe/Berlin."""
    return moment.astimezone(clock.BERLIN).isoformat()


def entries(session: Session, case_id: UUID) -> list[JournalEntry]:
    """The journal of a case, oldest first."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(JournalEntry.case_id == case_id)
            .order_by(JournalEntry.number)
        )
    )


class Fault(StrEnum):
    """What does not fit in a chain."""

    CHANGED = "changed"
    LINK = "link"
    MISSING = "missing"
    TRUNCATED = "truncated"
    SURPLUS = "surplus"


_SENTENCES: Final[Mapping[Fault, str]] = {
    Fault.CHANGED: "Eintrag {number} passt nicht zu seiner Prüfsumme: Sein Inhalt oder die "
    "Prüfsumme selbst wurde nachträglich geändert.",
    Fault.LINK: "Eintrag {number} schließt nicht an Eintrag {before} an: Einer von beiden wurde "
    "nachträglich ersetzt.",
    Fault.MISSING: "Eintrag {number} fehlt; es folgt Eintrag {found}.",
    Fault.TRUNCATED: "Eintrag {number} fehlt: Das Ende des Verlaufs wurde entfernt, der Vorgang "
    "verzeichnet {expected} Einträge.",
    Fault.SURPLUS: "Eintrag {number} ist dem Vorgang nicht bekannt: Sein verzeichneter Stand ist "
    "ein anderer als das Ende des Verlaufs.",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link of a chain that does not fit: the entry's number, what, and a sentence."""

    number: int
    fault: Fault
    sentence: str


@dataclass(frozen=True, slots=True)
class End:
    """How far a case says that its journal goes: the last entry's number and hash."""

    number: int
    hash: str


def first_broken(chain: Iterable[JournalEntry], end: End | None = None) -> Broken | None:
    """The first link that does not fit; None if all fit.

    chain: a whole journal, oldest first; read only as far as it fits. end: what the case says;
    without it a removed end cannot be noticed.
    """
    number, previous = 0, ""
    for entry in chain:
        expected = number + 1
        if entry.number != expected:
            return _broken(expected, Fault.MISSING, found=entry.number)
        if entry.hash != hash_of(entry):
            return _broken(expected, Fault.CHANGED)
        if entry.previous_hash != previous:
            return _broken(expected, Fault.LINK, before=number)
        number, previous = entry.number, entry.hash
    if end is None or (number, previous) == (end.number, end.hash):
        return None
    if number < end.number:
        return _broken(number + 1, Fault.TRUNCATED, expected=end.number)
    return _broken(end.number + 1 if number > end.number else number, Fault.SURPLUS)


def _broken(number: int, fault: Fault, **found: int) -> Broken:
    return Broken(number, fault, _SENTENCES[fault].format(number=number, **found))
