"""``vereinbar user`` as people call it."""

from __future__ import annotations

import getpass
import json
import warnings

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements.cli.sample import load_region
from agreements.database.engine import transaction
from agreements.errors import NotSignedIn
from agreements.people import sign_in
from tests.agreements.cli.conftest import Vereinbar

PASSWORD = "ein-langes-Kennwort für Ämter"
ADD = ("user", "add", "sb.kamen", "--name", "Anna Beispiel", "--duty", "clerk:05978020")
SET = ("user", "password", "sb.kamen", "--stdin")


def signs_in(kreis: sessionmaker[Session], password: str = PASSWORD) -> bool:
    with transaction(kreis) as session:
        try:
            return bool(sign_in(session, "sb.kamen", password))
        except NotSignedIn:
            return False


def test_from_nothing_to_a_sign_in_and_out_again(
    vereinbar: Vereinbar, kreis: sessionmaker[Session]
) -> None:
    added = vereinbar(*ADD, "--duty", "treasurer:05978020", "--function", "Kämmerin")
    assert (added.exit_code, added.stderr) == (0, "")
    assert "vereinbar user password sb.kamen" in added.stdout
    assert "[ohne Kennwort]" in vereinbar("user", "list").stdout
    assert vereinbar(*SET, stdin=f"{PASSWORD}\n").exit_code == 0
    assert signs_in(kreis)
    closed = vereinbar("user", "deactivate", "sb.kamen")
    assert (closed.exit_code, closed.stdout.count("\n")) == (0, 1)
    assert not signs_in(kreis)
    assert "[stillgelegt]" in vereinbar("user", "list").stdout


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_end_of_the_line_is_no_part_of_the_password(
    vereinbar: Vereinbar, kreis: sessionmaker[Session], end: str
) -> None:
    vereinbar(*ADD)
    assert vereinbar(*SET, stdin=PASSWORD + end).exit_code == 0
    assert signs_in(kreis)


@pytest.mark.parametrize("stdin", ["kurz", "", f"{PASSWORD}\nnoch eine Zeile\n", b"\xff" * 20])
def test_a_bad_password_is_refused_with_one_sentence(
    vereinbar: Vereinbar, kreis: sessionmaker[Session], stdin: str | bytes
) -> None:
    vereinbar(*ADD)
    vereinbar(*SET, stdin=PASSWORD)
    refused = vereinbar(*SET, stdin=stdin)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Das Kennwort ")
    assert refused.stderr.count("\n") == 1
    assert signs_in(kreis)


