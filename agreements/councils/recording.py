"""A committee has decided: what is written down, and what the body does next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from agreements import clock, course, cutoffs, tasks
from agreements.acts import RecordResolution
from agreements.councils import papers
from agreements.councils.amended import amended_hash
from agreements.councils.meetings import put_on_agenda, require_sitting
from agreements.councils.plausibility import check_votes, voting_members
from agreements.councils.referring import committee_referred_to, refer
from agreements.database.prepared import Prepared
from agreements.decision import Acting, Decision, Recorded, check_day, check_text
from agreements.errors import Refusal
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.councils import CouncilLaw, council_law
from agreements.law.days import require_reckonable
from agreements.model.base import fresh
from agreements.model.bodies import Committee, CommitteeSize
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Reservation, Resolution
from agreements.model.enums import (
    ConsultationState,
    Outcome,
    StageState,
    TaskKind,
)
from agreements.procedures.transitions import (
    CONSULTATION,
    ConsultationAction,
    ConsultationFacts,
    Who,
)
from agreements.standing import AMENDING, GOES_ON

_PAPER: Final = "recording.paper"


def record_resolution(decision: Decision, act: RecordResolution) -> Recorded:
    """A committee has decided. What follows in the body is opened at once."""
    session = decision.session
    with session.no_autoflush:  # so far only the task is done: that is written with the rest
        paper = whole_paper(session, decision.task.consultation_id)
    consultation = next(c for c in paper.consultations if c.id == decision.task.consultation_id)
    check(decision.case, consultation, act)
    action = (
        ConsultationAction.DEFER if act.outcome is Outcome.DEFERRED else ConsultationAction.HOLD
    )
    referred = committee_referred_to(session, consultation, act)
    consultation.state = CONSULTATION.judge(
        consultation.state, action, Who.HOLDER, ConsultationFacts()
    )
    resolution = add_resolution(decision, consultation, act)
    if referred is not None:
        refer(session, paper, consultation, referred)
    if consultation.role.authoritative and act.outcome not in GOES_ON:
        _overtake(decision, paper, resolution)
    follow(decision, paper, consultation, resolution, act)
    missed = cutoffs.missed_by(decision.case, act.next_meeting_on) if act.next_meeting_on else ()
    return Recorded(
        Event.RESOLUTION_RECORDED,
        act.decided_on,
        trace(consultation, resolution) | {"missed": list(missed)},
        confidential=not consultation.public,
    )


def _overtake(acting: Acting, paper: Paper, resolution: Resolution) -> None:
    """What was still to be done with the body's resolutions of earlier rounds is done with."""
    if acting.stage.number == 1:
        return
    earlier = (
        select(Resolution.id)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .join(Stage, Stage.id == Paper.stage_id)
        .where(
            Paper.case_id == acting.case.id,
            Paper.body_id == paper.body_id,
            Stage.round == acting.stage.round,
            Resolution.id != resolution.id,
        )
    )
    tasks.cancel(acting.session, Task.subject_id.in_(earlier))


def whole_paper(session: Session, consultation_id: UUID | None) -> Paper:
    """The consultation's paper with its whole Beratungsfolge, in one statement."""
    rows = _whole_paper.all(session, consultation_id=consultation_id)
    paper = rows[0][0]
    of_paper: dict[UUID, Consultation] = {}
    resolutions: dict[UUID, dict[UUID, Resolution]] = defaultdict(dict)
    sizes: dict[UUID, dict[UUID, CommitteeSize]] = defaultdict(dict)
    for _, consultation, committee, size, resolution in rows:
        of_paper[consultation.id] = consultation
        set_committed_value(consultation, "paper", paper)
        set_committed_value(consultation, "committee", committee)
        if size is not None:
            sizes[committee.id][size.id] = size
        if resolution is not None:
            resolutions[consultation.id][resolution.id] = resolution
    for consultation in of_paper.values():
        found = list(resolutions[consultation.id].values())
        set_committed_value(consultation, "resolutions", found)
        committee = consultation.committee
        set_committed_value(committee, "sizes", list(sizes[committee.id].values()))
    set_committed_value(paper, "consultations", list(of_paper.values()))
    # A session forgets what nobody holds, and the answer asks for the consultation again.
    session.info[_PAPER] = paper
    return paper


def _whole_paper_query() -> Select[Paper, Consultation, Committee, CommitteeSize, Resolution]:
    another = aliased(Consultation)
    of_it = select(another.paper_id).where(another.id == bindparam("consultation_id"))
    return (
        select(Paper, Consultation, Committee, CommitteeSize, Resolution)
        .select_from(Paper)
        .join(Consultation, Consultation.paper_id == Paper.id)
        .join(Committee, Committee.id == Consultation.committee_id)
        .outerjoin(CommitteeSize, CommitteeSize.committee_id == Committee.id)
        .outerjoin(Resolution, Resolution.consultation_id == Consultation.id)
        .where(Paper.id == of_it.scalar_subquery())
        .order_by(Consultation.position, CommitteeSize.valid_from, Resolution.id)
    )


