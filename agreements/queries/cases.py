"""Cases as lists and headers, and what is missing in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnClause, false, literal_column, or_, select
from sqlalchemy.orm import Session

from agreements import course, sights
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage
from agreements.model.enums import CaseState, PartyRole, StageState
from agreements.model.records import JournalEntry
from agreements.people import Actor
from agreements.procedures.progress import progress
from agreements.queries.paging import Page, after, page_of
from agreements.sights import Sight

# The very expression of the index ix_cases_search; with bound blanks it would not be used.
_SEARCHED: Final[ColumnClause[str]] = literal_column(
    "(cases.reference || ' ' || cases.title || ' ' || cases.subject)"
)
_OVER = (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    case: Case
    lead: Body


def cases(
    session: Session,
    actor: Actor,
    *,
    search: str | None,
    state: CaseState | None,
    cursor: str | None,
    limit: int,
) -> Page[CaseLine]:
    """The cases that the actor sees, newest first."""
    query = (
        select(Case, Body)
        .join(Party, Party.case_id == Case.id)
        .join(Body, Body.id == Party.body_id)
        .where(sights.cases_of(actor), Party.roles.contains([PartyRole.LEAD]))
        .order_by(Case.id.desc())
        .limit(limit + 1)
    )
    if search:
        pattern = "%" + search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        # Contained as it stands, or spelt nearly so (word similarity of pg_trgm). Numbers are
        # meant exactly: one file reference is not nearly another.
        nearly = _SEARCHED.op("%>")(search) if not any(map(str.isdigit, search)) else false()
        query = query.where(or_(_SEARCHED.ilike(pattern), nearly))
    if state is not None:
        query = query.where(Case.state == state)
    last = after(cursor, UUID)
    if last is not None:
        query = query.where(Case.id < last)
    lines = [CaseLine(case, lead) for case, lead in session.execute(query)]
    return page_of(lines, limit, lambda line: line.case.id)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stage still lacks, in sentences. obstacle: why it cannot end as things stand."""

    stage: Stage
    title: str
    sentences: tuple[str, ...]
    obstacle: str | None


def missing(session: Session, case: Case) -> list[Missing]:
    """For every stage that is not over: who has to do what, as ``progress`` sees it now."""
    procedure = course.procedure_of(case)
    stages = course.stages_of(session, case)
    facts = course.facts_of(session, case, stages)
    judged = progress(procedure, facts)
    return [
        Missing(
            stages[key],
            procedure.stage(key).title,
            facts.stages[key].missing or (now.reason,),
            facts.stages[key].obstacle,
        )
        for key, now in judged.items()
        if now.state not in _OVER
    ]


def past_rounds(session: Session, case: Case) -> list[Stage]:
    """The stages that a later round has replaced, in the order of the procedure."""
    rows = session.scalars(
        select(Stage).where(Stage.case_id == case.id).order_by(Stage.position, Stage.number)
    ).all()
    latest = {stage.key: stage.id for stage in rows}
    return [stage for stage in rows if latest[stage.key] != stage.id]


def journal(
    session: Session, actor: Actor, case: Case, sight: Sight, *, cursor: str | None, limit: int
) -> Page[tuple[JournalEntry, Body | None]]:
    """The entries of a case's journal that the actor sees, oldest first."""
    rows = session.execute(
        select(JournalEntry, Body)
        .outerjoin(Body, Body.id == JournalEntry.body_id)
        .where(
            JournalEntry.case_id == case.id,
            JournalEntry.number > (after(cursor, int) or 0),
            sights.journal_of(actor, sight),
        )
        .order_by(JournalEntry.number)
        .limit(limit + 1)
    ).all()
    return page_of([(row[0], row[1]) for row in rows], limit, lambda row: row[0].number)
