"""Who is to be told of a task: whoever works on it, else all who may; in place of those who are
away whoever stands in for them.

Read once for a whole run, so it costs three statements however many tasks there are. A
substitution does not pass on: a substitute who is away too reaches nobody, and that is a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from agreements.model.councils import Exclusion
from agreements.model.enums import Role
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import PARTY_ROLES
from agreements.substitution import running, valid


@dataclass(frozen=True, slots=True)
class Asked:
    """For what somebody is to be reached: a role of a body in a case, and who must not do it.

    ``worked_on_by``: the one person it is with. ``not_by``: keys of persons (four eyes).
    ``biased``: keys of those who take no part for bias.
    """

    role: Role
    body_id: UUID
    case_id: UUID | None
    worked_on_by: UUID | None = None
    not_by: frozenset[str] = frozenset()
    biased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """Account -> in whose place it is told (None: for itself); and who is missed.

    ``missed``: away, and nobody stands in. ``mark``: tells this gap from an earlier one.
    """

    people: Mapping[UUID, UUID | None]
    missed: tuple[UUID, ...] = ()
    mark: str = "nobody"

    @property
    def gap(self) -> bool:
        """Whether nobody at all is reached."""
        return not self.people


@dataclass(frozen=True, slots=True)
class _StandsIn:
    user_id: UUID
    role: Role | None
    body_id: UUID | None
    case_id: UUID | None

    def covers(self, asked: Asked) -> bool:
        return (
            self.role in (None, asked.role)
            and self.body_id in (None, asked.body_id)
            and self.case_id in (None, asked.case_id)
        )


@dataclass
class Staff:
    """Everybody who has duties on a day, who of them is away, and who stands in.

    ``by_case``: somebody stands in for somebody in one case only.
    """

    keys: dict[UUID, str] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    holders: dict[tuple[Role, UUID | None], list[UUID]] = field(
        default_factory=lambda: defaultdict(list)
    )
    party_bodies: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    authority: set[UUID] = field(default_factory=set)
    away: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    stand_ins: dict[UUID, list[_StandsIn]] = field(default_factory=lambda: defaultdict(list))
    by_case: bool = False
    _known: dict[Asked, Reached] = field(default_factory=dict)

    def reach(self, asked: Asked) -> Reached:
        """Who is told of it. Whoever works on it, if they still may; else all who hold the role."""
        # Most tasks of a role of a body reach the same people, in whatever case they are.
        key = asked if self.by_case else replace(asked, case_id=None)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._reach(asked)
        return found

    def _reach(self, asked: Asked) -> Reached:
        holders: Sequence[UUID] = self.holders.get((asked.role, asked.body_id), ())
        if asked.worked_on_by is not None and self._may(asked.worked_on_by, asked, holders):
            holders = (asked.worked_on_by,)
        people: dict[UUID, UUID | None] = {}
        missed: list[UUID] = []
        for user_id in holders:
            if self._excluded(user_id, asked):
                continue
            if user_id not in self.away:
                people[user_id] = None
                continue
            found = [other for other in self._standing_in(user_id, asked) if other not in people]
            people |= dict.fromkeys(found, user_id)
            if not found:
                missed.append(user_id)
        absences = (absence for user_id in missed for absence in self.away[user_id])
        mark = max(map(str, absences), default="nobody")
        return Reached(people, tuple(missed), mark)

    def _may(self, user_id: UUID, asked: Asked, holders: Sequence[UUID]) -> bool:
        """Whether the person still has the task's duty, of their own or in another's place."""
        if user_id in holders:
            return not self._excluded(user_id, asked)
        return any(
            user_id in self._standing_in(holder, asked) for holder in holders if holder in self.away
        )

    def _standing_in(self, user_id: UUID, asked: Asked) -> Iterator[UUID]:
        """Those who stand in for the person here, are there themselves and may do it."""
        for stand_in in self.stand_ins.get(user_id, ()):
            other = stand_in.user_id
            if (
                stand_in.covers(asked)
                and other in self.keys
                and other not in self.away
                and self._belongs(other, asked)
                and not self._excluded(other, asked)
            ):
                yield other

    def _belongs(self, user_id: UUID, asked: Asked) -> bool:
        if asked.role in PARTY_ROLES:
            return asked.body_id in self.party_bodies[user_id] and user_id not in self.authority
        return user_id in self.holders.get((asked.role, asked.body_id), ())

    def _excluded(self, user_id: UUID, asked: Asked) -> bool:
        """Four eyes: the first person, every account of theirs, whoever stands in for them."""
        key = self.keys.get(user_id)
        if key is None or key in asked.biased:
            return True
        if not asked.not_by:
            return False
        return key in asked.not_by or any(
            self.keys.get(absent) in asked.not_by
            and any(s.user_id == user_id and s.covers(asked) for s in stand_ins)
            for absent, stand_ins in self.stand_ins.items()
        )


_ALL: Final = (*PARTY_ROLES, Role.ADMIN, Role.AUTHORITY)


def staff_on(session: Session, day: date) -> Staff:
    """Who has duties on that day; people who have left are not among them."""
    staff = Staff()
    for user_id, key, name, role, body_id in session.execute(
        select(User.id, User.person_key, User.display_name, Duty.role, Duty.body_id)
        .join(Duty, Duty.user_id == User.id)
        .where(User.active, Duty.role.in_(_ALL), valid(day))
        .order_by(User.id)
    ):
        staff.keys[user_id], staff.names[user_id] = key, name
        if user_id not in staff.holders[(role, body_id)]:
            staff.holders[(role, body_id)].append(user_id)
        if role is Role.AUTHORITY:
            staff.authority.add(user_id)
        elif body_id is not None:
            staff.party_bodies[user_id].add(body_id)
    _read_absences(session, day, staff)
    return staff


def _read_absences(session: Session, day: date, staff: Staff) -> None:
    for absence_id, user_id, stand_in in session.execute(
        select(Absence.id, Absence.user_id, Substitution)
        .outerjoin(
            Substitution,
            and_(Substitution.absence_id == Absence.id, Substitution.ended_at.is_(None)),
        )
        .where(running(day))
        .order_by(Absence.id, Substitution.id)
    ):
        if absence_id not in staff.away[user_id]:
            staff.away[user_id].append(absence_id)
        if stand_in is not None:
            staff.by_case |= stand_in.case_id is not None
            staff.stand_ins[user_id].append(
                _StandsIn(stand_in.substitute_id, stand_in.role, stand_in.body_id, stand_in.case_id)
            )


def biased_in(
    session: Session, cases: Iterable[UUID]
) -> dict[tuple[UUID, UUID], list[tuple[UUID | None, str]]]:
    """(case, body) -> persons who take no part there, in a consultation or at all (None)."""
    found: dict[tuple[UUID, UUID], list[tuple[UUID | None, str]]] = defaultdict(list)
    for case_id, body_id, consultation_id, key in session.execute(
        select(Exclusion.case_id, Exclusion.body_id, Exclusion.consultation_id, User.person_key)
        .join(User, User.id == Exclusion.user_id)
        .where(Exclusion.case_id.in_(set(cases)))
    ):
        found[(case_id, body_id)].append((consultation_id, key))
    return found
