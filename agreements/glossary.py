"""German labels of the enums' members: the only place of them. No logic reads a label."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from agreements.funding.plan import CostKind
from agreements.journal import Event
from agreements.law.instruments import Instrument
from agreements.model import enums as e

_LABELS: Final[tuple[tuple[StrEnum, str], ...]] = (
    (e.BodyKind.DISTRICT, "Kreis"),
    (e.BodyKind.CITY_REGION, "Städteregion"),
    (e.BodyKind.INDEPENDENT_CITY, "kreisfreie Stadt"),
    (e.BodyKind.TOWN, "Stadt"),
    (e.BodyKind.MUNICIPALITY, "Gemeinde"),
    (e.Role.LEGAL, "Rechtsamt"),
    (e.Role.CLERK, "Sachbearbeitung"),
    (e.Role.SIGNATORY, "Zeichnungsberechtigte"),
    (e.Role.TREASURER, "Kämmerei"),
    (e.Role.ADMIN, "Administration"),
    (e.PartyRole.LEAD, "federführend"),
    (e.PartyRole.APPLICANT, "antragstellend"),
    (e.PartyRole.PERFORMING, "durchführend"),
    (e.PartyRole.MEMBER, "beteiligt"),
    (e.CaseState.RUNNING, "läuft"),
    (e.CaseState.DONE, "abgeschlossen"),
    (e.StageState.NOT_DUE, "noch nicht an der Reihe"),
    (e.StageState.READY, "bereit"),
    (e.StageState.OPEN, "läuft"),
    (e.StageState.DONE, "erledigt"),
    (e.StageState.SKIPPED, "entfällt"),
    (e.StageState.SUPERSEDED, "ersetzt"),
    (e.StageState.BLOCKED, "blockiert"),
    (e.Awaits.NOBODY, "niemand"),
    (e.Awaits.MACHINE, "Automatik"),
    (e.Awaits.PEOPLE, "Menschen"),
    (e.Awaits.DATE, "ein Datum"),
    (e.Round.PRINCIPLE, "Grundsatzbeschluss"),
    (e.Round.AGREEMENT, "Beschluss über die Vereinbarung"),
    (e.ConsultationRole.PRELIMINARY, "Vorberatung"),
    (e.ConsultationRole.RECOMMENDATION, "Empfehlung"),
    (e.ConsultationRole.DECISION, "Entscheidung"),
    (e.ConsultationState.PLANNED, "vorgesehen"),
    (e.ConsultationState.OPEN, "steht an"),
    (e.ConsultationState.HELD, "beraten"),
    (e.ConsultationState.CANCELLED, "entfallen"),
    (e.Outcome.ADOPTED, "beschlossen"),
    (e.Outcome.REJECTED, "abgelehnt"),
    (e.Outcome.DEFERRED, "vertagt"),
    (e.VersionKind.PRINCIPLE, "Grundsatzbeschluss"),
    (e.VersionKind.AGREEMENT, "Vereinbarung"),
    (e.Verdict.AGREED, "einverstanden"),
    (e.Verdict.CHANGES_WANTED, "Änderungen gewünscht"),
    (e.SignatureForm.WRITTEN, "Schriftform"),
    (e.SignatureForm.QUALIFIED_ELECTRONIC, "qualifizierte elektronische Signatur"),
    (e.SignatureForm.TEXT, "Textform"),
    (e.AuthorityAnswer.APPROVED, "genehmigt"),
    (e.AuthorityAnswer.DEEMED_APPROVED, "gilt als genehmigt"),
    (e.AuthorityAnswer.FILED, "angezeigt"),
    (e.AuthorityAnswer.REFUSED, "versagt"),
    (e.PlanState.DRAFTED, "aufgestellt"),
    (e.PlanState.CHECKED, "geprüft"),
    (e.PlanState.RETURNED, "zurückgegeben"),
    (CostKind.PERSONNEL, "Personalausgaben"),
    (CostKind.MATERIAL, "Sachausgaben"),
    (CostKind.SERVICES, "Dienstleistungen"),
    (CostKind.INVESTMENT, "Investitionen"),
    (CostKind.OTHER, "Sonstiges"),
    (Instrument.MANDATING_AGREEMENT, "mandatierende öffentlich-rechtliche Vereinbarung"),
    (Instrument.DELEGATING_AGREEMENT, "delegierende öffentlich-rechtliche Vereinbarung"),
    (Instrument.WORKING_GROUP, "Arbeitsgemeinschaft"),
    (Instrument.PUBLIC_LAW_CONTRACT, "öffentlich-rechtlicher Vertrag"),
    (e.TaskKind.SUBMIT_DRAFT, "Entwurf vorlegen"),
    (e.TaskKind.GIVE_STATEMENT, "Stellung nehmen"),
    (e.TaskKind.FREEZE_VERSION, "Textfassung festschreiben"),
    (e.TaskKind.RECORD_RESOLUTION, "Beschluss erfassen"),
    (e.TaskKind.CONFIRM_RESOLUTIONS, "Beschlusslage feststellen"),
    (e.TaskKind.RECORD_SIGNATURE, "Unterschrift erfassen"),
    (e.TaskKind.SUBMIT_TO_AUTHORITY, "Bei der Aufsichtsbehörde einreichen"),
    (e.TaskKind.RECORD_AUTHORITY_ANSWER, "Antwort der Aufsichtsbehörde erfassen"),
    (e.TaskKind.RECORD_PUBLICATION, "Bekanntmachung erfassen"),
    (e.TaskKind.RECORD_NOTICE, "Hinweis auf die Bekanntmachung erfassen"),
    (e.TaskKind.DRAFT_FINANCE_PLAN, "Kosten- und Finanzierungsplan aufstellen"),
    (e.TaskKind.CHECK_FINANCE_PLAN, "Kosten- und Finanzierungsplan prüfen"),
    (e.TaskKind.SUBMIT_APPLICATION, "Förderantrag einreichen"),
    (e.TaskState.OPEN, "offen"),
    (e.TaskState.DONE, "erledigt"),
    (e.TaskState.CANCELLED, "entfallen"),
    (Event.CASE_STARTED, "Vorgang angelegt"),
    (Event.CASE_COMPLETED, "Vorgang abgeschlossen"),
    (Event.STAGE_BEGUN, "Schritt begonnen"),
    (Event.STAGE_CLOSED, "Schritt abgeschlossen"),
    (Event.STAGE_FAILED, "Schritt gestört"),
    (Event.AUTOMATION_HALTED, "Automatik angehalten"),
    (Event.AUTOMATION_HALT_LIFTED, "Automatik wieder freigegeben"),
    (Event.VERSION_WRITTEN, "Textfassung geschrieben"),
    (Event.DRAFT_SUBMITTED, "Entwurf vorgelegt"),
    (Event.STATEMENT_GIVEN, "Stellungnahme abgegeben"),
    (Event.VERSION_FROZEN, "Textfassung festgeschrieben"),
    (Event.RESOLUTION_RECORDED, "Beschluss erfasst"),
    (Event.RESOLUTIONS_CONFIRMED, "Beschlusslage festgestellt"),
    (Event.SIGNATURE_RECORDED, "Unterschrift erfasst"),
    (Event.SUBMITTED_TO_AUTHORITY, "bei der Aufsichtsbehörde eingereicht"),
    (Event.AUTHORITY_ANSWERED, "Antwort der Aufsichtsbehörde"),
    (Event.PUBLICATION_RECORDED, "Bekanntmachung erfasst"),
    (Event.NOTICE_RECORDED, "Hinweis erfasst"),
    (Event.IN_FORCE, "in Kraft getreten"),
    (Event.FINANCE_PLAN_DRAFTED, "Finanzierungsplan aufgestellt"),
    (Event.FINANCE_PLAN_CHECKED, "Finanzierungsplan geprüft"),
    (Event.APPLICATION_SUBMITTED, "Förderantrag eingereicht"),
    (Event.DOCUMENT_WRITTEN, "Dokument erstellt"),
    (Event.TASK_CLAIMED, "Aufgabe übernommen"),
    (Event.TASK_RELEASED, "Aufgabe zurückgegeben"),
)

# Members of different enums may be equal as strings, so the class belongs to the key.
_BY_MEMBER: Final[Mapping[tuple[type[StrEnum], str], str]] = {
    (type(member), member.value): label for member, label in _LABELS
}


def label(member: StrEnum) -> str:
    """The German label of an enum's member."""
    return _BY_MEMBER[(type(member), member.value)]
