"""The school holidays of a Land, from which session-free times are proposed."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from agreements.body_calendar import EnterSessionFree

_FILES: Final = {"NW": "ferien_nrw.csv"}


@cache
def session_free_default(land: str) -> tuple[EnterSessionFree, ...]:
    """School holidays as session-free times; none for a Land whose holidays are not at hand.

    Councils mostly keep them free. Single days off are left out.
    """
    if land not in _FILES:
        return ()
    text = files("agreements.regions").joinpath("data", _FILES[land]).read_text("utf-8")
    return tuple(
        EnterSessionFree(
            name=f"{row['name']} {row['jahr']}",
            first_day=date.fromisoformat(row["von"]),
            last_day=date.fromisoformat(row["bis"]),
            source=f"Schulferien {land}, {row['quelle']}; Vorgabe, von der Körperschaft zu prüfen",
        )
        for row in csv.DictReader(text.splitlines())
        if row["von"] != row["bis"]
    )
