"""The result as the minutes word it, read into the form: a proposal that the clerk checks."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.glossary import label
from agreements.model.enums import ConsultationRole
from agreements.results import ResultRole, read_result
from agreements.results.proposal import proposed_outcome
from api.web.deciding.reading import Entered, first

SOURCE = "source_text"


@dataclass(frozen=True, slots=True)
class ReadIn:
    """What the form holds after reading, and what is said of it."""

    given: Entered
    said: str


def read_in(given: Entered, role: ConsultationRole) -> ReadIn:
    """Fill in what the text leaves no doubt about; everything else stays as it was."""
    text = first(given, SOURCE)
    if not text:
        return ReadIn(given, "Bitte zuerst den Wortlaut aus der Niederschrift eintragen.")
    wanted = ResultRole.DECISION if role.authoritative else ResultRole.RECOMMENDATION
    found = read_result(text, wanted)
    proposal = proposed_outcome(found, wanted)
    if proposal is None:
        return ReadIn(
            given,
            "Aus diesem Wortlaut ist das Ergebnis nicht sicher zu lesen. Bitte selbst auswählen.",
        )
    votes = {"votes.yes": found.yes, "votes.no": found.no, "votes.abstained": found.abstained}
    read = {path: str(number) for path, number in votes.items() if number is not None}
    if found.unanimous is not None:
        read["unanimous"] = "true" if found.unanimous else "false"
    read["outcome"] = proposal.value
    filled = {**given, **{path: (value,) for path, value in read.items()}}
    return ReadIn(
        filled, f"Eingelesen: {label(proposal)}. Bitte mit der Niederschrift vergleichen."
    )
