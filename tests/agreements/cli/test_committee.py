"""``vereinbar committee`` as people call it, and which database such commands write to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements.cli.stack_state import StackState, exclusive, write_state
from agreements.database.engine import transaction
from agreements.queries import bodies as body_queries
from agreements.settings import get_settings
from tests.agreements.cli.conftest import Vereinbar

LIST = ("committee", "list", "05978020")


def size(number: str = "45", start: str = "2020-11-01", name: str = "Rat") -> tuple[str, ...]:
    return ("committee", "size", "05978020", name, number, "--from", start, "--source", "Wahl")


def test_a_fresh_kreis_knows_no_numbers(vereinbar: Vereinbar) -> None:
    listed = vereinbar(*LIST)
    assert listed.exit_code == 0
    assert listed.stdout.splitlines() == [
        "Stadt Kamen",
        "  Hauptausschuss (1. in der Beratungsfolge, Empfehlung)",
        "    Zahl der Stimmberechtigten nicht bekannt",
        "  Rat (2. in der Beratungsfolge, Entscheidung)",
        "    Zahl der Stimmberechtigten nicht bekannt",
    ]


def test_numbers_are_entered_one_after_the_other(vereinbar: Vereinbar) -> None:
    first, second = vereinbar(*size()), vereinbar(*size("47", "2025-11-01"))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == "Rat: 45 Stimmberechtigte ab 01.11.2020 (Quelle: Wahl).\n"
    assert second.stdout.splitlines()[1:] == [
        "Zuvor: 45 Stimmberechtigte ab 01.11.2020 bis 31.10.2025 (Quelle: Wahl)."
    ]
    assert vereinbar(*LIST).stdout.splitlines()[-2:] == [
        "    45 Stimmberechtigte ab 01.11.2020 bis 31.10.2025 (Quelle: Wahl)",
        "    47 Stimmberechtigte ab 01.11.2025 (Quelle: Wahl)",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        size("0", "2025-11-01"),
        size("47", "2020-11-01"),
        size("47", "2019-11-01"),
        size(name="Kreistag"),
        ("committee", "list", "05999"),
    ],
)
def test_a_refusal_is_exit_1_with_one_sentence(
    vereinbar: Vereinbar, arguments: tuple[str, ...]
) -> None:
    vereinbar(*size())
    refused = vereinbar(*arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [size("viele"), size("4.5"), size(start="1.11.2020"), size()[:-2], size()[:3], LIST[:2]],
)
def test_a_wrong_call_is_exit_2(vereinbar_offline: Vereinbar, arguments: tuple[str, ...]) -> None:
    wrong = vereinbar_offline(*arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.count("\n") == 1


def test_without_a_set_database_the_running_stack_is_asked(
    vereinbar: Vereinbar,
    kreis_url: str,
    kreis: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("VEREINBAR_DATABASE_URL")
    monkeypatch.setenv("VEREINBAR_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    state = StackState(
        pid=1, version="0", data_dir=str(tmp_path), database_url=kreis_url,
        prefect_database_url="", socket_dir=None, api_url="", prefect_url="",
        conductor_name="", ready=True, processes={},
    )  # fmt: skip
    with exclusive(tmp_path):
        write_state(state)
        assert vereinbar(*size()).exit_code == 0
    with transaction(kreis) as session:
        council = body_queries.body(session, "05978020").committees[-1]
        assert [entry.voting_members for entry in council.sizes] == [45]


def test_a_starting_stack_is_not_disturbed(
    vereinbar: Vereinbar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VEREINBAR_DATABASE_URL")
    monkeypatch.setenv("VEREINBAR_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    with exclusive(tmp_path):
        refused = vereinbar(*LIST)
    assert refused.exit_code == 1
    assert "arbeitet schon ein vereinbar" in refused.stderr


def add(name: str = "Rat", **changes: str) -> tuple[str, ...]:
    options = {
        "genitive": "des Rates",
        "kind": "council",
        "role": "decision",
        "position": "2",
        "from": "2025-11-01",
        "members": "45",
        "source": "Niederschrift",
    } | changes
    pairs = [part for key, value in options.items() for part in (f"--{key}", value)]
    return ("committee", "add", "05978020", name, *pairs)


def test_after_an_election_the_old_council_ends_and_the_new_one_begins(
    vereinbar: Vereinbar,
) -> None:
    refused = vereinbar(*add())
    assert refused.exit_code == 1
    assert "besteht am 01.11.2025 noch" in refused.stderr
    ended = vereinbar("committee", "end", "05978020", "Rat", "--on", "2025-10-31")
    assert (ended.exit_code, ended.stdout.splitlines()[0]) == (
        0,
        "Rat besteht bis zum 31.10.2025.",
    )
    assert vereinbar(*add()).exit_code == 0
    listed = vereinbar(*LIST).stdout.splitlines()
    assert "  Rat bis 31.10.2025 (2. in der Beratungsfolge, Entscheidung)" in listed
    assert "  Rat ab 01.11.2025 (2. in der Beratungsfolge, Entscheidung)" in listed
    assert listed[-1] == "    45 Stimmberechtigte ab 01.11.2025 (Quelle: Niederschrift)"


def test_a_committee_beside_the_beratungsfolge_has_no_place(vereinbar: Vereinbar) -> None:
    wanted = [part for part in add("Digitalausschuss") if part not in ("--position", "2")]
    assert vereinbar(*wanted).exit_code == 0
    assert "Digitalausschuss ab 01.11.2025 (nicht in der Beratungsfolge)" in "\n".join(
        vereinbar(*LIST).stdout.splitlines()
    )


@pytest.mark.parametrize("changes", [{"members": "0"}, {"position": "0"}, {"kind": "senat"}])
def test_a_wrong_committee_is_a_wrong_call(vereinbar: Vereinbar, changes: dict[str, str]) -> None:
    assert vereinbar(*add(**changes)).exit_code == 2
