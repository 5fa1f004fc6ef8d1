"""Calendars to subscribe to: the right dates, for whoever may see them now."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agreements import accounts, clock, feeds, people
from agreements.database.engine import transaction
from agreements.errors import NotFound, NotPermitted
from agreements.feeds import NewCalendar, Published
from agreements.model.cases import Party
from agreements.model.enums import PartyRole, Role, TaskState
from agreements.model.people import CalendarFeed, User
from agreements.people import Actor
from tests.agreements.mail.office import Office

LINKS = "https://vereinbar.kreis-unna.de"
DUE = date(2026, 12, 14)


def actor(session: Session, username: str) -> Actor:
    return people.actor_of(session.scalars(select(User).where(User.username == username)).one())


def subscribe(office: Office, username: str = "sb.kamen", case: str | None = None) -> str:
    """A calendar of the person; returns its secret."""
    with transaction(office.sessions) as session:
        wanted = NewCalendar(name="Meine Fristen", case=case)
        return feeds.create(session, actor(session, username), wanted)[0]


def published(office: Office, secret: str) -> Published:
    with office.sessions() as session:
        return feeds.read(session, secret, LINKS)


def events(office: Office, secret: str) -> dict[str, Event]:
    """The events of a calendar by their UID, read back from its text."""
    calendar = Calendar.from_ical(published(office, secret).text)
    assert isinstance(calendar, Calendar)
    found = {str(event["UID"]): event for event in calendar.events}
    assert len(found) == len(calendar.events)
    return found


def join(office: Office) -> None:
    """Kamen leads the case."""
    with transaction(office.sessions) as session:
        session.add(
            Party(
                case_id=office.case_id,
                body_id=office.body_id,
                position=1,
                roles=[PartyRole.LEAD],
                joined_on=clock.today(),
            )
        )


def due(task: UUID) -> str:
    return f"{task}.due@vereinbar"


def test_due_dates_and_follow_ups_are_whole_days(office: Office) -> None:
    secret = subscribe(office)
    follow_up = date(2026, 12, 7)
    task = office.task("Müller & Söhne; Rat, Kamen", due_on=DUE, follow_up_on=follow_up)
    found = events(office, secret)
    assert set(found) == {due(task), f"{task}.follow-up@vereinbar"}
    event = found[due(task)]
    assert event.decoded("DTSTART") == DUE
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event.decoded("DTEND") == DUE + timedelta(days=1)
    assert event["SUMMARY"] == (
        "Frist: Müller & Söhne; Rat, Kamen - IKZ-2026-0001 Smart Region Kreis Unna"
    )
    assert event["DESCRIPTION"] == "Stadt Kamen\nSitzung am 14.12.2026"
    assert event["URL"] == f"{LINKS}/aufgaben/{task}"
    assert event["STATUS"] == "CONFIRMED"
    assert found[f"{task}.follow-up@vereinbar"].decoded("DTSTART") == follow_up


def test_long_lines_are_folded_and_read_back(office: Office) -> None:
    secret = subscribe(office)
    task = office.task("ß" * 300, due_on=DUE)
    text = published(office, secret).text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "ß" * 300 in str(events(office, secret)[due(task)]["SUMMARY"])


def test_a_moved_date_keeps_its_uid_and_its_sequence_grows(office: Office) -> None:
    secret = subscribe(office)
    task = office.task(due_on=DUE)
    before = events(office, secret)[due(task)]
    office.change(task, due_on=DUE + timedelta(days=7))
    after = events(office, secret)[due(task)]
    assert after.decoded("DTSTART") == DUE + timedelta(days=7)
    assert int(str(after["SEQUENCE"])) > int(str(before["SEQUENCE"]))


def test_what_is_over_is_cancelled_for_ninety_days(office: Office) -> None:
    secret = subscribe(office)
    done, gone = office.task("Erledigt", due_on=DUE), office.task("Entfallen", due_on=DUE)
    before = events(office, secret)
    office.change(done, state=TaskState.DONE, completed_at=clock.now())
    office.change(gone, state=TaskState.CANCELLED, cancelled_at=clock.now())
    after = events(office, secret)
    for task in (done, gone):
        assert after[due(task)]["STATUS"] == "CANCELLED"
        assert int(str(after[due(task)]["SEQUENCE"])) > int(str(before[due(task)]["SEQUENCE"]))
    with clock.fixed(clock.now() + timedelta(days=91)):
        assert events(office, secret) == {}


def test_a_persons_calendar_holds_what_is_theirs(office: Office) -> None:
    with office.sessions() as session:
        ids = {u.username: u.id for u in session.scalars(select(User))}
    secret = subscribe(office)
    free = office.task("Frei", due_on=DUE)
    mine = office.task("Meine", due_on=DUE, claimed_by=ids["sb.kamen"])
    office.task("Der Kollegin", due_on=DUE, claimed_by=ids["recht.kamen"])
    given = office.task(
        "Gegeben", due_on=DUE, claimed_by=ids["recht.kamen"], delegated_by=ids["sb.kamen"]
    )
    office.task("Ohne Datum")
    assert set(events(office, secret)) == {due(task) for task in (free, mine, given)}
    assert events(office, subscribe(office, "sb.schwerte")) == {}


def test_the_secret_is_kept_as_a_hash_only(office: Office) -> None:
    secret = subscribe(office)
    with office.sessions() as session:
        [row] = session.scalars(select(CalendarFeed))
    assert secret not in str(vars(row))


def test_revoked_unknown_and_closed_calendars_are_alike(office: Office) -> None:
    secret, other = subscribe(office), subscribe(office)
    with transaction(office.sessions) as session:
        owner = actor(session, "sb.kamen")
        first, _ = feeds.feeds_of(session, owner)
        feeds.revoke(session, owner, first.calendar.id)
        assert len(feeds.feeds_of(session, owner)) == 1
    messages = set()
    for wrong in (secret, "geraten", ""):
        with pytest.raises(NotFound) as refused:
            published(office, wrong)
        messages.add(str(refused.value))
    assert published(office, other).text
    with transaction(office.sessions) as session:
        accounts.deactivate(session, "sb.kamen")
    with pytest.raises(NotFound) as refused:
        published(office, other)
    assert len(messages | {str(refused.value)}) == 1


def test_nobody_revokes_the_calendars_of_others(office: Office) -> None:
    secret = subscribe(office)
    with transaction(office.sessions) as session:
        [feed] = session.scalars(select(CalendarFeed))
        with pytest.raises(NotFound):
            feeds.revoke(session, actor(session, "recht.kamen"), feed.id)
    assert published(office, secret)


def test_a_cases_calendar_ends_with_the_right_to_see_the_case(office: Office) -> None:
    join(office)
    secret = subscribe(office, "recht.kamen", "IKZ-2026-0001")
    task = office.task(due_on=DUE)
    assert set(events(office, secret)) == {due(task)}
    with transaction(office.sessions) as session:
        accounts.end_duty(session, "recht.kamen", _role(session), "05978020", clock.today())
    with clock.fixed(clock.now() + timedelta(days=1)), pytest.raises(NotFound):
        published(office, secret)


def _role(session: Session) -> Role:
    [(role, _)] = actor(session, "recht.kamen").duties
    return role


def test_strangers_and_the_administration_get_no_calendar_of_a_case(office: Office) -> None:
    join(office)
    for username in ("sb.luenen", "admin"):
        with pytest.raises(NotFound if "sb" in username else NotPermitted):
            subscribe(office, username, "IKZ-2026-0001")


def test_the_same_dates_have_the_same_etag(office: Office) -> None:
    secret = subscribe(office)
    task = office.task(due_on=DUE)
    first = published(office, secret).etag
    with clock.fixed(clock.now() + timedelta(days=1)):
        assert published(office, secret).etag == first
    office.change(task, own_title="Anders")
    assert published(office, secret).etag != first


def test_the_number_of_statements_is_constant(office: Office) -> None:
    from sqlalchemy import event as events_of

    secret = subscribe(office)
    seen: list[object] = []
    events_of.listen(
        office.sessions.kw["bind"], "before_cursor_execute", lambda *args: seen.append(args[2])
    )
    office_counts = []
    for number in (1, 20):
        for _ in range(number):
            office.task("Aufgabe", due_on=DUE)
        seen.clear()
        published(office, secret)
        office_counts.append(len(seen))
    assert office_counts[0] == office_counts[1] <= 6


def test_an_account_that_is_closed_by_hand_is_closed(office: Office) -> None:
    secret = subscribe(office)
    with transaction(office.sessions) as session:
        session.execute(update(User).values(active=False))
    with pytest.raises(NotFound):
        published(office, secret)
