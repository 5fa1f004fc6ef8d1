"""The table of real wordings and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from agreements.results import ReadOutcome, ReadResult, ResultRole


@dataclass(frozen=True)
class Wording:
    """A text, what it truly says, and whether the reader is to call it unclear."""

    text: str
    role: ResultRole
    outcome: ReadOutcome
    votes: tuple[int | None, int | None, int | None]
    unanimous: bool | None
    seen: str
    left_unclear: bool

    @property
    def adopted(self) -> bool:
        return self.outcome.startswith("adopted")

    def exact(self, reading: ReadResult) -> bool:
        """Outcome, votes and unanimity are all as they should be."""
        votes = (reading.yes, reading.no, reading.abstained)
        found = (reading.outcome, votes, reading.unanimous)
        return found == (self.outcome, self.votes, self.unanimous)


def wordings() -> list[Wording]:
    """All rows of ``wordings.yaml``; an unknown key fails."""
    source = Path(__file__).with_name("wordings.yaml").read_text(encoding="utf-8")
    return [_wording(**row) for rows in yaml.safe_load(source).values() for row in rows]


def _wording(
    *,
    text: str,
    outcome: str,
    seen: str,
    role: str = "decision",
    votes: tuple[int | None, ...] = (None, None, None),
    unanimous: bool | None = None,
    reads: str | None = None,
) -> Wording:
    if reads not in (None, "unclear"):
        raise ValueError(f"reads: {reads}")
    yes, no, abstained = votes
    return Wording(
        text=text,
        role=ResultRole(role),
        outcome=ReadOutcome(outcome),
        votes=(yes, no, abstained),
        unanimous=unanimous,
        seen=seen,
        left_unclear=reads == "unclear",
    )
