"""What goes into a document comes out of it: every template, with every value of its example.

A new template needs nothing here: it is tried with its example, its second example, and with
variations of the first that are made from its model. A field that a template deliberately does
not print is named in ``NOT_PRINTED`` with the reason; one that is printed all the same fails, so
that the list stays true. The path of a field has no places in lists: "rows.body". Of a body or
an authority one grammatical form has to be there, of a hash its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from typing import Final, Literal, TypeVar, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from agreements.documents.data import DocumentData
from agreements.documents.filters import datum, datum_kurz, eur, prozent, zahl
from agreements.documents.forms import AuthorityForms, BodyForms, CommitteeForms
from agreements.documents.registry import TEMPLATES, Template
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.reading import text_of

_DIR: Final = PROJECT_ROOT / "templates"

# Template id -> path of a field -> why it is not printed.
NOT_PRINTED: Final[dict[str, dict[str, str]]] = {
    "agreement": {"dated_on": "it is dated by its signatures; the footer names the version"},
    "publication": {
        "dated_on": "the gazette has its own date",
        "file_reference": "the gazette prints the authority's",
    },
    "rules_of_procedure": {"project": "it stands in the title"},
    "paper": {"changes.earlier.digest": "the resolved text is the one at hand; the number tells"},
    "urgent_decision": {"outcome": "a head and a member decide by signing, without a vote"},
    "signing_set": {
        "dated_on": "it is dated by its signatures; the footer names the version",
        "electronic": "only where it is signed electronically",
    },
    "signing_sheet": {"dated_on": "whoever signs dates it"},
}

_WRITTEN_OUT: Final = (BodyForms, AuthorityForms, CommitteeForms)
_FORMS: Final = ("name", "nominative", "genitive", "dative", "accusative", "short")
_HOSTILE: Final = "Müller & Söhne <GmbH> „Größe“ \"gerade\" 'einfach' &amp; {{ x }}"
_LONG: Final = ("Bezeichnung mit Überlänge " * 12)[:300].strip()
# What a reader must never see, wherever it comes from.
_GAPS: Final = re.compile(
    r"\bNone\b|\bUndefined\b|\bFalse\b|\bTrue\b|<agreements|\{\{|\}\}|\{%|%\}"
    r"| {2}| ,|\( ?\)|„“|– *–"
)

M = TypeVar("M", bound=BaseModel)
_Change = Callable[[str, FieldInfo, object], object]


def _examples() -> list[object]:
    return [
        pytest.param(template, make, id=f"{template.id}-{name}")
        for template in TEMPLATES
        for name, make in (("first", template.example), ("second", template.second_example))
        if make is not None
    ]


every_example = pytest.mark.parametrize(("template", "make"), _examples())
every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)


def printed(template: Template, data: DocumentData) -> str:
    return text_of(render(template, data, _DIR))


# --- reading back -------------------------------------------------------------------------


def leaves(data: BaseModel, path: str = "") -> Iterator[tuple[str, object, FieldInfo]]:
    """Every value of the data with the path of its field; bodies and authorities as a whole."""
    for name, field in type(data).model_fields.items():
        yield from _leaf(f"{path}.{name}".lstrip("."), getattr(data, name), field)


def _leaf(path: str, value: object, field: FieldInfo) -> Iterator[tuple[str, object, FieldInfo]]:
    if isinstance(value, _WRITTEN_OUT):
        yield path, value, field
    elif isinstance(value, BaseModel):
        yield from leaves(value, path)
    elif isinstance(value, tuple):
        for entry in value:
            yield from _leaf(path, entry, field)
    else:
        yield path, value, field


def ways(value: object) -> list[list[str]]:
    """In which ways a value may be printed; of each way every piece has to be there."""
    if isinstance(value, _WRITTEN_OUT):
        return [[getattr(value, form)] for form in _FORMS if hasattr(value, form)]
    if isinstance(value, date):
        return [[datum(value)], [datum_kurz(value)]]
    if isinstance(value, Decimal):
        amounts = [[eur(value)]] if value == value.quantize(Decimal("0.01")) else []
        return [*amounts, [zahl(value)], [prozent(value)]]
    if isinstance(value, int):
        return [[zahl(value)], [str(value)]]
    text = str(value)
    if re.fullmatch(r"[0-9a-f]{64}", text):
        return [[text[:8]]]
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return [lines, [line[:1].upper() + line[1:] for line in lines]]


def is_there(text: str, value: object) -> bool:
    shown = re.sub(" +", " ", text)
    return any(all(_plain(piece) in shown for piece in way) for way in ways(value))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _is_text_for_people(value: object, field: FieldInfo) -> bool:
    if value is None or value == "" or isinstance(value, bool):
        return False
    return not _is_choice(field)


def _is_choice(field: FieldInfo) -> bool:
    parts = [field.annotation, *get_args(field.annotation)]
    return any(get_origin(part) is Literal for part in parts)


@every_example
def test_every_value_can_be_read_back(template: Template, make: Callable[[], DocumentData]) -> None:
    data = make()
    text = printed(template, data)
    known = NOT_PRINTED.get(template.id, {})
    lacking = {
        path: value
        for path, value, field in leaves(data)
        if _is_text_for_people(value, field) and path not in known and not is_there(text, value)
    }
    assert lacking == {}


@every_template
def test_what_is_said_not_to_be_printed_is_not(template: Template) -> None:
    known = NOT_PRINTED.get(template.id, {})
    # Each text is made unlike all others: a name is in no other text then.
    data = varied(template.example(), replaced_by(_HOSTILE))
    text = printed(template, data)
    found: dict[str, list[bool]] = {}
    for path, value, field in leaves(data):
        if path in known and _is_text_for_people(value, field):
            found.setdefault(path, []).append(is_there(text, value))
    assert [path for path, seen in found.items() if all(seen)] == []
    assert set(known) <= {path for path, _, _ in leaves(data)}


@every_example
def test_no_gap_shows(template: Template, make: Callable[[], DocumentData]) -> None:
    text = printed(template, make())
    assert [_around(text, found) for found in _GAPS.finditer(text)] == []


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 30) : found.end() + 30]


# --- variations ---------------------------------------------------------------------------


def varied(data: DocumentData, change: _Change) -> DocumentData:
    """The data with each field changed; not validated: only rendering is tried."""
    return _varied(data, change, "")


def _varied(data: M, change: _Change, path: str) -> M:
    update = {
        name: _changed(f"{path}.{name}".lstrip("."), field, getattr(data, name), change)
        for name, field in type(data).model_fields.items()
    }
    return data.model_copy(update=update)


def _changed(path: str, field: FieldInfo, value: object, change: _Change) -> object:
    value = change(path, field, value)
    if isinstance(value, BaseModel):
        return _varied(value, change, path)
    if isinstance(value, tuple):
        return tuple(
            _varied(entry, change, path)
            if isinstance(entry, BaseModel)
            else change(path, field, entry)
            for entry in value
        )
    return value


def _is_free_text(path: str, field: FieldInfo, value: object) -> bool:
    if not isinstance(value, str) or not value or _is_choice(field):
        return False
    return path.rsplit(".", 1)[-1] not in ("head_title", "digest") and not re.fullmatch(
        r"[0-9a-f]{64}", value
    )


def replaced_by(text: str) -> _Change:
    """Every free text is followed by another one."""

    def change(path: str, field: FieldInfo, value: object) -> object:
        return f"{value} {text}" if _is_free_text(path, field, value) else value

    return change


def long_names(path: str, field: FieldInfo, value: object) -> object:
    """Every free text has at least 300 characters."""
    return f"{value} {_LONG}" if _is_free_text(path, field, value) else value


def many(path: str, field: FieldInfo, value: object) -> object:
    """Every list of parts has 25 entries."""
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return tuple(islice(cycle(value), max(25, len(value))))
    return value


# Template id -> fields that may be missing, but not with the other answers of the first example.
NEEDED: Final[dict[str, frozenset[str]]] = {
    "fiction_note": frozenset(("deemed_on",)),
    "end_filing": frozenset(("leaving", "remaining")),
}


def few(count: int, needed: frozenset[str] = frozenset()) -> _Change:
    """Every list that has a default has so many entries; what may be missing is missing."""

    def change(path: str, field: FieldInfo, value: object) -> object:
        if field.is_required() or path in needed:
            return value
        if isinstance(value, tuple):
            return value[:count]
        return field.get_default(call_default_factory=False) if count == 0 else value

    return change


@every_template
def test_what_people_write_survives(template: Template) -> None:
    data = varied(template.example(), replaced_by(_HOSTILE))
    text = printed(template, data)
    known = NOT_PRINTED.get(template.id, {})
    lacking = [
        path
        for path, value, field in leaves(data)
        if _is_free_text(path, field, value) and path not in known and not is_there(text, value)
    ]
    assert lacking == []


@every_template
def test_long_names_survive(template: Template) -> None:
    data = varied(template.example(), long_names)
    text = printed(template, data)
    known = NOT_PRINTED.get(template.id, {})
    lacking = [
        path
        for path, value, field in leaves(data)
        if _is_free_text(path, field, value) and path not in known and not is_there(text, value)
    ]
    assert lacking == []


@every_template
def test_twenty_five_of_everything(template: Template) -> None:
    data = varied(template.example(), many)
    text = printed(template, data)
    assert [_around(text, found) for found in _GAPS.finditer(text)] == []


@every_template
@pytest.mark.parametrize("count", [0, 1])
def test_few_or_no_optional_things(template: Template, count: int) -> None:
    needed = NEEDED.get(template.id, frozenset())
    text = printed(template, varied(template.example(), few(count, needed)))
    assert [_around(text, found) for found in _GAPS.finditer(text)] == []


@every_template
def test_what_is_needed_with_other_answers_is_asked_for(template: Template) -> None:
    data = template.example()
    for name in NEEDED.get(template.id, ()):
        without = data.model_dump() | {name: type(data).model_fields[name].default}
        with pytest.raises(ValidationError):
            type(data).model_validate(without)