# Of earlier resolutions only the days are looked at, of the paper not its wording; the rest is
# there when asked for.
_whole_paper: Final = Prepared(
    _whole_paper_query,
    {
        Paper: (Paper.case_id, Paper.stage_id, Paper.body_id, Paper.text_hash, Paper.number,
                Paper.dated_on, Paper.superseded_because),
        Resolution: (Resolution.decided_on, Resolution.corrects_id),
    },
)  # fmt: skip


def law_for(case: Case, paper: Paper, on: date) -> CouncilLaw:
    """The paragraphs for the body of a paper on that day."""
    return council_law(case.land, on, district=paper.body.kind.is_district)


def check(
    case: Case,
    consultation: Consultation,
    act: RecordResolution,
    instead_of: Resolution | None = None,
) -> None:
    """Refuse what cannot be: another text, impossible numbers, days that do not fit.

    instead_of: the wrong entry that this one will replace.
    """
    paper = consultation.paper
    check_text("text_hash", act.text_hash, paper.text_hash)
    require_sitting(consultation.committee, act.decided_on, "decided_on")
    check_decided_on(consultation, act.decided_on, instead_of)
    _check_particulars(consultation, act)
    check_votes(
        act,
        voting_members(consultation.committee, act.decided_on),
        consultation.committee,
        law_for(case, paper, act.decided_on),
    )


def check_decided_on(
    consultation: Consultation, day: date, instead_of: Resolution | None = None
) -> None:
    """Refuse a day before the paper's date or an earlier consultation; wrong entries count not."""
    resolutions = [r for c in consultation.paper.consultations for r in c.resolutions]
    wrong = {r.corrects_id for r in resolutions} | {instead_of.id if instead_of else None}
    check_day(
        "decided_on",
        day,
        not_before=consultation.paper.dated_on,
        why="dem Datum der Beschlussvorlage",
    )
    earlier = [
        (r.decided_on, c.committee.name)
        for c in consultation.paper.consultations
        if c.position <= consultation.position
        for r in c.resolutions
        if r.id not in wrong
    ]
    if earlier:
        last, name = max(earlier)
        check_day("decided_on", day, not_before=last, why=f"der Beratung im Gremium {name}")


def _check_particulars(consultation: Consultation, act: RecordResolution) -> None:
    authoritative = consultation.role.authoritative
    if act.outcome in AMENDING and authoritative and not act.amendments:
        raise Refusal(
            "amendments-missing",
            "Bitte angeben, was abweichend beschlossen wurde: die Stelle und der beschlossene "
            "Wortlaut.",
            "amendments",
        )
    if act.amendments and act.outcome not in AMENDING:
        raise Refusal(
            "amendments-without-change",
            "Abweichungen passen nicht zu diesem Ergebnis.",
            "outcome",
            "adopted_amended oder partly_adopted",
        )
    if act.outcome is Outcome.ADOPTED_CONDITIONALLY and not act.reservation:
        raise Refusal(
            "reservation-missing",
            "Bitte angeben, unter welchem Vorbehalt beschlossen wurde.",
            "reservation",
        )
    if act.reservation and act.outcome is not Outcome.ADOPTED_CONDITIONALLY:
        raise Refusal(
            "reservation-without-condition",
            "Ein Vorbehalt passt nur zu einem Beschluss unter Vorbehalt.",
            "outcome",
            "adopted_conditionally",
        )
    _check_going_on(consultation, act)


def _check_going_on(consultation: Consultation, act: RecordResolution) -> None:
    referred = act.outcome is Outcome.REFERRED
    if referred and consultation.role.authoritative and act.referred_to is None:
        raise Refusal(
            "referred-where",
            "Bitte angeben, an welches Gremium verwiesen wurde.",
            "referred_to",
        )
    if act.referred_to is not None and not referred:
        raise Refusal(
            "referred-without-referral",
            "Ein Gremium, an das verwiesen wurde, passt nur zum Ergebnis „verwiesen“.",
            "outcome",
            "referred",
        )
    if act.next_meeting_on is not None:
        require_reckonable(act.next_meeting_on, "next_meeting_on")
        if act.outcome is not Outcome.DEFERRED:
            raise Refusal(
                "next-meeting-without-deferral",
                "Eine nächste Sitzung passt nur zum Ergebnis „vertagt“.",
                "outcome",
                "deferred",
            )
        if act.next_meeting_on <= act.decided_on:
            raise Refusal(
                "next-meeting-too-early",
                "Die nächste Sitzung liegt nicht nach der vertagten.",
                "next_meeting_on",
                f"ein Tag nach dem {act.decided_on:%d.%m.%Y}",
            )


