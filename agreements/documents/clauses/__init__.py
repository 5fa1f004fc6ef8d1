"""From dated clause texts and the terms of one case to the text that councils resolve.

The clause texts are data (``*.yaml`` beside this file), each with the day from which it is
offered, its sources, and whether legal staff have verified it. Inside a text the strict sandbox
fills ``{{ lead.genitive }}`` and the like; ``{{ ref("kosten") }}`` names another section.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from jinja2 import TemplateError
from pydantic import BaseModel, ConfigDict, Field

from agreements.documents.clauses.terms import (
    AdvanceShare,
    AgreementTerms,
    CostKeyTerms,
    PrincipleTerms,
)
from agreements.documents.content import (
    CanonicalContent,
    Clause,
    ContentParty,
    PrincipleContent,
)
from agreements.documents.sandbox import context_of, sandbox
from agreements.errors import StepFailure
from agreements.law.instruments import Instrument

__all__ = [
    "AdvanceShare",
    "AgreementTerms",
    "ClauseSet",
    "CostKeyTerms",
    "PrincipleTerms",
    "approval_reasons",
    "assemble",
    "assemble_principle",
    "clause_set",
    "clause_sets",
    "offered",
    "reasons",
    "resolution_points",
]

_FOLDER: Final = Path(__file__).parent


class ClauseText(BaseModel):
    """One section as it stands in the clause file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(description="Ziel von ref(…)")
    title: str
    paragraphs: tuple[str, ...]
    when: str | None = Field(default=None, description="Angabe, ohne die der Paragraph entfällt")


class ClauseSet(BaseModel):
    """The clause texts of one kind of agreement, as offered from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    land: str
    instruments: tuple[Instrument, ...] = Field(min_length=1)
    text: Literal["agreement", "principle"] = Field(description="was damit geschrieben wird")
    valid_from: date
    source: str
    verified: bool = Field(description="von einem Rechtsamt geprüft")
    title: str
    preamble: tuple[str, ...] = ()
    clauses: tuple[ClauseText, ...] = ()
    annexes: tuple[str, ...] = ()
    points: tuple[str, ...] = Field(default=(), description="Beschlussvorschlag")
    reasons: tuple[str, ...] = Field(default=(), description="Sachdarstellung")
    legal_basis: tuple[str, ...] = ()
    approval_reasons: tuple[str, ...] = Field(default=(), description="für die Aufsichtsbehörde")
    approval_annexes: tuple[str, ...] = ()


@cache
def clause_set(kind: str) -> ClauseSet:
    """The clause texts of a kind: "mandating_nw" or "principle_nw"."""
    path = _FOLDER / f"{kind}.yaml"
    if not kind.isidentifier() or not path.is_file():
        known = ", ".join(sorted(file.stem for file in _FOLDER.glob("*.yaml")))
        raise StepFailure(f"Für die Art „{kind}“ gibt es keine Mustertexte; vorhanden: {known}.")
    return ClauseSet.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def clause_sets() -> tuple[ClauseSet, ...]:
    """All clause texts."""
    return tuple(clause_set(path.stem) for path in sorted(_FOLDER.glob("*.yaml")))


def offered(
    text: Literal["agreement", "principle"], instrument: Instrument, land: str, on: date
) -> ClauseSet | None:
    """The clause texts that fit, the newest of those offered on the day; None if none fits."""
    fitting = [
        texts
        for texts in clause_sets()
        if (texts.text, texts.land) == (text, land)
        and instrument in texts.instruments
        and texts.valid_from <= on
    ]
    return max(fitting, key=lambda texts: texts.valid_from, default=None)


def assemble(kind: str, data: AgreementTerms) -> CanonicalContent:
    """The agreement's text for these terms, from the clause texts of ``kind``."""
    texts = clause_set(kind)
    offered = [clause for clause in texts.clauses if _applies(clause, data)]
    fill = _Filler(kind, data, [clause.key for clause in offered])
    return CanonicalContent(
        title=fill(texts.title),
        parties=tuple(
            ContentParty(name=body.name, designation=data.designation(body))
            for body in data.parties
        ),
        preamble=fill.all(texts.preamble),
        clauses=tuple(
            Clause(title=fill(clause.title), paragraphs=fill.all(clause.paragraphs))
            for clause in offered
        ),
        annexes=fill.all(texts.annexes),
    )


def assemble_principle(kind: str, data: PrincipleTerms) -> PrincipleContent:
    """The wording of a Grundsatzbeschluss: literally the same for every council."""
    texts = clause_set(kind)
    fill = _Filler(kind, data, [])
    return PrincipleContent(title=fill(texts.title), points=fill.all(texts.points))


def resolution_points(kind: str, data: AgreementTerms, version: int, short: str) -> tuple[str, ...]:
    """The Beschlussvorschlag on this version of the agreement, the same for every council."""
    fill = _Filler(kind, data, [], version=version, short_hash=short)
    return fill.all(clause_set(kind).points)


def reasons(kind: str, data: AgreementTerms | PrincipleTerms) -> tuple[str, ...]:
    """The common core of the Sachdarstellung."""
    return _Filler(kind, data, []).all(clause_set(kind).reasons)


def approval_reasons(kind: str, data: AgreementTerms) -> tuple[str, ...]:
    """The reasons of an application for approval, or of a filing."""
    return _Filler(kind, data, []).all(clause_set(kind).approval_reasons)


def _applies(clause: ClauseText, data: BaseModel) -> bool:
    return clause.when is None or bool(getattr(data, clause.when))


class _Filler:
    """Fills texts of one clause file; what it cannot fill is a failure that names the text."""

    def __init__(self, kind: str, data: BaseModel, keys: list[str], **more: object) -> None:
        self._kind = kind
        self._numbers = {key: number for number, key in enumerate(keys, start=1)}
        self._sandbox = sandbox(autoescape=False)
        self._context = {**context_of(data), **more, "ref": self._ref}

    def __call__(self, text: str) -> str:
        try:
            return self._sandbox.from_string(text).render(self._context)
        except (TemplateError, ArithmeticError, TypeError, ValueError) as problem:
            raise StepFailure(
                f"Mustertext „{self._kind}.yaml“: {problem} – im Text „{text[:120]}“."
            ) from problem

    def all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The filled texts; one that is empty for these terms falls away."""
        filled = (self(text) for text in texts)
        return tuple(text for text in filled if text.strip())

    def _ref(self, key: str) -> str:
        if key not in self._numbers:
            raise ValueError(f"Verweis auf den unbekannten Paragraphen „{key}“")
        return f"§ {self._numbers[key]}"
