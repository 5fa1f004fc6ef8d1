"""Accounts: made, given a password, closed; and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import access, accounts, journal, sights, tasks
from agreements.accounts import AccountDuty, NewAccount
from agreements.database.engine import transaction
from agreements.documents.store import DocumentStore
from agreements.errors import Conflict, NotFound, NotSignedIn, Refusal
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import Role, TaskState, TokenKind
from agreements.model.people import User
from agreements.people import PARTY_ROLES, actor_by_secret, actor_of, issue_token, sign_in
from tests.story import KAMEN, KREIS, Story

PASSWORD = "ein-langes-Kennwort für Ämter"
CLERK = ((Role.CLERK, KAMEN),)


def make(sessions: sessionmaker[Session], username: str = "a.b", **changes: object) -> None:
    wanted: dict[str, object] = {"username": username, "name": "Anna Beispiel", "duties": CLERK}
    with transaction(sessions) as session:
        accounts.add(session, NewAccount(**{**wanted, **changes}))  # type: ignore[arg-type]


def give_password(
    sessions: sessionmaker[Session], username: str = "a.b", password: str = PASSWORD
) -> None:
    with transaction(sessions) as session:
        accounts.set_password(session, username, password)


def token(sessions: sessionmaker[Session], username: str, kind: TokenKind) -> str:
    with transaction(sessions) as session:
        user = session.scalars(select(User).where(User.username == username)).one()
        return issue_token(session, user, kind, "Test", timedelta(hours=1))[0]


def is_let_in(sessions: sessionmaker[Session], secret: str) -> bool:
    with transaction(sessions) as session:
        try:
            return bool(actor_by_secret(session, secret))
        except NotSignedIn:
            return False


def test_a_new_account_signs_in_once_it_has_a_password(kreis: sessionmaker[Session]) -> None:
    make(kreis, duties=(*CLERK, (Role.LEGAL, KREIS), (Role.ADMIN, None)))
    with transaction(kreis) as session, pytest.raises(NotSignedIn):
        sign_in(session, "a.b", PASSWORD)
    give_password(kreis)
    with transaction(kreis) as session:
        actor, _, _ = sign_in(session, "a.b", PASSWORD)
        ids = {body.ags: body.id for body in session.scalars(select(Body))}
    assert actor.is_admin
    assert actor.bodies(Role.CLERK) == {ids[KAMEN]}
    assert actor.bodies(Role.LEGAL) == {ids[KREIS]}


def test_accounts_are_different_persons_for_the_second_pair_of_eyes(
    kreis: sessionmaker[Session],
) -> None:
    make(kreis, "a.b")
    make(kreis, "c.d")
    with transaction(kreis) as session:
        keys = set(session.scalars(select(User.person_key)))
    assert len(keys) == 2
    assert not keys & {"a.b", "c.d"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "Anna.B"}, "username-invalid"),
        ({"username": "anna b"}, "username-invalid"),
        ({"username": "-a"}, "username-invalid"),
        ({"username": "a" * 101}, "username-invalid"),
        ({"username": "a.b\n"}, "username-invalid"),
        ({"name": "  "}, "name-missing"),
        ({"name": "Anna\nBeispiel"}, "not-printable"),
        ({"function": "Leiterin\x00"}, "not-printable"),
        ({"email": "anna"}, "email-invalid"),
        ({"email": "anna@kamen.example, b@kamen.example"}, "email-invalid"),
        ({"duties": ()}, "duty-missing"),
        ({"duties": ((Role.CLERK, None),)}, "duty-body"),
        ({"duties": ((Role.ADMIN, KAMEN),)}, "duty-body"),
        ({"duties": (*CLERK, *CLERK)}, "duty-doubled"),
        ({"duties": ((Role.CLERK, "05999"),)}, "body-unknown"),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_written(
    kreis: sessionmaker[Session], changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        make(kreis, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    with transaction(kreis) as session:
        assert accounts.accounts(session) == []


def test_a_username_is_given_once(kreis: sessionmaker[Session]) -> None:
    make(kreis)
    with pytest.raises(Conflict, match="gibt es schon"):
        make(kreis, name="Bernd Beispiel")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elf-zeichen", "password-too-short"),
        ("", "password-too-short"),
        ("x" * 1001, "password-too-long"),
        ("zwei\nZeilen und mehr", "password-not-printable"),
        ("kein UTF-8 \udcff\udcff", "password-not-printable"),
    ],
)
def test_a_bad_password_is_refused_and_the_old_one_stays(
    kreis: sessionmaker[Session], password: str, code: str
) -> None:
    make(kreis)
    give_password(kreis)
    with pytest.raises(Refusal) as refused:
        give_password(kreis, password=password)
    assert refused.value.code == code
    with transaction(kreis) as session:
        assert sign_in(session, "a.b", PASSWORD)


def test_twelve_characters_are_enough(kreis: sessionmaker[Session]) -> None:
    make(kreis)
    give_password(kreis, password="zwölf-Zeiche")
    with transaction(kreis) as session:
        assert sign_in(session, "a.b", "zwölf-Zeiche")


def test_a_new_password_ends_what_was_signed_in_before(kreis: sessionmaker[Session]) -> None:
    make(kreis, "a.b")
    make(kreis, "c.d")
    own = [token(kreis, "a.b", kind) for kind in TokenKind]
    other = token(kreis, "c.d", TokenKind.SESSION)
    assert all(is_let_in(kreis, secret) for secret in (*own, other))
    give_password(kreis, "a.b")
    assert [is_let_in(kreis, secret) for secret in (*own, other)] == [False, False, True]


def test_a_closed_account_is_out_and_stays_out(kreis: sessionmaker[Session]) -> None:
    make(kreis)
    give_password(kreis)
    secret = token(kreis, "a.b", TokenKind.PERSONAL)
    for _ in range(2):
        with transaction(kreis) as session:
            assert accounts.deactivate(session, "a.b") == 0
    assert not is_let_in(kreis, secret)
    with transaction(kreis) as session:
        with pytest.raises(NotSignedIn):
            sign_in(session, "a.b", PASSWORD)
        assert [account.active for account in accounts.accounts(session)] == [False]
    with pytest.raises(Conflict, match="stillgelegt"):
        give_password(kreis)


def test_an_unknown_account_is_refused(kreis: sessionmaker[Session]) -> None:
    with pytest.raises(NotFound, match="„wer\\.auch“ gibt es nicht"):
        give_password(kreis, "wer.auch")
    with transaction(kreis) as session, pytest.raises(NotFound):
        accounts.deactivate(session, "wer.auch")


def test_what_the_person_had_claimed_goes_back_to_the_colleagues(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin()
    with transaction(sessions) as session:
        user = session.scalars(select(User).where(User.username == "recht.schwerte")).one()
        [task] = session.scalars(select(Task).where(Task.state == TaskState.OPEN))
        tasks.claim(session, actor_of(user), task.id, None)
    with transaction(sessions) as session:
        assert accounts.deactivate(session, "recht.schwerte") == 1
    with transaction(sessions) as session:
        [task] = session.scalars(select(Task).where(Task.state == TaskState.OPEN))
        chain = journal.entries(session, story.case_id)
    assert (task.claimed_by, task.claimed_at) == (None, None)
    assert (chain[-1].event, chain[-1].actor_id) == (Event.TASK_RELEASED, None)
    assert journal.first_broken(chain) is None


def test_the_list_names_duties_and_is_narrowed_by_a_body(kreis: sessionmaker[Session]) -> None:
    make(kreis, "c.d", duties=((Role.LEGAL, KREIS), *CLERK), function="Rechtsrätin")
    make(kreis, "a.b", duties=((Role.ADMIN, None),))
    with transaction(kreis) as session:
        everybody = accounts.accounts(session)
        of_kamen = accounts.accounts(session, KAMEN)
        with pytest.raises(NotFound):
            accounts.accounts(session, "05999")
    assert [account.username for account in everybody] == ["a.b", "c.d"]
    assert everybody[0].duties == (AccountDuty(Role.ADMIN, None, None),)
    assert of_kamen == everybody[1:]
    # Also what the person does for other bodies.
    assert of_kamen[0].duties == (
        AccountDuty(Role.LEGAL, KREIS, "Kreis Unna"),
        AccountDuty(Role.CLERK, KAMEN, "Stadt Kamen"),
    )
    assert (of_kamen[0].active, of_kamen[0].has_password) == (True, False)


@pytest.mark.parametrize("role", sorted(PARTY_ROLES))
@pytest.mark.parametrize("authority_first", [True, False])
def test_the_state_authority_and_a_party_are_separate_accounts(
    kreis: sessionmaker[Session], role: Role, authority_first: bool
) -> None:
    duties = [(Role.AUTHORITY, KREIS), (role, KREIS)]
    with pytest.raises(Refusal) as refusal:
        make(kreis, duties=tuple(duties if authority_first else reversed(duties)))
    assert refusal.value.code == "roles-not-separate"
    assert "getrennte Konten" in refusal.value.message


def test_the_state_authority_sees_no_case_by_its_role(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin()
    make(story.sessions, "landrat", duties=((Role.AUTHORITY, KREIS), (Role.AUTHORITY, KAMEN)))
    with transaction(story.sessions) as session:
        authority = actor_of(session.scalars(select(User).where(User.username == "landrat")).one())
        reference = session.scalars(select(Case.reference)).one()
        assert session.scalars(select(Case).where(sights.cases_of(authority))).all() == []
        assert session.scalars(select(Task).where(sights.tasks_for(authority))).all() == []
        with pytest.raises(NotFound):
            access.visible_case(session, authority, reference)
