"""Pages by cursor: the key of the last row, so rows that come in meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from agreements.errors import Refusal

Item = TypeVar("Item")
Key = TypeVar("Key", UUID, int)
# Of the database's bigint.
_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some rows, and the cursor of the next page if there are more."""

    items: tuple[Item, ...]
    next_cursor: str | None


def page_of(rows: Sequence[Item], limit: int, key: Callable[[Item], UUID | int]) -> Page[Item]:
    """The page from ``limit + 1`` rows that were asked for."""
    items = tuple(rows[:limit])
    more = len(rows) > limit
    return Page(items, _encode(str(key(items[-1]))) if more else None)


def after(cursor: str | None, parse: Callable[[str], Key]) -> Key | None:
    """The key behind a cursor; None at the beginning. Refuses what is not a cursor."""
    if cursor is None:
        return None
    try:
        found = parse(_decode(cursor))
    except (ValueError, binascii.Error):
        raise _invalid() from None
    invalid_unless(not isinstance(found, int) or abs(found) <= _LARGEST)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page in some order ends: what its last row is sorted by, and its id."""

    order: str
    key: str
    id: UUID

    @property
    def cursor(self) -> str:
        """The place as a cursor; it carries its order."""
        return _encode(f"{self.order}|{self.key}|{self.id}")


def place(cursor: str | None, order: str) -> Place | None:
    """The place behind a cursor of a list in this order; None at the beginning."""
    if cursor is None:
        return None
    try:
        of, key, last = _decode(cursor).split("|")
        found = Place(of, key, UUID(last))
    except (ValueError, binascii.Error):
        raise _invalid() from None
    if found.order != order:
        raise Refusal(
            "cursor-of-other-order",
            "Diese Fortsetzungsmarke gehört zu einer anderen Sortierung. Bitte mit der ersten "
            "Seite beginnen.",
            "cursor",
            "der Wert next_cursor aus einer Antwort mit derselben Sortierung, oder keine Angabe",
        )
    return found


def invalid_unless(valid: bool) -> None:
    """Refuse a cursor whose key is none of its order."""
    if not valid:
        raise _invalid()


def _invalid() -> Refusal:
    return Refusal(
        "cursor-invalid",
        "Diese Fortsetzungsmarke ist ungültig.",
        "cursor",
        "der Wert next_cursor aus der vorigen Antwort, oder keine Angabe",
    )


def _decode(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor.encode() + b"==").decode()


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
