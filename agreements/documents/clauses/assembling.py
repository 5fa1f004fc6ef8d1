"""From clause texts and terms to the text: variants, own clauses, numbers and references."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from jinja2 import TemplateError
from pydantic import BaseModel

from agreements.documents.clauses import variants
from agreements.documents.clauses.choices import AddClause, ClauseEdit, DropClause, ReplaceClause
from agreements.documents.clauses.terms import AgreementTerms, PrincipleTerms
from agreements.documents.clauses.texts import (
    AnnexText,
    ClauseSet,
    ParagraphText,
    clause_set,
)
from agreements.documents.content import (
    CanonicalContent,
    Clause,
    ContentParty,
    PrincipleContent,
)
from agreements.documents.forms import BodyForms
from agreements.documents.sandbox import context_of, keeping
from agreements.errors import Refusal, StepFailure

# In people's own text nothing runs: references alone are filled, and they are read, not executed.
_REFERENCE: Final = re.compile(
    r"""\{\{\s*(?P<call>ref|anlage)\(\s*["„“](?P<key>[^"„“”]*)["“”]\s*"""
    r"""(?:,\s*(?:(?P<number>\d{1,3})|["„“](?P<name>[^"„“”]*)["“”])\s*)?\)\s*\}\}"""
)


@dataclass(slots=True)
class _Paragraph:
    text: str
    key: str | None = None


@dataclass(slots=True)
class _Section:
    """A section while the text is being put together. own: written by people for this case."""

    key: str
    title: str
    paragraphs: list[_Paragraph] = field(default_factory=list)
    own: bool = False
    own_title: bool = False
    optional: bool = False


def assemble(kind: str, data: AgreementTerms) -> CanonicalContent:
    """The agreement's text for these terms, from the clause texts of ``kind``."""
    texts = clause_set(kind)
    parties = tuple((body, data.designation(body, texts.performs)) for body in data.parties)
    return assemble_text(texts, data, parties, edits=data.edits)


def assemble_text(
    texts: ClauseSet,
    data: BaseModel,
    parties: Iterable[tuple[BodyForms, str]],
    *,
    edits: tuple[ClauseEdit, ...] = (),
    **more: object,
) -> CanonicalContent:
    """A text of any kind: its clauses numbered, its references filled."""
    sections = _edited(_sections(texts, data), edits, _fallen(texts, data))
    fill = Filler(texts, data, **more)
    fill.place(sections, frozenset(edit.key for edit in edits if isinstance(edit, DropClause)))
    return CanonicalContent(
        title=fill(texts.title),
        parties=tuple(
            ContentParty(name=body.name, designation=designation) for body, designation in parties
        ),
        preamble=fill.all(texts.preamble),
        clauses=tuple(fill.clause(section) for section in sections),
        annexes=tuple(fill(annex.text or "") for annex in annexes_of(texts, data)),
    )


def assemble_principle(kind: str, data: PrincipleTerms) -> PrincipleContent:
    """The wording of a Grundsatzbeschluss: literally the same for every council."""
    texts = clause_set(kind)
    fill = Filler(texts, data)
    return PrincipleContent(title=fill(texts.title), points=fill.all(texts.points))


def resolution_points(kind: str, data: AgreementTerms, version: int, short: str) -> tuple[str, ...]:
    """The Beschlussvorschlag on this version of the agreement, the same for every council."""
    texts = clause_set(kind)
    return Filler(texts, data, version=version, short_hash=short).all(texts.points)


def reasons(kind: str, data: AgreementTerms | PrincipleTerms) -> tuple[str, ...]:
    """The common core of the Sachdarstellung."""
    texts = clause_set(kind)
    return Filler(texts, data).all(texts.reasons)


def approval_reasons(kind: str, data: AgreementTerms) -> tuple[str, ...]:
    """The reasons of an application for approval, or of a filing."""
    texts = clause_set(kind)
    return Filler(texts, data).all(texts.approval_reasons)


def annexes_of(texts: ClauseSet, data: BaseModel) -> tuple[AnnexText, ...]:
    """The annexes in their order, those of the chosen variants in their places."""
    slots = {slot.id: slot for slot in texts.slots}
    found: list[AnnexText] = []
    for annex in texts.annexes:
        if annex.slot is None:
            found.append(annex)
        else:
            found += variants.chosen(texts, slots[annex.slot], data).annexes
    return tuple(found)


class Filler:
    """Fills texts of one clause file; what it cannot fill is a failure that names the text."""

    def __init__(self, texts: ClauseSet, data: BaseModel, **more: object) -> None:
        self._texts, self._sandbox = texts, keeping(autoescape=False)
        self._numbers: dict[str, int] = {}
        self._paragraphs: dict[str, list[str | None]] = {}
        self._annexes = {
            annex.key: number for number, annex in enumerate(annexes_of(texts, data), start=1)
        }
        choice = variants.chosen_ids(texts, data)
        self._context = {
            **context_of(data),
            **more,
            "ref": self._ref,
            "anlage": self._annex,
            "variante": choice.__getitem__,
        }
        self._measuring = False
        self._dropped: frozenset[str] = frozenset()
        self._title = ""

    def place(self, sections: list[_Section], dropped: frozenset[str] = frozenset()) -> None:
        """Fix the numbers of sections and paragraphs; one that is empty has none."""
        self._dropped = dropped
        self._numbers = {section.key: n for n, section in enumerate(sections, start=1)}
        self._measuring = True
        for section in sections:
            self._title = section.title
            self._paragraphs[section.key] = [
                paragraph.key
                for paragraph in section.paragraphs
                if self._filled(paragraph.text, section.own).strip()
            ]
        self._measuring = False

    def __call__(self, text: str) -> str:
        try:
            return self._sandbox.from_string(text).render(self._context)
        except (TemplateError, ArithmeticError, TypeError, ValueError, KeyError) as problem:
            raise StepFailure(
                f"Mustertext „{self._texts.kind}.yaml“: {problem} – im Text „{text[:120]}“."
            ) from problem

    def all(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The filled texts; one that is empty for these terms falls away."""
        filled = (self(text) for text in texts)
        return tuple(text for text in filled if text.strip())

    def clause(self, section: _Section) -> Clause:
        """The section as it is resolved."""
        self._title = section.title
        filled = (self._filled(p.text, section.own) for p in section.paragraphs)
        return Clause(
            title=self._filled(section.title, section.own_title),
            paragraphs=tuple(text for text in filled if text.strip()),
        )

    def _filled(self, text: str, own: bool) -> str:
        return self._own(text) if own else self(text)

    def _own(self, text: str) -> str:
        filled = _REFERENCE.sub(self._own_reference, text)
        if "{{" in filled or "{%" in filled:
            raise Refusal(
                "clause-placeholder",
                "In eigenem Text werden nur Verweise ausgefüllt, zum Beispiel "
                '{{ ref("kosten") }}, {{ ref("kosten", 2) }} oder {{ anlage("kosten") }}; '
                f"anderes nicht: „{text[:120]}“.",
                "edits",
            )
        return filled

    def _own_reference(self, found: re.Match[str]) -> str:
        number, name = found["number"], found["name"]
        try:
            if found["call"] == "anlage":
                return self._annex(found["key"])
            return self._ref(found["key"], int(number) if number else name)
        except ValueError as problem:
            raise Refusal(
                "clause-reference",
                f"{problem}. Bitte den Verweis „{found[0]}“ ändern oder den Paragraphen belassen.",
                "edits",
                ", ".join(self._numbers),
            ) from problem

    def _ref(self, key: str, paragraph: int | str | None = None) -> str:
        if key in self._dropped:
            raise Refusal(
                "clause-reference",
                f"Der Paragraph „{key}“ soll entfallen, aber „{self._title}“ verweist auf ihn. "
                "Bitte den Verweis ändern oder den Paragraphen belassen.",
                "edits",
            )
        if key not in self._numbers:
            raise ValueError(f"Verweis auf den unbekannten Paragraphen „{key}“")
        section = f"§ {self._numbers[key]}"
        if paragraph is None or self._measuring:
            return section
        return f"{section} Absatz {self._paragraph(key, paragraph)}"

    def _paragraph(self, key: str, wanted: int | str) -> int:
        there = self._paragraphs[key]
        if len(there) < 2:
            raise ValueError(f"Der Paragraph „{key}“ ist nicht in Absätze gegliedert")
        if isinstance(wanted, str):
            if wanted not in there:
                raise ValueError(f"Der Paragraph „{key}“ hat keinen Absatz „{wanted}“")
            return there.index(wanted) + 1
        if not 1 <= wanted <= len(there):
            raise ValueError(f"Der Paragraph „{key}“ hat keinen Absatz {wanted}")
        return wanted

    def _annex(self, key: str) -> str:
        if key not in self._annexes:
            raise ValueError(f"Verweis auf die unbekannte Anlage „{key}“")
        return f"Anlage {self._annexes[key]}"


def _sections(texts: ClauseSet, data: BaseModel) -> list[_Section]:
    slots = {slot.id: slot for slot in texts.slots}
    found = []
    for clause in texts.clauses:
        if clause.when is not None and not getattr(data, clause.when):
            continue
        paragraphs: list[ParagraphText] = []
        for paragraph in clause.paragraphs:
            if paragraph.slot is None:
                paragraphs.append(paragraph)
            else:
                variant = variants.chosen(texts, slots[paragraph.slot], data)
                paragraphs += variant.parts.get(paragraph.part, ())
        texts_of_it = [_Paragraph(p.text or "", p.key) for p in paragraphs]
        found.append(_Section(clause.key, clause.title, texts_of_it, optional=clause.optional))
    return found


def _fallen(texts: ClauseSet, data: BaseModel) -> frozenset[str]:
    return frozenset(c.key for c in texts.clauses if c.when and not getattr(data, c.when))


def _edited(
    sections: list[_Section], edits: tuple[ClauseEdit, ...], fallen: frozenset[str]
) -> list[_Section]:
    for edit in edits:
        keys = [section.key for section in sections]
        if isinstance(edit, AddClause):
            _add(sections, keys, edit)
            continue
        if edit.key not in keys:
            raise _unknown(edit.key, keys, fallen)
        place = keys.index(edit.key)
        if isinstance(edit, ReplaceClause):
            sections[place] = _replaced(sections[place], edit)
        elif isinstance(edit, DropClause):
            _check_droppable(sections[place])
            del sections[place]
    return sections


def _add(sections: list[_Section], keys: list[str], edit: AddClause) -> None:
    if edit.key in keys:
        raise Refusal(
            "clause-key-taken",
            f"Den Paragraphen „{edit.key}“ gibt es schon; bitte einen anderen Schlüssel wählen.",
            "edits",
        )
    if edit.after is not None and edit.after not in keys:
        raise _unknown(edit.after, keys, frozenset())
    place = 0 if edit.after is None else keys.index(edit.after) + 1
    paragraphs = [_Paragraph(text) for text in edit.paragraphs]
    sections.insert(place, _Section(edit.key, edit.title, paragraphs, True, True, True))


def _replaced(section: _Section, edit: ReplaceClause) -> _Section:
    return _Section(
        section.key,
        edit.title or section.title,
        [_Paragraph(text) for text in edit.paragraphs],
        own=True,
        own_title=edit.title is not None,
        optional=section.optional,
    )


def _check_droppable(section: _Section) -> None:
    if not section.optional:
        raise Refusal(
            "clause-not-optional",
            f"Der Paragraph „{section.key}“ gehört zum notwendigen Inhalt und kann nicht "
            "weggelassen werden; sein Wortlaut kann ersetzt werden.",
            "edits",
        )


def _unknown(key: str, keys: list[str], fallen: frozenset[str]) -> Refusal:
    why = (
        "entfällt bei diesen Angaben ohnehin" if key in fallen else "kommt in diesem Text nicht vor"
    )
    return Refusal("clause-unknown", f"Der Paragraph „{key}“ {why}.", "edits", ", ".join(keys))
