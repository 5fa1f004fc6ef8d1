"""The journal: what was done in a case, append-only, each entry chained to the one before.

An entry's hash is SHA-256 over the canonical JSON (UTF-8, keys sorted, no blanks) of its
fields and the hash before it, so a change or a removal breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.base import Json
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


def append(
    session: Session,
    case: Case,
    event: Event,
    actor: Actor | None,
    *,
    legal_date: date | None = None,
    body_id: UUID | None = None,
    data: Json | None = None,
) -> JournalEntry:
    """Add an entry; the case must be locked. ``actor`` None is the machine."""
    entry = JournalEntry(
        case_id=case.id,
        number=case.journal_number + 1,
        event=event.value,
        recorded_at=clock.now(),
        legal_date=legal_date,
        actor=actor.name if actor else MACHINE,
        actor_id=actor.user_id if actor else None,
        body_id=body_id,
        data=data or {},
        previous_hash=case.journal_hash,
    )
    entry.hash = hash_of(entry)
    case.journal_number, case.journal_hash = entry.number, entry.hash
    session.add(entry)
    return entry


def hash_of(entry: JournalEntry) -> str:
    """The hash that the entry must have."""
    content = {
        "case_id": str(entry.case_id),
        "number": entry.number,
        "event": entry.event,
        "recorded_at": entry.recorded_at.astimezone(clock.BERLIN).isoformat(),
        "legal_date": entry.legal_date.isoformat() if entry.legal_date else None,
        "actor": entry.actor,
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "body_id": str(entry.body_id) if entry.body_id else None,
        "data": entry.data,
        "previous_hash": entry.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def entries(session: Session, case_id: UUID) -> list[JournalEntry]:
    """The journal of a case, oldest first."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(JournalEntry.case_id == case_id)
            .order_by(JournalEntry.number)
        )
    )


def first_broken(chain: Iterable[JournalEntry]) -> int | None:
    """The number of the first entry that does not fit the chain; None if all fit."""
    previous, expected = "", 1
    for entry in chain:
        if (
            entry.number != expected
            or entry.previous_hash != previous
            or entry.hash != hash_of(entry)
        ):
            return expected
        previous, expected = entry.hash, expected + 1
    return None
