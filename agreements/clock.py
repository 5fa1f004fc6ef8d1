"""The only place that reads the time; tests and replays set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_fixed: datetime | None = None


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _fixed or datetime.now(UTC)


def today() -> date:
    """The current legal day: the date in Europe/Berlin."""
    return now().astimezone(BERLIN).date()


def is_fixed() -> bool:
    """Whether the clock of this process stands."""
    return _fixed is not None


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Within the block the clock of this process stands at ``instant`` (aware)."""
    if instant.tzinfo is None:
        raise ValueError("the instant must be aware")
    global _fixed
    before, _fixed = _fixed, instant
    try:
        yield
    finally:
        _fixed = before
