"""What is wrong with an input, in German, with its field and what would be accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

from agreements.model.enums import TaskKind, VersionKind

# The variant of a union stands in pydantic's location, but in nobody's input.
_VARIANTS: Final = frozenset((*TaskKind, *VersionKind))
_PLACES: Final = frozenset(("body", "query", "path", "header", "cookie"))


class InputError(BaseModel):
    """Ein Fehler in einer Eingabe."""

    field: str | None = Field(examples=["votes.yes"])
    message: str = Field(examples=["„votes.yes“ muss eine ganze Zahl sein."])
    accepted: str | None = Field(examples=["eine ganze Zahl"])


Context = Mapping[str, Any]
Text = str | Callable[[Context], str]

# Kind of error -> what is wrong (after the field's name), and what would be accepted.
_MESSAGES: Final[Mapping[str, tuple[Text, Text | None]]] = {
    "missing": ("fehlt.", None),
    "extra_forbidden": ("gibt es hier nicht.", None),
    "string_type": ("muss ein Text sein.", "ein Text"),
    "string_too_short": (
        "ist zu kurz.",
        lambda c: f"mindestens {c['min_length']} Zeichen",
    ),
    "string_too_long": ("ist zu lang.", lambda c: f"höchstens {c['max_length']} Zeichen"),
    "string_pattern_mismatch": (
        "hat nicht die verlangte Form.",
        lambda c: f"Zeichen nach dem Muster {c['pattern']}",
    ),
    "too_short": (
        "hat zu wenige Einträge.",
        lambda c: f"mindestens {c['min_length']}",
    ),
    "too_long": ("hat zu viele Einträge.", lambda c: f"höchstens {c['max_length']}"),
    "int_type": ("muss eine ganze Zahl sein.", "eine ganze Zahl"),
    "int_parsing": ("muss eine ganze Zahl sein.", "eine ganze Zahl"),
    "int_from_float": ("muss eine ganze Zahl sein.", "eine ganze Zahl"),
    "greater_than_equal": ("ist zu klein.", lambda c: f"mindestens {c['ge']}"),
    "greater_than": ("ist zu klein.", lambda c: f"mehr als {c['gt']}"),
    "less_than_equal": ("ist zu groß.", lambda c: f"höchstens {c['le']}"),
    "less_than": ("ist zu groß.", lambda c: f"weniger als {c['lt']}"),
    "bool_type": ("muss wahr oder falsch sein.", "true oder false"),
    "bool_parsing": ("muss wahr oder falsch sein.", "true oder false"),
    "enum": ("hat keinen der möglichen Werte.", lambda c: _choice(c["expected"])),
    "literal_error": ("hat keinen der möglichen Werte.", lambda c: _choice(c["expected"])),
    "union_tag_invalid": (
        "hat keinen der möglichen Werte.",
        lambda c: _choice(c["expected_tags"]),
    ),
    "union_tag_not_found": ("fehlt.", None),
    "date_type": ("muss ein Datum sein.", "ein Datum wie 2026-03-31"),
    "date_parsing": ("ist kein gültiges Datum.", "ein Datum wie 2026-03-31"),
    "date_from_datetime_parsing": ("ist kein gültiges Datum.", "ein Datum wie 2026-03-31"),
    "date_from_datetime_inexact": ("muss ein Tag ohne Uhrzeit sein.", "ein Datum wie 2026-03-31"),
    "uuid_type": ("ist keine gültige Kennung.", "eine UUID"),
    "uuid_parsing": ("ist keine gültige Kennung.", "eine UUID"),
    "decimal_type": ("muss ein Betrag sein.", "ein Betrag wie 560000.00"),
    "decimal_parsing": ("muss ein Betrag sein.", "ein Betrag wie 560000.00"),
    "decimal_max_places": (
        "hat zu viele Nachkommastellen.",
        lambda c: f"höchstens {c['decimal_places']} Nachkommastellen",
    ),
    "decimal_max_digits": (
        "ist zu groß.",
        lambda c: f"höchstens {c['max_digits']} Stellen",
    ),
    "finite_number": ("muss eine endliche Zahl sein.", "ein Betrag wie 560000.00"),
    "model_type": ("muss ein Objekt sein.", "ein JSON-Objekt"),
    "model_attributes_type": ("muss ein Objekt sein.", "ein JSON-Objekt"),
    "dict_type": ("muss ein Objekt sein.", "ein JSON-Objekt"),
    "list_type": ("muss eine Liste sein.", "eine JSON-Liste"),
    "tuple_type": ("muss eine Liste sein.", "eine JSON-Liste"),
    "json_invalid": ("ist kein gültiges JSON.", "ein JSON-Dokument in UTF-8"),
}


def _choice(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", " oder ")


def input_errors(errors: Iterable[Mapping[str, Any]]) -> tuple[InputError, ...]:
    """Pydantic's errors as sentences."""
    return tuple(_input_error(error) for error in errors)


def _input_error(error: Mapping[str, Any]) -> InputError:
    kind, context = error["type"], error.get("ctx", {})
    field = _field(error["loc"])
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        # The tag itself is what is wrong, so it is the field to name.
        tag = str(context["discriminator"]).strip("'")
        field = f"{field}.{tag}" if field else tag
    if kind == "json_invalid":
        field = None
    if kind == "value_error":
        # The models' own rules are German sentences already.
        sentence = f"{_name(field)}: {context['error']}"
        return InputError(field=field, message=_closed(sentence), accepted=None)
    said, accepted = _MESSAGES.get(kind, ("hat keinen zulässigen Wert.", None))
    return InputError(
        field=field,
        message=f"{_name(field)} {_text(said, context)}",
        accepted=_text(accepted, context) if accepted else None,
    )


def _name(field: str | None) -> str:
    return f"„{field}“" if field else "Die Eingabe"


def _text(text: Text, context: Context) -> str:
    return text if isinstance(text, str) else text(context)


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _field(location: Sequence[str | int]) -> str | None:
    parts = list(location)
    if parts and parts[0] in _PLACES:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in _VARIANTS:
        parts = parts[1:]
    elif parts and parts[0] in _VARIANTS:
        parts = []
    return ".".join(str(part) for part in parts) or None
