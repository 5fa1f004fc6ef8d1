"""Mails against a real SMTP server: at least once, always the same, also when it fails."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text, update

from agreements import clock, mail, tasks
from agreements.database.engine import transaction
from agreements.errors import Conflict
from agreements.mail import delivering
from agreements.mail.delivering import Delivered
from agreements.model.cases import Task
from agreements.model.enums import MailRhythm, MailState, NoticeKind
from agreements.model.notices import Mail
from agreements.notices import tell
from agreements.settings import Settings
from tests.agreements.mail.office import SETTINGS, Office
from tests.agreements.mail.smtp import Behaviour, Server, serving
from tests.ports import nobody_listens
from tests.story import actor
from tests.waiting import until

DUE = date(2026, 12, 14)
ADDRESS = "sb.kamen@kreis-unna.de"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that accepts everything, unless the test says otherwise."""
    with serving(Server()) as server:
        yield server


def write_mails(office: Office, *usernames: str) -> list[UUID]:
    """A mail for each, of one task with a due date."""
    task = office.task(due_on=DUE)
    people = [office.person(name, MailRhythm.IMMEDIATELY) for name in usernames]
    office.tell(*people, task=task)
    assert office.collect() == len(people)
    return people


def deliver(office: Office, settings: Settings) -> Delivered:
    return asyncio.run(mail.deliver(office.sessions, settings))


def only(office: Office) -> Mail:
    [found] = office.mails()
    return found


