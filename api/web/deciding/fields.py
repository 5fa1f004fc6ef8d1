"""A form made of the fields of a typed act: what each field is called, and how it is filled in."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

from annotated_types import MaxLen
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from agreements.glossary import label

Choices = tuple[tuple[str, str], ...]
# Longer texts get several lines.
_ONE_LINE: Final = 300
_DAY: Final = "Tag, Monat, Jahr; zum Beispiel 26.3.2026"


class Widget(StrEnum):
    """How a field is filled in."""

    DAY = "day"
    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    CHOICE = "choice"
    PARTIES = "parties"
    ROWS = "rows"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """What the model does not say of a field.

    path: as in the model and in refusals ("votes.yes"). only: values of choices with which it is
    asked for; empty: always. choices: words for values where the glossary has none. hints: what a
    choice means. today: filled in with today. rows: the fields of a list's entries. count: how many
    empty entries are shown.
    """

    path: str
    label: str
    hint: str = ""
    only: tuple[str, ...] = ()
    choices: Choices = ()
    hints: tuple[tuple[str, str], ...] = ()
    hidden: bool = False
    today: bool = False
    rows: tuple[Field, ...] = ()
    row: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together. more: shown when unfolded. button: a step and its words."""

    title: str
    fields: tuple[Field, ...]
    hint: str = ""
    more: bool = False
    only: tuple[str, ...] = ()
    button: tuple[str, str] | None = None


@dataclass(frozen=True)
class Form:
    """The form of one kind of task. says: the button that leads to it."""

    model: type[BaseModel]
    says: str
    parts: tuple[Field | Group, ...]
    fields: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put together all fields, in their order on the page."""
        found = [f for part in self.parts for f in _fields_of(part)]
        object.__setattr__(self, "fields", tuple(found))

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """Every field with what its model says of it, by its path."""
        return {one.path: input_of(self.model, one) for one in self.fields}

    def find(self, path: str | None) -> tuple[Field, str] | None:
        """The field that a refusal means, and the name of the input to go to."""
        if path is None:
            return None
        for one in self.fields:
            if path == one.path or (path.startswith(f"{one.path}.") and one.rows):
                return one, path
        # What is refused as a whole is mended in its first field.
        inside = next((one for one in self.fields if one.path.startswith(f"{path}.")), None)
        return (inside, inside.path) if inside is not None else None


@dataclass(frozen=True, slots=True)
class Input:
    """A field as it is shown. default: the choice that counts if none is made; empty: none."""

    field: Field
    widget: Widget
    required: bool
    longest: int | None
    choices: Choices
    default: str = ""
    columns: tuple[Input, ...] = ()


def _fields_of(part: Field | Group) -> Sequence[Field]:
    return part.fields if isinstance(part, Group) else (part,)


def input_of(model: type[BaseModel], one: Field) -> Input:
    """The field together with what the model says of it."""
    info = _info(model, one.path)
    of, metadata = _plain(info)
    choices = one.choices or _choices(of)
    columns: tuple[Input, ...] = ()
    if one.rows:
        entry = next(arg for arg in get_args(of) if isinstance(arg, type))
        columns = tuple(input_of(entry, column) for column in one.rows)
    longest = next(
        (m.max_length for m in metadata if isinstance(m, StringConstraints | MaxLen)), None
    )
    widget = Widget.HIDDEN if one.hidden else _widget(of, one, longest)
    default = _default(info) if widget is Widget.CHOICE else ""
    if widget is Widget.DAY and not one.hint:
        one = replace(one, hint=_DAY)
    return Input(one, widget, info.is_required(), longest, choices, default, columns)


def _default(info: FieldInfo) -> str:
    if isinstance(info.default, StrEnum):
        return info.default.value
    return str(info.default).lower() if isinstance(info.default, bool) else ""


def _info(model: type[BaseModel], path: str) -> FieldInfo:
    first, _, rest = path.partition(".")
    info = model.model_fields[first]
    if not rest:
        return info
    nested, _ = _plain(info)
    assert isinstance(nested, type)
    return _info(nested, rest)


def _plain(info: FieldInfo) -> tuple[Any, list[Any]]:
    """The type behind ``Annotated`` and "or nothing", and what is noted at it."""
    of, metadata = info.annotation, list(info.metadata)
    if get_origin(of) in (Union, types.UnionType):
        of = next(arg for arg in get_args(of) if arg is not type(None))
    if get_origin(of) is Annotated:
        of, *noted = get_args(of)
        metadata += noted
    return of, metadata


def _choices(of: Any) -> Choices:  # noqa: ANN401  (a type, or what typing makes of one)
    if isinstance(of, type) and issubclass(of, StrEnum):
        return tuple((member.value, label(member)) for member in of)
    return ()


def _widget(of: Any, one: Field, longest: int | None) -> Widget:  # noqa: ANN401  (as above)
    if one.rows:
        return Widget.ROWS
    if get_origin(of) is tuple:
        return Widget.PARTIES
    if of is bool or one.choices or issubclass(of, StrEnum):
        return Widget.CHOICE
    if of is UUID:
        return Widget.HIDDEN
    known = {date: Widget.DAY, int: Widget.NUMBER, Decimal: Widget.AMOUNT}
    if of in known:
        return known[of]
    return Widget.LINE if longest is not None and longest <= _ONE_LINE else Widget.TEXT


def anchor(path: str) -> str:
    """The id of an input on the page."""
    return "f-" + path.replace(".", "-")


def every(form: Form) -> Iterator[Input]:
    """All inputs, those of a list's entries too."""
    for one in form.inputs.values():
        yield one
        yield from one.columns
