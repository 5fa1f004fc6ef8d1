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
    entry = JournalEntry(
        case_id=case.id,
        number=case.journal_number + 1,
        event=event.value,
        recorded_at=clock.now(),
        legal_date=legal_date,
        actor=actor.name if actor else MACHINE,
        actor_id=actor.user_id if actor else None,
        on_behalf_of=on_behalf_of,
        body_id=body_id,
        reason=reason,
        legal_basis=legal_basis,
        before=before,
        after=after,
        confidential=confidential,
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
        "on_behalf_of": entry.on_behalf_of,
        "body_id": str(entry.body_id) if entry.body_id else None,
        "reason": entry.reason,
        "legal_basis": entry.legal_basis,
        "before": entry.before,
        "after": entry.after,
        "confidential": entry.confidential,
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
