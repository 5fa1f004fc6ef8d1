"""Whether the right entry can be: as when it is recorded, and with what came after it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import councils
from agreements.acts import RecordResolution
from agreements.councils import recording
from agreements.decision import check_text
from agreements.errors import Refusal
from agreements.model.bodies import Committee
from agreements.model.councils import Resolution
from agreements.model.enums import Outcome, Urgency
from agreements.resolutions import Matter


def check_entry(session: Session, found: Matter, entry: RecordResolution) -> None:
    """Refuse an entry that cannot be right; its fields are named under ``entry``."""
    try:
        if found.resolution.urgency is None:
            recording.check(found.case, found.consultation, entry, found.resolution)
        else:
            _check_urgent(session, found, entry)
        _check_what_came_after(found, entry)
    except Refusal as refusal:
        field = f"entry.{refusal.field}" if refusal.field else "entry"
        raise type(refusal)(refusal.code, refusal.message, field, refusal.accepted) from None


def _check_what_came_after(found: Matter, entry: RecordResolution) -> None:
    after = [
        (r.decided_on, f"die Beratung im Gremium {later.committee.name}")
        for later in found.paper.consultations
        if later.position > found.consultation.position
        for r in later.resolutions
    ]
    after += [(r.happened_on, "ein Vermerk zu diesem Beschluss") for r in found.resolution.records]
    if after and entry.decided_on > min(after)[0]:
        day, what = min(after)
        raise Refusal(
            "date-too-late",
            f"Das Datum {entry.decided_on:%d.%m.%Y} liegt nach dem {day:%d.%m.%Y}; auf diesem Tag "
            f"ist {what} festgehalten.",
            "decided_on",
            f"ein Tag bis zum {day:%d.%m.%Y}",
        )


def _check_urgent(session: Session, found: Matter, entry: RecordResolution) -> None:
    """An urgent decision is for or against the text; the main committee has voted, or nobody."""
    check_text("text_hash", entry.text_hash, found.paper.text_hash)
    recording.check_decided_on(found.consultation, entry.decided_on, found.resolution)
    of_committee = found.resolution.urgency is Urgency.MAIN_COMMITTEE
    allowed = (Outcome.ADOPTED, Outcome.REJECTED) if of_committee else (Outcome.ADOPTED,)
    if entry.outcome not in allowed:
        raise Refusal(
            "outcome-not-urgent",
            "Eine Dringlichkeitsentscheidung wird für oder gegen den Text getroffen; in der "
            "zweiten Stufe gibt es ohne beide Unterschriften keine.",
            "outcome",
            " oder ".join(outcome.value for outcome in allowed),
        )
    committee = _that_decided(session, found.resolution, found)
    if committee is not None:
        councils.check_votes(
            entry,
            councils.voting_members(committee, entry.decided_on),
            committee,
            recording.law_for(found.case, found.paper, entry.decided_on),
        )


def _that_decided(session: Session, resolution: Resolution, found: Matter) -> Committee | None:
    name = (resolution.urgent or {}).get("committee")
    if name is None:
        return None
    return session.scalar(
        select(Committee)
        .where(Committee.body_id == found.paper.body_id, Committee.name == name)
        .limit(1)
    )
