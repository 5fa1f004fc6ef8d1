"""``vereinbar verify`` and ``vereinbar checkpoint`` as people call them."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.engine import transaction
from tests.agreements.cli.conftest import Vereinbar
from tests.agreements.journals import a_case, change, go_on, rewrite

CASE = "IKZ-2026-0001"


@pytest.fixture
def case(kreis: sessionmaker[Session]) -> sessionmaker[Session]:
    """A case with nine entries in its journal, and one with three."""
    with transaction(kreis) as session:
        a_case(session, CASE, 9)
        a_case(session, "IKZ-2026-0002", 3)
    return kreis


def test_untouched_journals_are_said_to_be(
    vereinbar: Vereinbar, case: sessionmaker[Session]
) -> None:
    every, one = vereinbar("verify"), vereinbar("verify", CASE)
    assert (every.exit_code, one.exit_code) == (0, 0)
    assert every.stdout == (
        "Alle Verlaufsakten sind unverändert: 2 Vorgänge, 12 Einträge, 0 Prüfpunkte.\n"
    )
    assert "1 Vorgang, 9 Einträge" in one.stdout


def test_what_was_changed_is_named(vereinbar: Vereinbar, case: sessionmaker[Session]) -> None:
    with transaction(case) as session:
        change(session, CASE, 4, "reason", "'nie gesagt'")
    said = vereinbar("verify")
    assert said.exit_code == 1
    first, last = said.stdout.splitlines()
    assert first.startswith("IKZ-2026-0001: Eintrag 4 passt nicht zu seiner Prüfsumme")
    assert last.startswith("1 Abweichung; geprüft: 2 Vorgänge")
    assert vereinbar("verify", "IKZ-2026-0002").exit_code == 0


def test_machines_read_the_same_in_one_object(
    vereinbar: Vereinbar, case: sessionmaker[Session]
) -> None:
    fine = vereinbar("verify", "--json")
    assert fine.exit_code == 0
    assert json.loads(fine.stdout) == {
        "intact": True, "cases": 2, "entries": 12, "checkpoints": 0, "findings": [],
    }  # fmt: skip
    with transaction(case) as session:
        change(session, CASE, 4, "reason", "'nie gesagt'")
    broken = vereinbar("verify", "--json", CASE)
    assert broken.exit_code == 1
    [found] = json.loads(broken.stdout)["findings"]
    sentence = found.pop("sentence")
    assert found == {"reference": CASE, "number": 4, "checkpoint": None, "fault": "changed"}
    assert sentence.startswith("Eintrag 4 passt nicht")


def test_a_checkpoint_is_printed_to_be_kept_elsewhere(
    vereinbar: Vereinbar, case: sessionmaker[Session]
) -> None:
    first, again = vereinbar("checkpoint"), vereinbar("checkpoint")
    assert (first.exit_code, again.exit_code) == (0, 0)
    heading, digest, advice = first.stdout.splitlines()
    assert heading.startswith("Prüfpunkt 1 vom ")
    assert heading.endswith("über 2 Vorgänge. Prüfsumme:")
    assert "außerhalb" in advice
    assert again.stdout.splitlines()[0].startswith("Seit Prüfpunkt 1 vom ")
    assert again.stdout.splitlines()[1] == digest
    assert vereinbar("verify", "--checkpoint", digest).exit_code == 0
    lost = vereinbar("verify", "--checkpoint", "0" * 64)
    assert lost.exit_code == 1
    assert lost.stdout.startswith(f"Prüfpunkte: Einen Prüfpunkt mit der Prüfsumme {'0' * 64} gibt")


def test_a_checkpoint_as_json_holds_the_state_of_every_case(
    vereinbar: Vereinbar, case: sessionmaker[Session]
) -> None:
    printed = json.loads(vereinbar("checkpoint", "--json").stdout)
    assert (printed["new"], printed["number"], printed["cases"]) == (True, 1, 2)
    assert [(s["reference"], s["journal_number"]) for s in printed["states"]] == [
        (CASE, 9),
        ("IKZ-2026-0002", 3),
    ]
    assert json.loads(vereinbar("checkpoint", "--json").stdout) == {**printed, "new": False}


def test_a_rewritten_journal_does_not_fit_the_checkpoint(
    vereinbar: Vereinbar, case: sessionmaker[Session]
) -> None:
    vereinbar("checkpoint")
    go_on(case, CASE, 1)
    with transaction(case) as session:
        rewrite(session, CASE, 5)
    said = vereinbar("verify")
    assert said.exit_code == 1
    assert said.stdout.startswith("IKZ-2026-0001: Einträge 1 bis 9: Bei Prüfpunkt 1 (")


def test_an_empty_installation_has_nothing_to_keep(vereinbar: Vereinbar) -> None:
    assert vereinbar("checkpoint").stdout.startswith("Es gibt noch keinen Vorgang")
    assert vereinbar("checkpoint", "--json").stdout == "null\n"
    assert vereinbar("verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("IKZ-1999-0001",), "Den Vorgang IKZ-1999-0001 gibt es nicht."),
        (("--checkpoint", "abc"), "„abc“ ist keine Prüfsumme"),
        (("--nonsense",), "Die Option --nonsense gibt es nicht."),
    ],
)
def test_a_wrong_call_ends_with_2(
    vereinbar: Vereinbar, arguments: tuple[str, ...], sentence: str
) -> None:
    said = vereinbar("verify", *arguments)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert said.stdout == ""
