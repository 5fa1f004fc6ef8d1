"""What a region consists of, as plain values; the database is filled from them elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.body_calendar import InvitationPeriod
from agreements.documents.forms import BodyForms
from agreements.model.enums import BodyKind, CommitteeKind, ConsultationRole, Role, SigningCapacity

Ags = Annotated[str, Field(pattern=r"^(\d{5}|\d{8})$")]


class Frozen(BaseModel):
    """Base of all values of a region."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PopulationData(Frozen):
    """Einwohnerzahl with date and census basis; without both a cost key can't be computed."""

    as_of: date
    census_basis: str
    count: int = Field(ge=0)
    source: str


class SizeData(Frozen):
    """How many may vote from a day on, head of administration included where the law says so."""

    valid_from: date
    valid_to: date | None = None
    voting_members: int = Field(gt=0)
    source: str


class CommitteeData(Frozen):
    """Gremium. Without sizes nobody knows yet how many may vote."""

    kind: CommitteeKind
    name: str
    genitive: str
    position: int | None
    role: ConsultationRole
    public: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    sample: bool = False
    sizes: tuple[SizeData, ...] = ()

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Self:
        for earlier, later in zip(self.sizes, self.sizes[1:], strict=False):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                raise ValueError(f"{self.name}: sizes overlap")
        return self

    def voting_members_on(self, day: date) -> int | None:
        """How many may vote on a day; None if unknown."""
        for size in self.sizes:
            if size.valid_from <= day and (size.valid_to is None or day <= size.valid_to):
                return size.voting_members
        return None


class SignatoryData(Frozen):
    """Zeichnungsberechtigte Person beside the head of administration."""

    name: str
    function: str
    capacity: SigningCapacity
    alone: bool = True
    basis: str
    valid_from: date | None = None
    valid_to: date | None = None
    sample: bool = False


class BodyData(Frozen):
    """Körperschaft. ``signatories``: beside the head, who stands in ``forms``.

    district_ags: the Kreis of a municipality; a kreisfreie Stadt bears its own five digits.
    paper_number_pattern: a format string over ``seq`` and ``year``.
    """

    ags: Ags
    ars: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    kind: BodyKind
    official_name: str
    land: str
    government_district: str | None = None
    district_ags: Annotated[str, Field(pattern=r"^\d{5}$")] | None = None
    forms: BodyForms
    paper_number_pattern: str
    next_paper_number: int = Field(default=1, ge=1)
    invitation_period: InvitationPeriod | None = None
    invitation_period_urgent: InvitationPeriod | None = None
    populations: tuple[PopulationData, ...] = ()
    committees: tuple[CommitteeData, ...] = ()
    signatories: tuple[SignatoryData, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    sample: bool = False

    @property
    def name(self) -> str:
        """The full name, "Stadt Kamen"."""
        return self.forms.name

    @property
    def consultations(self) -> tuple[CommitteeData, ...]:
        """Beratungsfolge: the committees that a paper passes, in order."""
        passed = (committee for committee in self.committees if committee.position is not None)
        return tuple(sorted(passed, key=lambda committee: committee.position or 0))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.paper_number(1, 2026) == self.paper_number(2, 2026):
            raise ValueError(f"{self.forms.name}: paper_number_pattern does not count")
        order = self.consultations
        _refuse_doubles((str(committee.position) for committee in order), "position")
        if [committee.role.authoritative for committee in order] != _decision_last(order):
            raise ValueError(f"{self.forms.name}: exactly the last committee decides")
        return self

    def paper_number(self, seq: int, year: int) -> str:
        """The number of a Beschlussvorlage by the body's own pattern."""
        return self.paper_number_pattern.format(seq=seq, year=year)


class DutyData(Frozen):
    """A role for a body; without a body for the whole installation."""

    role: Role
    body: Ags | None = None


class UserData(Frozen):
    """An account. ``person_key`` ties the accounts of one person together."""

    username: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]
    display_name: str
    function: str | None = None
    email: str | None = None
    person_key: str
    duties: tuple[DutyData, ...]
    sample: bool = False


class RegionData(Frozen):
    """Bodies that cooperate, with their committees and people.

    directory_only: committees are the usual ones and nothing is known of heads, addresses or
    numbering; for a body that is set up already only its official data may be taken over.
    """

    id: str
    name: str
    source: str
    sample: bool = False
    directory_only: bool = False
    bodies: tuple[BodyData, ...] = Field(min_length=1)
    users: tuple[UserData, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_doubles((body.ags for body in self.bodies), "AGS")
        _refuse_doubles((user.username for user in self.users), "username")
        known = {body.ags for body in self.bodies}
        for user in self.users:
            for duty in user.duties:
                if duty.body is not None and duty.body not in known:
                    raise ValueError(f"{user.username}: unknown body {duty.body}")
                if (duty.role is Role.ADMIN) != (duty.body is None):
                    raise ValueError(f"{user.username}: only an admin acts without a body")
        return self

    def body(self, ags: str) -> BodyData:
        """The body with this key. KeyError if it is not in the region."""
        for body in self.bodies:
            if body.ags == ags:
                return body
        raise KeyError(ags)


def _decision_last(order: Sequence[CommitteeData]) -> list[bool]:
    return [number == len(order) - 1 for number in range(len(order))]


def _refuse_doubles(values: Iterable[str], what: str) -> None:
    doubled = [value for value, count in Counter(values).items() if count > 1]
    if doubled:
        raise ValueError(f"{what} more than once: {', '.join(doubled)}")
