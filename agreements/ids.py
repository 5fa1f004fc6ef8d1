"""Identifiers: UUIDv7, so that rows sort by the time they were made."""

from __future__ import annotations

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A new UUIDv7."""
    return UUID(int=uuid6.uuid7().int)