def test_a_mail_goes_out_once(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    assert deliver(office, server.settings()) == Delivered(1, 0, 0)
    assert deliver(office, server.settings()) == Delivered(0, 0, 0)
    sent, [message] = only(office), server.messages
    assert (sent.state, sent.attempts, sent.last_error) == (MailState.SENT, 1, None)
    assert sent.sent_at == clock.now()
    assert server.envelopes == [("vereinbar@kreis-unna.de", ADDRESS)]
    assert message["Message-ID"] == f"<{sent.id}@kreis-unna.de>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == sent.created_at.replace(microsecond=0)
    assert message["From"] == "vereinbar Kreis Unna <vereinbar@kreis-unna.de>"


def test_several_mails_share_a_connection(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen", "recht.kamen", "kaemmerer.kamen")
    assert deliver(office, server.settings()) == Delivered(3, 0, 0)
    assert server.connections == 1


def test_a_refused_recipient_fails_with_the_servers_words(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen", "recht.kamen")
    server.answers[ADDRESS] = "550 5.1.1 Postfach unbekannt"
    assert deliver(office, server.settings()) == Delivered(1, 1, 0)
    refused, other = office.mails()
    assert (refused.state, refused.last_error) == (
        MailState.FAILED,
        "550 5.1.1 Postfach unbekannt",
    )
    assert other.state is MailState.SENT


def test_the_administration_is_told_of_a_refused_mail(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    server.answers[ADDRESS] = "550 5.1.1 Postfach unbekannt"
    deliver(office, server.settings())
    [told] = [notice for notice in office.notices() if notice.kind is NoticeKind.OPERATOR]
    assert told.data["sentence"] == (
        f"Eine E-Mail an {ADDRESS} ist nicht zustellbar: 550 5.1.1 Postfach unbekannt"
    )


@pytest.mark.parametrize(
    "answer", ["450 4.2.0 Bitte spaeter", "452 4.2.2 Postfach voll", "421 4.3.2 Wartung"]
)
def test_a_temporary_refusal_is_tried_again(office: Office, server: Server, answer: str) -> None:
    write_mails(office, "sb.kamen")
    server.answers[ADDRESS] = answer
    assert deliver(office, server.settings()) == Delivered(0, 0, 1)
    waiting = only(office)
    assert (waiting.state, waiting.last_error) == (MailState.WAITING, answer)
    assert waiting.next_attempt_at == clock.now() + timedelta(minutes=1)
    server.answers.clear()
    assert deliver(office, server.settings()) == Delivered(0, 0, 1)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert deliver(office, server.settings()) == Delivered(1, 0, 0)


def test_a_refused_content_fails(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    server.answers["DATA"] = "554 5.6.0 Inhalt abgelehnt"
    assert deliver(office, server.settings()) == Delivered(0, 1, 0)


def test_pauses_grow_and_end_after_three_days() -> None:
    pauses = [delivering.pause_after(n) for n in range(1, delivering.MOST_ATTEMPTS)]
    assert pauses[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(hours=6)
    assert timedelta(days=2, hours=12) < sum(pauses, timedelta()) < timedelta(days=3, hours=12)


def test_a_mail_that_is_never_taken_is_given_up(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    server.answers[ADDRESS] = "450 4.2.0 Bitte spaeter"
    with transaction(office.sessions) as session:
        session.execute(update(Mail).values(attempts=delivering.MOST_ATTEMPTS - 1))
    assert deliver(office, server.settings()) == Delivered(0, 1, 0)
    assert only(office).last_error == "450 4.2.0 Bitte spaeter"


def test_a_refused_sign_in_says_so_and_loses_nothing(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    server.secrets["vereinbar"] = "richtig"
    settings = server.settings(smtp_username="vereinbar", smtp_password=SecretStr("falsch"))
    assert deliver(office, settings) == Delivered(0, 0, 1)
    assert str(only(office).last_error).startswith("Der Mailserver lehnt die Anmeldung ab: 535")
    right = server.settings(smtp_username="vereinbar", smtp_password=SecretStr("richtig"))
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert deliver(office, right) == Delivered(1, 0, 0)


def test_a_server_that_hangs_is_left_after_the_time_out(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    server.behaviour = Behaviour.HANG
    assert deliver(office, server.settings(smtp_timeout=0.3)) == Delivered(0, 0, 1)
    assert only(office).last_error == "Der Mailserver hat nicht rechtzeitig geantwortet."


def test_a_server_that_is_not_there_is_named(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    with nobody_listens() as port:
        assert deliver(office, server.settings(smtp_port=port)) == Delivered(0, 0, 1)
    assert str(only(office).last_error).startswith("Die Verbindung zum Mailserver misslang")


@pytest.mark.parametrize("behaviour", [Behaviour.DIE, Behaviour.DROP])
def test_a_connection_that_breaks_costs_no_mail(
    office: Office, server: Server, behaviour: Behaviour
) -> None:
    write_mails(office, "sb.kamen")
    server.behaviour = behaviour
    assert deliver(office, server.settings()) == Delivered(0, 0, 1)
    server.behaviour = Behaviour.ACCEPT
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert deliver(office, server.settings()) == Delivered(1, 0, 0)
    # Taken twice when the answer was lost, and then the very same.
    assert len(server.taken) == (2 if behaviour is Behaviour.DROP else 1)
    assert len(set(server.taken)) == 1


def test_a_mail_that_breaks_the_connection_keeps_no_other_back(
    office: Office, server: Server
) -> None:
    write_mails(office, "sb.kamen", "recht.kamen", "kaemmerer.kamen")
    server.answers[ADDRESS] = "421 4.3.2 Verbindung beendet"
    assert deliver(office, server.settings()) == Delivered(2, 0, 1)


def test_a_dead_server_is_not_asked_for_every_mail(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen", "recht.kamen", "kaemmerer.kamen")
    server.behaviour = Behaviour.DIE
    assert deliver(office, server.settings()) == Delivered(0, 0, 3)
    assert server.connections == 2


KILLED = """
import asyncio, os, signal, sys
from datetime import datetime
from agreements import clock, mail, tasks
from agreements.database.engine import make_engine, session_factory
from agreements.errors import Conflict
from agreements.mail import delivering
from agreements.notices import tell
from agreements.settings import Settings

delivering._mark = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sessions = session_factory(make_engine(sys.argv[1]))
with clock.fixed(datetime.fromisoformat(sys.argv[2])):
    asyncio.run(mail.deliver(sessions, Settings.model_validate_json(sys.argv[3])))
"""


def test_a_process_killed_after_sending_leaves_the_mail_to_another(
    office: Office, server: Server, office_url: str
) -> None:
    write_mails(office, "sb.kamen")
    settings = server.settings()
    arguments = [office_url, clock.now().isoformat(), settings.model_dump_json()]
    died = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, timeout=240)
    assert died.returncode == -signal.SIGKILL
    assert len(server.taken) == 1
    assert deliver(office, settings) == Delivered(0, 0, 1)  # leased still
    with clock.fixed(clock.now() + delivering.LEASE):
        assert deliver(office, settings) == Delivered(1, 0, 0)
    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1


def test_two_deliverers_share_the_work(office: Office, server: Server) -> None:
    names = [f"{role}.{town}" for role in ("sb", "recht") for town in ("kamen", "schwerte")]
    write_mails(office, *names)

    async def both() -> tuple[Delivered, Delivered]:
        one, other = (mail.deliver(office.sessions, server.settings()) for _ in range(2))
        return await asyncio.gather(one, other)

    one, other = asyncio.run(both())
    assert one.sent + other.sent == len(names)
    assert len({message["Message-ID"] for message in server.messages}) == len(server.taken) == 4


def test_without_a_server_everything_waits(office: Office) -> None:
    write_mails(office, "sb.kamen")
    assert deliver(office, SETTINGS) == Delivered(0, 0, 1)
    assert (only(office).state, only(office).attempts) == (MailState.WAITING, 0)


def test_a_server_that_comes_late_floods_nobody(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    with clock.fixed(clock.now() + timedelta(days=8)):
        office.tell(office.person("recht.kamen", MailRhythm.IMMEDIATELY), task=office.task("Neu"))
        office.collect()
        assert deliver(office, server.settings()) == Delivered(1, 0, 0)
    old, new = office.mails()
    assert (old.state, new.state) == (MailState.KEPT, MailState.SENT)
    assert old.last_error == delivering.TOO_OLD


def _decide_in_vain(office: Office, task_id: UUID, person: UUID) -> None:
    with transaction(office.sessions) as session:
        task = tasks.claim(session, actor(session, "sb.kamen"), task_id, None)
        assert tell(session, [person], NoticeKind.TASK_ASSIGNED, "zugewiesen", task=task) == 1
        assert mail.collect(session, SETTINGS) == 1
        raise Conflict("misslungen", "Die Entscheidung misslingt im letzten Augenblick.")


def test_what_a_rolled_back_decision_would_have_told_is_never_sent(
    office: Office, server: Server
) -> None:
    task_id = office.task()
    person = office.person("sb.kamen", MailRhythm.IMMEDIATELY)
    with pytest.raises(Conflict, match="im letzten Augenblick"):
        _decide_in_vain(office, task_id, person)
    with office.sessions() as session:
        assert session.get_one(Task, task_id).claimed_by is None
    assert office.collect() == 0
    assert deliver(office, server.settings()) == Delivered(0, 0, 0)
    assert server.taken == []


@contextmanager
def _mails_locked(office: Office) -> Iterator[None]:
    with transaction(office.sessions) as session:
        session.execute(text("LOCK TABLE mails IN ACCESS EXCLUSIVE MODE"))
        yield


def _somebody_waits_for_a_lock(office: Office) -> bool:
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    waiting = text(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {here}")
    with office.sessions() as session:
        return bool(session.scalar(waiting))


def test_the_event_loop_goes_on_while_a_mail_is_sent(office: Office, server: Server) -> None:
    """Here the database and the mail server wait for the loop: a loop that waits for them hangs."""
    write_mails(office, "sb.kamen")
    server.behaviour = Behaviour.WAIT

    async def released_by_the_loop() -> Delivered:
        with _mails_locked(office):
            sending = asyncio.ensure_future(mail.deliver(office.sessions, server.settings()))
            waits = partial(_somebody_waits_for_a_lock, office)
            await asyncio.to_thread(until, waits, "the sending waits for the database")
        await asyncio.to_thread(until, lambda: server.taken, "the mail is with the server")
        with _mails_locked(office):
            server.behaviour = Behaviour.ACCEPT
            await asyncio.to_thread(until, waits, "what became of it waits for the database")
        return await sending

    assert asyncio.run(released_by_the_loop()) == Delivered(1, 0, 0)
