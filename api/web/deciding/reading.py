"""From what was entered to a typed act, and from refusals to sentences beside the fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from agreements.errors import Refusal
from agreements.funding.money import AmbiguousAmount, NotAnAmount, parse_amount
from api.validation import InputError, input_errors
from api.web.deciding.fields import Field, Form, Input, Widget, every
from api.web.forms import sentence_of

# What was entered, by the names of the inputs; several values only for boxes that are ticked.
Entered = Mapping[str, tuple[str, ...]]
# Ticked where none of the others applies: no box ticked at all means that nobody was asked.
NONE_OF_THEM: Final = "keine"

_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_ROW = re.compile(r"(0|[1-9][0-9]{0,4})\.(.+)")
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
# More than a form can hold: whoever writes a larger number has no form.
_MOST_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a sentence; path: the input to go to, None if it is none in particular."""

    path: str | None
    sentence: str


class Faulty(Exception):
    """What was entered cannot be taken as it is."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


def entered(data: FormData) -> dict[str, tuple[str, ...]]:
    """What was sent, without files and without what stays empty."""
    found: dict[str, list[str]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str) and value.strip():
            found.setdefault(name, []).append(value.strip().replace("\r\n", "\n"))
    return {name: tuple(values) for name, values in found.items()}


def first(given: Entered, name: str) -> str:
    """What was entered under that name; empty if nothing was."""
    return given.get(name, ("",))[0]


def read_form(form: Form, given: Entered) -> BaseModel:
    """What was entered as the use case takes it; ``Faulty`` with all that is wrong with it."""
    content: dict[str, Any] = {}
    for one in form.inputs.values():
        value = _value(one, given)
        if value is not None:
            _put(content, one.field.path, value)
    numbers = dict(_numbers_of_rows(form, given))
    try:
        return form.model.model_validate(content)
    except ValidationError as error:
        found = error.errors()
        missing = [fault["type"] == "missing" for fault in found]
        faults = zip(input_errors(found), missing, strict=True)
        raise Faulty(tuple(_fault(form, *fault, numbers) for fault in faults)) from None


def _put(content: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for name in above:
        content = content.setdefault(name, {})
    content[last] = value


def _value(one: Input, given: Entered) -> object | None:
    if one.widget is Widget.ROWS:
        return [
            {
                column.field.path: value
                for column in one.columns
                if (value := _plain(column, first(given, name(one, row, column)))) is not None
            }
            for row in filled_rows(one, given)
        ] or None
    if one.widget is Widget.PARTIES:
        ticked = given.get(one.field.path, ())
        return [ags for ags in ticked if ags != NONE_OF_THEM] if ticked else None
    return _plain(one, first(given, one.field.path))


def _plain(one: Input, text: str) -> str | None:
    if not text:
        return None
    if one.widget is Widget.DAY:
        return iso_day(text)
    return _amount(text) if one.widget is Widget.AMOUNT else text


def iso_day(text: str) -> str:
    """A day as the models read it; what is no day stays none."""
    if written := _DAY.fullmatch(text):
        day, month, year = written.groups()
        century = "20" if len(year) == 2 else ""
        return f"{century}{year}-{int(month):02}-{int(day):02}"
    # A mere number would be taken for seconds since 1970.
    return text if _ISO.fullmatch(text) else f"„{text}“"


def _amount(text: str) -> str:
    """An amount as people write it ("560.000,00 €"); what is no clear amount stays as it is."""
    number = text.removesuffix("€").removesuffix("Euro").removesuffix("EUR").strip()
    try:
        return str(parse_amount(number))
    except (AmbiguousAmount, NotAnAmount):
        return f"„{text}“"


def name(rows: Input, row: int, column: Input) -> str:
    """The name of an input in a list."""
    return f"{rows.field.path}.{row}.{column.field.path}"


def filled_rows(rows: Input, given: Entered) -> list[int]:
    """The entries of a list in which somebody has written something."""
    asked = {
        column.field.path
        for column in rows.columns
        if column.widget not in (Widget.HIDDEN, Widget.CHOICE)
    }
    found = (_ROW.fullmatch(sent.removeprefix(f"{rows.field.path}.")) for sent in given)
    numbers = {int(row[1]) for row in found if row is not None and row[2] in asked}
    return sorted(number for number in numbers if number < _MOST_ROWS)


def _numbers_of_rows(form: Form, given: Entered) -> Iterable[tuple[str, list[int]]]:
    for path, one in form.inputs.items():
        if one.widget is Widget.ROWS:
            yield path, filled_rows(one, given)


def _as_shown(path: str | None, numbers: Mapping[str, list[int]]) -> str | None:
    """The model does not count entries that were left empty, the page does."""
    for rows, shown in numbers.items():
        if path is not None and path.startswith(f"{rows}."):
            number, dot, rest = path.removeprefix(f"{rows}.").partition(".")
            if number.isdigit() and int(number) < len(shown):
                return f"{rows}.{shown[int(number)]}{dot}{rest}"
    return path


def _fault(
    form: Form, fault: InputError, is_missing: bool, numbers: Mapping[str, list[int]]
) -> Fault:
    path = _as_shown(fault.field, numbers)
    found = form.find(path)
    place = _place(form, found)
    if found is not None and is_missing:
        return Fault(place, f"Bitte angeben: {_label(*found)}")
    labels = {fault.field: _label(*found)} if found and fault.field else {}
    accepted = in_words(form, found[0] if found else None, fault.accepted)
    if accepted is not None and accepted in fault.message:
        accepted = None
    said = sentence_of(fault.model_copy(update={"accepted": accepted}), labels)
    return Fault(place, said)


def _place(form: Form, found: tuple[Field, str] | None) -> str | None:
    """Where a link can lead: what is hidden is mended in its entry, or nowhere on the page."""
    if found is None:
        return None
    one, path = found
    shown = form.inputs[one.path]
    if shown.widget is Widget.HIDDEN:
        return None
    entry, _, column = path.rpartition(".")
    hidden = (c.field.path for c in shown.columns if c.widget is Widget.HIDDEN)
    return entry if column in hidden else path


def _label(one: Field, path: str) -> str:
    """What an input is called where all its faults are listed."""
    inside = path.removeprefix(one.path).lstrip(".")
    number, _, column = inside.partition(".")
    if not one.rows or not number.isdigit():
        return one.label
    named = next((c.label for c in one.rows if c.path == column), None)
    entry = f"{one.row} {int(number) + 1}"
    return f"{entry}: {named}" if named else entry


def fault_of(form: Form, refusal: Refusal, given: Entered) -> Fault:
    """A refusal of the use case, beside the field that it names."""
    path = _as_shown(refusal.field, dict(_numbers_of_rows(form, given)))
    found = form.find(path)
    place = _place(form, found)
    if found is None or place is None:
        return Fault(None, refusal.message)
    if form.inputs[found[0].path].widget is Widget.PARTIES:
        # The page has a box for each, the code of none is of use.
        return Fault(place, refusal.message)
    accepted = in_words(form, found[0], refusal.accepted)
    said = f"{refusal.message} Angenommen wird: {accepted}." if accepted else refusal.message
    return Fault(place, said)


def in_words(form: Form, one: Field | None, accepted: str | None) -> str | None:
    """What would be accepted, with the words of the page instead of the codes of the API."""
    if accepted is None:
        return None
    accepted = accepted.replace("2026-03-31", "31.03.2026").replace("560000.00", "560.000,00")
    own = form.inputs[one.path].choices if one is not None and one.path in form.inputs else ()
    words = {value: said for known in every(form) for value, said in known.choices} | dict(own)

    def said(code: re.Match[str]) -> str:
        return f"„{words[code[0]]}“" if code[0] in words else code[0]

    return _CODE.sub(said, accepted)
