"""From clauses to one outcome. In doubt: unclear. Adopted only if nothing speaks against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agreements.results.clauses import MOTIONS, Clause
from agreements.results.judgement import SIMPLE, UNCLEAR, Judgement, kinds_of
from agreements.results.lexicon import MANNERS
from agreements.results.outcomes import ADOPTIONS
from agreements.results.outcomes import ReadOutcome as O
from agreements.results.parts import in_parts
from agreements.results.sides import only_one_side

_MANY_UNKNOWN = 40
_GROUPS = {"fraktion", "fraktionen", "gruppe", "spd", "cdu", "csu", "fdp", "afd", "grunen"}
_ELSEWHERE = {
    "zur", "zum", "ins", "nachste", "nachsten", "kommenden", "gegeben", "gestellt", "erteilt",
    "ausgesprochen", "prufung", "bearbeitung", "umsetzung", "ausfuhrung", "stellungnahme",
}  # fmt: skip
_TO_ACCEDE = {
    "beizutreten", "abzuschliessen", "zuzustimmen", "anzunehmen", "zu genehmigen", "zu schliessen",
    "zu unterzeichnen",
}  # fmt: skip
_TO_CONCLUDE = {"abzuschliessen", "zu schliessen", "zu unterzeichnen"}
_CONTRACT = re.compile("vereinbarung|vertrag|abkommen")
_RESOLVING = {
    "ermachtigt", "ermachtigte", "ermachtigen", "beschliesst", "beschliessen", "beschloss",
    "beschlossen",
}  # fmt: skip
_FAVOURING = {"spricht", "sprach", "sprechen", "sprachen"}
_ADVISED = {"vorberatung", "vorberaten", "vorberatend"}
_ADVISING = {"empfiehlt", "empfahl", "empfehlen", "empfohlen"}
_REFUSING = {"ablehnung", "abzulehnen", "ablehnen"}
_OF_A_GROUP = ("antrag der ", "antrag des ", "antrag von")
_OVER_PLAIN = ("deferred", "referred", "passed_on")
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


_FAVOURABLE = ADOPTIONS | {O.RECOMMENDATION, O.SEVERAL, O.PARTLY_ADOPTED}


def judge(clauses: Sequence[Clause]) -> Judgement:
    """The outcome that the clauses tell."""
    found = _main_outcome(clauses)
    marks = [mark for clause in clauses for mark in clause.marks]
    kinds = {mark.kind for mark in marks}
    if any(clause.loose for clause in clauses) or kinds & {"doubt", "draft"}:
        return UNCLEAR
    if "proposed" in kinds and "recommended" not in kinds and not _resolves_to(clauses):
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


def _resolves_to(clauses: Sequence[Clause]) -> bool:
    """ "beschließt, der Vereinbarung beizutreten" is the accession itself."""
    for clause in clauses:
        proposed = {mark.word for mark in clause.marks if mark.kind == "proposed"}
        words = {event.word for event in clause.events}
        if proposed and not (proposed <= _TO_ACCEDE and words and words <= _RESOLVING):
            return False
        if proposed & _TO_CONCLUDE and not any(_CONTRACT.search(word) for word in clause.words):
            return False
    return True


def _main_outcome(clauses: Sequence[Clause]) -> Judgement:
    aside = [clause for clause in clauses if clause.has(*MOTIONS)]
    main = [clause for clause in clauses if not clause.has(*MOTIONS)]
    limited = any(clause.has("part_word") for clause in clauses) and "positive" in kinds_of(clauses)
    if limited or any(clause.has("part", "split") for clause in clauses):
        return in_parts(clauses)
    voted_aside = [
        c for c in aside if {e.kind for e in c.events} - {"withdrawn", "discussed"} or c.votes.any
    ]
    told = [c for c in main if kinds_of([c]) - {"discussed"} or c.votes.any]
    if aside and _counted_twice(clauses):
        return Judgement(O.SEVERAL, certain=False, counted=False)
    if voted_aside and told and _deferred_by_motion(voted_aside, told):
        return replace(_whole(told), certain=False, counted=False)
    if voted_aside and told:
        return Judgement(O.SEVERAL, certain=False, counted=False)
    if aside and not told:
        return _motion_only(aside)
    found = _whole(main)
    return replace(found, certain=False) if aside else found


def _counted_twice(clauses: Sequence[Clause]) -> bool:
    """Two votes with different numbers on both sides, one of them on a motion."""
    sides = ({n for c in clauses for n in c.votes.counts.get(k, ())} for k in ("yes", "no"))
    return all(len(numbers) > 1 for numbers in sides)


def _deferred_by_motion(aside: Sequence[Clause], told: Sequence[Clause]) -> bool:
    """ "vertagt. Abstimmung über den Vertagungsantrag: 9 Ja": one deferral, told twice."""
    by_motion = all(clause.has("defer_motion", "refer_motion") for clause in aside)
    carried = kinds_of(aside) <= {"positive", "deferred", "referred"}
    return by_motion and carried and kinds_of(told) <= {"deferred", "referred", "passed_on"}


def _motion_only(aside: Sequence[Clause]) -> Judgement:
    """A carried motion to defer defers; what other motions do to the paper nobody says."""
    kinds = kinds_of(clause for clause in aside)
    voted = {"positive"} == kinds - {"deferred", "referred", "discussed"}
    by_motion = Judgement(O.DEFERRED, counted=False)
    if len(aside) == 1 and voted and aside[0].has("defer_motion"):
        return by_motion
    if len(aside) == 1 and voted and aside[0].has("refer_motion"):
        return replace(by_motion, outcome=O.REFERRED)
    if len(aside) == 1 and kinds == {"rejected"} and _is_the_item(aside[0]):
        return Judgement(O.REJECTED, certain=False)
    done = kinds - {"passed_on"}
    if done and done <= {"deferred", "referred"} and len(aside) == 1:
        return replace(by_motion, outcome=O[min(done).upper()], certain=False)
    return UNCLEAR


def _is_the_item(clause: Clause) -> bool:
    """ "Der Antrag der SPD-Fraktion wird abgelehnt": with nothing beside it, it was the item."""
    motions = [mark for mark in clause.marks if mark.kind in MOTIONS]
    plain = all(m.kind == "motion" and m.word.startswith(_OF_A_GROUP) for m in motions)
    return plain and "auf" not in clause.words


def _whole(main: Sequence[Clause]) -> Judgement:
    kinds = kinds_of(main)
    if not kinds and (how := _as_submitted(main)):
        return how
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
        words = {event.word for clause in main for event in clause.events}
        said = not words <= {"beschliesst", "beschliessen"} or _says_how(main)
        certain = judgement.certain and said
        return _as_amended(main, replace(judgement, certain=certain))
    return judgement


def _as_submitted(main: Sequence[Clause]) -> Judgement | None:
    """ "Beschluss: wie Vorlage", "Beschluss mit Änderungen": no verb, but nothing else either."""
    marks = [mark for clause in main for mark in clause.marks]
    texts = {mark.kind for mark in marks} - {"filler", "body"}
    if any(clause.votes.any for clause in main) or len(texts) != 1:
        return None
    if texts == {"unamended"} and any(" vor" in m.word or " beschluss" in m.word for m in marks):
        return Judgement(O.ADOPTED, certain=False)
    if texts == {"amended"} and any(mark.word == "beschluss" for mark in marks):
        return Judgement(O.ADOPTED_AMENDED, certain=False)
    return None


def _says_how(main: Sequence[Clause]) -> bool:
    return any(clause.votes.any or clause.has(*MANNERS) for clause in main)


def _nothing(main: Sequence[Clause]) -> Judgement:
    """Nothing but headings of an empty form is no result; unknown words are unclear."""
    known = {"filler", "body", "discussed", "mere_negation", "occasion"}
    if any(("ja" in clause.words) != ("nein" in clause.words) for clause in main):
        return UNCLEAR
    if any(clause.has("discussed") for clause in main):
        known.add("unknown")
    bare = all(
        mark.kind in known or (mark.word == "nein" and "ja" in clause.words)
        for clause in main
        for mark in clause.marks
    )
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
    if "recommended" in kinds and len(kinds) > 1 and _only_said_aside(main, kinds):
        kinds = kinds - {"recommended"}
    if kinds == {"positive", "rejected"}:
        return _for_and_against(main)
    if kinds == {"positive"}:
        return _adopted(main, certain)
    if len(kinds) == 1:
        kind = next(iter(kinds))
        if kind == "rejected" and any(e.negated for c in main for e in c.events):
            certain = False
        return Judgement(SIMPLE[kind], certain)
    if kinds & set(_OVER_PLAIN) and _stresses_adoption(main):
        return UNCLEAR
    if kinds == {"passed_on", "positive"}:
        return Judgement(O.REFERRED, certain=False)
    together = next((outcome for pair, outcome in _TOGETHER if pair == kinds), O.UNCLEAR)
    advised = _advises_assent(main) or _resolves_advice(main)
    mixed = kinds == {"recommended", "positive"} and not advised
    return Judgement(together, certain=False, mixed=mixed)


def _follows_advice(main: Sequence[Clause]) -> bool:
    return any(clause.has("following_advice") for clause in main)


def _only_said_aside(main: Sequence[Clause], kinds: set[str]) -> bool:
    """ "zur Vorberatung überwiesen", "spricht sich für die Absetzung aus": nothing was advised."""
    if not kinds & {"referred", "deferred", "withdrawn", "settled"}:
        return False
    events = [event for clause in main for event in clause.events]
    words = {event.word for event in events if event.kind == "recommended"}
    return words <= _ADVISED | _FAVOURING


def _advises_assent(main: Sequence[Clause]) -> bool:
    """ "empfiehlt dem Rat die Annahme" is advice; "Beschlussempfehlung angenommen" may be more."""
    events = [event for clause in main for event in clause.events]
    advice = {event.word for event in events if event.kind == "recommended"}
    assent = {event.word for event in events if event.sense == "positive"}
    return advice <= _ADVISING and assent <= {"annahme", "zustimmung"}


def _resolves_advice(main: Sequence[Clause]) -> bool:
    """ "Beschluss: beschlossen. Der Ausschuss empfiehlt …": what was resolved is advice."""
    if len(main) != 2 or "beschluss" not in main[0].words:
        return False
    heading, advice = ({event.word for event in clause.events} for clause in main)
    return heading == {"beschlossen"} and advice <= {"empfiehlt", "empfehlen"}


def _stresses_adoption(main: Sequence[Clause]) -> bool:
    """ "ungeändert beschlossen / überwiesen" is more than resolving to refer."""
    return any(clause.has("amended", "unamended", "conditional") for clause in main)


def _for_and_against(main: Sequence[Clause]) -> Judgement:
    """To resolve a rejection is a rejection; two results are several."""
    for clause in main:
        words = {event.word for event in clause.events}
        if {"positive", "rejected"} <= kinds_of([clause]):
            refusing = {word for word in words if word in _REFUSING or word.startswith("nicht ")}
            plain = words - refusing <= _RESOLVING
            return Judgement(O.REJECTED, certain=False) if refusing and plain else UNCLEAR
    if _outvoted(main):
        return _adopted([c for c in main if "positive" in kinds_of([c])], certain=False)
    against = {e.word for c in main for e in c.events if e.sense == "rejected"}
    if against <= {"abzulehnen", "ablehnen"}:
        return Judgement(O.REJECTED, certain=False)
    return Judgement(O.SEVERAL, certain=False, counted=False)


def _outvoted(main: Sequence[Clause]) -> bool:
    """ "Der Rat stimmt mehrheitlich zu, die SPD-Fraktion stimmte dagegen": one vote, not two."""
    carried = [clause for clause in main if "positive" in kinds_of([clause])]
    refused = [clause for clause in main if "rejected" in kinds_of([clause])]
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
    told = [clause for clause in main if "positive" in kinds_of([clause])]
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
    # "mehrheitlich nach Beschlussvorschlag": what the majority followed is named
    followed = opposed or any(clause.has("unamended", "amended") for clause in main)
    if unanimous or (majority and followed) or (yes and counts["abstained"] is not None):
        return _as_amended(main, carried)
    return carried if yes is not None and _all_present(main, yes) else UNCLEAR


def _all_present(main: Sequence[Clause], yes: int) -> bool:
    """ "Anwesend: 17, Ja-Stimmen: 17": nobody is left to vote against it."""
    present = any("anwesend" in clause.words for clause in main)
    return present and yes > 1 and any(yes in c.votes.counts.get("other", ()) for c in main)


def _leads_elsewhere(clause: Clause) -> bool:
    """ "einstimmig in den Rat gegeben", "einstimmige Enthaltung": it was about something else."""
    if clause.words & _ELSEWHERE or _into_a_body(clause):
        return True
    words = [mark.word for mark in clause.marks]
    return any(how[:8] == "einstimm" and "enthaltung" in what for how, what in pairwise(words))


def _merged(main: Sequence[Clause], label: str) -> int | None:
    values = {clause.votes.value(label) for clause in main} - {None}
    return values.pop() if len(values) == 1 else None
