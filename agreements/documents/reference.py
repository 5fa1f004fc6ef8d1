"""The documentation of the templates' data, written from the typed models.

``python -m agreements.documents.reference`` writes ``docs/vorlagen.md``; a test fails when it is
not up to date. The same descriptions are offered by the API.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agreements.documents.filters import datum_kurz
from agreements.documents.inspection import typed
from agreements.documents.meanings import FIELDS, MODELS
from agreements.documents.registry import TEMPLATES
from agreements.documents.sandbox import readable_names
from agreements.documents.template import Template

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "vorlagen.md"
_LONGEST: Final = 90
_KINDS: Final[dict[object, str]] = {
    str: "Text",
    int: "Zahl",
    bool: "ja oder nein",
    Decimal: "Betrag oder Zahl",
    date: "Datum",
}
_HEAD: Final = """# Angaben der Vorlagen

Diese Seite ist erzeugt (`python -m agreements.documents.reference`), bitte nicht von Hand ändern.
Sie sagt für jede Vorlage, welche Felder in Platzhaltern stehen dürfen. Wie Platzhalter geschrieben
werden, steht in den Hinweisen zu den [Vorlagen](../templates/README.md); `vereinbar template check`
prüft eine geänderte Datei.

„kann fehlen“: Das Feld ist nicht in jedem Dokument ausgefüllt; fragen Sie es mit
`{% if feld %}` ab.
Felder mit dem Zeichen → haben selbst Felder; sie stehen unter „Wiederkehrende Angaben“.
"""


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """One field of a model. inner: the model of what is in it, by name; empty: none."""

    name: str
    kind: str
    meaning: str
    example: str
    optional: bool
    inner: str


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """One model with its fields, computed ones at the end."""

    name: str
    meaning: str
    fields: tuple[FieldDescription, ...]


def described(template: Template) -> ModelDescription:
    """The fields of a template's data, with examples from its full example."""
    return _described(template.model, template.example())


def inner_models(template: Template) -> list[ModelDescription]:
    """The models inside a template's data, in the order in which one meets them."""
    return [_described(model, value) for model, value in _inside(template).items()]


def page() -> str:
    """The whole page."""
    return "".join((_HEAD, *_templates(), *_recurring()))


def _templates() -> Iterator[str]:
    for template in TEMPLATES:
        found = described(template)
        yield f"\n## {template.title}\n\nKennung `{template.id}`, Datei „{template.file_name}“"
        yield f", Modell `{found.name}`. {found.meaning}\n\n" if found.meaning else "\n\n"
        yield from _table(found)


def _recurring() -> Iterator[str]:
    models: dict[type[BaseModel], object] = {}
    for template in TEMPLATES:
        for model, value in _inside(template).items():
            models.setdefault(model, value)
    yield "\n## Wiederkehrende Angaben\n"
    for model in sorted(models, key=lambda model: model.__name__):
        found = _described(model, models[model])
        yield f"\n### {found.name}\n\n"
        yield f"{found.meaning}\n\n" if found.meaning else ""
        yield from _table(found)


def _table(found: ModelDescription) -> Iterator[str]:
    yield "| Feld | Art | Bedeutung | Beispiel |\n|---|---|---|---|\n"
    for field in found.fields:
        kind = f"{field.kind}, kann fehlen" if field.optional else field.kind
        link = f" → [{field.inner}](#{field.inner.lower()})" if field.inner else ""
        cells = (f"`{field.name}`", kind + link, field.meaning, field.example)
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _described(model: type[BaseModel], value: object) -> ModelDescription:
    fields = [
        _field(name, typed.field_type(model, name), info, getattr(value, name, None))
        for name, info in model.model_fields.items()
    ]
    computed = sorted(readable_names(model) - model.model_fields.keys())
    fields += [_computed(model, name, value) for name in computed]
    return ModelDescription(model.__name__, _words_of(model), tuple(fields))


def _field(name: str, kind: object, info: FieldInfo, value: object) -> FieldDescription:
    example = info.examples[0] if info.examples else value
    return FieldDescription(
        name=name,
        kind=_kind(kind),
        meaning=info.description or FIELDS.get(name) or _meaning_of(kind),
        example=_shown(example),
        optional=not info.is_required(),
        inner=_inner_name(kind),
    )


def _computed(model: type[BaseModel], name: str, value: object) -> FieldDescription:
    kind = typed.field_type(model, name)
    return FieldDescription(
        name=name,
        kind=_kind(kind),
        meaning=_first_line(getattr(model, name).fget.__doc__) or FIELDS.get(name, ""),
        example=_shown(getattr(value, name, None)),
        optional=False,
        inner=_inner_name(kind),
    )


def _kind(kind: object) -> str:
    members = typed.members(kind)
    if not members or isinstance(members[0], typed.Anything):
        return "Angabe"
    first = members[0]
    if typed.models_of(first):
        return "Angaben"
    if typed.is_listable(first):
        item = typed.item(first)
        return "Liste von Angaben" if typed.models_of(item) else f"Liste: {_kind(item)}"
    if typing.get_origin(kind) is typing.Literal:
        return "eines von " + ", ".join(f"`{value}`" for value in get_args(kind))
    return _KINDS.get(first, "Text")


def _inner_name(kind: object) -> str:
    models = typed.models_of(kind) or [
        model
        for member in typed.members(kind)
        if get_origin(member) is tuple
        for model in typed.models_of(typed.item(member))
    ]
    return models[0].__name__ if models else ""


def _meaning_of(kind: object) -> str:
    """Where a field says nothing of itself, what its model says."""
    models = typed.models_of(kind)
    return _words_of(models[0]) if models else ""


def _words_of(model: type[BaseModel]) -> str:
    return MODELS.get(model.__name__) or _first_line(model.__doc__)


def _inside(template: Template) -> dict[type[BaseModel], object]:
    """Every model inside the data with a value of it, if the example has one."""
    found: dict[type[BaseModel], object] = {}

    def look(model: type[BaseModel], value: object) -> None:
        for name in (
            *model.model_fields,
            *sorted(readable_names(model) - model.model_fields.keys()),
        ):
            kind, inner = typed.field_type(model, name), getattr(value, name, None)
            for member in typed.members(kind):
                item = typed.item(member) if get_origin(member) is tuple else member
                one = inner[0] if isinstance(inner, tuple) and inner else inner
                for part in typed.models_of(item):
                    if part not in found or (found[part] is None and isinstance(one, part)):
                        found[part] = one if isinstance(one, part) else None
                        look(part, found[part])

    look(template.model, template.example())
    return found


def _shown(value: object) -> str:
    if value is None or value == "" or value == () or isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple):
        return _shown(value[0])
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return datum_kurz(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0].rstrip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
