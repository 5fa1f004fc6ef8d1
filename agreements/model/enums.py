"""Closed vocabularies of the domain. German labels stand in ``agreements.glossary`` only."""

from __future__ import annotations

from enum import StrEnum


class BodyChangeKind(StrEnum):
    """What was changed in a body's own settings."""

    INVITATION_PERIOD_SET = "invitation_period_set"
    SESSION_FREE_ENTERED = "session_free_entered"
    SESSION_FREE_REMOVED = "session_free_removed"
    COMMITTEE_ENTERED = "committee_entered"
    COMMITTEE_ENDED = "committee_ended"
    COMMITTEE_SIZE_SET = "committee_size_set"
    SIGNATORY_ENTERED = "signatory_entered"
    SIGNATORY_ENDED = "signatory_ended"


class BodyKind(StrEnum):
    """Körperschaft."""

    DISTRICT = "district"  # Kreis, Landkreis
    CITY_REGION = "city_region"  # Städteregion
    INDEPENDENT_CITY = "independent_city"  # kreisfreie Stadt
    TOWN = "town"  # Stadt
    MUNICIPALITY = "municipality"  # Gemeinde

    @property
    def is_district(self) -> bool:
        """Whether the body's council is a Kreistag."""
        return self in (BodyKind.DISTRICT, BodyKind.CITY_REGION)


class CommitteeKind(StrEnum):
    """Gremium."""

    COUNCIL = "council"  # Rat
    MAIN_COMMITTEE = "main_committee"  # Hauptausschuss
    SPECIALIST_COMMITTEE = "specialist_committee"  # Fachausschuss
    DISTRICT_COUNCIL = "district_council"  # Kreistag
    DISTRICT_COMMITTEE = "district_committee"  # Kreisausschuss


class Role(StrEnum):
    """What a person may do for a body."""

    LEGAL = "legal"  # Rechtsamt
    CLERK = "clerk"  # Sachbearbeitung, Sitzungsdienst
    SIGNATORY = "signatory"  # Hauptverwaltungsbeamter
    TREASURER = "treasurer"  # Kämmerei
    ADMIN = "admin"  # Administration der Anlage
    SUPERVISOR = "supervisor"  # Leitung: verteilt die Aufgaben einer Körperschaft
    AUTHORITY = "authority"  # untere staatliche Verwaltungsbehörde, nie Beteiligte


class PartyRole(StrEnum):
    """Rolle einer Beteiligten im Vorgang."""

    LEAD = "lead"  # federführend
    APPLICANT = "applicant"  # antragstellend
    PERFORMING = "performing"  # durchführend
    MEMBER = "member"  # beteiligt


class CaseState(StrEnum):
    """Zustand eines Vorgangs."""

    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Condition(StrEnum):
    """The closed vocabulary of ``when``: facts that are fixed when a case starts."""

    PRINCIPLE_ROUND = "principle_round"
    NO_PRINCIPLE_ROUND = "no_principle_round"
    KREISTAG_FIRST = "kreistag_first"
    KREISTAG_LAST = "kreistag_last"
    DISTRICT_TAKES_PART = "district_takes_part"
    MUNICIPALITY_TAKES_PART = "municipality_takes_part"
    AUTHORITY_INVOLVED = "authority_involved"
    PUBLICATION_REQUIRED = "publication_required"
    FUNDING_WANTED = "funding_wanted"


class StageKind(StrEnum):
    """Art eines Verfahrensschritts; each has a flow of the same name."""

    DRAFTING = "drafting"
    COORDINATION = "coordination"
    COUNCIL_RESOLUTIONS = "council_resolutions"
    KREISTAG_DECISION = "kreistag_decision"
    RESOLUTIONS_CHECK = "resolutions_check"
    SIGNING = "signing"
    SUPERVISORY_APPROVAL = "supervisory_approval"
    PUBLICATION = "publication"
    PUBLICATION_NOTICES = "publication_notices"
    ENTRY_INTO_FORCE = "entry_into_force"
    FINANCE_PLAN = "finance_plan"
    FUNDING_APPLICATION = "funding_application"


class StageState(StrEnum):
    """Zustand eines Verfahrensschritts."""

    NOT_DUE = "not_due"
    READY = "ready"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"
    BLOCKED = "blocked"


class Awaits(StrEnum):
    """Who is on turn in a stage: the machine, people, a day to come, or nobody."""

    NOBODY = "nobody"
    MACHINE = "machine"
    PEOPLE = "people"
    DATE = "date"


class Round(StrEnum):
    """Which resolution a round of councils takes."""

    PRINCIPLE = "principle"  # Grundsatzbeschluss
    AGREEMENT = "agreement"  # Beschluss über die Vereinbarung


class KreistagOrder(StrEnum):
    """Whether the Kreistag decides before or after the councils."""

    BEFORE_COUNCILS = "before_councils"
    AFTER_COUNCILS = "after_councils"


