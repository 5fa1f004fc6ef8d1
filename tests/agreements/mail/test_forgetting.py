"""What was sent long ago is forgotten, that it was sent is not; what did not arrive stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from agreements import clock, mail
from agreements.database.engine import transaction
from agreements.errors import Conflict
from agreements.mail import lists
from agreements.mail.forgetting import readable_text
from agreements.model.enums import MailRhythm, MailState, NoticeKind
from agreements.model.notices import Mail, Notice
from tests.agreements.mail.office import SETTINGS, Office
from tests.story import actor

SENTENCE = "Sven Dierksmeier hat Ihnen die Aufgabe gegeben: Bitte vertraulich behandeln."
PEOPLE = ("sb.kamen", "recht.kamen", "kaemmerer.kamen", "leitung.kamen")


def written(office: Office, state: MailState) -> Callable[[], int]:
    """A mail about a task to each of them; all in this state since now.

    What it gives tells them the same once more.
    """
    task = office.task()
    people = [office.person(name, MailRhythm.IMMEDIATELY) for name in PEOPLE]

    def tell() -> int:
        data: dict[str, object] = {"sentence": SENTENCE}
        return office.tell(*people, task=task, kind=NoticeKind.TASK_ASSIGNED, data=data)

    assert tell() == office.collect() == len(people)
    with transaction(office.sessions) as session:
        sent_at = clock.now() if state is MailState.SENT else None
        session.execute(update(Mail).values(state=state, sent_at=sent_at))
    return tell


def forget(office: Office, days: int) -> int:
    """The scheduled step, so many days later."""
    with clock.fixed(clock.now() + timedelta(days=days)), transaction(office.sessions) as session:
        return mail.forget(session, SETTINGS)


def test_after_a_year_the_text_goes_and_the_proof_stays(office: Office) -> None:
    tell_again = written(office, MailState.SENT)
    before = office.mails()
    assert all("vertraulich" in one.plain and "vertraulich" in one.html for one in before)
    assert forget(office, 365) == 0
    assert office.mails()[0].plain == before[0].plain
    assert forget(office, 366) == len(PEOPLE)
    assert forget(office, 367) == 0
    for was, now in zip(before, office.mails(), strict=True):
        assert (now.plain, now.html, now.calendar) == ("", "", None)
        for name in ("subject", "address", "message_id", "state", "sent_at", "kind", "user_id"):
            assert getattr(now, name) == getattr(was, name)
        assert readable_text(now).startswith(
            "Der Text dieser Nachricht wurde am 01.12.2027 entfernt"
        )
    with office.sessions() as session:
        notices = session.scalars(select(Notice)).all()
    assert len(notices) == len(PEOPLE)
    assert all(one.mail_id is not None and one.data == {} for one in notices)
    # Whoever has been told is not told again.
    assert tell_again() == office.collect() == 0


@pytest.mark.parametrize(
    "state", [state for state in MailState if state is not MailState.SENT], ids=str
)
def test_what_did_not_arrive_is_kept_whole(office: Office, state: MailState) -> None:
    written(office, state)
    assert forget(office, 5000) == 0
    assert all("vertraulich" in one.plain for one in office.mails())


def test_much_at_once_is_left_to_the_next_runs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agreements.mail.forgetting.MOST_AT_ONCE", 3)
    written(office, MailState.SENT)
    assert [forget(office, 400) for _ in range(3)] == [3, 1, 0]


def test_what_is_forgotten_is_not_sent_again(office: Office) -> None:
    written(office, MailState.SENT)
    forget(office, 400)
    with transaction(office.sessions) as session:
        # Its server has it returned after more than a year.
        session.execute(update(Mail).values(state=MailState.BOUNCED))
        found = session.scalars(select(Mail.id)).first()
        assert found is not None
        with pytest.raises(Conflict, match="Der Text dieser E-Mail ist entfernt"):
            lists.retry(session, actor(session, "admin"), found)
