"""What an entry of the journal says in particular, in German for people.

Ids and the hashes of templates and data are left out: they stand in the JSON export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from agreements import clock
from agreements.documents.content import short_hash
from agreements.documents.filters import datum_kurz, eur
from agreements.dossier.jobs import Purpose
from agreements.glossary import label
from agreements.law.instruments import Instrument
from agreements.law.tables import RequirementKind
from agreements.model import enums as e
from agreements.model.base import Json
from agreements.standing import Worth

_UNKNOWN: Final = "–"
_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DIGEST = re.compile(r"[0-9a-f]{64}")

# Field of an entry -> its name in German. A field that is missing here is printed as it is.
FIELDS: Final[Mapping[str, str]] = {
    "abstained": "Enthaltungen",
    "agenda_item": "Tagesordnungspunkt",
    "ags": "Gemeindeschlüssel",
    "amendments": "Abweichungen",
    "answer": "Antwort",
    "applicant": "antragstellend",
    "authoritative": "entscheidet",
    "authority": "Behörde",
    "because": "weil",
    "claimed_by": "in Bearbeitung bei",
    "body": "Körperschaft",
    "comment": "Bemerkung",
    "committee": "Gremium",
    "committees": "Gremien",
    "consequence": "Folge",
    "consultations": "Beratungen",
    "content_hash": "Prüfsumme der Datei",
    "copy_state": "Zustand der Ausfertigung",
    "copy_kind": "Art der Ausfertigung",
    "corrects": "berichtigt",
    "decided_by": "entschieden von",
    "decided_on": "beschlossen am",
    "due_kind": "Art der Frist",
    "due_on": "Frist bis",
    "effective_on": "wirksam am",
    "excluded": "wegen Befangenheit ausgeschlossen",
    "file_name": "Datei",
    "findings": "Feststellungen",
    "follow_up_on": "Wiedervorlage",
    "form": "Form",
    "function": "Funktion",
    "gazette": "Amtsblatt",
    "grant": "Zuwendung",
    "guideline": "Richtlinie",
    "harm": "drohender Nachteil",
    "held_on": "Sitzung am",
    "instrument": "Rechtsform",
    "invited_on": "eingeladen am",
    "issue": "Ausgabe",
    "items": "Stellen",
    "kind": "Art",
    "kreistag_order": "Reihenfolge des Kreistages",
    "lead": "federführend",
    "level": "weitergegeben an",
    "main_committee_prevented": "warum der Haupt- oder Kreisausschuss nicht entscheiden konnte",
    "materiality": "Beurteilung der Änderung",
    "media_type": "Dateiart",
    "medium": "Medium",
    "members_excluded": "wegen Befangenheit ausgeschlossen",
    "members_present": "anwesend",
    "meeting_on": "Sitzung am",
    "missed": "versäumt",
    "name": "Name",
    "no": "nein",
    "namesake_because": "Namensgleichheit",
    "number": "Nummer",
    "outcome": "Ergebnis",
    "pages": "Seiten",
    "own_contribution": "Eigenanteil",
    "paper": "Vorlage",
    "parties": "Beteiligte",
    "passage": "Textstelle",
    "performing": "durchführend",
    "place": "Ort",
    "planned_on": "vorgesehen am",
    "present": "anwesend",
    "priority": "Dringlichkeit",
    "principle_round": "mit Grundsatzbeschluss",
    "programme": "Förderprogramm",
    "proof": "Nachweis",
    "proposal": "Vorschlag",
    "proposal_state": "Entscheidung",
    "proposals": "Vorschläge",
    "purpose": "Dokument",
    "reason": "Grund",
    "receipt_reference": "Eingangsbestätigung",
    "remark": "Bemerkung",
    "requirement": "erforderlich",
    "reservation": "Vorbehalt",
    "result": "Ergebnis",
    "retrospective": "nachträglich erfasst",
    "role": "Rolle",
    "round": "Runde",
    "sample": "Beispielangabe",
    "seen_at": "zuletzt gesehen",
    "sentence": "Mitteilung",
    "size": "Größe in Byte",
    "source_text": "Wortlaut des Ergebnisses",
    "stage": "Verfahrensschritt",
    "started_on": "begonnen am",
    "starts_at": "Beginn",
    "state": "Zustand",
    "subject": "Gegenstand",
    "task": "Aufgabe",
    "text_hash": "Prüfsumme des Textes",
    "third_party_rights": "Rechte anderer",
    "title": "Titel",
    "unanimous": "einstimmig",
    "urgency": "Dringlichkeit",
    "username": "Benutzername",
    "verdict": "Urteil",
    "version": "Textfassung",
    "votes": "Stimmen",
    "wording": "Wortlaut",
    "worth": "Geltung",
    "yes": "ja",
}
_NOT_FOR_READERS: Final = frozenset(("data_hash", "template_hash"))
_VOTES: Final = ("yes", "no", "abstained")
_BODIES: Final = frozenset(("applicant", "body", "lead", "parties", "performing"))
_MONEY: Final = frozenset(("grant", "own_contribution"))
_ENUMS: Final[Mapping[str, tuple[type[StrEnum], ...]]] = {
    "answer": (e.AuthorityAnswer,),
    "because": (e.CarryReason,),
    "consequence": (e.Consequence,),
    "copy_kind": (e.CopyKind,),
    "copy_state": (e.CopyState,),
    "due_kind": (e.DueKind,),
    "form": (e.SignatureForm,),
    "instrument": (Instrument,),
    "kind": (e.VersionKind, e.RecordKind, e.TaskKind),
    "materiality": (e.Materiality,),
    "outcome": (e.Outcome,),
    "priority": (e.Priority,),
    "proposal_state": (e.ProposalState,),
    "reservation": (e.ReservationState,),
    "role": (e.Role,),
    "round": (e.Round,),
    "state": (e.CaseState, e.StageState, e.TaskState, e.ReservationState),
    "task": (e.TaskKind,),
    "urgency": (e.Urgency,),
    "verdict": (e.Verdict,),
    "worth": (Worth,),
}
# The glossary stands below these rooms and cannot know their enums.
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "purpose": {
        Purpose.DRAFT_AGREEMENT: "Entwurf der Vereinbarung",
        Purpose.FROZEN_AGREEMENT: "Endfassung der Vereinbarung",
        Purpose.PAPER: "Beschlussvorlage",
        Purpose.SYNOPSIS: "Synopse",
        Purpose.MATRIX: "Beschlussmatrix",
        Purpose.APPROVAL_APPLICATION: "Antrag auf Genehmigung",
        Purpose.FILING: "Anzeige",
        Purpose.PUBLICATION_TEXT: "Bekanntmachungstext",
        Purpose.FUNDING_APPLICATION: "Förderantrag",
        Purpose.FINANCE_PLAN: "Kosten- und Finanzierungsplan",
        Purpose.FUNDING_LETTER: "Anschreiben zum Förderantrag",
        Purpose.BODY_PAPER: "Beschlussvorlage mit eigenen Angaben",
        Purpose.MATRIX_SO_FAR: "Beschlussmatrix zum Stand",
        Purpose.RESOLUTION_EXTRACT: "Auszug zur Beglaubigung",
        Purpose.URGENT_DECISION: "Dringlichkeitsentscheidung",
        Purpose.URGENT_DRAFT: "Dringlichkeitsentscheidung zur Unterschrift",
        Purpose.MINUTES_EXTRACT: "Auszug aus der Niederschrift",
        Purpose.SIGNING_SET: "Ausfertigung zur Unterzeichnung",
        Purpose.SIGNING_SHEET: "Laufblatt zur Unterzeichnung",
        Purpose.CERTIFICATE_REQUEST: "Antrag auf Bescheinigung der Genehmigungsfiktion",
        Purpose.FICTION_NOTE: "Vermerk zur Genehmigungsfiktion",
        Purpose.PUBLICATION_REQUEST: "Bitte um Bekanntmachung",
        Purpose.PUBLICATION_NOTICE: "Hinweisbekanntmachung",
        Purpose.END_FILING: "Anzeige der Beendigung",
        Purpose.STEERING_MINUTES: "Niederschrift des Lenkungskreises",
        Purpose.CLOSING_NOTE: "Schlussvermerk",
        Purpose.CASE_FILE: "Inhaltsverzeichnis der Vorgangsakte",
        Purpose.PRINT_SET: "Druckexemplar zur Unterzeichnung",
        Purpose.SIGNED_COPY: "unterschriebene Ausfertigung",
        Purpose.LETTER_OF_INTENT: "Absichtserklärung",
        Purpose.ACCESSION_AGREEMENT: "Beitrittsvereinbarung",
        Purpose.AMENDMENT_AGREEMENT: "Änderungsvereinbarung",
        Purpose.EXIT_AGREEMENT: "Ausscheidensvereinbarung",
        Purpose.REPEAL_AGREEMENT: "Aufhebungsvereinbarung",
        Purpose.SERVICE_CATALOGUE: "Leistungsverzeichnis",
        Purpose.COST_KEY: "Kostenschlüssel",
        Purpose.RULES_OF_PROCEDURE: "Geschäftsordnung des Lenkungskreises",
        Purpose.JOINT_CONTROLLERS: "Vereinbarung nach Artikel 26 DSGVO",
        Purpose.PROCESSING_CONTRACT: "Vertrag zur Auftragsverarbeitung",
    },
    "requirement": {
        RequirementKind.APPROVAL: "Genehmigung",
        RequirementKind.FILING: "Anzeige",
        RequirementKind.NONE: "nichts",
    },
    "level": {"supervisor": "Leitung", "lead": "Federführung"},
    "kreistag_order": {
        e.KreistagOrder.BEFORE_COUNCILS: "vor den Räten",
        e.KreistagOrder.AFTER_COUNCILS: "nach den Räten",
    },
}


@dataclass(frozen=True, slots=True)
class Words:
    """What only the case knows: names of bodies by AGS, titles of stages by key."""

    bodies: Mapping[str, str]
    stages: Mapping[str, str]


def particulars(words: Words, before: Json | None, after: Json | None, data: Json) -> list[str]:
    """What an act changed ("Ergebnis: abgelehnt → beschlossen"), then what else belongs to it."""
    return [*_changes(words, before or {}, after or {}), *_facts(words, data)]


def _changes(words: Words, before: Json, after: Json) -> Iterator[str]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if not _left_out(key) and old != new:
            yield f"{_name(key)}: {_text(words, key, old)} → {_text(words, key, new)}"


def _facts(words: Words, data: Json) -> Iterator[str]:
    for key, value in data.items():
        if not _left_out(key) and value not in _NOTHING:
            yield f"{_name(key)}: {_text(words, key, value)}"


def _left_out(key: str) -> bool:
    return key in _NOT_FOR_READERS or key.endswith("_id")


def _rank(key: str) -> int:
    # The database keeps no order of keys.
    return _VOTES.index(key) if key in _VOTES else len(_VOTES)


def _name(key: str) -> str:
    return FIELDS.get(key, printable(key.replace("_", " ")))


def _text(words: Words, key: str, value: Any) -> str:  # noqa: ANN401  (JSON)
    if value in _NOTHING:
        return _UNKNOWN
    match value:
        case bool():
            return "ja" if value else "nein"
        case list():
            return ", ".join(_text(words, key, item) for item in value)
        case dict():
            shown = sorted(filter(lambda k: not _left_out(k), value), key=_rank)
            return ", ".join(f"{_name(k)} {_text(words, k, value[k])}" for k in shown)
        case str():
            return _spelled(words, key, value)
    return str(value)


def _spelled(words: Words, key: str, value: str) -> str:
    for enum in _ENUMS.get(key, ()):
        if value in {member.value for member in enum}:
            return label(enum(value))
    names = {"stage": words.stages, **dict.fromkeys(_BODIES, words.bodies), **_CODES}
    if key in names:
        return names[key].get(value, value)
    # What only looks like a day or an amount is printed as it is.
    with suppress(ValueError, ArithmeticError):
        if key in _MONEY:
            return eur(Decimal(value))
        for pattern, write in _PATTERNS:
            if pattern.fullmatch(value):
                return write(value)
    return printable(value)


def berlin(moment: datetime) -> str:
    """``01.06.2026, 12:00:05 Uhr``."""
    return f"{moment.astimezone(clock.BERLIN):%d.%m.%Y, %H:%M:%S} Uhr"


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (_DAY, lambda value: datum_kurz(date.fromisoformat(value))),
    (_MOMENT, lambda value: berlin(datetime.fromisoformat(value))),
    (_DIGEST, lambda value: f"{short_hash(value)}…"),
)


def printable(text: str) -> str:
    """The text without signs that no document can carry, each replaced visibly."""
    return "".join(
        "\ufffd" if sign not in "\n\t" and unicodedata.category(sign) in {"Cc", "Cs"} else sign
        for sign in text.replace("\r\n", "\n").replace("\r", "\n")
    )
