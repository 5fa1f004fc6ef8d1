"""Starting a case: who takes part, by which law and procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from agreements import clock, course, journal, substitution
from agreements.decision import check_day
from agreements.errors import Refusal
from agreements.funding.programme import load_programmes
from agreements.glossary import label
from agreements.journal import Event
from agreements.law.instruments import Instrument
from agreements.law.rules import (
    effect_rule,
    law_of,
    publication_required,
    supervisory_requirement,
)
from agreements.law.tables import Publisher, RequirementKind, Trigger
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.enums import Condition, KreistagOrder, PartyRole, Role
from agreements.people import Actor
from agreements.procedures.definition import Procedure, latest
from agreements.texts import Printable

PROCEDURE = "cooperation-agreement"

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), Printable
]
Subject = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), Printable
]
Ags = Annotated[str, StringConstraints(pattern=r"^(\d{5}|\d{8})$")]


class StartCase(BaseModel):
    """Einen Vorgang beginnen. Bodies are named by their AGS.

    ``retrospective``: the case is recorded afterwards; the machine's dates then follow the
    acts' legal dates instead of today.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Title
    subject: Subject
    instrument: Instrument = Instrument.MANDATING_AGREEMENT
    parties: tuple[Ags, ...] = Field(min_length=2, max_length=100)
    lead: Ags
    applicant: Ags | None = None
    performing: Ags | None = None
    principle_round: bool = False
    kreistag_order: KreistagOrder = KreistagOrder.AFTER_COUNCILS
    programme: str | None = None
    started_on: date
    retrospective: bool = False


def _as_starter(session: Session, actor: Actor, lead: Body, parties: Iterable[Body]) -> Actor:
    """The actor as legal staff of the lead, of their own or in place of one who is away."""
    acting = substitution.acting(session, actor, Role.LEGAL, lead.id)
    others = acting.party_bodies() & {body.id for body in parties} - {lead.id}
    if acting.on_behalf_of is not None and others:
        raise substitution.two_parties()
    return acting


def start(session: Session, actor: Actor, wanted: StartCase) -> Case:
    """Start a case. Only legal staff of the lead; refuses before anything is written."""
    bodies = _bodies(session, wanted)
    lead = bodies[wanted.lead]
    actor = _as_starter(session, actor, lead, bodies.values())
    actor.require(
        actor.holds(Role.LEGAL, lead.id),
        "Einen Vorgang beginnt das Rechtsamt der federführenden Körperschaft.",
    )
    check_day("started_on", wanted.started_on)
    procedure = _procedure(wanted)
    conditions = _conditions(wanted, list(bodies.values()), lead.land)
    case = Case(
        reference=_next_reference(session, wanted.started_on.year),
        title=wanted.title,
        subject=wanted.subject,
        instrument=wanted.instrument,
        land=lead.land,
        procedure=procedure.id,
        procedure_version=procedure.version,
        principle_round=wanted.principle_round,
        kreistag_order=wanted.kreistag_order,
        conditions=sorted(conditions),
        programme=wanted.programme,
        retrospective=wanted.retrospective,
        started_on=wanted.started_on,
        started_at=clock.now(),
        started_by=actor.user_id,
        journal_number=0,
        journal_hash="",
    )
    session.add(case)
    session.flush()
    _add_parties(session, case, wanted, bodies)
    journal.append(
        session,
        case,
        Event.CASE_STARTED,
        actor,
        legal_date=wanted.started_on,
        body_id=lead.id,
        data=wanted.model_dump(mode="json"),
    )
    course.judge(session, case)
    return case


def _bodies(session: Session, wanted: StartCase) -> dict[str, Body]:
    doubled = [ags for ags, count in Counter(wanted.parties).items() if count > 1]
    if doubled:
        raise Refusal(
            "party-doubled", f"Mehrfach als Beteiligte genannt: {', '.join(doubled)}.", "parties"
        )
    found = {
        body.ags: body for body in session.scalars(select(Body).where(Body.ags.in_(wanted.parties)))
    }
    if unknown := [ags for ags in wanted.parties if ags not in found]:
        raise Refusal(
            "party-unknown",
            f"Unbekannte Körperschaft: {', '.join(unknown)}. Mit „vereinbar region add“ wird ein "
            "Kreis mit seinen Gemeinden angelegt.",
            "parties",
        )
    for field in ("lead", "applicant", "performing"):
        ags = getattr(wanted, field)
        if ags is not None and ags not in found:
            raise Refusal(
                f"{field}-not-a-party",
                f"Die {_FIELD_WORDS[field]} Körperschaft ({ags}) ist nicht unter den Beteiligten.",
                field,
                ", ".join(wanted.parties),
            )
    return {ags: found[ags] for ags in wanted.parties}


