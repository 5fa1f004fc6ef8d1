"""The tags of all parts against the data: objections with their place, and the fields used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jinja2 import Environment, TemplateSyntaxError
from pydantic import BaseModel

from agreements.documents.failures import syntax_sentence
from agreements.documents.inspection.expressions import Expressions
from agreements.documents.inspection.findings import Finding, hint
from agreements.documents.inspection.tags import Tag

# What every document prints into its properties, whether a tag names it or not.
_ALWAYS = frozenset(("file_reference", "dated_on", "author"))


class Reach:
    """Collects over all parts. ``model`` None: fields are listed, not judged."""

    def __init__(self, model: type[BaseModel] | None) -> None:
        self.model = model
        self.used: set[str] = set()
        self.known: set[tuple[str, str]] = set()
        self._listed: dict[str, Tag] = {}

    def judge(self, tags: Sequence[Tag]) -> list[Finding]:
        """The objections against the tags of one part."""
        found: list[Finding] = []

        def report(line: int, code: str, name: str, message: str) -> None:
            self.known.add((code, name))
            found.append(tags[min(line, len(tags)) - 1].finding(code, message))

        try:
            tree = Environment().parse("\n".join(tag.source for tag in tags))
        except TemplateSyntaxError as problem:
            where = tags[min(problem.lineno, len(tags)) - 1]
            return [where.finding("tag-syntax", syntax_sentence(problem))]
        reading = Expressions(self.model, report)
        reading.read(tree)
        self.used |= reading.used
        for path, line in reading.fields.items():
            self._listed.setdefault(path, tags[min(line, len(tags)) - 1])
        return list(dict.fromkeys(found))

    def fields(self, file_name: str) -> list[Finding]:
        """Hints: without a model the fields that are used, with one those that are not."""
        if self.model is None:
            return [
                hint(
                    "field-listed",
                    tag.paragraph.part,
                    tag.paragraph.place,
                    path,
                    f"Die Vorlage verwendet das Feld „{path}“.",
                )
                for path, tag in self._listed.items()
            ]
        return [
            hint(
                "field-unused",
                "Vorlage",
                file_name,
                name,
                f"Das Feld „{name}“ kommt in der Vorlage nicht vor.",
            )
            for name in self.model.model_fields
            if name not in self._reached()
        ]

    def _reached(self) -> set[str]:
        """The fields that tags use, also through a property that reads them."""
        assert self.model is not None
        return set(_ALWAYS | self.used) | set(_read_by(self.model, self.used | {"document_title"}))


def _read_by(model: type[BaseModel], names: Iterable[str]) -> Iterable[str]:
    for name in names:
        declared = getattr(model, name, None)
        if isinstance(declared, property) and declared.fget is not None:
            yield from declared.fget.__code__.co_names
