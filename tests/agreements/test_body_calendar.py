"""A body's calendar: the last day to invite, session-free times, and who keeps them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from agreements import body_calendar, clock
from agreements.body_calendar import EnterSessionFree, InvitationPeriod, SetInvitationPeriod
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.ids import new_id
from agreements.law.deadlines import Unit
from agreements.model.bodies import Body, SessionFreePeriod
from agreements.model.enums import Role
from agreements.model.people import User
from agreements.people import Actor
from agreements.queries import bodies as queries
from agreements.regions.assemble import region_from_directory, sample_region
from agreements.regions.holidays import session_free_default
from agreements.regions.load import add_region
from tests.story import KAMEN, actor

TWELVE = InvitationPeriod(
    count=12, unit=Unit.WERKTAGE, source="Geschäftsordnung der Stadt Schwelm", verified=True
)
SIX = InvitationPeriod(count=6, unit=Unit.DAYS, source="Geschäftsordnung Rhein-Kreis Neuss")
THREE = InvitationPeriod(count=3, unit=Unit.WERKTAGE, source="Geschäftsordnung Rhein-Kreis Neuss")
CARNIVAL = EnterSessionFree(
    name="Karneval 2027",
    first_day=date(2027, 2, 4),
    last_day=date(2027, 2, 10),
    source="Sitzungskalender 2027",
)
MEETING = date(2026, 12, 15)


@pytest.fixture(autouse=True)
def one_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 2, 10, tzinfo=UTC)):
        yield


def admin(session: Session) -> Actor:
    """An administrator, who has an account: the region of the directory has none."""
    known = {"username": "admin", "display_name": "Admin", "person_key": "admin"}
    session.execute(insert(User).values(id=new_id(), **known).on_conflict_do_nothing())
    return replace(actor(session, "admin"), duties=frozenset({(Role.ADMIN, None)}))


def acting(session: Session, role: Role, ags: str = KAMEN) -> Actor:
    body_id = queries.body(session, ags).id
    return replace(admin(session), duties=frozenset({(role, body_id)}))


def keep(
    sessions: sessionmaker[Session],
    regular: InvitationPeriod = TWELVE,
    urgent: InvitationPeriod | None = THREE,
) -> None:
    with transaction(sessions) as session:
        wanted = SetInvitationPeriod(regular=regular, urgent=urgent)
        body_calendar.set_invitation_period(session, admin(session), KAMEN, wanted)


def day(
    sessions: sessionmaker[Session], held_on: date = MEETING, invited_on: date | None = None
) -> body_calendar.MeetingDay:
    with sessions() as session:
        return body_calendar.meeting_day(session, queries.body(session, KAMEN), held_on, invited_on)


@pytest.mark.parametrize(
    ("period", "meeting", "land", "last"),
    [
        # Real periods (domain.md section 2): Schwelm, Rhein-Kreis Neuss regular and urgent.
        (TWELVE, date(2026, 12, 15), "NW", date(2026, 11, 30)),
        (TWELVE, date(2026, 6, 16), "NW", date(2026, 5, 31)),  # Fronleichnam in between
        (TWELVE, date(2026, 6, 16), "NI", date(2026, 6, 1)),
        (SIX, date(2026, 12, 15), "NW", date(2026, 12, 8)),
        (SIX, date(2027, 1, 4), "NW", date(2026, 12, 28)),  # holidays count as days
        (THREE, date(2026, 12, 29), "NW", date(2026, 12, 22)),  # 23, 24, 28 December lie between
    ],
)
def test_the_last_day_to_invite(
    period: InvitationPeriod, meeting: date, land: str, last: date
) -> None:
    found = body_calendar.latest_invitation(period, meeting, land)
    assert found.end == last
    assert "Letzter Tag für die Einladung ist daher" in found.derivation
    assert period.source in found.derivation
    assert ("nicht geprüft" in found.derivation) is not period.verified


def test_an_invitation_on_the_last_day_is_in_time_and_a_day_later_is_not(
    kreis: sessionmaker[Session],
) -> None:
    keep(kreis)
    in_time = day(kreis, invited_on=date(2026, 11, 30))
    assert (in_time.kept, in_time.hints) == (True, ())
    late = day(kreis, invited_on=date(2026, 12, 1))
    assert late.kept is False
    [hint] = late.hints
    assert "Einladung vom 01.12.2026 war zu spät (letzter Tag war Montag, 30. November" in hint
    assert "nur als dringlich mit verkürzter Ladungsfrist (letzter Tag Donnerstag, 10." in hint
    assert "oder in der nächsten Sitzung" in hint


def test_an_invitation_that_misses_the_shortened_period_too_is_told_so(
    kreis: sessionmaker[Session],
) -> None:
    keep(kreis)
    [hint] = day(kreis, invited_on=date(2026, 12, 11)).hints
    assert "auch die verkürzte Ladungsfrist (letzter Tag Donnerstag, 10. Dezember 2026)" in hint
    keep(kreis, urgent=None)
    [hint] = day(kreis, invited_on=date(2026, 12, 11)).hints
    assert "verkürzte" not in hint
    assert "kann nur als dringlich oder in der nächsten Sitzung beraten werden" in hint


def test_whoever_has_not_invited_yet_is_warned_from_the_day_after_the_last_one_on(
    kreis: sessionmaker[Session],
) -> None:
    keep(kreis)
    for today, hints in ((date(2026, 11, 30), 0), (date(2026, 12, 1), 1), (date(2026, 12, 16), 0)):
        with clock.fixed(datetime(today.year, today.month, today.day, 12, tzinfo=UTC)):
            found = day(kreis)
        assert (len(found.hints), found.kept) == (hints, None), today


def test_without_a_known_period_it_says_so(kreis: sessionmaker[Session]) -> None:
    found = day(kreis, invited_on=MEETING)
    assert (found.latest, found.latest_urgent, found.kept) == (None, None, None)
    assert found.hints == (
        "Die Ladungsfrist der Stadt Kamen ist nicht hinterlegt; ob rechtzeitig eingeladen wird, "
        "ist nach der Geschäftsordnung zu prüfen.",
    )


def test_a_new_period_replaces_the_old_one_and_answers_with_it(
    kreis: sessionmaker[Session],
) -> None:
    keep(kreis)
    with transaction(kreis) as session:
        body, before = body_calendar.set_invitation_period(
            session, admin(session), KAMEN, SetInvitationPeriod(regular=SIX)
        )
        assert (before.regular, before.urgent) == (TWELVE, THREE)
        assert body_calendar.invitation_periods(body).urgent is None
    with kreis() as session:
        no_urgent = select(Body.ags).where(Body.invitation_period_urgent.is_(None))
        assert KAMEN in session.scalars(no_urgent).all()  # NULL, not JSON's null


@pytest.mark.parametrize(
    "values",
    [
        {"count": 0, "unit": "days"},
        {"count": 61, "unit": "days"},
        {"count": 1, "unit": "months"},
        {"count": 1, "unit": "days", "source": " "},
        {"count": 1, "unit": "days", "extra": 1},
    ],
)
def test_what_is_no_invitation_period(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        InvitationPeriod.model_validate({"source": "Geschäftsordnung", **values})


def test_a_meeting_in_the_holidays_gets_a_hint(kreis: sessionmaker[Session]) -> None:
    keep(kreis, urgent=None)
    for held_on, inside in (
        (date(2027, 7, 18), False),
        (date(2027, 7, 19), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
    ):
        found = day(kreis, held_on)
        assert (found.session_free is not None) is inside, held_on
        assert any("Sommerferien 2027" in hint for hint in found.hints) is inside, held_on


def test_session_free_times_come_from_the_school_holidays_once(
    kreis: sessionmaker[Session],
) -> None:
    def names(session: Session) -> list[str]:
        body = queries.body(session, KAMEN)
        return [row.name for row in body_calendar.session_free_periods(session, body)]

    with kreis() as session:
        proposed = names(session)
    assert proposed == [period.name for period in session_free_default("NW")]
    assert "Herbstferien 2026" in proposed
    assert not any("Pfingst" in name for name in proposed)  # a single day
    with transaction(kreis) as session:
        body = queries.body(session, KAMEN)
        autumn = next(
            row
            for row in body_calendar.session_free_periods(session, body)
            if row.name == "Herbstferien 2026"
        )
        assert "openholidaysapi" in autumn.source
        body_calendar.remove_session_free(session, admin(session), KAMEN, autumn.id)
    with transaction(kreis) as session:
        add_region(session, region_from_directory("05978"))
        assert names(session) == [name for name in proposed if name != "Herbstferien 2026"]


def test_the_sample_region_has_invented_periods_and_says_so() -> None:
    for body in sample_region().bodies:
        for period in (body.invitation_period, body.invitation_period_urgent):
            assert period is not None
            assert period.source.startswith("Beispieldaten")
            assert not period.verified


def test_session_free_times_of_a_body_never_overlap(kreis: sessionmaker[Session]) -> None:
    with transaction(kreis) as session:
        body_calendar.enter_session_free(session, admin(session), KAMEN, CARNIVAL)
    for first, last in ((4, 10), (10, 12), (1, 4), (6, 7)):
        inside = CARNIVAL.model_copy(
            update={"first_day": date(2027, 2, first), "last_day": date(2027, 2, last)}
        )
        with (
            pytest.raises(Conflict, match="Karneval 2027") as refused,
            transaction(kreis) as session,
        ):
            body_calendar.enter_session_free(session, admin(session), KAMEN, inside)
        assert refused.value.code == "session-free-overlap"


def test_two_who_enter_the_same_days_at_once_enter_them_once(
    kreis: sessionmaker[Session],
) -> None:
    barrier, refused = threading.Barrier(2), []
    with transaction(kreis) as session:
        admin(session)

    def enter(name: str) -> None:
        barrier.wait(30)
        try:
            with transaction(kreis) as session:
                wanted = CARNIVAL.model_copy(update={"name": name})
                body_calendar.enter_session_free(session, admin(session), KAMEN, wanted)
        except Conflict as conflict:
            refused.append(conflict.code)

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("eins", "zwei")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["session-free-overlap"]
    with kreis() as session:
        entered = select(SessionFreePeriod).where(SessionFreePeriod.source == CARNIVAL.source)
        assert len(session.scalars(entered).all()) == 1


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2027, 2, 10), date(2027, 2, 9), "session-free-backward"),
        (date(2031, 2, 1), date(2031, 6, 1), "session-free-too-long"),
    ],
)
def test_a_span_that_cannot_be_is_refused(
    kreis: sessionmaker[Session], first: date, last: date, code: str
) -> None:
    wanted = CARNIVAL.model_copy(update={"first_day": first, "last_day": last})
    with pytest.raises(Refusal) as refused, transaction(kreis) as session:
        body_calendar.enter_session_free(session, admin(session), KAMEN, wanted)
    assert refused.value.code == code


def test_the_office_of_the_body_keeps_the_calendar_and_nobody_else(
    kreis: sessionmaker[Session],
) -> None:
    wanted = SetInvitationPeriod(regular=SIX)
    with transaction(kreis) as session:
        for role in (Role.CLERK, Role.LEGAL):
            body_calendar.set_invitation_period(session, acting(session, role), KAMEN, wanted)
        strangers = [
            acting(session, Role.SIGNATORY),
            acting(session, Role.TREASURER),
            acting(session, Role.LEGAL, "05978004"),
        ]
        for stranger in strangers:
            with pytest.raises(NotPermitted, match="Verwaltung der Stadt Kamen"):
                body_calendar.set_invitation_period(session, stranger, KAMEN, wanted)
            with pytest.raises(NotPermitted):
                body_calendar.enter_session_free(session, stranger, KAMEN, CARNIVAL)
            with pytest.raises(NotPermitted):
                body_calendar.remove_session_free(session, stranger, KAMEN, uuid4())


def test_only_a_bodys_own_session_free_time_is_removed(kreis: sessionmaker[Session]) -> None:
    with transaction(kreis) as session:
        other = body_calendar.session_free_periods(session, queries.body(session, "05978004"))[0]
        with pytest.raises(NotFound) as refused:
            body_calendar.remove_session_free(session, admin(session), KAMEN, other.id)
    assert refused.value.code == "session-free-unknown"