_FIELD_WORDS = {
    "lead": "federführende",
    "applicant": "antragstellende",
    "performing": "durchführende",
}


def _procedure(wanted: StartCase) -> Procedure:
    procedure = latest(PROCEDURE)
    if wanted.instrument not in procedure.instruments:
        raise Refusal(
            "instrument-not-served",
            f"Das Verfahren „{procedure.title}“ ist für diese Rechtsform nicht vorgesehen: "
            f"{label(wanted.instrument)}.",
            "instrument",
            ", ".join(instrument.value for instrument in procedure.instruments),
        )
    if wanted.programme is not None and wanted.programme not in load_programmes():
        raise Refusal(
            "programme-unknown",
            f"Das Förderprogramm „{wanted.programme}“ ist nicht hinterlegt.",
            "programme",
            ", ".join(load_programmes()),
        )
    if wanted.programme is not None and wanted.applicant is None:
        raise Refusal(
            "applicant-missing",
            "Für einen Förderantrag muss eine antragstellende Körperschaft genannt sein.",
            "applicant",
            ", ".join(wanted.parties),
        )
    return procedure


def _conditions(wanted: StartCase, bodies: Sequence[Body], land: str) -> set[Condition]:
    law = law_of(land, wanted.started_on)
    requirement = supervisory_requirement(law, wanted.instrument)
    publication = publication_required(law, wanted.instrument)
    if effect_rule(law, wanted.instrument).trigger is Trigger.LAST_NOTICE:
        raise Refusal(
            "effect-not-served",
            f"In {law.name} richtet sich das Wirksamwerden nach der letzten Bekanntmachung der "
            "Beteiligten; das führt dieses Verfahren noch nicht.",
            "instrument",
        )
    first = wanted.kreistag_order is KreistagOrder.BEFORE_COUNCILS
    holds = {
        Condition.PRINCIPLE_ROUND: wanted.principle_round,
        Condition.NO_PRINCIPLE_ROUND: not wanted.principle_round,
        Condition.KREISTAG_FIRST: first,
        Condition.KREISTAG_LAST: not first,
        Condition.DISTRICT_TAKES_PART: any(b.kind.is_district for b in bodies),
        Condition.MUNICIPALITY_TAKES_PART: any(not b.kind.is_district for b in bodies),
        Condition.AUTHORITY_INVOLVED: requirement.kind is not RequirementKind.NONE,
        Condition.PUBLICATION_REQUIRED: publication.publisher is not Publisher.NOBODY,
        Condition.FUNDING_WANTED: wanted.programme is not None,
    }
    return {condition for condition, true in holds.items() if true}


def conditions_now(session: Session, case: Case) -> set[Condition]:
    """The case's conditions with the parties that take part now.

    What the law asked for when the case began stays: it is judged again at each step.
    """
    bodies = course.parties_of(session, case)
    depending = {
        Condition.DISTRICT_TAKES_PART: any(b.kind.is_district for b in bodies),
        Condition.MUNICIPALITY_TAKES_PART: any(not b.kind.is_district for b in bodies),
    }
    kept = {condition for condition in case.conditions if condition not in depending}
    return kept | {condition for condition, holds in depending.items() if holds}


def _next_reference(session: Session, year: int) -> str:
    # References count without gaps per year, so two starts must not read the same last one.
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"case-reference-{year}"}
    )
    last = session.scalar(
        select(func.max(Case.reference)).where(Case.reference.like(f"IKZ-{year}-%"))
    )
    number = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"IKZ-{year}-{number:04d}"


def _add_parties(session: Session, case: Case, wanted: StartCase, bodies: dict[str, Body]) -> None:
    performing = wanted.performing or wanted.lead
    for position, (ags, body) in enumerate(bodies.items(), start=1):
        roles = [
            role
            for role, holder in (
                (PartyRole.LEAD, wanted.lead),
                (PartyRole.APPLICANT, wanted.applicant),
                (PartyRole.PERFORMING, performing),
            )
            if holder == ags
        ]
        session.add(
            Party(
                case_id=case.id,
                body_id=body.id,
                position=position,
                roles=roles or [PartyRole.MEMBER],
                joined_on=case.started_on,
            )
        )
