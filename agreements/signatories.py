"""Who may sign for which body on which date: the register of signatories.

Kept by the body's legal staff or the administration, as its committees are. A body without any
entry is represented by the head of administration that its own data name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import body_record
from agreements.errors import Conflict, NotFound, Refusal
from agreements.model.base import Json
from agreements.model.bodies import Body, Signatory
from agreements.model.enums import BodyChangeKind, Role, SigningCapacity
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from agreements.texts import Printable

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), Printable
]

_LEADING: Final = frozenset((SigningCapacity.HEAD, SigningCapacity.GENERAL_DEPUTY))
_TITLES: Final = re.compile(
    r"\b(?:prof|dr|h\.? ?c|jur|med|phil|rer|nat|pol|oec|ing|habil|mag)\b\.?"
)
_BLANKS: Final = re.compile(r"[\s.]+")


class EnterSignatory(BaseModel):
    """Eine zeichnungsberechtigte Person eintragen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    function: Name
    capacity: SigningCapacity
    alone: bool = True
    basis: Name
    valid_from: date


class EndSignatory(BaseModel):
    """Eine Zeichnungsberechtigung beenden: ``valid_to`` ist ihr letzter Tag."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    valid_to: date


@dataclass(frozen=True, slots=True)
class Entitled:
    """Somebody who may sign on the day that is looked at."""

    name: str
    function: str
    capacity: SigningCapacity
    alone: bool
    basis: str

    @property
    def leads(self) -> bool:
        """Whether one of two signatures has to be of this kind."""
        return self.capacity in _LEADING

    def __str__(self) -> str:
        jointly = "" if self.alone else ", nur gemeinsam"
        return f"{self.name} ({self.function}{jointly})"


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, academic titles and spelling of blanks aside."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    lowered = unicodedata.normalize("NFKC", name).casefold()
    return _BLANKS.sub(" ", _TITLES.sub(" ", lowered)).strip()


def entitled_on(rows: Iterable[Signatory], body: Body, on: date) -> list[Entitled]:
    """Who of a body's register may sign on a day; without any entry the head that it names."""
    known = list(rows)
    if not known:
        return _head_of(body.forms)
    return [
        Entitled(row.name, row.function, row.capacity, row.alone, row.basis)
        for row in known
        if (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or on <= row.valid_to)
    ]


def _head_of(forms: Json) -> list[Entitled]:
    if not forms.get("head_name"):
        return []
    basis = "Angaben zur Körperschaft"
    return [Entitled(forms["head_name"], forms["head_title"], SigningCapacity.HEAD, True, basis)]


def registers(session: Session, body_ids: Collection[UUID]) -> dict[UUID, list[Signatory]]:
    """The registers of bodies, whatever the day; heads first."""
    found: dict[UUID, list[Signatory]] = {body_id: [] for body_id in body_ids}
    order = list(SigningCapacity)
    rows = session.scalars(select(Signatory).where(Signatory.body_id.in_(found)))
    for row in sorted(
        rows, key=lambda r: (order.index(r.capacity), r.valid_from or date.min, r.name)
    ):
        found[row.body_id].append(row)
    return found


def enough(persons: Sequence[Entitled], needed: int) -> bool:
    """Whether these together represent the body where so many signatures are needed."""
    if len(persons) < needed:
        return False
    if len(persons) == 1:
        return persons[0].alone
    return any(person.leads for person in persons) if needed > 1 else True


def can_sign(persons: Sequence[Entitled], needed: int) -> bool:
    """Whether some of them can represent the body."""
    return any(enough(some, needed) for size in (1, 2) for some in combinations(persons, size))


@dataclass(frozen=True, slots=True)
class Asked:
    """For which body on which day how many signatures are needed, and where that stands."""

    body: Body
    on: date
    needed: int
    basis: str


def judge(asked: Asked, entitled: Sequence[Entitled], names: Sequence[str]) -> list[Entitled]:
    """Those who have signed, as the register knows them. Refusal: they do not represent it."""
    if len(names) > 1 and same_person(*names):
        raise Refusal(
            "signatory-twice",
            f"{names[0]} kann nicht zweimal unterschreiben; es müssen zwei Menschen sein.",
            "co_signatory_name",
        )
    fields = ("signatory_name", "co_signatory_name")
    signed = [
        _known(asked, entitled, name, field) for name, field in zip(names, fields, strict=False)
    ]
    if not enough(signed, asked.needed):
        raise _not_enough(asked, entitled, signed)
    return signed


