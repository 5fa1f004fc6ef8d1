"""Whether a text tells what the council did, or only what one side of it did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agreements.results.clauses import Clause
from agreements.results.lexicon import MANNERS

_PERSONS = {
    "herr", "frau", "herrn", "fraktion", "fraktionen", "landrat", "burgermeister", "mitglied",
    "burgermeisterin", "oberburgermeister", "vorsitzende", "vorsitzender", "spd",
    "ratsmitglied", "stadtverordneter", "stadtverordnete", "cdu", "csu", "fdp", "afd", "gruppe",
}  # fmt: skip
_PASSIVE = {"wird", "wurde", "werden", "wurden", "worden", "ist", "sind"}
# What only a majority can do: never said of one side.
_CARRIED = {"angenommen", "beschlossen", "genehmigt", "verabschiedet"}
_AGENTS = {"hat", "haben", "durch", "seitens"}
# "Der Rat beschließt …" is a resolution; "beschließt" without a body may be its draft.
_PRESENT = {"beschliesst", "beschliessen", "votiert", "votierte", "votieren", "votierten"}
_OFTEN_PROPOSED = {"dafur", *_PRESENT}
_OBJECTS = {"den", "die", "das", "einen", "eine", "fur", "geschlossen"}
_AGREEING = {"einverstanden", "einverstandnis"}
_NOUNS = {"zustimmung", "annahme"}


def only_one_side(main: Sequence[Clause]) -> bool:
    """ "Die Fraktion stimmt zu" tells what one side did, not the council."""
    for clause in main:
        words = {
            event.word for event in clause.events if event.sense in ("positive", "recommended")
        }
        if not words or clause.votes.any or clause.has(*MANNERS) or clause.votes.bare is not None:
            continue
        told = _tells_what(clause) and not clause.has("occasion")
        vague = words <= _OFTEN_PROPOSED - (_PRESENT if told else set()) or (
            words <= _NOUNS and clause.has("unknown")
        )
        passive = clause.words & _PASSIVE and not words <= _AGREEING
        vague |= words <= _AGREEING and not clause.has("body")
        active = _actors(clause) and not passive
        if vague or (active and not clause.has("occasion")):
            return True
    return False


def _tells_what(clause: Clause) -> bool:
    """ "Der Rat beschließt die Vereinbarung"; not "Der Rat beschließt am 12. Mai"."""
    if clause.has("amended", "conditional", "proposed"):
        return True
    marks = clause.marks
    after = {two.word for one, two in pairwise(marks) if one.word in _PRESENT}
    return clause.has("body") and bool(after & _OBJECTS)


def _actors(clause: Clause) -> bool:
    """Somebody acts; in "bei Enthaltung der Gruppe angenommen" the group only abstains."""
    if [mark.word for mark in clause.marks[:2]] == ["die", "verwaltung"]:
        return True
    carried = {event.word for event in clause.events} <= _CARRIED
    abstaining = False
    for mark in clause.marks:
        if "enthaltung" in mark.word:
            abstaining = carried
        elif mark.kind not in ("filler", "unknown") or mark.word in _AGENTS:
            abstaining = False
        if mark.word in _PERSONS and not abstaining:
            return True
    return False
