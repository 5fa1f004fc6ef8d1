"""Whether a text tells what the council did, or only what one side of it did."""

from __future__ import annotations

from collections.abc import Sequence

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
_NOUNS = {"zustimmung", "annahme"}


def only_one_side(main: Sequence[Clause]) -> bool:
    """ "Die Fraktion stimmt zu" tells what one side did, not the council."""
    for clause in main:
        words = {
            event.word for event in clause.events if event.sense in ("positive", "recommended")
        }
        if not words or clause.votes.any or clause.has(*MANNERS) or clause.votes.bare is not None:
            continue
        vague = words <= {"dafur", "beschliesst", "beschliessen"} or (
            words <= _NOUNS and clause.has("unknown")
        )
        active = _actors(clause) and not clause.words & _PASSIVE
        if vague or (active and not clause.has("occasion")):
            return True
    return False


def _actors(clause: Clause) -> bool:
    """Somebody acts; in "bei Enthaltung der Gruppe angenommen" the group only abstains."""
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
