"""What people ask for between the signatures and the end of a case."""

from __future__ import annotations

from typing import Final

from agreements.dossier import records
from agreements.dossier.asked import Asked, Particulars
from agreements.dossier.jobs import Purpose
from agreements.model.enums import Role

ASKED: Final[tuple[Asked, ...]] = (
    Asked(
        Purpose.CASE_FILE,
        "case_file",
        Particulars,
        Role.LEGAL,
        own=True,
        build=records.case_file,
    ),
)
