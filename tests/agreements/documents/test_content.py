from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import pytest
from pydantic import ValidationError

from agreements.documents.content import (
    CanonicalContent,
    PrincipleContent,
    canonical_json,
    text_hash,
)

CONTENT: dict[str, Any] = {
    "title": "Vereinbarung über Bäder",
    "parties": [{"name": "Stadt Kamen"}, {"name": "Stadt Lünen", "designation": "federführend"}],
    "preamble": ["Präambel."],
    "clauses": [{"title": "Gegenstand", "paragraphs": ["Erstens.", "Zweitens:\neins,\nzwei."]}],
    "annexes": ["Kostenplan"],
}


def test_the_hash_of_a_known_text_never_changes() -> None:
    # Resolutions refer to this number for decades: a change here is a new content format.
    content = CanonicalContent.model_validate(CONTENT)
    assert text_hash(content) == (
        "b4a3f17575461ecc19ea38ecadf41ea337e45b79bf4f74a49f248756c08c4d37"
    )


def test_the_hash_is_sha256_over_the_documented_spelling() -> None:
    content = PrincipleContent(title="Bad", points=("Ja, „gut“.",))
    spelled = '{"format":1,"kind":"principle","points":["Ja, „gut“."],"title":"Bad"}'
    assert text_hash(content) == hashlib.sha256(spelled.encode()).hexdigest()


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(dict(reversed(CONTENT.items())), id="other order of keys"),
        pytest.param(
            CONTENT | {"title": unicodedata.normalize("NFD", CONTENT["title"])}, id="decomposed"
        ),
        pytest.param(CONTENT | {"title": "  Vereinbarung über Bäder\n"}, id="surrounding space"),
        pytest.param(CONTENT | {"title": "Vereinbarung\u00a0über Bäder"}, id="no-break space"),
        pytest.param(CONTENT | {"annexes": ("Kostenplan",)}, id="tuple instead of list"),
    ],
)
def test_spelling_does_not_change_the_hash(same: dict[str, Any]) -> None:
    expected = text_hash(CanonicalContent.model_validate(CONTENT))
    assert text_hash(CanonicalContent.model_validate(same)) == expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(CONTENT | {"title": "Vereinbarung über Baeder"}, id="title"),
        pytest.param(CONTENT | {"annexes": []}, id="annex removed"),
        pytest.param(CONTENT | {"parties": CONTENT["parties"][::-1]}, id="order of parties"),
        pytest.param(
            CONTENT
            | {"clauses": [{"title": "Gegenstand", "paragraphs": ["Erstens.\nZweitens:", "eins"]}]},
            id="division into paragraphs",
        ),
    ],
)
def test_substance_changes_the_hash(other: dict[str, Any]) -> None:
    expected = text_hash(CanonicalContent.model_validate(CONTENT))
    assert text_hash(CanonicalContent.model_validate(other)) != expected


def test_what_no_document_could_print_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"U\+000B"):
        CanonicalContent.model_validate(CONTENT | {"title": "a\x0bb"})


def test_canonical_json_normalises_keys_too() -> None:
    assert canonical_json({"u\u0308": 1, "a": [True, None]}) == '{"a":[true,null],"ü":1}'.encode()
