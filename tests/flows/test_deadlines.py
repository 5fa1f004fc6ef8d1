"""The hourly run: what is due is told and sent, whoever dies, waits, cancels or comes late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Connection
from prefect.client.schemas.objects import FlowRun
from sqlalchemy import func, select, text, update

from agreements import clock
from agreements.database.engine import transaction
from agreements.model.cases import Case, Task
from agreements.model.enums import DueKind, MailRhythm, MailState, NoticeKind, TaskState
from agreements.model.notices import Mail, Notice
from agreements.model.people import User
from flows.other_runs import SKIPPED
from tests.flows.asking import ask
from tests.flows.conftest import free_port
from tests.flows.region import Region
from tests.flows.routines import (
    cancel,
    pause,
    read,
    run_deployment,
    runs_of,
    scheduled_after_two_looks,
    steps_of,
    texts_of,
)
from tests.flows.worker import stock_worker
from tests.waiting import until

STEPS = [
    "Fristen prüfen",
    "Nachrichten zusammenstellen",
    "Nachrichten senden",
    "Stillstand melden",
    "Altes aufräumen",
]
NAMED = re.compile(r"Fristen \d\d\.\d\d\.\d{4} \d\d:\d\d - ")


class Mailbox:
    """A real SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Connection, envelope: Envelope
    ) -> str:
        """Take a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(content.decode())
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """The mail server of this module's installation."""
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VEREINBAR_SMTP_HOST", "127.0.0.1")
        patch.setenv("VEREINBAR_SMTP_PORT", str(port))
        patch.setenv("VEREINBAR_SMTP_SECURITY", "none")
        yield box
    server.stop()


@pytest.fixture
def by_hand(region: Region) -> Iterator[None]:
    """No full hour strikes in the middle of a test: its runs are made by hand."""
    ask(pause(True))
    yield
    ask(pause(False))


def _drafted(region: Region) -> UUID:
    """A case whose draft is the lead's task."""
    case = region.start()
    region.write(case)
    with region.conductor():
        region.wait_for_people(case, "drafting")
    return case


def _sent_long_ago(region: Region) -> int:
    """From now on the mails were sent before last year; how many there are."""
    with transaction(region.sessions) as session:
        sent_at = clock.now() - timedelta(days=400)
        aged = update(Mail).where(Mail.state == MailState.SENT).values(sent_at=sent_at)
        return len(session.execute(aged.returning(Mail.id)).all())


def _fall_due(region: Region, case: UUID) -> None:
    """What is open in the case is due today, and its people have known it for long."""
    with transaction(region.sessions) as session:
        session.execute(
            update(Task)
            .where(Task.case_id == case, Task.state == TaskState.OPEN)
            .values(
                due_on=clock.today(),
                due_kind=DueKind.INTERNAL,
                due_reason="Am selben Tag",
                opened_at=clock.now() - timedelta(days=20),
            )
        )


def _reminded(region: Region, case: UUID) -> int:
    """How many people have been reminded in the case; past midnight of a day that is over."""
    with transaction(region.sessions) as session:
        kinds = (NoticeKind.REMINDER_DUE, NoticeKind.REMINDER_AFTER)
        query = select(func.count()).where(Notice.case_id == case, Notice.kind.in_(kinds))
        return session.scalar(query) or 0


def _reference(region: Region, case: UUID) -> str:
    with transaction(region.sessions) as session:
        return session.get_one(Case, case).reference


def _wants_mail_at_once(region: Region, username: str) -> None:
    with transaction(region.sessions) as session:
        session.execute(
            update(User)
            .where(User.username == username)
            .values(mail_rhythm=MailRhythm.IMMEDIATELY, email=f"{username}@kreis.example")
        )


@contextmanager
def _nobody_can_be_told(region: Region) -> Iterator[None]:
    """The step that tells people hangs for as long as this lasts."""
    with region.sessions() as session:
        session.execute(text("LOCK TABLE notices IN ACCESS EXCLUSIVE MODE"))
        yield
        session.rollback()


def _wait(run_id: UUID, *names: str) -> FlowRun:
    def look() -> FlowRun | None:
        run = ask(read(run_id))
        return run if run.state_name in names else None

    return until(look, f"the run is {' or '.join(names)}")


