"""From clauses to one outcome. In doubt: unclear. Adopted only if nothing speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agreements.results.clauses import MOTIONS, PARTS, Clause
from agreements.results.lexicon import MANNERS
from agreements.results.outcomes import ADOPTIONS
from agreements.results.outcomes import ReadOutcome as O
from agreements.results.sides import only_one_side

_MANY_UNKNOWN = 40
_GROUPS = {"fraktion", "fraktionen", "gruppe", "spd", "cdu", "csu", "fdp", "afd", "grunen"}
_ELSEWHERE = {
    "zur", "zum", "ins", "nachste", "nachsten", "kommenden", "gegeben", "gestellt", "erteilt",
    "ausgesprochen", "prufung", "bearbeitung", "umsetzung", "ausfuhrung", "stellungnahme",
}  # fmt: skip
_REST = {"im ubrigen", "ubrigen", "ubrige", "restlichen", "rest"}
# What is resolved when nothing but the deferral, the referral … itself is resolved.
_OVER_NO_RESULT = ("deferred", "referred", "passed_on", "noted", "withdrawn", "settled", "no_vote")
_OVER_PLAIN = ("deferred", "referred", "passed_on")
_SIMPLE = {
    "deferred": O.DEFERRED, "referred": O.REFERRED, "passed_on": O.REFERRED, "noted": O.NOTED,
    "withdrawn": O.WITHDRAWN, "elected": O.ELECTED, "settled": O.SETTLED, "no_vote": O.NO_VOTE,
    "no_result": O.NO_RESULT, "recommended": O.RECOMMENDATION, "rejected": O.REJECTED,
}  # fmt: skip
# Two outcomes in one text that go together: the one that counts.
_TOGETHER = (
    ({"referred", "deferred"}, O.REFERRED),
    ({"referred", "noted"}, O.REFERRED),
    ({"deferred", "noted"}, O.DEFERRED),
    ({"deferred", "no_vote"}, O.DEFERRED),
    ({"referred", "no_vote"}, O.REFERRED),
    ({"referred", "settled"}, O.REFERRED),
    ({"withdrawn", "settled"}, O.WITHDRAWN),
    ({"withdrawn", "no_vote"}, O.WITHDRAWN),
    ({"settled", "no_vote"}, O.SETTLED),
    ({"settled", "noted"}, O.SETTLED),
    ({"noted", "no_vote"}, O.NOTED),
    ({"noted", "recommended"}, O.RECOMMENDATION),
    ({"no_result", "no_vote"}, O.NO_VOTE),
    ({"elected", "positive"}, O.ELECTED),
    ({"noted", "positive"}, O.ADOPTED),
    ({"recommended", "positive"}, O.RECOMMENDATION),
    ({"recommended", "rejected"}, O.REJECTED),
    ({"deferred", "positive"}, O.DEFERRED),
    ({"referred", "positive"}, O.REFERRED),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An outcome before the role is looked at; counted: the votes belong to it."""

    outcome: O
    certain: bool = True
    counted: bool = True
    mixed: bool = False  # a recommendation and a resolution in one text


_FAVOURABLE = ADOPTIONS | {O.RECOMMENDATION, O.SEVERAL, O.PARTLY_ADOPTED}
UNCLEAR = Judgement(O.UNCLEAR, certain=False)


def judge(clauses: Sequence[Clause]) -> Judgement:
    """The outcome that the clauses tell."""
    found = _main_outcome(clauses)
    marks = [mark for clause in clauses for mark in clause.marks]
    kinds = {mark.kind for mark in marks}
    if any(clause.loose for clause in clauses) or kinds & {"doubt", "draft"}:
        return UNCLEAR
    if "proposed" in kinds and "recommended" not in kinds:
        return UNCLEAR
    unknown = [mark for mark in marks if mark.kind in ("unknown", "verb", "number")]
    if len(unknown) > _MANY_UNKNOWN:
        return UNCLEAR
    if found.outcome in _FAVOURABLE and kinds & {"verb", "soft_doubt"}:
        return UNCLEAR
    if found.outcome in ADOPTIONS and "number" in kinds and any(c.votes.any for c in clauses):
        return UNCLEAR
    if found.outcome in (O.ADOPTED, O.ADOPTED_CONDITIONALLY) and "other_text" in kinds:
        return UNCLEAR
    if unknown or "soft_doubt" in kinds or any(mark.guessed for mark in marks):
        return replace(found, certain=False)
    return found