class TaskKind(StrEnum):
    """What a person is asked to do."""

    SUBMIT_DRAFT = "submit_draft"
    GIVE_STATEMENT = "give_statement"
    FREEZE_VERSION = "freeze_version"
    RECORD_RESOLUTION = "record_resolution"
    CONFIRM_RESOLUTIONS = "confirm_resolutions"
    RECORD_SIGNATURE = "record_signature"
    SUBMIT_TO_AUTHORITY = "submit_to_authority"
    RECORD_AUTHORITY_ANSWER = "record_authority_answer"
    RECORD_PUBLICATION = "record_publication"
    RECORD_NOTICE = "record_notice"
    DRAFT_FINANCE_PLAN = "draft_finance_plan"
    CHECK_FINANCE_PLAN = "check_finance_plan"
    SUBMIT_APPLICATION = "submit_application"
    JUDGE_AMENDMENT = "judge_amendment"
    SETTLE_RESERVATION = "settle_reservation"
    CONFIRM_URGENT_DECISION = "confirm_urgent_decision"
    AD_HOC = "ad_hoc"


class TaskState(StrEnum):
    """Zustand einer Aufgabe."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """Dringlichkeit einer Aufgabe."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class DueKind(StrEnum):
    """Where a due date comes from, and so who may move it."""

    INTERNAL = "internal"  # selbst gesetzt
    AUTHORITY = "authority"  # von einer Behörde gesetzt, auf Antrag verlängerbar
    STATUTORY = "statutory"  # gesetzliche Frist: folgt allein aus ihren Tatsachen


class ConsultationRole(StrEnum):
    """Rolle einer Beratung in der Beratungsfolge."""

    PRELIMINARY = "preliminary"  # Vorberatung
    RECOMMENDATION = "recommendation"  # Empfehlung
    DECISION = "decision"  # Entscheidung

    @property
    def authoritative(self) -> bool:
        """Whether the consultation decides for the body."""
        return self is ConsultationRole.DECISION


class ConsultationState(StrEnum):
    """Zustand einer Beratung."""

    PLANNED = "planned"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """Ergebnis einer Beratung."""

    ADOPTED = "adopted"  # ungeändert beschlossen
    ADOPTED_AMENDED = "adopted_amended"  # geändert beschlossen
    ADOPTED_CONDITIONALLY = "adopted_conditionally"  # unter Vorbehalt beschlossen
    PARTLY_ADOPTED = "partly_adopted"  # teilweise beschlossen
    REJECTED = "rejected"
    DEFERRED = "deferred"  # vertagt, abgesetzt
    REFERRED = "referred"  # verwiesen, zurückverwiesen, ohne Empfehlung weitergeleitet
    WITHDRAWN = "withdrawn"  # Vorlage zurückgezogen
    NOTED = "noted"  # zur Kenntnis genommen


class Quorum(StrEnum):
    """Why a committee could decide though too few are known to have taken part."""

    COUNTED = "counted"  # the number decides
    NOT_QUESTIONED = "not_questioned"  # Beschlussunfähigkeit nicht festgestellt
    SECOND_CALL = "second_call"  # zweite Einberufung zum selben Gegenstand


class Urgency(StrEnum):
    """Dringlichkeitsentscheidung: in which of the two stages it was taken (§ 60 Abs. 1 GO NRW)."""

    MAIN_COMMITTEE = "main_committee"  # Hauptausschuss, Kreisausschuss
    HEAD_AND_MEMBER = "head_and_member"  # Hauptverwaltungsbeamter mit einem Mitglied


class RecordKind(StrEnum):
    """What happened to a resolution afterwards; its outcome never changes."""

    OBJECTION = "objection"  # Beanstandung, Widerspruch
    OBJECTION_LIFTED = "objection_lifted"  # Beanstandung aufgehoben
    ANNULMENT = "annulment"  # Aufhebung durch die Aufsichtsbehörde
    REVOCATION = "revocation"  # Aufhebung durch das Gremium selbst
    CONFIRMATION = "confirmation"  # Genehmigung einer Dringlichkeitsentscheidung
    CORRECTION = "correction"  # durch einen zweiten Eintrag berichtigt
    RENEWAL = "renewal"  # erneute Beschlussfassung verlangt


