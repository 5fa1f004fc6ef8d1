"""Write a region into the database; running it again only adds what is missing or changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements.accounts import require_separate
from agreements.model.bodies import (
    Body,
    Committee,
    CommitteeSize,
    Population,
    SessionFreePeriod,
    Signatory,
)
from agreements.model.enums import SigningCapacity
from agreements.model.people import Duty, User
from agreements.people import hash_password
from agreements.regions.holidays import session_free_default
from agreements.regions.model import BodyData, CommitteeData, RegionData, UserData


@dataclass(slots=True)
class LoadReport:
    """What was written. ``bodies``: the names of all bodies of the region."""

    added: int = 0
    updated: int = 0
    users_added: int = 0
    bodies: list[str] = field(default_factory=list)


def add_region(
    session: Session, data: RegionData, *, sample_password: str | None = None
) -> LoadReport:
    """Add the region's bodies, committees and people.

    sample_password: the password of new accounts; without it they can't sign in yet.
    """
    report = LoadReport()
    ids = {
        entry.ags: _body(session, entry, report, directory_only=data.directory_only).id
        for entry in data.bodies
    }
    password = hash_password(sample_password) if sample_password else None
    for user in data.users:
        _user(session, user, ids, password, report)
    session.flush()
    return report


def _body(session: Session, data: BodyData, report: LoadReport, *, directory_only: bool) -> Body:
    body = session.scalar(select(Body).where(Body.ags == data.ags))
    is_new = body is None
    if body is None:
        # The next paper number belongs to the running installation, so it is set only once.
        body = Body(ags=data.ags, next_paper_number=data.next_paper_number)
        session.add(body)
        report.added += 1
    else:
        report.updated += 1
    body.ars, body.official_name, body.land = data.ars, data.official_name, data.land
    body.government_district, body.district_ags = data.government_district, data.district_ags
    # The directory knows neither people nor committees: what is entered by hand stays.
    if is_new or not directory_only:
        _describe(body, data)
        session.flush()
        for committee in data.committees:
            _committee(session, body.id, committee)
        _signatories(session, body, data)
    if is_new:
        _calendar(session, body, data)
    _populations(session, body, data)
    report.bodies.append(data.name)
    return body


def _describe(body: Body, data: BodyData) -> None:
    body.kind, body.name = data.kind, data.name
    body.forms = data.forms.model_dump()
    body.paper_number_pattern = data.paper_number_pattern
    body.valid_from, body.valid_to, body.sample = data.valid_from, data.valid_to, data.sample


def _calendar(session: Session, body: Body, data: BodyData) -> None:
    """Only once: what the body's office enters or removes later stays so."""
    if data.invitation_period is not None:
        body.invitation_period = data.invitation_period.model_dump(mode="json")
    if data.invitation_period_urgent is not None:
        body.invitation_period_urgent = data.invitation_period_urgent.model_dump(mode="json")
    for period in session_free_default(data.land):
        values = period.model_dump()
        session.add(SessionFreePeriod(body_id=body.id, sample=data.sample, **values))


def _populations(session: Session, body: Body, data: BodyData) -> None:
    known = {(p.as_of, p.census_basis) for p in body.populations}
    for entry in data.populations:
        if (entry.as_of, entry.census_basis) not in known:
            session.add(Population(body_id=body.id, **entry.model_dump()))


def _committee(session: Session, body_id: UUID, data: CommitteeData) -> None:
    committee = session.scalar(
        select(Committee).where(
            Committee.body_id == body_id,
            Committee.name == data.name,
            Committee.valid_from.is_not_distinct_from(data.valid_from),
        )
    )
    if committee is None:
        committee = Committee(body_id=body_id)
        session.add(committee)
    for name, value in data.model_dump(exclude={"sizes"}).items():
        setattr(committee, name, value)
    session.flush()
    known = {size.valid_from for size in committee.sizes}
    for size in data.sizes:
        if size.valid_from not in known:
            session.add(CommitteeSize(committee_id=committee.id, **size.model_dump()))


def _signatories(session: Session, body: Body, data: BodyData) -> None:
    """Only once: what the body enters or ends later stays so."""
    if session.scalar(select(Signatory.id).where(Signatory.body_id == body.id).limit(1)):
        return
    if data.forms.head_name:
        head = Signatory(
            body_id=body.id,
            name=data.forms.head_name,
            function=data.forms.head_title,
            capacity=SigningCapacity.HEAD,
            basis="Angaben zur Körperschaft",
            sample=data.sample,
        )
        session.add(head)
    for entry in data.signatories:
        session.add(Signatory(body_id=body.id, **entry.model_dump()))


def _user(
    session: Session,
    data: UserData,
    bodies: dict[str, UUID],
    password: str | None,
    report: LoadReport,
) -> None:
    if session.scalar(select(User.id).where(User.username == data.username)) is not None:
        return
    require_separate(duty.role for duty in data.duties)
    user = User(
        username=data.username,
        display_name=data.display_name,
        function=data.function,
        email=data.email,
        person_key=data.person_key,
        password_hash=password,
        sample=data.sample,
    )
    user.duties = [
        Duty(role=duty.role, body_id=bodies[duty.body] if duty.body else None)
        for duty in data.duties
    ]
    session.add(user)
    report.users_added += 1