def test_at_a_terminal_the_password_is_asked_twice_without_echo(
    vereinbar: Vereinbar, kreis: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    vereinbar(*ADD)
    typed = [PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD]
    monkeypatch.setattr(getpass, "getpass", lambda prompt: typed.pop(0))
    refused = vereinbar("user", "password", "sb.kamen")
    assert refused.exit_code == 1
    assert refused.stderr == "Die beiden Eingaben stimmen nicht überein.\n"
    assert not signs_in(kreis)
    assert vereinbar("user", "password", "sb.kamen").exit_code == 0
    assert not typed
    assert signs_in(kreis)


def test_a_password_is_never_shown_where_there_is_no_terminal(
    vereinbar: Vereinbar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_terminal(prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)
        return PASSWORD

    vereinbar(*ADD)
    monkeypatch.setattr(getpass, "getpass", no_terminal)
    refused = vereinbar("user", "password", "sb.kamen")
    assert refused.exit_code == 1
    assert "--stdin" in refused.stderr


def test_the_list_as_text_and_as_json(vereinbar: Vereinbar) -> None:
    assert vereinbar("user", "list").stdout == "Keine Konten.\n"
    vereinbar(*ADD, "--email", "sb@kamen.example")
    vereinbar("user", "add", "technik", "--name", "Bernd Muster", "--duty", "admin")
    lines = vereinbar("user", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["sb.kamen", "technik"]
    assert "Anna Beispiel: Sachbearbeitung Stadt Kamen (05978020)" in lines[0]
    assert "Bernd Muster: Administration" in lines[1]
    narrowed = json.loads(vereinbar("user", "list", "--body", "05978020", "--json").stdout)
    assert narrowed == {
        "users": [
            {
                "username": "sb.kamen",
                "name": "Anna Beispiel",
                "function": None,
                "email": "sb@kamen.example",
                "active": True,
                "has_password": False,
                "sample": False,
                "duties": [{"role": "clerk", "ags": "05978020", "body": "Stadt Kamen"}],
            }
        ]
    }


def test_real_people_beside_sample_accounts_are_a_warning(
    vereinbar: Vereinbar, kreis_url: str
) -> None:
    load_region(kreis_url)
    added = vereinbar("user", "add", "a.b", "--name", "Anna B", "--duty", "admin")
    assert added.exit_code == 0
    assert added.stderr.startswith("Achtung: Auf dieser Anlage gibt es Musterzugänge")


@pytest.mark.parametrize(
    "arguments",
    [
        ADD,
        ("user", "add", "Großer.Name", "--name", "A", "--duty", "admin"),
        ("user", "add", "a.b", "--name", "A", "--duty", "clerk:05999"),
        ("user", "add", "a.b", "--name", "A", "--duty", "admin", "--duty", "admin"),
        ("user", "deactivate", "wer.auch"),
        ("user", "list", "--body", "05999"),
    ],
)
def test_a_refusal_is_exit_1_with_one_sentence(
    vereinbar: Vereinbar, arguments: tuple[str, ...]
) -> None:
    vereinbar(*ADD)
    refused = vereinbar(*arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("add",),
        ("add", "a.b", "--name", "A"),
        ("add", "a.b", "--duty", "admin"),
        *(
            ("add", "a.b", "--name", "A", "--duty", duty)
            for duty in ("clerk", "clerk:", "admin:05978", "admin:", "mayor:05978", "", ":05978")
        ),
        ("password",),
        ("deactivate",),
        ("remove", "a.b"),
    ],
)
def test_a_wrong_call_is_exit_2(vereinbar_offline: Vereinbar, arguments: tuple[str, ...]) -> None:
    wrong = vereinbar_offline("user", *arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.count("\n") == 1


DUTY = ("user", "duty", "sb.kamen")


def test_a_role_begins_and_ends_on_a_day(vereinbar: Vereinbar) -> None:
    vereinbar(*ADD)
    given = vereinbar(*DUTY, "signatory:05978020", "--from", "2020-11-01")
    assert (given.exit_code, given.stdout) == (
        0,
        "sb.kamen: Zeichnungsberechtigte 05978020 ab 01.11.2020.\n",
    )
    assert "Zeichnungsberechtigte" in vereinbar("user", "list").stdout
    ended = vereinbar(*DUTY, "signatory:05978020", "--until", "2025-10-31")
    assert ended.exit_code == 0
    assert "Zeichnungsberechtigte" not in vereinbar("user", "list").stdout
    # A role that one does not hold cannot end, and one that one holds does not begin again.
    assert vereinbar(*DUTY, "signatory:05978020", "--until", "2025-10-31").exit_code == 1
    assert vereinbar(*DUTY, "clerk:05978020", "--from", "2025-11-01").exit_code == 1


@pytest.mark.parametrize(
    "days", [(), ("--from", "2025-11-01", "--until", "2025-12-01"), ("--from", "morgen")]
)
def test_a_role_needs_its_first_or_its_last_day(
    vereinbar: Vereinbar, days: tuple[str, ...]
) -> None:
    vereinbar(*ADD)
    assert vereinbar(*DUTY, "clerk:05978020", *days).exit_code in (1, 2)


def test_the_state_authority_is_never_a_party_either(vereinbar: Vereinbar) -> None:
    vereinbar(*ADD)
    refused = vereinbar(*DUTY, "authority:05978", "--from", "2025-11-01")
    assert (refused.exit_code, "getrennte" in refused.stderr) == (1, True)


def test_what_somebody_has_in_hand_is_handed_over(
    vereinbar: Vereinbar, kreis: sessionmaker[Session]
) -> None:
    vereinbar(*ADD)
    vereinbar("user", "add", "neu.kamen", "--name", "Nora Neu", "--duty", "clerk:05978020")
    where = ("--body", "05978020", "--reason", "Versetzung")
    done = vereinbar("user", "handover", "sb.kamen", "--to", "neu.kamen", *where)
    assert (done.exit_code, done.stdout) == (0, "0 Aufgaben übergeben.\n")
    oneself = vereinbar("user", "handover", "sb.kamen", "--to", "sb.kamen", *where)
    assert (oneself.exit_code, oneself.stdout) == (1, "")
    assert "kann sie nicht zugleich übernehmen" in oneself.stderr
    unknown = vereinbar("user", "handover", "wer.auch", *where)
    assert "„wer.auch“ ist kein Konto von Stadt Kamen." in unknown.stderr
    blank = vereinbar("user", "handover", "sb.kamen", "--body", "05978020", "--reason", " ")
    assert blank.stderr == "Bitte einen Grund angeben.\n"
