"""What an installation enters about its bodies by hand: how many may vote in a committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements.errors import Conflict, NotFound, Refusal
from agreements.model.bodies import Body, Committee, CommitteeSize
from agreements.queries import bodies as body_queries

# No German council or Kreistag comes near; a slip of the finger does.
LARGEST_COMMITTEE: Final = 1000


@dataclass(frozen=True, slots=True)
class NewSize:
    """How many may vote from a day on, head of administration included where the law says so."""

    voting_members: int
    valid_from: date
    source: str


def set_size(
    session: Session, ags: str, committee: str, wanted: NewSize
) -> tuple[CommitteeSize, CommitteeSize | None]:
    """Enter the number of those who may vote; the number before it ends the day before.

    Returns the new row and the one that it ends. A period that has a number keeps it: votes
    have been checked against it.
    """
    _check(wanted)
    found = _locked_committee(session, body_queries.body(session, ags), committee, wanted)
    for size in found.sizes:
        _require_before(found, size, wanted.valid_from)
    ended = next((size for size in found.sizes if size.valid_to is None), None)
    if ended is not None:
        ended.valid_to = wanted.valid_from - timedelta(days=1)
    new = CommitteeSize(
        committee_id=found.id,
        valid_from=wanted.valid_from,
        voting_members=wanted.voting_members,
        source=wanted.source.strip(),
    )
    session.add(new)
    session.flush()
    return new, ended


def _check(wanted: NewSize) -> None:
    if not 1 <= wanted.voting_members <= LARGEST_COMMITTEE:
        raise Refusal(
            "size-out-of-range",
            f"Die Zahl der Stimmberechtigten liegt zwischen 1 und {LARGEST_COMMITTEE}.",
            "voting_members",
            f"1 bis {LARGEST_COMMITTEE}",
        )
    if not wanted.source.strip() or not wanted.source.isprintable():
        raise Refusal(
            "source-missing",
            "Bitte nennen Sie in einer Zeile, woher die Zahl stammt.",
            "source",
            "etwa: Niederschrift der konstituierenden Sitzung vom 04.11.2025",
        )


def _locked_committee(session: Session, body: Body, name: str, wanted: NewSize) -> Committee:
    day = wanted.valid_from
    found = session.scalar(
        select(Committee)
        .where(
            Committee.body_id == body.id,
            Committee.name == name,
            or_(Committee.valid_from.is_(None), Committee.valid_from <= day),
            or_(Committee.valid_to.is_(None), Committee.valid_to >= day),
        )
        .with_for_update()
    )
    if found is None:
        known = ", ".join(sorted({committee.name for committee in body.committees}))
        raise NotFound(
            "committee-unknown",
            f"{body.name} hat am {day:%d.%m.%Y} kein Gremium „{name}“; "
            f"angelegt sind: {known or 'keine'}.",
            "committee",
            known or None,
        )
    # Whoever waited for the lock sees what the other has entered.
    session.refresh(found, ["sizes"])
    return found


def _require_before(committee: Committee, size: CommitteeSize, start: date) -> None:
    last = max(size.valid_from, size.valid_to or size.valid_from)
    if last < start:
        return
    until = f" bis {size.valid_to:%d.%m.%Y}" if size.valid_to else ""
    raise Conflict(
        "sizes-overlap",
        f"Für das Gremium „{committee.name}“ ist ab {size.valid_from:%d.%m.%Y}{until} schon "
        f"eine Zahl eingetragen ({size.voting_members}); eine neue muss nach dem "
        f"{last:%d.%m.%Y} beginnen.",
        "valid_from",
    )
