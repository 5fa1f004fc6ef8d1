"""Legal forms of cooperation that the law tables tell apart."""

from __future__ import annotations

from enum import StrEnum


class Instrument(StrEnum):
    """Rechtsform der Zusammenarbeit."""

    MANDATING_AGREEMENT = "mandating_agreement"
    DELEGATING_AGREEMENT = "delegating_agreement"
    WORKING_GROUP = "working_group"
    PUBLIC_LAW_CONTRACT = "public_law_contract"
