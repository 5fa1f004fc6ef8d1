"""From an error inside a template to a sentence that says what to mend, and where."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from types import TracebackType
from typing import Final, get_args

from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from pydantic import BaseModel, ValidationError

from agreements.documents.sandbox import readable_names
from agreements.errors import StepFailure

_PARTS: Final = (
    ("header", "Kopfzeile"),
    ("footer", "Fußzeile"),
    ("footnotes", "Fußnote"),
    ("endnotes", "Endnote"),
    ("docProps", "Dokumenteigenschaften"),
    ("document", "Textkörper"),
)
_UNKNOWN = re.compile(r"'(?P<name>[^']+)' is undefined|has no attribute '(?P<attribute>[^']+)'")
_UNSAFE = re.compile(r"attribute '(?P<name>[^']+)'")
_TAG = re.compile(r"\{[{%].*?[}%]\}")
_TYPOGRAPHIC = "„“”‚‘’‛‟»«›‹″′＂＇"
# docxtpl turns these into straight ones, also inside a text: it would end there.
_CONVERTED = "“”‘’"
_LITERAL = re.compile(r'"[^"]*"|\'[^\']*\'')
# What Jinja says in English -> what to do. The rest is quoted as it is.
_SYNTAX: Final = (
    (re.compile(r"No filter named '(?P<name>[^']+)'"), "Den Filter „{name}“ gibt es nicht."),
    (re.compile(r"No test named '(?P<name>[^']+)'"), "Die Prüfung „is {name}“ gibt es nicht."),
    (re.compile(r"unknown tag '(?P<name>[^']+)'"), "Die Anweisung „{name}“ gibt es nicht."),
    (re.compile(r"unexpected char '(?P<name>.)'"), "Das Zeichen „{name}“ gehört nicht hierher."),
    (re.compile(r"unexpected '(?P<name>[^']+)'"), "„{name}“ gehört nicht hierher."),
    (re.compile(r"got 'end of (?:print statement|statement block)'"), "Hier fehlt etwas."),
    (re.compile(r"[Ee]xpected token '(?P<name>[^']+)'"), "Erwartet wird „{name}“."),
)
_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a template something went wrong."""

    file_name: str
    part: str
    paragraph: str

    def __str__(self) -> str:
        return f"Vorlage „{self.file_name}“, {self.part}, Absatz: {self.paragraph}"


def locate(problem: Exception, source: str, part_name: str, file_name: str) -> Place:
    """The place of an error in a part's source (docxtpl puts each paragraph on its own line)."""
    # docxtpl starts each paragraph on a new line before it compiles the source.
    broken = re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
    lines = broken.split("\n")
    number = _line_number(problem)
    part = part_label(part_name)
    if number is None or not 0 < number <= len(lines):
        return Place(file_name, part, "(nicht zu bestimmen)")
    own, _, _ = lines[number - 1].partition("</w:p>")
    # Without a tag of its own, the line ends with a removed row's or paragraph's tag.
    before = "\n".join([*lines[: number - 1], own if "{" in own else lines[number - 1]])
    if before.count("<w:tbl>") > before.count("</w:tbl>"):
        part = "Tabelle" if part == "Textkörper" else f"Tabelle in der {part}"
    return Place(file_name, part, _plain(lines[number - 1]))


def part_label(part_name: str) -> str:
    """The German name of a part of a document."""
    return next((label for key, label in _PARTS if key in part_name), "Textkörper")


def explained(problem: Exception, place: Place, model: type[BaseModel] | None) -> StepFailure:
    """The failure of a step, in a German sentence with name and place."""
    if isinstance(problem, SecurityError):
        found = _UNSAFE.search(str(problem))
        name = f" auf „{found['name']}“" if found else ""
        return StepFailure(
            f"Ein Platzhalter greift{name} zu; das ist in Vorlagen aus Sicherheitsgründen nicht "
            f"erlaubt ({place}). Entfernen Sie ihn."
        )
    if isinstance(problem, UndefinedError):
        return StepFailure(_unknown_field(str(problem), place, model))
    if isinstance(problem, TemplateSyntaxError):
        return StepFailure(
            f"Ein Platzhalter ist fehlerhaft geschrieben: {problem.message} ({place})."
            f"{quotes_hint(place.paragraph)}"
        )
    if isinstance(problem, TemplateRuntimeError):
        return StepFailure(f"Ein Platzhalter ist nicht ausführbar: {problem} ({place}).")
    return StepFailure(f"Ein Platzhalter passt nicht zu seinem Wert ({problem}; {place}).")


def invalid_data(title: str, problem: ValidationError) -> StepFailure:
    """Data that does not fit the template's model: each field with its objection."""
    objections = "; ".join(
        f"{'.'.join(str(step) for step in error['loc']) or 'insgesamt'}: {error['msg']}"
        for error in problem.errors(include_url=False, include_input=False)
    )
    return StepFailure(f"Die Angaben für „{title}“ sind unvollständig oder falsch: {objections}.")


def _unknown_field(message: str, place: Place, model: type[BaseModel] | None) -> str:
    found = _UNKNOWN.search(message)
    name = (found["name"] or found["attribute"]) if found else message
    names = all_names(model) if model else ()
    return f"Das Feld „{name}“ gibt es nicht ({place}).{close_match(name, names)}"


def close_match(name: str, known: Iterable[str]) -> str:
    """`` Gemeint ist vielleicht „…“.``, or nothing."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f" Gemeint ist vielleicht „{close[0]}“." if close else ""


def syntax_sentence(problem: TemplateSyntaxError) -> str:
    """What is wrong with how a tag is written, in German as far as Jinja's words are known."""
    message = problem.message or ""
    for pattern, sentence in _SYNTAX:
        if found := pattern.search(message):
            what = sentence.format(**found.groupdict())
            return f"Der Platzhalter ist fehlerhaft geschrieben: {what}"
    return f"Der Platzhalter ist fehlerhaft geschrieben ({message})."


def all_names(model: type[BaseModel]) -> set[str]:
    """The names of a model and of everything inside it."""
    names = set(readable_names(model))
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            names |= all_names(inner)
    return names


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def quotes_hint(paragraph: str) -> str:
    """The hint on quotes that Word made typographic inside a tag, or nothing."""
    tags = _TAG.findall(paragraph) or [paragraph]
    if any(_has_typographic_quotes(tag) for tag in tags):
        return (
            " Im Platzhalter stehen typographische Anführungszeichen; Word setzt sie beim Tippen. "
            'Ersetzen Sie sie durch gerade ("…").'
        )
    return ""


def _has_typographic_quotes(tag: str) -> bool:
    outside = _LITERAL.sub("", tag)
    return any(sign in outside for sign in _TYPOGRAPHIC) or any(sign in tag for sign in _CONVERTED)


def _line_number(problem: Exception) -> int | None:
    if isinstance(problem, TemplateSyntaxError):
        return problem.lineno
    number: int | None = None
    trace: TracebackType | None = problem.__traceback__
    while trace is not None:
        # jinja rewrites tracebacks: a frame of the template carries the template's line.
        if trace.tb_frame.f_code.co_filename == "<template>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return number


def _plain(line: str) -> str:
    # Tags of removed paragraphs ({%p …%}) cling to the end of the line before: keep them apart.
    text = unescape(re.sub(r"<[^>]+>", "", line.replace("</w:p>", " ¶ ")))
    text = " ".join(text.split()).strip("¶ ")
    return f"„{text[:_LONGEST_QUOTE]}{'…' if len(text) > _LONGEST_QUOTE else ''}“"