def test_what_is_due_is_told_by_mail_and_shown_without_names(
    region: Region, mailbox: Mailbox, by_hand: None
) -> None:
    _wants_mail_at_once(region, "recht.schwerte")
    case = region.start()
    reference = _reference(region, case)
    region.write(case)
    with region.conductor():
        region.wait_for_people(case, "drafting")
        # No run of the flow is needed for what has just been opened.
        until(lambda: len(mailbox.letters) == 1, "the new task has been announced by mail")
        assert "recht.schwerte@kreis.example" in mailbox.letters[0]
        until(lambda: _sent_long_ago(region) == 1, "it is known to be sent")
        _fall_due(region, case)
        run = _wait(ask(run_deployment("deadlines")), "Completed")
        until(lambda: len(mailbox.letters) == 2, "the reminder has arrived")
        before = clock.now()
        ask(pause(False))
        coming = until(
            lambda: [r for r in runs_of("deadlines") if r.state_name == "Scheduled"],
            "the next run stands in the list",
        )

    assert NAMED.match(run.name)
    assert "1 Erinnerung" in run.name
    assert [name.rsplit("-", 1)[0] for name in steps_of(run.id)] == STEPS
    [shown] = texts_of("fristen", run.id)
    assert f"| {reference} | Schwerte | " in shown
    with transaction(region.sessions) as session:
        people = session.scalars(select(User.display_name)).all()
        kept = session.scalars(select(Mail.plain).order_by(Mail.id)).all()
    assert [name for name in people if name in shown + run.name] == []
    assert "@" not in shown
    # What was sent long ago is not kept in its words.
    assert [bool(words) for words in kept] == [False, True]
    following = coming[-1].expected_start_time
    assert following is not None
    assert following > before
    assert following.minute == 0


def test_a_run_that_is_killed_is_taken_up_again(
    region: Region, mailbox: Mailbox, by_hand: None
) -> None:
    case = _drafted(region)
    _fall_due(region, case)
    doomed = region.spawn_conductor("doomed")
    with _nobody_can_be_told(region):
        run_id = ask(run_deployment("deadlines"))
        _wait(run_id, "Running")
        until(lambda: steps_of(run_id), "its first step is under way")
        doomed.kill()
        doomed.join()
    assert _reminded(region, case) == 0
    with region.conductor("heir"):
        run = _wait(run_id, "Completed")
    assert NAMED.match(run.name)
    assert _reminded(region, case) == 1


def test_of_runs_that_piled_up_two_conductors_carry_out_the_newest(
    region: Region, mailbox: Mailbox, by_hand: None
) -> None:
    case = _drafted(region)
    _fall_due(region, case)
    late = [
        ask(run_deployment("deadlines", clock.now() - timedelta(hours=hours)))
        for hours in (3, 2, 1)
    ]
    with region.conductor("left"), region.conductor("right"):
        ended = [_wait(run_id, "Completed", SKIPPED) for run_id in late]
    assert [run.state_name for run in ended] == [SKIPPED, SKIPPED, "Completed"]
    assert [len(steps_of(run_id)) for run_id in late] == [0, 0, len(STEPS)]
    assert _reminded(region, case) == 1


def test_the_next_full_hour_is_scheduled_once_and_not_while_paused(
    region: Region, by_hand: None
) -> None:
    assert ask(scheduled_after_two_looks()) == []
    ask(pause(False))
    hour = timedelta(hours=1)
    first = clock.now().replace(minute=0, second=0, microsecond=0) + hour
    runs = ask(scheduled_after_two_looks())
    ask(pause(True))
    moments = sorted(run.expected_start_time for run in runs if run.expected_start_time)
    if clock.now() < first:
        assert moments == [first]
    else:  # it struck before, between or after the two looks
        assert moments in ([first], [first, first + hour], [first + hour])


def test_an_operator_cancels_a_run_and_the_next_one_makes_it_good(
    region: Region, mailbox: Mailbox, by_hand: None
) -> None:
    case = _drafted(region)
    _fall_due(region, case)
    with region.conductor():
        with _nobody_can_be_told(region):
            run_id = ask(run_deployment("deadlines"))
            until(lambda: steps_of(run_id), "its first step is under way")
            ask(cancel(run_id))
            assert ask(read(run_id)).state_name == "Cancelling"
        _wait(run_id, "Cancelled")
        assert len(steps_of(run_id)) == 1
        _wait(ask(run_deployment("deadlines")), "Completed")
    assert _reminded(region, case) == 1


def test_a_stock_worker_carries_it_out(region: Region, mailbox: Mailbox, by_hand: None) -> None:
    case = _drafted(region)
    _fall_due(region, case)
    run_id = ask(run_deployment("deadlines"))
    with stock_worker(region):
        run = _wait(run_id, "Completed")
    assert NAMED.match(run.name)
    assert _reminded(region, case) == 1
