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
    "rules_of_procedure",
    "joint_controllers",
    "processing_contract",
)
# What changes an agreement that is there already is signed like one.
_LATER: Final = (
    "accession_agreement",
    "amendment_agreement",
    "exit_agreement",
    "repeal_agreement",
)
# Names of purposes, not members: a purpose that is not there yet has no documents.
SECTIONS: Final[Mapping[BundleKind, tuple[Section, ...]]] = {
    BundleKind.APPLICATION: (
        Section("Anschreiben", ("funding_letter",)),
        Section("Förderantrag", ("funding_application",)),
        Section("Kosten- und Finanzierungsplan", ("finance_plan",)),
        Section("Beschlussmatrix", ("matrix", "matrix_so_far"), alternatives=True),
        Section("Auszüge aus den Niederschriften", ("minutes_extract",)),
        Section("Dringlichkeitsentscheidungen", ("urgent_decision",)),
        Section(
            "Vereinbarung",
            ("signed_copy", "frozen_agreement", "draft_agreement", "letter_of_intent"),
            alternatives=True,
        ),
        Section("Anlagen zur Vereinbarung", _ANNEXES),
    ),
    BundleKind.SIGNING: (
        Section("Ablauf", ("signing_sheet",)),
        Section(
            "Vereinbarung", ("print_set", "signing_set", "frozen_agreement"), alternatives=True
        ),
        Section("Spätere Vereinbarungen", _LATER),
        Section("Anlagen zur Vereinbarung", _ANNEXES),
    ),
}
