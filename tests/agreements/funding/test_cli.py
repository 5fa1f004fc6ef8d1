"""``vereinbar funding quote`` as people and machines call it."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from agreements.cli import funding

APP = typer.Typer()
funding.register(APP)
CASE = {"programme": "ikz-nrw", "on": "2022-06-30", "parties": "11", "eligible": "560000"}


def call(*more: str, **changes: str | None) -> tuple[int, str, str]:
    options = {name: value for name, value in (CASE | changes).items() if value is not None}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    result = CliRunner().invoke(APP, ["funding", "quote", *arguments, *more])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("eligible", ["560000", "560000.00", "560000,00", "560.000,00"])
def test_json_is_one_object_of_strings(eligible: str) -> None:
    code, out, err = call("--json", eligible=eligible)
    assert (code, err) == (0, "")
    answer = json.loads(out)
    reasons = answer.pop("reasons")
    assert answer == {
        "grant": "490000.00",
        "own_contribution": "70000.00",
        "ceiling": "504000.00",
    }
    assert all(isinstance(reason, str) for reason in reasons)


def test_text_for_people() -> None:
    code, out, _ = call()
    assert code == 0
    assert "490.000,00 Euro" in out
    assert "IKZ-Richtlinie NRW vom 31. August 2021" in out


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": "1"},
        {"eligible": "0"},
        {"eligible": "-5"},
        {"eligible": "560000.123"},
        {"eligible": "560.000"},
        {"on": "2027-01-01"},
        {"programme": "unbekannt"},
    ],
)
def test_a_refusal_is_exit_1_with_one_sentence(changes: dict[str, str | None]) -> None:
    code, out, err = call("--json", **changes)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "changes",
    [{"on": "30.6.2022"}, {"parties": "elf"}, {"eligible": "viel"}, {"programme": None}],
)
def test_a_wrong_call_is_exit_2(changes: dict[str, str | None]) -> None:
    code, out, err = call(**changes)
    assert (code, out) == (2, "")
    assert err
