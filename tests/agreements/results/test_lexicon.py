"""The phrases are checked when they are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agreements import results
from agreements.results.lexicon import checked, lexicon


@pytest.fixture
def phrases() -> dict[str, Any]:
    source = Path(results.__file__).with_name("phrases.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(source)
    return data


def test_the_phrases_are_as_the_reader_expects(phrases: dict[str, Any]) -> None:
    assert checked(phrases) == lexicon()


def test_a_missing_kind_is_named(phrases: dict[str, Any]) -> None:
    del phrases["rejected"]
    with pytest.raises(ValueError, match="kinds"):
        checked(phrases)


def test_a_word_that_yaml_took_for_a_truth_value_is_refused(phrases: dict[str, Any]) -> None:
    phrases["rejected"].append(False)
    with pytest.raises(ValueError, match="rejected"):
        checked(phrases)


def test_an_unknown_label_of_votes_is_refused(phrases: dict[str, Any]) -> None:
    phrases["labels"]["perhaps"] = ["vielleicht"]
    with pytest.raises(ValueError, match="perhaps"):
        checked(phrases)


def test_a_separable_verb_of_no_kind_is_refused(phrases: dict[str, Any]) -> None:
    phrases["separable"]["perhaps"] = [["denkt", "nach"]]
    with pytest.raises(ValueError, match="separable"):
        checked(phrases)
