"""The types of a template's data: what ``body.short`` or an item of ``rows`` is."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from agreements.documents.sandbox import readable_names


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is known; ``path``: how a template reaches it."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A tuple whose items have types of their own."""

    items: tuple[object, ...]


TEXT: Final = str
NUMBER: Final = int


def members(kind: object) -> list[object]:
    """The alternatives of a type, without None; the value of an Annotated or a Literal."""
    origin = get_origin(kind)
    if origin is Annotated:
        return members(get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return [member for part in get_args(kind) for member in members(part)]
    if origin is Literal:
        return list(dict.fromkeys(type(value) for value in get_args(kind)))
    if kind is type(None) or kind is None:
        return []
    return [kind]


def models_of(kind: object) -> list[type[BaseModel]]:
    """The data models among the alternatives of a type."""
    return [
        member
        for member in members(kind)
        if isinstance(member, type) and get_origin(member) is None and issubclass(member, BaseModel)
    ]


def is_open(kind: object) -> bool:
    """Whether nothing is known about the type."""
    return not members(kind) or any(
        isinstance(member, Anything | typing.TypeVar) or member in (object, typing.Any)
        for member in members(kind)
    )


def attribute(kind: object, name: str) -> object | None:
    """The type of ``value.name``; None: there is no such thing."""
    if is_open(kind):
        base = next((m.path for m in members(kind) if isinstance(m, Anything)), "")
        return Anything(f"{base}.{name}" if base else "")
    found = [_attribute(member, name) for member in members(kind)]
    known = [one for one in found if one is not None]
    if not known:
        return None
    return known[0] if len(known) == 1 else typing.Union[tuple(_hashable(known))]  # noqa: UP007


def _attribute(member: object, name: str) -> object | None:
    if models_of(member):
        return field_type(models_of(member)[0], name)
    origin = get_origin(member) or member
    if isinstance(origin, type):
        if issubclass(origin, Mapping):
            arguments = get_args(member)
            if name in ("items", "keys", "values"):
                return Anything()
            return arguments[1] if len(arguments) == 2 else Anything()
        if issubclass(origin, date) and name in ("year", "month", "day"):
            return NUMBER
    return None


def field_type(model: type[BaseModel], name: str) -> object | None:
    """The type of a field or declared property of a model; None: there is none."""
    if name not in readable_names(model):
        return None
    if name in model.model_fields:
        return model.model_fields[name].annotation
    declared = getattr(model, name)
    try:
        found: object = get_type_hints(declared.fget).get("return", Anything())
    except (NameError, TypeError, AttributeError):
        return Anything()
    return found


def item(kind: object) -> object:
    """The type of what a loop over the value gives."""
    found = [_item(member) for member in members(kind)]
    return found[0] if len(found) == 1 else Anything()


def _item(member: object) -> object:
    if isinstance(member, Anything):
        return Anything(f"{member.path}[]" if member.path else "")
    if isinstance(member, Pair):
        return Anything()
    arguments = get_args(member)
    origin = get_origin(member)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return arguments[0]
    if isinstance(origin, type) and issubclass(origin, Iterable) and arguments:
        same = [argument for argument in arguments if argument is not Ellipsis]
        return same[0] if len(set(map(repr, same))) == 1 else Anything()
    return TEXT if member is str else Anything()


def is_text(kind: object) -> bool:
    """Whether the value is certainly a text."""
    return bool(members(kind)) and all(
        isinstance(m, type) and get_origin(m) is None and issubclass(m, str) for m in members(kind)
    )


def is_number(kind: object) -> bool:
    """Whether the value is certainly a number."""
    return bool(members(kind)) and all(
        isinstance(m, type)
        and get_origin(m) is None
        and m.__module__ in ("builtins", "decimal")
        and m.__name__ in ("int", "float", "Decimal", "bool")
        for m in members(kind)
    )


def is_listable(kind: object) -> bool:
    """Whether a loop over the value makes sense; a text or a date is no list."""
    return is_open(kind) or any(
        isinstance(member, Pair)
        or (isinstance(get_origin(member), type) and issubclass(get_origin(member), Iterable))  # type: ignore[arg-type]
        or member in (list, tuple, dict, set)
        for member in members(kind)
    )


def _hashable(kinds: list[object]) -> list[object]:
    return [kind if not isinstance(kind, Anything | Pair) else object for kind in kinds]
