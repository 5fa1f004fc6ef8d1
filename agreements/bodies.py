"""What an installation enters about its bodies by hand: committees, and how many may vote there.

Committees change with every election. What has been resolved stays with the committee that did
it; ``councils.succession`` gives running cases the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import body_record
from agreements.errors import Conflict, NotFound, Refusal
from agreements.model.base import Json
from agreements.model.bodies import Body, Committee, CommitteeSize
from agreements.model.enums import BodyChangeKind, CommitteeKind, ConsultationRole, Role
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from agreements.texts import Printable

# No German council or Kreistag comes near; a slip of the finger does.
LARGEST_COMMITTEE: Final = 1000


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), Printable
]


class EnterCommittee(BaseModel):
    """Ein Gremium eintragen, das nach einer Wahl gebildet wurde."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    genitive: Name
    kind: CommitteeKind
    position: Annotated[int, Field(ge=1, le=50)] | None = None
    role: ConsultationRole
    public: bool = True
    valid_from: date
    voting_members: Annotated[int, Field(ge=1, le=LARGEST_COMMITTEE)]
    source: Name


class EndCommittee(BaseModel):
    """Ein Gremium beenden: ``valid_to`` ist sein letzter Tag."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    valid_to: date


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
    body = body_queries.body(session, ags)
    new, ended = _set_size(session, body, committee, wanted)
    body_record.note(
        session,
        None,
        body,
        BodyChangeKind.COMMITTEE_SIZE_SET,
        before=_size_entry(committee, ended) if ended is not None else None,
        after=_size_entry(committee, new),
    )
    return new, ended


def _size_entry(committee: str, size: CommitteeSize) -> Json:
    return {
        "name": committee,
        "voting_members": size.voting_members,
        "valid_from": size.valid_from.isoformat(),
        "source": size.source,
    }


def _set_size(
    session: Session, body: Body, committee: str, wanted: NewSize
) -> tuple[CommitteeSize, CommitteeSize | None]:
    _check(wanted)
    found = _locked_committee(session, body, committee, wanted)
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


def require_keeper(actor: Actor, body: Body) -> None:
    """Refuse all but the body's legal staff and the administration."""
    actor.require(
        actor.is_admin or actor.holds(Role.LEGAL, body.id),
        f"Gremien trägt das Rechtsamt {body.forms['genitive']} ein, oder die Administration.",
    )


def end_committee(
    session: Session, actor: Actor | None, ags: str, wanted: EndCommittee
) -> Committee:
    """End a committee with that day. Without an actor the installation itself acts."""
    body = _locked_body(session, actor, ags)
    found = _existing(session, body, wanted.name, wanted.valid_to)
    if found.valid_to is not None:
        raise Conflict(
            "committee-has-ended",
            f"{found.name}: Als letzter Tag ist schon der {found.valid_to:%d.%m.%Y} eingetragen.",
            "valid_to",
        )
    found.valid_to = wanted.valid_to
    ended = wanted.model_dump(mode="json")
    before = {"name": found.name, "valid_to": None}
    kind = BodyChangeKind.COMMITTEE_ENDED
    body_record.note(session, actor, body, kind, before=before, after=ended)
    return found


def enter_committee(
    session: Session, actor: Actor | None, ags: str, wanted: EnterCommittee
) -> Committee:
    """Enter a committee, at its place in the Beratungsfolge, with who may vote from its start.

    Nobody can sit twice: one of the same name, or at the same place, has to end before.
    """
    body = _locked_body(session, actor, ags)
    overlapping = [
        committee
        for committee in _committees(session, body)
        if committee.valid_to is None or committee.valid_to >= wanted.valid_from
    ]
    for other in overlapping:
        same_place = wanted.position is not None and other.position == wanted.position
        if other.name == wanted.name or same_place:
            raise Conflict(
                "committee-still-there",
                f"{other.name}{_place(other)} besteht am {wanted.valid_from:%d.%m.%Y} noch. Bitte "
                "zuerst dessen letzten Tag eintragen.",
                "name" if other.name == wanted.name else "position",
            )
    made = Committee(
        body_id=body.id,
        **wanted.model_dump(exclude={"voting_members", "source"}),
    )
    session.add(made)
    session.flush()
    size = NewSize(wanted.voting_members, wanted.valid_from, wanted.source)
    _set_size(session, body, made.name, size)
    session.refresh(made, ["sizes"])
    entered = wanted.model_dump(mode="json")
    body_record.note(session, actor, body, BodyChangeKind.COMMITTEE_ENTERED, after=entered)
    return made


def _place(committee: Committee) -> str:
    if committee.position is None:
        return ""
    return f" ({committee.position}. in der Beratungsfolge)"


def _locked_body(session: Session, actor: Actor | None, ags: str) -> Body:
    body = body_queries.body(session, ags)
    if actor is not None:
        require_keeper(actor, body)
    # Two who enter at the same time: the second sees what the first has entered.
    session.execute(select(Body.id).where(Body.id == body.id).with_for_update(key_share=True))
    return body


def _committees(session: Session, body: Body) -> list[Committee]:
    return list(
        session.scalars(
            select(Committee)
            .where(Committee.body_id == body.id)
            .order_by(Committee.position, Committee.valid_from)
            .execution_options(populate_existing=True)
        )
    )


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
    found = _existing(session, body, name, wanted.valid_from)
    # Whoever waited for the lock sees what the other has entered.
    session.refresh(found, ["sizes"])
    return found


def _existing(session: Session, body: Body, name: str, day: date) -> Committee:
    """The committee of that name which exists on that day, locked."""
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
