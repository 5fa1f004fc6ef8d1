"""What people ask for around the councils' decisions."""

from __future__ import annotations

from typing import Final

from agreements.dossier import own_papers, resolved, urgent_draft
from agreements.dossier.asked import Asked
from agreements.dossier.jobs import Purpose
from agreements.dossier.own_papers import MatrixParticulars, PaperParticulars
from agreements.dossier.resolved import ExtractParticulars, UrgentParticulars
from agreements.dossier.urgent_draft import UrgentDraftParticulars
from agreements.model.enums import Role

# fmt: off
ASKED: Final[tuple[Asked, ...]] = (
    Asked(Purpose.BODY_PAPER, "paper", PaperParticulars, Role.CLERK, own=True,
          build=own_papers.own_paper),
    Asked(Purpose.RESOLUTION_EXTRACT, "extract", ExtractParticulars, Role.CLERK, own=True,
          build=resolved.extract),
    Asked(Purpose.URGENT_DECISION, "urgent_decision", UrgentParticulars, Role.CLERK, own=True,
          build=resolved.urgent_decision),
    Asked(Purpose.URGENT_DRAFT, "urgent_decision", UrgentDraftParticulars, Role.CLERK, own=True,
          build=urgent_draft.urgent_draft),
    Asked(Purpose.MATRIX_SO_FAR, "matrix", MatrixParticulars, Role.LEGAL, own=False,
          build=own_papers.matrix_so_far),
)
# fmt: on
