"""The rhythm of reminders: dated data (``rhythm.yaml``), validated when it is read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.yaml_text import parsed

_FILE = Path(__file__).with_name("rhythm.yaml")

Days = Annotated[int, Field(ge=1, le=365)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Before(_Data):
    """When to remind before the end of a period that is at least so many days long."""

    from_days: int = Field(ge=0, le=3650)
    days: tuple[Days, ...]

    @model_validator(mode="after")
    def _within_the_period(self) -> Self:
        if list(self.days) != sorted(set(self.days), reverse=True):
            raise ValueError("days before the end must descend")
        if self.days and self.days[0] >= self.from_days:
            raise ValueError(f"{self.days[0]} days before lie outside of {self.from_days} days")
        return self


class Escalation(_Data):
    """Arbeitstage after the end at which a task is made known to others."""

    supervisor: Days
    lead: Days

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if self.lead <= self.supervisor:
            raise ValueError("the lead comes after the supervisor")
        return self


class Rhythm(_Data):
    """One version of the rules, for days from ``valid_from`` on."""

    valid_from: date
    source: str = Field(min_length=3)
    before: tuple[Before, ...] = Field(min_length=1)
    on_the_day: bool
    after: tuple[Days, ...]
    escalation: Escalation

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        lengths = [entry.from_days for entry in self.before]
        if lengths != sorted(set(lengths), reverse=True) or lengths[-1] != 0:
            raise ValueError("before: lengths must descend to 0")
        if list(self.after) != sorted(set(self.after)):
            raise ValueError("after: days must ascend")
        return self

    def days_before(self, length: int) -> tuple[int, ...]:
        """How many days before the end of a period of so many days there is a reminder."""
        return next(entry.days for entry in self.before if entry.from_days <= max(length, 0))

    @property
    def longest_before(self) -> int:
        """The earliest reminder of all, in days before the end."""
        return max((days for entry in self.before for days in entry.days), default=0)


class _File(_Data):
    rhythms: tuple[Rhythm, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        begins = [rhythm.valid_from for rhythm in self.rhythms]
        if begins != sorted(set(begins)):
            raise ValueError("rhythms must begin one after the other")
        return self


def read(text: str) -> tuple[Rhythm, ...]:
    """The versions that a file holds, oldest first. ``ValidationError``: they make no sense."""
    return _File.model_validate(parsed(text)).rhythms


@lru_cache
def rhythms() -> tuple[Rhythm, ...]:
    """The shipped versions, oldest first."""
    return read(_FILE.read_text(encoding="utf-8"))


def rhythm_on(day: date) -> Rhythm:
    """The version of that day; before the first one, the first."""
    begun = [rhythm for rhythm in rhythms() if rhythm.valid_from <= day]
    return begun[-1] if begun else rhythms()[0]