def _main_outcome(clauses: Sequence[Clause]) -> Judgement:
    aside = [clause for clause in clauses if clause.has(*MOTIONS)]
    main = [clause for clause in clauses if not clause.has(*MOTIONS)]
    limited = any(clause.has("part_word") for clause in clauses) and "positive" in _kinds(clauses)
    if limited or any(clause.has("part", "split") for clause in clauses):
        return _in_parts(clauses)
    voted_aside = [
        c for c in aside if {e.kind for e in c.events} - {"withdrawn", "discussed"} or c.votes.any
    ]
    told = [c for c in main if _kinds([c]) - {"discussed"} or c.votes.any]
    if voted_aside and told:
        return Judgement(O.SEVERAL, certain=False, counted=False)
    if aside and not told:
        return _motion_only(aside)
    found = _whole(main)
    return replace(found, certain=False) if aside else found


def _motion_only(aside: Sequence[Clause]) -> Judgement:
    """A carried motion to defer defers; what other motions do to the paper nobody says."""
    kinds = _kinds(clause for clause in aside)
    voted = {"positive"} == kinds - {"deferred", "referred", "discussed"}
    by_motion = Judgement(O.DEFERRED, counted=False)
    if len(aside) == 1 and voted and aside[0].has("defer_motion"):
        return by_motion
    if len(aside) == 1 and voted and aside[0].has("refer_motion"):
        return replace(by_motion, outcome=O.REFERRED)
    if kinds and kinds <= {"deferred", "referred"} and len(aside) == 1:
        return replace(by_motion, outcome=O[min(kinds).upper()], certain=False)
    return UNCLEAR


def _kinds(clauses: Iterable[Clause]) -> set[str]:
    """What was done, with "nicht" applied; "unclear" if that can't be said."""
    kinds = {event.sense for clause in clauses for event in clause.events}
    if len(kinds) > 1:
        kinds -= {"discussed"}
    if "no_result" in kinds and kinds & set(_OVER_NO_RESULT):
        kinds -= {"no_result"}
    return kinds


def _in_parts(clauses: Sequence[Clause]) -> Judgement:
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
    if distinct <= set(_SIMPLE) - {"rejected"}:
        return Judgement(_SIMPLE[kinds[0]], certain=False)
    return UNCLEAR


def _part_kind(clause: Clause) -> str | None:
    kinds = _kinds([clause]) - {"discussed", "noted"}
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


def _whole(main: Sequence[Clause]) -> Judgement:
    kinds = _kinds(main)
    if not kinds or kinds == {"discussed"}:
        return _by_votes(main) if _says_how(main) else _nothing(main)
    if "unclear" in kinds:
        return UNCLEAR
    if _deferral_to_a_body(main):
        kinds = (kinds - {"deferred", "passed_on"}) | {"referred"}
    judgement = _combined(main, kinds)
    if judgement.outcome in (O.ADOPTED, O.RECOMMENDATION) and only_one_side(main):
        return UNCLEAR
    if judgement.outcome is O.ADOPTED:
        return _as_amended(main, judgement)
    return judgement


def _says_how(main: Sequence[Clause]) -> bool:
    return any(clause.votes.any or clause.has(*MANNERS) for clause in main)


