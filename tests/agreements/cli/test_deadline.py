"""``vereinbar deadline``: the end of a period and its derivation, in text and JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.agreements.cli.conftest import call

KEYS = [
    "start", "period", "kind", "land", "backward", "counts_start_day", "nominal_end", "end",
    "derivation",
]  # fmt: skip


def answer(*arguments: str) -> dict[str, Any]:
    """What comes out as JSON."""
    result = call("deadline", *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_clock_of_the_approval() -> None:
    found = answer("--start", "2026-11-27", "--period", "4w", "--land", "NW")
    assert list(found) == KEYS
    derivation = found.pop("derivation")
    assert found == {
        "start": "2026-11-27",
        "period": "4w",
        "kind": "period",
        "land": "NW",
        "backward": False,
        "counts_start_day": False,
        "nominal_end": "2026-12-25",
        "end": "2026-12-28",
    }
    assert "Erster Weihnachtstag" in derivation
    assert "§ 31 Abs. 3 VwVfG NRW, § 193 BGB" in derivation


def test_the_text_names_the_end_and_its_derivation() -> None:
    result = call("deadline", "--start", "2026-11-27", "--period", "4w", "--land", "nw")
    assert result.exit_code == 0
    end, derivation = result.stdout.splitlines()
    assert end == "Ende: 2026-12-28 (Montag, 28. Dezember 2026)"
    assert derivation.startswith("Herleitung: Das maßgebende Ereignis fällt auf Freitag, 27. Nov")


@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        ("--start 2026-01-31 --period 1m --land NW", "2026-03-02"),
        ("--start 2026-06-01 --period 30d --land NW", "2026-07-01"),
        ("--start 2026-06-03 --period 1y --land NW", "2027-06-03"),
        ("--start 2026-06-10 --period 10wt --land NW", "2026-06-22"),
        ("--start 2026-06-10 --period 10at --land NW", "2026-06-24"),
        ("--start 2026-07-01 --period 1m --counts-start-day --land NW", "2026-07-31"),
        ("--start 2026-12-15 --period 6d --backward --land NW", "2026-12-08"),
        ("--start 2026-12-15 --period 12wt --backward --land NW", "2026-11-30"),
        ("--start 2026-11-27 --period 4w --kind performance --land NW", "2026-12-25"),
        ("--start 2026-11-27 --period 4w --kind fixed --land NW", "2026-12-25"),
        ("--start 2026-12-26 --kind fixed --land NW", "2026-12-26"),
        ("--start 2026-05-28 --period 1w --land NI", "2026-06-04"),
        ("--start 2026-05-28 --period 1w --land NW", "2026-06-05"),
        ("--start 2026-03-28T12:00 --period 24h --land NW", "2026-03-29T13:00:00+02:00"),
    ],
)
def test_ends(arguments: str, end: str) -> None:
    assert answer(*arguments.split())["end"] == end


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--start 2026-02-30 --period 4w --land NW", "--start: „2026-02-30“ ist kein Tag"),
        ("--start 27.11.2026 --period 4w --land NW", "--start: „27.11.2026“ ist kein Tag"),
        ("--start 2026-11-27 --period 4 --land NW", "--period: „4“ ist keine Länge"),
        ("--start 2026-11-27 --period 0w --land NW", "--period: „0w“ ist keine Länge"),
        ("--start 2026-11-27 --land NW", "Es fehlt die Angabe --period"),
        ("--start 2026-11-27 --period 4w --land XX", "bekannt sind BB, BE, BW"),
        ("--start 2026-11-27 --period 4w", "Es fehlt die Angabe '--land'"),
        ("--start 2026-11-27 --period 4w --land NW --kind none", "'--kind' ist ungültig"),
        ("--start 2026-11-27 --period 9999y --land NW", "aus dem Kalender heraus"),
        ("--start 2026-11-27 --period 90y --land NW", "keine Feiertage hinterlegt"),
        ("--start 1815-06-09 --period 4w --land NW", "keine Feiertage hinterlegt"),
        ("--start 2026-11-27 --kind fixed --backward --land NW", "brauchen eine Länge"),
        ("--start 2026-11-27 --period 48h --land NW", "braucht Tag und Uhrzeit"),
        ("--start 2026-11-27T10:00 --period 48h --backward --land NW", "läuft vorwärts"),
        ("--start 2027-03-28T02:30 --period 1h --land NW", "gibt es nicht; in dieser Nacht"),
        ("--start 2026-10-25T02:30 --period 1h --land NW", "in dieser Nacht zweimal"),
        (
            "--start 2026-11-27 --period 4w --land NW --kind none",
            "möglich sind period, performance, fixed.",
        ),
        ("--start 2026-11-27T10:00 --period 999999999h --land NW", "keine Zahl von Stunden"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_sentence(arguments: str, words: str) -> None:
    result = call("deadline", *arguments.split())
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
