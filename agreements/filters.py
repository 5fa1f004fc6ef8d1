"""What somebody looks for in an inbox, and the searches that people keep under a name."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import clock, searching
from agreements.acts import Ags
from agreements.errors import Conflict, NotFound, Refusal
from agreements.ids import new_id
from agreements.model.enums import DueKind, Priority, Role, TaskKind
from agreements.model.people import User
from agreements.model.work import SavedFilter
from agreements.people import Actor

MOST_PER_PERSON: Final = 50

Visible = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Search = Annotated[str, StringConstraints(max_length=searching.LONGEST)]


class FollowUp(StrEnum):
    """Which tasks are shown by their Wiedervorlage."""

    DUE = "due"  # nicht weggelegt, oder wieder vorzulegen
    LATER = "later"  # bis zu einem späteren Tag weggelegt
    ALL = "all"


class InboxOrder(StrEnum):
    """In which order tasks are listed; those of equal rank by their age."""

    OLDEST = "oldest"
    DUE = "due"  # nach Fristende; ohne Frist zuletzt
    PRIORITY = "priority"  # hohe Dringlichkeit zuerst


class InboxQuery(BaseModel):
    """Wonach im Arbeitsvorrat gesucht wird; was fehlt, schränkt nicht ein.

    `mine`: an denen die Person selbst arbeitet. `delegated`: von ihr zur Bearbeitung gegeben.
    `standing_in`: nur in Vertretung. `due_within`: Tage bis zum Fristende, auch überschrittene.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: Visible | None = Field(None, description="nur dieses Aktenzeichen")
    kind: TaskKind | None = Field(None, description="nur diese Art")
    body: Ags | None = Field(None, description="nur diese Körperschaft (AGS)")
    role: Role | None = Field(None, description="nur diese Rolle")
    claimed: bool | None = Field(None, description="true: nur übernommene, false: nur freie")
    mine: bool | None = Field(
        None, description="true: nur, woran Sie selbst arbeiten; false: nur anderes"
    )
    delegated: bool | None = Field(
        None, description="true: nur, was Sie zur Bearbeitung gegeben haben; false: nur anderes"
    )
    standing_in: bool | None = Field(
        None, description="true: nur in Vertretung; false: nur in eigener Zuständigkeit"
    )
    due_before: date | None = Field(None, description="Fristende vor diesem Tag")
    due_within: int | None = Field(
        None, ge=0, le=366, description="Fristende binnen so vieler Tage, auch überschrittene"
    )
    overdue: bool | None = Field(None, description="true: Frist überschritten; false: nicht")
    due_kind: DueKind | None = Field(None, description="nur diese Art von Frist")
    priority: Priority | None = Field(None, description="nur diese Dringlichkeit")
    follow_up: FollowUp = Field(
        FollowUp.DUE,
        description="due: ohne das, was bis zu einem späteren Tag weggelegt ist; later: nur das; "
        "all: alles",
    )
    q: Search | None = Field(
        None,
        description="Suche in Titel, Aktenzeichen, Vorgang, Körperschaft und Erläuterung: Wörter "
        "in beliebiger Folge, auch Teile davon",
    )
    order: InboxOrder = Field(
        InboxOrder.OLDEST,
        description="oldest: die ältesten zuerst; due: nach Fristende, ohne Frist zuletzt; "
        "priority: hohe Dringlichkeit zuerst",
    )


class SaveFilter(BaseModel):
    """Eine Suche unter einem Namen behalten."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Visible
    query: InboxQuery


def save(session: Session, actor: Actor, wanted: SaveFilter) -> SavedFilter:
    """Keep a search for the person; names are unique, and there are at most 50."""
    # Two at once would both find the last place free.
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    if _find(session, actor, wanted.name) is not None:
        raise Conflict(
            "filter-name-taken",
            f"Sie haben schon einen Filter „{wanted.name}“. Bitte einen anderen Namen wählen oder "
            "den alten löschen.",
            "name",
        )
    kept = session.scalar(
        select(func.count()).select_from(SavedFilter).where(SavedFilter.user_id == actor.user_id)
    )
    if (kept or 0) >= MOST_PER_PERSON:
        raise Conflict(
            "too-many-filters",
            f"Mehr als {MOST_PER_PERSON} Filter werden nicht behalten. Bitte zuerst einen löschen.",
        )
    saved = SavedFilter(
        id=new_id(),
        user_id=actor.user_id,
        name=wanted.name,
        query=wanted.query.model_dump(mode="json", exclude_unset=True),
        created_at=clock.now(),
    )
    session.add(saved)
    return saved


def filters_of(session: Session, actor: Actor) -> list[SavedFilter]:
    """The person's own filters, by name."""
    return list(
        session.scalars(
            select(SavedFilter)
            .where(SavedFilter.user_id == actor.user_id)
            .order_by(SavedFilter.name, SavedFilter.id)
        )
    )


def remove(session: Session, actor: Actor, filter_id: UUID) -> None:
    """Forget one of the person's own filters."""
    saved = session.get(SavedFilter, filter_id)
    if saved is None or saved.user_id != actor.user_id:
        raise NotFound("filter-unknown", "Diesen Filter gibt es nicht.")
    session.delete(saved)


def applied(session: Session, actor: Actor, name: str, besides: InboxQuery) -> InboxQuery:
    """The person's filter of that name; what ``besides`` says in particular goes before it."""
    saved = _find(session, actor, name)
    if saved is None:
        raise NotFound(
            "filter-unknown",
            f"Sie haben keinen Filter „{name}“. Welche es gibt, sagt GET /filters.",
            "filter",
        )
    said = besides.model_dump(mode="json", exclude_unset=True)
    known = {key: value for key, value in said.items() if key in InboxQuery.model_fields}
    try:
        return InboxQuery.model_validate({**saved.query, **known})
    except ValidationError:
        raise Refusal(
            "filter-outdated",
            f"Der Filter „{name}“ passt nicht mehr zu dieser Fassung. Bitte löschen und neu "
            "anlegen.",
            "filter",
        ) from None


def _find(session: Session, actor: Actor, name: str) -> SavedFilter | None:
    return session.scalar(
        select(SavedFilter).where(SavedFilter.user_id == actor.user_id, SavedFilter.name == name)
    )
