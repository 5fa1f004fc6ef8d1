"""Which bundles there are, and what belongs into each in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BundleKind(StrEnum):
    """Was zusammengestellt wird.

    `application`: was dem Förderantrag beiliegt. `signing`: was unterschrieben wird. `case-file`:
    alles, was die abrufende Person im Vorgang lesen darf.
    """

    APPLICATION = "application"
    SIGNING = "signing"
    CASE_FILE = "case-file"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a bundle. purposes: in this order; alternatives: only the first that is there."""

    title: str
    purposes: tuple[str, ...]
    alternatives: bool = False


TITLES: Final[Mapping[BundleKind, str]] = {
    BundleKind.APPLICATION: "Antragsmappe",
    BundleKind.SIGNING: "Unterzeichnungsmappe",
    BundleKind.CASE_FILE: "Vorgangsakte",
}
_ANNEXES: Final = (
    "service_catalogue",
    "cost_key",
    "governance",
    "data_protection_26",
    "data_protection_28",
    "annex",
)
# Names of purposes, not members: a purpose that is not there yet has no documents.
SECTIONS: Final[Mapping[BundleKind, tuple[Section, ...]]] = {
    BundleKind.APPLICATION: (
        Section("Anschreiben", ("covering_letter", "funding_covering_letter")),
        Section("Förderantrag", ("funding_application",)),
        Section("Kosten- und Finanzierungsplan", ("finance_plan", "cost_and_finance_plan")),
        Section("Beschlüsse", ("matrix", "minutes_extract", "urgent_decision")),
        Section(
            "Vereinbarung",
            ("signed_copy", "frozen_agreement", "draft_agreement", "letter_of_intent"),
            alternatives=True,
        ),
        Section("Anlagen", _ANNEXES),
    ),
    BundleKind.SIGNING: (
        Section("Ablauf", ("signing_set",)),
        Section("Vereinbarung", ("print_set", "frozen_agreement"), alternatives=True),
        Section("Anlagen", _ANNEXES),
        Section("Unterschriftsblätter", ("signing_sheet", "signature_page")),
    ),
}
