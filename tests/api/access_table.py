"""Who may use which endpoint on what belongs to Kamen: read by ``test_access_of_every_endpoint``.

A new endpoint needs a line here, else that test fails. The prepared case lies before the first
committees; Schwerte leads, the Kreis applies, Kamen and Bergkamen take part, Lünen does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Actor -> account. Those of Kamen first: what the tests touch is Kamen's.
ACTORS: Final[Mapping[str, str | None]] = {
    "own clerk": "sb.kamen",
    "own legal": "recht.kamen",
    "own signatory": "unterschrift.kamen",
    "own treasurer": "kaemmerer.kamen",
    "own supervisor": "leitung.kamen",
    "other clerk": "sb.bergkamen",
    "other legal": "recht.bergkamen",
    "other signatory": "unterschrift.bergkamen",
    "lead clerk": "sb.schwerte",
    "lead legal": "recht.schwerte",
    "applicant's treasurer": "kaemmerer.kreis-unna",
    "stranger's clerk": "sb.luenen",
    "stranger's legal": "recht.luenen",
    "admin": "admin",
    "authority": "aufsicht",
    "nobody": None,
}
EVERYBODY: Final = frozenset(ACTORS)
SIGNED_IN: Final = EVERYBODY - {"nobody"}
OWN: Final = frozenset(actor for actor in ACTORS if actor.startswith("own"))
PARTIES: Final = SIGNED_IN - {"stranger's clerk", "stranger's legal", "admin", "authority"}
LEGAL: Final = frozenset(("own legal", "other legal", "lead legal"))


@dataclass(frozen=True, slots=True)
class Access:
    """who: gets an answer; all others get 401, 403 or 404, and nothing changes.

    absent: the code of an answer that says only that there is nothing of the kind in the case.
    """

    who: frozenset[str]
    absent: str | None = None


def _only(*actors: str) -> Access:
    return Access(frozenset(actors))


PUBLIC: Final = Access(EVERYBODY)
SELF: Final = Access(SIGNED_IN)  # one's own things, or lists of what one sees
CASE: Final = Access(PARTIES | {"admin"})  # the course of a case
PARTY: Final = Access(PARTIES)  # texts and decisions; of other bodies only what is theirs
BODY: Final = Access(OWN | LEGAL)  # what belongs to one body
FUNDING: Final = Access(LEGAL | {"applicant's treasurer"})
OPERATOR: Final = _only("admin", "lead legal")
ADMIN: Final = _only("admin")
KEEPER: Final = _only("own legal", "admin")
LEAD_LEGAL: Final = _only("lead legal")
# A decision belongs to those who hold the task's role for its body.
CLERK: Final = _only("own clerk")
OWN_LEGAL: Final = _only("own legal")
SIGNATORY: Final = _only("own signatory")
TREASURER: Final = _only("own treasurer")
OFFICE: Final = _only("own clerk", "own legal")
CALENDAR_KEEPER: Final = _only("own clerk", "own legal", "admin")
SUPERVISOR: Final = _only("own supervisor")
# Of one person in one body: what their supervisors and the administration look after.
PLANNER: Final = _only("own clerk", "own supervisor")
HEAD: Final = _only("own supervisor", "admin")
ABSENT: Final = _only("own clerk", "own supervisor", "admin")

_CASE: Final = "/api/v1/cases/{reference}"
TABLE: Final[Mapping[tuple[str, str], Access]] = {
    ("get", "/api/v1/health"): PUBLIC,
    ("post", "/api/v1/session"): PUBLIC,
    ("delete", "/api/v1/session"): SELF,
    ("get", "/api/v1/me"): SELF,
    ("get", "/api/v1/tokens"): SELF,
    ("post", "/api/v1/tokens"): SELF,
    ("delete", "/api/v1/tokens/{token_id}"): CLERK,
    ("get", "/api/v1/me/mails"): SELF,
    ("get", "/api/v1/me/mail-rhythm"): SELF,
    ("put", "/api/v1/me/mail-rhythm"): SELF,
    ("get", "/api/v1/mails"): ADMIN,
    ("post", "/api/v1/mails/{mail_id}/retry"): ADMIN,
    ("get", "/api/v1/calendars"): SELF,
    ("post", "/api/v1/calendars"): SELF,
    ("delete", "/api/v1/calendars/{calendar_id}"): CLERK,
    ("get", "/api/v1/calendars/{secret}.ics"): PUBLIC,
    ("get", "/api/v1/bodies"): SELF,
    ("get", "/api/v1/bodies/{ags}"): SELF,
    # Whoever keeps the body's committees; which there are is public.
    ("post", "/api/v1/bodies/{ags}/committees"): KEEPER,
    ("post", "/api/v1/bodies/{ags}/committees/ending"): KEEPER,
    ("get", "/api/v1/bodies/{ags}/signatories"): SELF,
    ("post", "/api/v1/bodies/{ags}/signatories"): KEEPER,
    ("post", "/api/v1/bodies/{ags}/signatories/ending"): KEEPER,
    ("post", f"{_CASE}/bodies/{{ags}}/committees/adaptation"): OFFICE,
    ("get", "/api/v1/bodies/{ags}/calendar"): SELF,
    ("get", "/api/v1/bodies/{ags}/changes"): Access(OWN | {"admin"}),
    ("post", "/api/v1/bodies/{ags}/invitation-period"): CALENDAR_KEEPER,
    ("post", "/api/v1/bodies/{ags}/session-free-periods"): CALENDAR_KEEPER,
    ("delete", "/api/v1/bodies/{ags}/session-free-periods/{period_id}"): CALENDAR_KEEPER,
    ("post", "/api/v1/results/read"): SELF,
    ("get", "/api/v1/templates"): SELF,
    ("get", "/api/v1/templates/{template_id}"): SELF,
    ("get", "/api/v1/templates/{template_id}/file"): SELF,
    # Those of a body belong to its legal office.
    ("post", "/api/v1/templates/{template_id}/versions"): OWN_LEGAL,
    ("post", "/api/v1/templates/{template_id}/rollback"): OWN_LEGAL,
    ("get", "/api/v1/template-versions/{version_id}/content"): OWN_LEGAL,
    ("get", "/api/v1/template-versions/{version_id}/preview"): OWN_LEGAL,
    ("post", "/api/v1/template-versions/{version_id}/release"): OWN_LEGAL,
    ("post", "/api/v1/cases"): LEAD_LEGAL,
    ("get", "/api/v1/cases"): SELF,
    ("get", _CASE): CASE,
    ("get", f"{_CASE}/missing"): CASE,
    ("get", f"{_CASE}/journal"): CASE,
    ("get", f"{_CASE}/journal/export"): CASE,
    ("post", f"{_CASE}/stages/{{stage_id}}/lift-halt"): OPERATOR,
    ("get", f"{_CASE}/detours"): CASE,
    **{
        ("post", f"{_CASE}/detours/{way}"): LEAD_LEGAL
        for way in (
            "decide-again",
            "reopen-text",
            "new-round",
            "repeat-stage",
            "leave-party",
            "join-party",
            "withdraw-case",
        )
    },
    ("post", f"{_CASE}/tasks"): LEAD_LEGAL,
    ("post", f"{_CASE}/tasks/{{task_id}}/cancellation"): LEAD_LEGAL,
    ("get", f"{_CASE}/clauses"): PARTY,
    ("get", f"{_CASE}/versions"): PARTY,
    ("post", f"{_CASE}/versions"): LEAD_LEGAL,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}"): PARTY,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}/compare/{{other}}"): PARTY,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}/compare/{{other}}/page"): PARTY,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}/compare/{{other}}/table"): PARTY,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}/compare/{{other}}/word"): PARTY,
    ("get", f"{_CASE}/versions/{{kind}}/{{number}}/word"): PARTY,
    ("post", f"{_CASE}/versions/{{kind}}/{{number}}/word"): LEAD_LEGAL,
    ("get", f"{_CASE}/proposals"): PARTY,
    ("post", f"{_CASE}/proposals"): OFFICE,
    ("get", f"{_CASE}/proposals/uploads/{{upload_id}}/content"): BODY,
    ("post", f"{_CASE}/proposals/{{number}}/decision"): LEAD_LEGAL,
    ("post", f"{_CASE}/proposals/adoption"): LEAD_LEGAL,
    ("get", f"{_CASE}/statements"): PARTY,
    ("get", "/api/v1/tasks"): SELF,
    ("post", "/api/v1/tasks/bulk"): SELF,  # each task is judged on its own
    ("get", f"{_CASE}/tasks"): CASE,
    ("get", "/api/v1/bodies/{ags}/tasks"): HEAD,
    ("get", "/api/v1/tasks/{task_id}"): BODY,
    ("post", "/api/v1/tasks/{task_id}/claim"): CLERK,
    ("post", "/api/v1/tasks/{task_id}/release"): CLERK,
    ("post", "/api/v1/tasks/{task_id}/complete"): CLERK,
    ("get", "/api/v1/tasks/{task_id}/due-date"): BODY,
    ("post", "/api/v1/tasks/{task_id}/due-date"): _only(
        "own clerk", "own supervisor", "lead legal"
    ),
    ("post", "/api/v1/tasks/{task_id}/planning"): PLANNER,
    ("get", "/api/v1/tasks/{task_id}/comments"): BODY,
    ("post", "/api/v1/tasks/{task_id}/comments"): BODY,
    ("get", "/api/v1/tasks/{task_id}/attachments"): BODY,
    ("post", "/api/v1/tasks/{task_id}/attachments"): BODY,
    ("delete", "/api/v1/tasks/{task_id}/attachments/{attachment_id}"): PLANNER,
    ("get", "/api/v1/attachments/{attachment_id}/content"): BODY,
    ("get", "/api/v1/filters"): SELF,
    ("post", "/api/v1/filters"): SELF,
    ("delete", "/api/v1/filters/{filter_id}"): CLERK,  # one's own
    ("post", "/api/v1/tasks/{task_id}/assign"): SUPERVISOR,
    ("post", "/api/v1/tasks/{task_id}/reassign"): SUPERVISOR,
    ("post", "/api/v1/tasks/{task_id}/delegate"): CLERK,
    ("post", "/api/v1/tasks/{task_id}/hand-back"): CLERK,
    ("get", "/api/v1/absences"): SELF,
    ("post", "/api/v1/absences"): SELF,
    # The absence of Kamen's clerk.
    ("get", "/api/v1/absences/{absence_id}/changes"): ABSENT,
    ("post", "/api/v1/absences/{absence_id}/end"): ABSENT,
    ("post", "/api/v1/absences/{absence_id}/substitutions"): ABSENT,
    ("post", "/api/v1/absences/{absence_id}/substitutions/{substitution_id}/end"): ABSENT,
    ("get", "/api/v1/bodies/{ags}/absences"): HEAD,
    ("post", "/api/v1/bodies/{ags}/handover"): HEAD,
    ("get", f"{_CASE}/resolutions"): PARTY,
    ("post", f"{_CASE}/resolutions"): CLERK,
    **{
        ("post", f"{_CASE}/resolutions/{{resolution_id}}/{act}"): OFFICE
        for act in ("objection", "objection/lifting", "revocation", "correction", "extract")
    },
    ("post", f"{_CASE}/resolutions/{{resolution_id}}/annulment"): _only("own legal", "lead legal"),
    ("post", f"{_CASE}/consultations/{{consultation_id}}/meeting"): OFFICE,
    ("post", f"{_CASE}/urgent-decisions"): CLERK,
    ("post", f"{_CASE}/urgent-decisions/confirmation"): CLERK,
    ("post", f"{_CASE}/reservations/settlement"): CLERK,
    ("post", f"{_CASE}/reconciliations"): OWN_LEGAL,
    ("get", f"{_CASE}/reconciliations/{{resolution_id}}/synopsis"): BODY,
    ("get", f"{_CASE}/confidants"): PARTY,
    ("post", f"{_CASE}/confidants"): OFFICE,
    # Whoever is named may step back.
    ("delete", f"{_CASE}/confidants/{{confidant_id}}"): _only(
        "own clerk", "own legal", "lead legal"
    ),
    ("get", f"{_CASE}/exclusions"): PARTY,
    ("post", f"{_CASE}/exclusions"): OFFICE,
    ("get", f"{_CASE}/signatures"): PARTY,
    ("post", f"{_CASE}/signatures"): SIGNATORY,
    ("get", f"{_CASE}/signing"): PARTY,
    ("post", f"{_CASE}/signing/print-set"): PARTY,
    ("post", f"{_CASE}/signing/copies"): _only("own clerk", "own legal", "own signatory"),
    ("post", f"{_CASE}/signing/copies/{{document_id}}/confirmation"): _only(
        "own legal", "lead legal"
    ),
    ("get", f"{_CASE}/approval"): PARTY,
    ("post", f"{_CASE}/approval/submission"): OWN_LEGAL,
    ("post", f"{_CASE}/approval/answer"): OWN_LEGAL,
    ("get", f"{_CASE}/publication"): Access(PARTIES, "not-published"),
    ("post", f"{_CASE}/publication"): OWN_LEGAL,
    ("get", f"{_CASE}/notices"): PARTY,
    ("post", f"{_CASE}/notices"): CLERK,
    ("get", f"{_CASE}/finance-plan"): FUNDING,
    ("post", f"{_CASE}/finance-plan"): OWN_LEGAL,
    ("post", f"{_CASE}/finance-plan/check"): TREASURER,
    ("get", f"{_CASE}/application"): FUNDING,
    ("post", f"{_CASE}/application"): OWN_LEGAL,
    ("get", f"{_CASE}/documents"): PARTY,
    ("get", f"{_CASE}/document-kinds"): PARTY,
    # What is written for one body; others are asked for by the lead.
    ("post", f"{_CASE}/documents/{{document_kind}}"): OWN_LEGAL,
    ("get", "/api/v1/documents/{document_id}/content"): BODY,
    # Kamen's is an uploaded text, and nothing is there to be signed.
    ("get", "/api/v1/documents/{document_id}/pdf"): Access(OWN | LEGAL, "no-pdf"),
    ("get", f"{_CASE}/bundles/{{bundle}}/{{form}}"): Access(PARTIES, "nothing-to-bundle"),
}
