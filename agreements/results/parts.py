"""Points of one paper that were voted on separately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agreements.results.clauses import MOTIONS, PARTS, Clause
from agreements.results.judgement import SIMPLE, UNCLEAR, Judgement, kinds_of
from agreements.results.outcomes import ReadOutcome as O

_REST = {"im ubrigen", "ubrigen", "ubrige", "restlichen", "rest"}


def in_parts(clauses: Sequence[Clause]) -> Judgement:
    """Points voted on separately: never adopted as a whole."""
    kinds = [kind for clause in clauses if (kind := _part_kind(clause))]
    aside = any(clause.has(*MOTIONS) for clause in clauses)
    distinct = set(kinds)
    apart = Judgement(O.SEVERAL, counted=False)
    if not distinct or "unclear" in distinct:
        return UNCLEAR
    if aside or "recommended" in distinct:
        return replace(apart, certain=False)
    if "positive" in distinct and distinct & {"rejected", "deferred", "referred", "withdrawn"}:
        return replace(apart, outcome=O.PARTLY_ADOPTED)
    limits = {m.word for clause in clauses for m in clause.marks if m.kind == "part_word"}
    if distinct == {"positive"} and limits and limits <= _REST and len(kinds) == 1:
        return UNCLEAR
    if distinct == {"positive"} and limits:
        return replace(apart, outcome=O.PARTLY_ADOPTED, certain=False)
    if len(kinds) > 1 or any(clause.has("split") for clause in clauses):
        return replace(apart, certain=False)
    if distinct <= set(SIMPLE) - {"rejected"}:
        return Judgement(SIMPLE[kinds[0]], certain=False)
    return UNCLEAR


def _part_kind(clause: Clause) -> str | None:
    kinds = kinds_of([clause]) - {"discussed", "noted"}
    if len(kinds) > 1:
        positive_and = kinds - {"positive"}
        return "unclear" if len(positive_and) > 1 else positive_and.pop()
    if kinds:
        return kinds.pop()
    if clause.has("unanimous", "majority") and clause.has(*PARTS):
        return "positive"
    yes, no = clause.votes.value("yes"), clause.votes.value("no")
    if yes is None or no is None:
        return None
    return "positive" if yes > no else "rejected"