def _nothing(main: Sequence[Clause]) -> Judgement:
    """Nothing but headings of an empty form is no result; unknown words are unclear."""
    known = {"filler", "body", "discussed", "mere_negation", "occasion"}
    if any(("ja" in clause.words) != ("nein" in clause.words) for clause in main):
        return UNCLEAR
    bare = all(mark.kind in known for clause in main for mark in clause.marks)
    return Judgement(O.NO_RESULT) if bare else UNCLEAR


def _deferral_to_a_body(main: Sequence[Clause]) -> bool:
    """ "in den Rat vertagt" hands on; "in die nächste Sitzung des Rates vertagt" defers."""
    for clause in main:
        if not any(event.kind == "deferred" for event in clause.events):
            continue
        if clause.has("passed_on") and clause.words & {"folgegremium", "nachfolgende"}:
            return True
        meeting = any("sitzung" in word for word in clause.words)
        if not meeting and _into_a_body(clause):
            return True
    return False


def _into_a_body(clause: Clause) -> bool:
    """ "in den Rat", "an Ausschuss": a preposition, at most one word, a body."""
    places = [mark for mark in clause.marks if mark.kind in ("filler", "body")]
    for at, mark in enumerate(places):
        if mark.word in ("in", "ins", "an"):
            return any(place.kind == "body" for place in places[at + 1 : at + 3])
    return False


def _combined(main: Sequence[Clause], kinds: set[str]) -> Judgement:
    certain = len([e for c in main for e in c.events if e.kind != "discussed"]) == 1
    if len(kinds) > 1 and "passed_on" in kinds and kinds != {"passed_on", "positive"}:
        kinds = kinds - {"passed_on"}
        certain = certain or kinds == {"referred"}
    if "recommended" in kinds and _follows_advice(main):
        kinds, certain = kinds - {"recommended"}, False
    if kinds == {"referred", "recommended"} and _only_for_advice(main):
        return Judgement(O.REFERRED, certain)
    if kinds == {"positive", "rejected"}:
        return _for_and_against(main)
    if kinds == {"positive"}:
        return _adopted(main, certain)
    if len(kinds) == 1:
        kind = next(iter(kinds))
        if kind == "rejected" and any(e.negated for c in main for e in c.events):
            certain = False
        return Judgement(_SIMPLE[kind], certain)
    if kinds & set(_OVER_PLAIN) and _stresses_adoption(main):
        return UNCLEAR
    if kinds == {"passed_on", "positive"}:
        return Judgement(O.REFERRED, certain=False)
    together = next((outcome for pair, outcome in _TOGETHER if pair == kinds), O.UNCLEAR)
    mixed = kinds == {"recommended", "positive"}
    return Judgement(together, certain=False, mixed=mixed)


def _follows_advice(main: Sequence[Clause]) -> bool:
    return any(clause.has("following_advice") for clause in main)


def _only_for_advice(main: Sequence[Clause]) -> bool:
    """ "zur Vorberatung in den Finanzausschuss überwiesen" tells why, not what was advised."""
    events = [event for clause in main for event in clause.events]
    return {event.word for event in events if event.kind == "recommended"} == {"vorberatung"}


def _stresses_adoption(main: Sequence[Clause]) -> bool:
    """ "ungeändert beschlossen / überwiesen" is more than resolving to refer."""
    return any(clause.has("amended", "unamended", "conditional") for clause in main)


def _for_and_against(main: Sequence[Clause]) -> Judgement:
    """To resolve a rejection is a rejection; two results are several."""
    for clause in main:
        words = {event.word for event in clause.events}
        if {"positive", "rejected"} <= _kinds([clause]):
            refusing = words & {"ablehnung", "abzulehnen", "ablehnen"}
            plain = words <= {"ablehnung", "abzulehnen", "ablehnen", "beschlossen", "beschliesst"}
            return Judgement(O.REJECTED, certain=False) if refusing and plain else UNCLEAR
    if _outvoted(main):
        return _adopted([c for c in main if "positive" in _kinds([c])], certain=False)
    against = {e.word for c in main for e in c.events if e.sense == "rejected"}
    if against <= {"abzulehnen", "ablehnen"}:
        return Judgement(O.REJECTED, certain=False)
    return Judgement(O.SEVERAL, certain=False, counted=False)