def add_resolution(acting: Acting, consultation: Consultation, act: RecordResolution) -> Resolution:
    """Write the resolution down; an amended one is bound to a text of its own."""
    resolution = fresh(
        Resolution,
        id=new_id(),
        consultation_id=consultation.id,
        outcome=act.outcome,
        votes_yes=act.votes.yes,
        votes_no=act.votes.no,
        votes_abstained=act.votes.abstained,
        unanimous=act.unanimous,
        members_present=act.members_present,
        members_excluded=act.members_excluded,
        decided_on=act.decided_on,
        text_hash=_resolved(consultation, act),
        wording=act.wording,
        amendments={"items": [a.model_dump() for a in act.amendments]} if act.amendments else None,
        source_text=act.source_text,
        remark=act.remark,
        sample=act.sample,
        recorded_by=acting.actor.user_id,
        recorded_at=clock.now(),
    )
    if act.meeting_number or act.agenda_item:
        item = put_on_agenda(
            acting.session, consultation, act.decided_on, act.meeting_number, act.agenda_item
        )
        resolution.agenda_item_id = item.id
    consultation.resolutions.append(resolution)
    if act.reservation:
        acting.session.add(Reservation(resolution_id=resolution.id, wording=act.reservation))
    return resolution


def _resolved(consultation: Consultation, act: RecordResolution) -> str:
    proposed = consultation.paper.text_hash
    # What a committee recommends to change binds nobody yet.
    if not act.amendments or not consultation.role.authoritative:
        return proposed
    return amended_hash(proposed, act.amendments)


def follow(
    acting: Acting,
    paper: Paper,
    consultation: Consultation,
    resolution: Resolution,
    act: RecordResolution,
) -> None:
    """Open what follows in the body from a resolution, in the same transaction."""
    session, case, stage = acting.session, acting.case, acting.stage
    if act.outcome is Outcome.DEFERRED:
        papers.open_consultation_task(
            session, case, stage, paper, consultation, act.next_meeting_on
        )
        if act.next_meeting_on is not None:
            put_on_agenda(session, consultation, act.next_meeting_on, None, None)
    elif act.outcome is Outcome.WITHDRAWN:
        for other in paper.consultations:
            if other.state in (ConsultationState.PLANNED, ConsultationState.OPEN):
                papers.cancel_consultation(session, other)
    elif not consultation.role.authoritative or act.outcome is Outcome.REFERRED:
        papers.open_next(session, case, stage, paper)
    else:
        _ASK.get(act.outcome, _nobody)(acting, consultation, resolution)


def _nobody(acting: Acting, consultation: Consultation, resolution: Resolution) -> None:
    """Nothing more is asked of anybody."""


def ask_for_judgement(acting: Acting, consultation: Consultation, resolution: Resolution) -> None:
    """Legal staff of the lead judge whether a difference is editorial or material."""
    session, case, stage = acting.session, acting.case, acting.stage
    definition = tasks.definition_of(case, stage, TaskKind.JUDGE_AMENDMENT)
    short = consultation.paper.body.forms["short"]
    for body_id in tasks.addressees(session, case, definition.of):
        tasks.open_task(
            session,
            stage,
            body_id,
            definition,
            title=f"{definition.title} ({short})",
            consultation_id=consultation.id,
            subject_id=resolution.id,
        )


def ask_for_fulfilment(acting: Acting, consultation: Consultation, resolution: Resolution) -> None:
    """The body says when its reservation is fulfilled; no signature before."""
    open_later(
        acting.session,
        acting.case,
        acting.stage,
        TaskKind.SETTLE_RESERVATION,
        consultation,
        resolution.id,
    )


_ASK: Final[Mapping[Outcome, Callable[[Acting, Consultation, Resolution], None]]] = {
    Outcome.ADOPTED_AMENDED: ask_for_judgement,
    Outcome.PARTLY_ADOPTED: ask_for_judgement,
    Outcome.ADOPTED_CONDITIONALLY: ask_for_fulfilment,
}


def open_later(
    session: Session,
    case: Case,
    stage: Stage,
    kind: TaskKind,
    consultation: Consultation,
    resolution_id: UUID,
) -> None:
    """Open a task of the body that need not be done before its stage ends.

    It belongs to the stage of the procedure that names it: that one cannot end without it.
    """
    named = papers.stage_with(session, case, kind) or stage
    # A resolution that comes after its end (of a Grundsatzbeschluss) holds its own stage.
    home = named if named.state in (StageState.NOT_DUE, *course.LIVE) else stage
    tasks.open_task(
        session,
        home,
        consultation.paper.body_id,
        tasks.definition_of(case, named, kind),
        consultation_id=consultation.id,
        subject_id=resolution_id,
    )


def trace(consultation: Consultation, resolution: Resolution) -> dict[str, object]:
    """What the journal keeps of a resolution."""
    return {
        "committee": consultation.committee.name,
        "authoritative": consultation.role.authoritative,
        "paper": consultation.paper.number,
        "resolution_id": str(resolution.id),
        "outcome": resolution.outcome.value,
        "votes": {
            "yes": resolution.votes_yes,
            "no": resolution.votes_no,
            "abstained": resolution.votes_abstained,
        },
        "text_hash": resolution.text_hash,
        "sample": resolution.sample,
    }