def _known(asked: Asked, entitled: Sequence[Entitled], name: str, field: str) -> Entitled:
    found = next((person for person in entitled if same_person(person.name, name)), None)
    if found is None:
        raise Refusal(
            "not-a-signatory",
            f"{name} ist am {asked.on:%d.%m.%Y} für {asked.body.forms['accusative']} nicht als "
            f"zeichnungsberechtigt eingetragen. {who_could(asked, entitled)}",
            field,
            ", ".join(person.name for person in entitled) or None,
        )
    return found


def who_could(asked: Asked, entitled: Sequence[Entitled]) -> str:
    """A sentence on who could sign, or who can enter somebody."""
    if not entitled:
        return (
            "Es ist niemand eingetragen, der unterschreiben kann; eintragen kann das Rechtsamt "
            f"{asked.body.forms['genitive']} oder die Administration."
        )
    return f"Unterschreiben können: {', '.join(map(str, entitled))}."


def _not_enough(asked: Asked, entitled: Sequence[Entitled], signed: Sequence[Entitled]) -> Refusal:
    of = asked.body.forms["accusative"]
    others = [p for p in entitled if p not in signed and enough([*signed, p], asked.needed)]
    could = (
        f"Außerdem unterschreiben können: {', '.join(map(str, others))}."
        if others
        else "Weitere Personen, die mitunterschreiben können, sind nicht eingetragen; eintragen "
        f"kann sie das Rechtsamt {asked.body.forms['genitive']} oder die Administration."
    )
    if len(signed) > 1:
        return Refusal(
            "no-leading-signatory",
            f"Für {of} muss eine der beiden Unterschriften von der Verwaltungsspitze oder ihrer "
            f"allgemeinen Vertretung stammen ({asked.basis}).",
            "signatory_name",
            ", ".join(person.name for person in entitled if person.leads) or None,
        )
    why = (
        f"sind am {asked.on:%d.%m.%Y} zwei Unterschriften nötig ({asked.basis})"
        if asked.needed > 1
        else f"kann {signed[0].name} nur gemeinsam mit einer weiteren Person unterschreiben"
    )
    return Refusal(
        "second-signature-missing",
        f"Für {of} {why}. {could}",
        "co_signatory_name",
        ", ".join(person.name for person in others) or None,
    )


def enter(session: Session, actor: Actor | None, ags: str, wanted: EnterSignatory) -> Signatory:
    """Enter somebody. One person has one entry at a time, and a body one head.

    Without an actor the installation itself acts.
    """
    body = _locked_body(session, actor, ags)
    for row in registers(session, [body.id])[body.id]:
        if row.valid_to is not None and row.valid_to < wanted.valid_from:
            continue
        both_heads = row.capacity is wanted.capacity is SigningCapacity.HEAD
        if same_person(row.name, wanted.name) or both_heads:
            raise Conflict(
                "signatory-still-there",
                f"{row.name} ({row.function}) ist am {wanted.valid_from:%d.%m.%Y} noch "
                "eingetragen. Bitte zuerst den letzten Tag dieser Berechtigung eintragen.",
                "capacity" if both_heads else "name",
            )
    made = Signatory(body_id=body.id, **wanted.model_dump())
    session.add(made)
    entered = wanted.model_dump(mode="json")
    body_record.note(session, actor, body, BodyChangeKind.SIGNATORY_ENTERED, after=entered)
    return made


def end(session: Session, actor: Actor | None, ags: str, wanted: EndSignatory) -> Signatory:
    """End somebody's right to sign with that day."""
    body = _locked_body(session, actor, ags)
    rows = registers(session, [body.id])[body.id]
    named = [row for row in rows if same_person(row.name, wanted.name)]
    found = next((row for row in named if row.valid_to is None), None)
    if found is None or (found.valid_from is not None and wanted.valid_to < found.valid_from):
        known = ", ".join(row.name for row in rows if row.valid_to is None)
        raise NotFound(
            "signatory-unknown",
            f"Für {body.forms['accusative']} ist am {wanted.valid_to:%d.%m.%Y} keine laufende "
            f"Zeichnungsberechtigung von {wanted.name} eingetragen.",
            "name",
            known or None,
        )
    found.valid_to = wanted.valid_to
    ended = wanted.model_dump(mode="json")
    before = {"name": found.name, "valid_to": None}
    kind = BodyChangeKind.SIGNATORY_ENDED
    body_record.note(session, actor, body, kind, before=before, after=ended)
    return found


def _locked_body(session: Session, actor: Actor | None, ags: str) -> Body:
    body = body_queries.body(session, ags)
    if actor is not None:
        actor.require(
            actor.is_admin or actor.holds(Role.LEGAL, body.id),
            f"Zeichnungsberechtigte trägt das Rechtsamt {body.forms['genitive']} ein, oder die "
            "Administration.",
        )
    # Two who enter at the same time: the second sees what the first has entered.
    session.execute(select(Body.id).where(Body.id == body.id).with_for_update(key_share=True))
    return body
