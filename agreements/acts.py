"""What people may decide: one typed input per kind of task.

Dates are legal dates (when it happened), not the moment at which somebody types it in.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agreements.funding.plan import FinancePlan
from agreements.model.enums import (
    AuthorityAnswer,
    Consequence,
    Materiality,
    Outcome,
    Quorum,
    SignatureForm,
    TaskKind,
    Verdict,
)
from agreements.texts import Printable

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Printable
]
Wording = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20000), Printable
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000), Printable
]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Printable]
Ags = Annotated[str, StringConstraints(pattern=r"^(\d{5}|\d{8})$")]
TextHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=10_000)]


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SubmitDraft(_Act):
    """Entwurf vorlegen. ``touched``: as in ``FreezeVersion``, for the Grundsatzbeschlüsse."""

    kind: Literal[TaskKind.SUBMIT_DRAFT] = TaskKind.SUBMIT_DRAFT
    submitted_on: date
    touched: tuple[Ags, ...] | None = None
    untouched_because: Remark = ""


class GiveStatement(_Act):
    """Stellung nehmen zur Textfassung ``version``."""

    kind: Literal[TaskKind.GIVE_STATEMENT] = TaskKind.GIVE_STATEMENT
    version: int = Field(ge=1)
    verdict: Verdict
    comment: Remark = ""
    given_on: date


class FreezeVersion(_Act):
    """Textfassung festschreiben; ``remark`` is needed if a party wants changes.

    ``touched``: where resolutions on an earlier text exist, the AGS of the bodies whose resolution
    the change touches; they decide again. ``untouched_because``: why the others need not.
    """

    kind: Literal[TaskKind.FREEZE_VERSION] = TaskKind.FREEZE_VERSION
    version: int = Field(ge=1)
    frozen_on: date
    remark: Remark = ""
    touched: tuple[Ags, ...] | None = None
    untouched_because: Remark = ""


class Votes(_Act):
    """Votes; null is "unknown" and stays unknown."""

    yes: Count | None = None
    no: Count | None = None
    abstained: Count | None = None


class Amendment(_Act):
    """What a committee changed: ``place`` as in the text ("§ 4 Abs. 2", "Nr. 3"), new wording."""

    place: Line
    wording: Wording


class RecordResolution(_Act):
    """Beschluss erfassen. ``text_hash``: the text that was put to the vote.

    ``unanimous`` False without votes is "mehrheitlich". ``members_present`` includes those who
    are excluded for bias. ``wording``: the resolution as it stands in the minutes, if it is not
    the proposal. ``amendments``: what was changed, or what alone was adopted of the proposal.
    ``referred_to``: the committee that gets it; empty: passed on without recommendation.
    ``source_text``: the result as the council system words it.
    """

    kind: Literal[TaskKind.RECORD_RESOLUTION] = TaskKind.RECORD_RESOLUTION
    outcome: Outcome
    votes: Votes = Votes()
    unanimous: bool | None = None
    members_present: Count | None = None
    members_excluded: Count = 0
    quorum: Quorum = Quorum.COUNTED
    decided_on: date
    text_hash: TextHash
    wording: Remark = ""
    amendments: Annotated[tuple[Amendment, ...], Field(max_length=100)] = ()
    reservation: Remark = ""
    referred_to: Line | None = None
    next_meeting_on: date | None = None
    meeting_number: Line | None = None
    agenda_item: Line | None = None
    source_text: Remark = ""
    remark: Remark = ""
    sample: bool = False


class JudgeAmendment(_Act):
    """Abweichenden Beschluss beurteilen: redaktionell, oder inhaltlich mit einer Folge."""

    kind: Literal[TaskKind.JUDGE_AMENDMENT] = TaskKind.JUDGE_AMENDMENT
    materiality: Materiality
    consequence: Consequence | None = None
    reason: Reason
    judged_on: date


class SettleReservation(_Act):
    """Vorbehalt klären: erfüllt oder ausgefallen."""

    kind: Literal[TaskKind.SETTLE_RESERVATION] = TaskKind.SETTLE_RESERVATION
    fulfilled: bool
    reason: Reason
    settled_on: date


class ConfirmUrgentDecision(_Act):
    """Ob Rat oder Kreistag die Dringlichkeitsentscheidung genehmigt oder aufgehoben haben.

    ``third_party_rights``: why a revocation is possible though rights of others may exist.
    """

    kind: Literal[TaskKind.CONFIRM_URGENT_DECISION] = TaskKind.CONFIRM_URGENT_DECISION
    confirmed: bool
    decided_on: date
    votes: Votes = Votes()
    reason: Remark = ""
    third_party_rights: Remark = ""


class CompleteAdHoc(_Act):
    """Zusätzliche Aufgabe erledigen."""

    kind: Literal[TaskKind.AD_HOC] = TaskKind.AD_HOC
    result: Reason
    done_on: date


class ConfirmResolutions(_Act):
    """Feststellen, dass alle Beschlüsse vorliegen und denselben Text betreffen."""

    kind: Literal[TaskKind.CONFIRM_RESOLUTIONS] = TaskKind.CONFIRM_RESOLUTIONS
    confirmed_on: date


class RecordSignature(_Act):
    """Unterschrift einer Beteiligten erfassen.

    ``co_signatory_name``: wer als Zweites unterschrieben hat, wo zwei Unterschriften nötig sind.
    ``namesake_because``: warum gleiche Namen bei zwei Beteiligten zwei Personen sind.
    ``document_id``: die unterschriebene Ausfertigung; ohne Angabe die zuletzt abgelegte.
    """

    kind: Literal[TaskKind.RECORD_SIGNATURE] = TaskKind.RECORD_SIGNATURE
    signed_on: date
    signatory_name: Line
    signatory_function: Line
    form: SignatureForm = SignatureForm.WRITTEN
    text_hash: TextHash
    co_signatory_name: Line | None = None
    co_signatory_function: Line | None = None
    namesake_because: Remark = ""
    document_id: UUID | None = None


class SubmitToAuthority(_Act):
    """Antrag oder Anzeige bei der Aufsichtsbehörde; ``received_on`` starts the clock."""

    kind: Literal[TaskKind.SUBMIT_TO_AUTHORITY] = TaskKind.SUBMIT_TO_AUTHORITY
    applied_on: date
    received_on: date


class RecordAuthorityAnswer(_Act):
    """Antwort der Aufsichtsbehörde erfassen."""

    kind: Literal[TaskKind.RECORD_AUTHORITY_ANSWER] = TaskKind.RECORD_AUTHORITY_ANSWER
    answer: AuthorityAnswer
    answered_on: date
    reference: Line | None = None
    remark: Remark = ""


class RecordPublication(_Act):
    """Bekanntmachung erfassen; ``agreed_effective_on``: a later day that was agreed."""

    kind: Literal[TaskKind.RECORD_PUBLICATION] = TaskKind.RECORD_PUBLICATION
    gazette: Line
    issue: Line
    page: Line | None = None
    published_on: date
    agreed_effective_on: date | None = None


class RecordNotice(_Act):
    """Hinweis einer Beteiligten auf die Bekanntmachung erfassen."""

    kind: Literal[TaskKind.RECORD_NOTICE] = TaskKind.RECORD_NOTICE
    published_on: date
    medium: Line


class DraftFinancePlan(_Act):
    """Kosten- und Finanzierungsplan aufstellen, mit Beschreibung und Zeitraum des Vorhabens."""

    kind: Literal[TaskKind.DRAFT_FINANCE_PLAN] = TaskKind.DRAFT_FINANCE_PLAN
    plan: FinancePlan
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Printable]
    starts_on: date
    ends_on: date
    planned_on: date


class CheckFinancePlan(_Act):
    """Kosten- und Finanzierungsplan prüfen (zweite Person)."""

    kind: Literal[TaskKind.CHECK_FINANCE_PLAN] = TaskKind.CHECK_FINANCE_PLAN
    verdict: Verdict
    checked_on: date
    remark: Remark = ""


class SubmitApplication(_Act):
    """Förderantrag einreichen, mit Eingangsbestätigung."""

    kind: Literal[TaskKind.SUBMIT_APPLICATION] = TaskKind.SUBMIT_APPLICATION
    submitted_on: date
    receipt_reference: Line


Act = Annotated[
    SubmitDraft
    | GiveStatement
    | FreezeVersion
    | RecordResolution
    | ConfirmResolutions
    | RecordSignature
    | SubmitToAuthority
    | RecordAuthorityAnswer
    | RecordPublication
    | RecordNotice
    | DraftFinancePlan
    | CheckFinancePlan
    | SubmitApplication
    | JudgeAmendment
    | SettleReservation
    | ConfirmUrgentDecision
    | CompleteAdHoc,
    Field(discriminator="kind"),
]
