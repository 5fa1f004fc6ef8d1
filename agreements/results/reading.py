"""What a text says was decided: a proposal that a clerk confirms, never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agreements.results.clauses import Clause, clauses_of
from agreements.results.judgement import UNCLEAR, Judgement
from agreements.results.judging import judge
from agreements.results.lexicon import lexicon
from agreements.results.outcomes import ADOPTIONS, ReadOutcome, ReadResult, ResultRole
from agreements.results.words import LIMIT, Token, tidy, tokens_of

_MISSED = {
    "verfehlt", "nicht erreicht", "nicht die erforderliche mehrheit",
    "nicht die notwendige mehrheit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counts:
    yes: int | None = None
    no: int | None = None
    abstained: int | None = None
    unanimous: bool | None = None


def read_result(text: str, role: ResultRole = ResultRole.DECISION) -> ReadResult:
    """Read what a council system or the minutes say. Never raises."""
    tokens = tokens_of(tidy(text))
    clauses: list[Clause] = []
    if not any(token.is_word or token.raw.isdecimal() for token in tokens):
        judgement = _of_signs(tokens)
    else:
        clauses = clauses_of(tokens, lexicon())
        judgement = judge(clauses)
    if len(text) > LIMIT or any(token.raw == "?" for token in tokens):
        judgement = UNCLEAR
    counts = _counts(clauses, judgement)
    if judgement.outcome is ReadOutcome.REJECTED and _winners_first(counts, clauses):
        counts = replace(counts, yes=counts.no, no=counts.yes)
        judgement = replace(judgement, certain=False)
    if judgement.outcome in ADOPTIONS | {ReadOutcome.REJECTED, ReadOutcome.RECOMMENDATION}:
        judgement = _plausible(judgement, counts, clauses)
    judgement = _in_role(judgement, role)
    return ReadResult(
        text=text,
        outcome=judgement.outcome,
        yes=counts.yes,
        no=counts.no,
        abstained=counts.abstained,
        unanimous=counts.unanimous,
        certain=judgement.certain,
    )


def _of_signs(tokens: Sequence[Token]) -> Judgement:
    """A dash in an empty field is no result; other signs are unclear."""
    if all(token.raw in "-/.,;:()[]*_" for token in tokens):
        return Judgement(ReadOutcome.NO_RESULT)
    return UNCLEAR


def _counts(clauses: Sequence[Clause], judgement: Judgement) -> _Counts:
    if not judgement.counted:
        return _Counts()
    yes, no, abstained = (_one(clauses, label) for label in ("yes", "no", "abstained"))
    bare = {clause.votes.bare for clause in clauses} - {None}
    if yes is None and judgement.outcome in ADOPTIONS and len(bare) == 1:
        yes = bare.pop()
    return _Counts(yes, no, abstained, _unanimous(clauses, yes, no, abstained, judgement))


def _one(clauses: Sequence[Clause], label: str) -> int | None:
    """The one number in the text; None if there is none or there are different ones."""
    values = {value for clause in clauses for value in clause.votes.counts.get(label, ())}
    return values.pop() if len(values) == 1 else None


def _unanimous(
    clauses: Sequence[Clause],
    yes: int | None,
    no: int | None,
    abstained: int | None,
    judgement: Judgement,
) -> bool | None:
    """As the text says it. Without a word for it only votes on both sides, or on one, tell."""
    said = any(clause.has("unanimous") for clause in clauses)
    if said and any(clause.loose for clause in clauses):
        return None
    denied = any(clause.has("majority", "opposed") for clause in clauses)
    rejected = judgement.outcome is ReadOutcome.REJECTED
    against = yes if rejected else no
    if said:
        return None if denied or against else True
    if denied or (no and (yes or not rejected)):
        return False
    if judgement.outcome is ReadOutcome.UNCLEAR:
        return None
    return True if against == 0 and abstained == 0 else None


def _plausible(judgement: Judgement, counts: _Counts, clauses: Sequence[Clause]) -> Judgement:
    """Words and numbers that contradict each other are unclear; a tie is a rejection."""
    said = any(clause.has("unanimous") for clause in clauses)
    majority = any(clause.has("majority") for clause in clauses)
    yes, no = counts.yes, counts.no
    rejected = judgement.outcome is ReadOutcome.REJECTED
    if any(clause.votes.contradictory for clause in clauses):
        return UNCLEAR
    if yes is not None and no is not None and (yes > no if rejected else yes <= no):
        if judgement.outcome is ReadOutcome.RECOMMENDATION and _only_headed(clauses):
            return Judgement(ReadOutcome.REJECTED, certain=False)
        missed = rejected and _majority_missed(clauses)
        return Judgement(judgement.outcome, certain=False) if missed else UNCLEAR
    if said and (majority or (yes if rejected else no)):
        return UNCLEAR
    against = any(clause.has("opposed") for clause in clauses) or any(
        mark.word == "gegen" for clause in clauses for mark in clause.marks
    )
    if said and against:
        return UNCLEAR
    if (not rejected and yes == 0) or (rejected and no == 0):
        return UNCLEAR
    if majority and no == 0 and not rejected:
        return Judgement(judgement.outcome, certain=False)
    return judgement


def _winners_first(counts: _Counts, clauses: Sequence[Clause]) -> bool:
    """ "mit 12 gegen 5 Stimmen abgelehnt" names first who won, if no larger majority was needed."""
    by_ratio = any(clause.votes.ratio for clause in clauses)
    advised = any(clause.has("recommended") for clause in clauses)
    more = counts.yes is not None and counts.no is not None and counts.yes > counts.no
    return by_ratio and more and not advised and not _majority_missed(clauses)


def _only_headed(clauses: Sequence[Clause]) -> bool:
    """ "Beschlussempfehlung an den Rat: wie Antrag. 6 dafür, 11 dagegen": no word for it."""
    words = {event.word for clause in clauses for event in clause.events}
    return words == {"beschlussempfehlung"} and not any(
        clause.has("majority", "unanimous") for clause in clauses
    )


def _majority_missed(clauses: Sequence[Clause]) -> bool:
    """More than half may be too few: the text says that the majority needed was missed."""
    words = {event.word for clause in clauses for event in clause.events}
    return bool(words) and words <= _MISSED


def _in_role(judgement: Judgement, role: ResultRole) -> Judgement:
    """The role makes a recommendation, not the wording alone; without it nothing is adopted."""
    if role is ResultRole.RECOMMENDATION and judgement.outcome in ADOPTIONS:
        return Judgement(ReadOutcome.RECOMMENDATION, judgement.certain)
    if role is ResultRole.UNKNOWN and judgement.outcome in ADOPTIONS:
        return UNCLEAR
    if role is not ResultRole.RECOMMENDATION and judgement.mixed:
        return UNCLEAR
    if role is not ResultRole.RECOMMENDATION and judgement.outcome is ReadOutcome.RECOMMENDATION:
        return Judgement(ReadOutcome.RECOMMENDATION, certain=role is ResultRole.UNKNOWN)
    return judgement
