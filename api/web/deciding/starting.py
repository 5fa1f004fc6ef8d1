"""What a form begins with: what is known already need not be entered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from agreements import clock, course
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.councils import Consultation
from agreements.model.enums import TaskKind
from agreements.model.funding import FinancePlanVersion
from agreements.queries.tasks import Basis
from api.web.deciding import signing
from api.web.deciding.fields import Form
from api.web.deciding.reading import Entered
from api.web.deciding.words import day

_AMOUNT: Final = re.compile(r"\d+\.\d\d")


def values(session: Session, case: Case, task: Task, form: Form, basis: Basis) -> Entered:
    """The values with which the form of a task begins."""
    known = {one.path: day(clock.today()) for one in form.fields if one.today}
    if basis.text is not None:
        known |= {"version": str(basis.text.number), "text_hash": basis.text.text_hash}
    if basis.consultation is not None:
        known |= _of_consultation(basis.consultation)
    if task.kind is TaskKind.RECORD_SIGNATURE:
        known |= signing.usual(session, task)
    if task.kind is TaskKind.DRAFT_FINANCE_PLAN:
        known |= _of_plan(basis.plan, course.parties_of(session, case))
    return {path: (value,) for path, value in known.items() if value}


def _of_consultation(consultation: Consultation) -> dict[str, str]:
    """The text that was put to the vote, and the meeting if it is over."""
    known = {"text_hash": consultation.paper.text_hash}
    held = [i for i in consultation.agenda_items if i.meeting.held_on <= clock.today()]
    if held:
        last = max(held, key=lambda item: item.meeting.held_on)
        known["decided_on"] = day(last.meeting.held_on)
        known["agenda_item"] = last.number or ""
        known["meeting_number"] = last.meeting.number or ""
    return known


def _of_plan(plan: FinancePlanVersion | None, parties: Sequence[Body]) -> dict[str, str]:
    """A plan that was given back, to be changed; one own contribution for each party."""
    known: dict[str, str] = {}
    paid: dict[str, str] = {}
    if plan is not None:
        known |= {"description": plan.description, "plan.grant": german(plan.plan["grant"])}
        known |= {"starts_on": day(plan.starts_on), "ends_on": day(plan.ends_on)}
        paid = {own["ags"]: german(own["amount"]) for own in plan.plan["own_contributions"]}
        for entries in ("items", "other", "years"):
            for number, entry in enumerate(plan.plan.get(entries, ())):
                known |= {
                    f"plan.{entries}.{number}.{key}": german(value) for key, value in entry.items()
                }
    for number, body in enumerate(parties):
        row = {"ags": body.ags, "name": body.name, "amount": paid.get(body.ags, "")}
        known |= {f"plan.own_contributions.{number}.{key}": said for key, said in row.items()}
    return known


def german(value: object) -> str:
    """A value of a stored plan as it is entered: amounts with a comma."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text.replace(".", ",") if _AMOUNT.fullmatch(text) else text