def _outvoted(main: Sequence[Clause]) -> bool:
    """ "Der Rat stimmt mehrheitlich zu, die SPD-Fraktion stimmte dagegen": one vote, not two."""
    carried = [clause for clause in main if "positive" in _kinds([clause])]
    refused = [clause for clause in main if "rejected" in _kinds([clause])]
    groups = all(
        {event.word for event in clause.events} == {"dagegen"}
        and clause.words & _GROUPS
        and not clause.votes.any
        and not clause.has("body", *MANNERS)
        for clause in refused
    )
    return groups and len(carried) == 1 and carried[0].has("majority")


def _adopted(main: Sequence[Clause], certain: bool) -> Judgement:
    """Adopted, unless the clauses tell of different votes."""
    told = [clause for clause in main if "positive" in _kinds([clause])]
    manners = {m.kind for c in main for m in c.marks if m.kind in ("unanimous", "majority")}
    counts = [clause.votes for clause in told if clause.votes.any]
    differ = any(
        len({votes.value(label) for votes in counts} - {None}) > 1
        for label in ("yes", "no", "abstained")
    )
    if len(told) > 1 and (len(manners) > 1 or differ):
        return Judgement(O.SEVERAL, certain=False, counted=False)
    if len(manners) > 1 or any(clause.votes.contradictory for clause in main):
        return UNCLEAR
    return Judgement(O.ADOPTED, certain)


def _as_amended(main: Sequence[Clause], judgement: Judgement) -> Judgement:
    amended = any(clause.has("amended") for clause in main)
    unamended = any(clause.has("unamended") for clause in main)
    conditional = any(clause.has("conditional") for clause in main)
    if conditional and any(clause.has("unconditional") for clause in main):
        return UNCLEAR
    if amended and unamended:
        return UNCLEAR
    if conditional:
        certain = judgement.certain and not amended
        return replace(judgement, outcome=O.ADOPTED_CONDITIONALLY, certain=certain)
    return replace(judgement, outcome=O.ADOPTED_AMENDED) if amended else judgement


def _by_votes(main: Sequence[Clause]) -> Judgement:
    """No word for the outcome: the numbers, or "einstimmig", may tell it."""
    if any(clause.votes.contradictory for clause in main):
        return UNCLEAR
    counts = {label: _merged(main, label) for label in ("yes", "no", "abstained")}
    yes, no = counts["yes"], counts["no"]
    unanimous = any(clause.has("unanimous") for clause in main)
    majority = any(clause.has("majority") for clause in main)
    carried = Judgement(O.ADOPTED, certain=False)
    foreign = any(clause.has("unknown", "verb", "number") for clause in main)
    if (unanimous and majority) or foreign or any(map(_leads_elsewhere, main)):
        return UNCLEAR
    if yes is not None and no is not None:
        found = carried if yes > no else Judgement(O.REJECTED, certain=False)
        return _as_amended(main, found) if found is carried else found
    opposed = no is not None or any(clause.has("opposed") for clause in main)
    if unanimous or (majority and opposed) or (yes and counts["abstained"] is not None):
        return _as_amended(main, carried)
    return UNCLEAR


def _leads_elsewhere(clause: Clause) -> bool:
    """ "einstimmig in den Rat gegeben", "einstimmige Enthaltung": it was about something else."""
    if clause.words & _ELSEWHERE or _into_a_body(clause):
        return True
    words = [mark.word for mark in clause.marks]
    return any(how[:8] == "einstimm" and "enthaltung" in what for how, what in pairwise(words))


def _merged(main: Sequence[Clause], label: str) -> int | None:
    values = {clause.votes.value(label) for clause in main} - {None}
    return values.pop() if len(values) == 1 else None
