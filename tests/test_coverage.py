"""The page on coverage: every step and exception has its line, and every test named exists."""

from __future__ import annotations

import re

import pytest

from agreements.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| (E?\d+a?) \|", line)
]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_all_steps_and_exceptions_have_a_line() -> None:
    numbers = list(dict.fromkeys(row[0] for row in ROWS))
    steps = [str(number) for number in range(1, 34)]
    steps.insert(12, "12a")
    assert numbers == steps + [f"E{number}" for number in range(1, 17)]


def test_what_is_carried_has_a_test_and_what_is_not_says_so() -> None:
    for number, _, carried, tests, still_open in ROWS:
        assert tests != "–" or still_open != "–", number
        assert carried != "–" or tests == "–", number


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    source = (PROJECT_ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", source, re.MULTILINE)