class ReservationState(StrEnum):
    """Zustand eines Vorbehalts."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    FAILED = "failed"


class Materiality(StrEnum):
    """What a difference from the common text amounts to."""

    EDITORIAL = "editorial"
    MATERIAL = "material"


class Consequence(StrEnum):
    """What follows from a material difference."""

    NEW_VERSION = "new_version"  # neue Textfassung für alle
    DECIDE_AGAIN = "decide_again"  # das Gremium befasst sich erneut


class CarryReason(StrEnum):
    """Why a resolution on one text also holds for a later version."""

    EDITORIAL = "editorial"
    UNTOUCHED = "untouched"


class Detour(StrEnum):
    """A way on beside the straight road."""

    DECIDE_AGAIN = "decide_again"  # erneut zur Beratung geben
    REOPEN_TEXT = "reopen_text"  # zurück in die Abstimmung: neu verhandeln
    NEW_ROUND = "new_round"  # neue Beschlussrunde
    REPEAT_STAGE = "repeat_stage"  # Verfahrensschritt wiederholen
    LEAVE_PARTY = "leave_party"  # ohne eine Beteiligte weiter
    JOIN_PARTY = "join_party"  # eine Beteiligte kommt hinzu
    OPEN_AD_HOC = "open_ad_hoc"  # zusätzliche Aufgabe
    WITHDRAW_CASE = "withdraw_case"  # Vorgang zurückziehen


class VersionKind(StrEnum):
    """What a text version holds."""

    PRINCIPLE = "principle"  # Beschlusswortlaut des Grundsatzbeschlusses
    AGREEMENT = "agreement"  # Vereinbarungstext


class Verdict(StrEnum):
    """What a second person, or a party, says of what it was shown."""

    AGREED = "agreed"
    CHANGES_WANTED = "changes_wanted"


class SignatureForm(StrEnum):
    """Form der Unterschrift."""

    WRITTEN = "written"  # Schriftform
    QUALIFIED_ELECTRONIC = "qualified_electronic"  # § 3a VwVfG
    TEXT = "text"  # Textform, § 126b BGB


class SigningCapacity(StrEnum):
    """Vertretungsmacht: in which capacity somebody signs for a body."""

    HEAD = "head"  # Hauptverwaltungsbeamter
    GENERAL_DEPUTY = "general_deputy"  # allgemeine Vertretung
    AUTHORISED = "authorised"  # weitere vertretungsberechtigte Person, etwa Beigeordnete


class CopyKind(StrEnum):
    """Art der unterschriebenen Ausfertigung."""

    SCAN = "scan"  # Scan der unterschriebenen Papierfassung
    ELECTRONIC = "electronic"  # elektronisch signierte Datei


class CopyState(StrEnum):
    """What a signed copy's check has come to."""

    ACCEPTED = "accepted"
    TO_CONFIRM = "to_confirm"  # eine zweite Person muss hinsehen
    CONFIRMED = "confirmed"


class FindingWeight(StrEnum):
    """What follows from a finding in a signed copy."""

    NOTE = "note"
    CONFIRM = "confirm"  # by eye, by a second person
    REFUSE = "refuse"


class AuthorityAnswer(StrEnum):
    """Antwort der Aufsichtsbehörde."""

    APPROVED = "approved"
    DEEMED_APPROVED = "deemed_approved"
    FILED = "filed"
    REFUSED = "refused"


class PlanState(StrEnum):
    """Zustand eines Kosten- und Finanzierungsplans."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    RETURNED = "returned"


class TokenKind(StrEnum):
    """What a secret is for."""

    SESSION = "session"
    PERSONAL = "personal"


class NoticeKind(StrEnum):
    """Why somebody is told of something."""

    TASK_OPENED = "task_opened"
    TASK_ASSIGNED = "task_assigned"  # zugewiesen oder zur Bearbeitung gegeben
    TASK_HANDED_BACK = "task_handed_back"
    TASK_COMMENTED = "task_commented"
    FOLLOW_UP = "follow_up"  # Wiedervorlage
    REMINDER_BEFORE = "reminder_before"
    REMINDER_DUE = "reminder_due"
    REMINDER_AFTER = "reminder_after"
    DUE_MOVED = "due_moved"
    ESCALATED_TO_SUPERVISOR = "escalated_to_supervisor"
    ESCALATED_TO_LEAD = "escalated_to_lead"
    COPY_TO_CONFIRM = "copy_to_confirm"  # eine Ausfertigung ist anzusehen
    SUBSTITUTION = "substitution"  # Vertretung eingetragen oder beendet
    SUBSTITUTION_GAP = "substitution_gap"  # niemand vertritt
    OPERATOR = "operator"  # für die Administration: Störung, Stillstand


class MailRhythm(StrEnum):
    """How often a person wants mail."""

    IMMEDIATELY = "immediately"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class MailKind(StrEnum):
    """Art einer Nachricht per E-Mail."""

    TASK = "task"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    DIGEST = "digest"
    OPERATOR = "operator"


class MailState(StrEnum):
    """Zustand einer E-Mail."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # nicht zu versenden: keine Adresse
    FAILED = "failed"  # endgültig abgelehnt oder zu oft vergeblich
    BOUNCED = "bounced"  # angenommen und später als unzustellbar zurückgekommen


class OutboxKind(StrEnum):
    """What has to be carried out after the commit."""

    EVENT = "event"  # tell Prefect what people did


class ProposalKind(StrEnum):
    """Was jemand zu einem Text vorschlägt oder anmerkt."""

    REWORDING = "rewording"
    ADDITION = "addition"
    DELETION = "deletion"
    MOVE = "move"
    COMMENT = "comment"
    FORMATTING = "formatting"  # changes nothing of the text

    @property
    def changes_text(self) -> bool:
        """Whether the text would be another one with it."""
        return self not in (ProposalKind.COMMENT, ProposalKind.FORMATTING)


class ProposalState(StrEnum):
    """Zustand eines Vorschlags."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOTED = "noted"  # nothing to decide
