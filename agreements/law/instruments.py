"""Legal forms of cooperation that the law tables tell apart."""

from __future__ import annotations

from enum import StrEnum


class Instrument(StrEnum):
    """Rechtsform der Zusammenarbeit."""

    MANDATING_AGREEMENT = "mandating_agreement"
    DELEGATING_AGREEMENT = "delegating_agreement"
    WORKING_GROUP = "working_group"
    PUBLIC_LAW_CONTRACT = "public_law_contract"


class TaskKind(StrEnum):
    """Art der Aufgabe, auf die sich die Zusammenarbeit bezieht."""

    VOLUNTARY = "voluntary"  # freiwillige Selbstverwaltungsaufgabe
    STATUTORY = "statutory"  # pflichtige Selbstverwaltungsaufgabe
    DELEGATED = "delegated"  # übertragene Aufgabe, Pflichtaufgabe nach Weisung


class Act(StrEnum):
    """What is done with an agreement; several Länder treat the acts differently."""

    CONCLUSION = "conclusion"  # Abschluss
    CHANGE = "change"  # Änderung
    ACCESSION = "accession"  # Beitritt
    TERMINATION = "termination"  # Kündigung, Austritt
    REPEAL = "repeal"  # Aufhebung
