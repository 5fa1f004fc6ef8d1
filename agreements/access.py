"""What a person may see, from role and body: the one place that decides it.

Here a case, a task or a document is found together with what the person sees of it (``sights``).
Whoever stands in for somebody sees what that role sees, but was not named in their place. What
cannot be seen does not exist for that person (404). Who may *do* something is judged by the use
cases, from the task's role and body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from agreements import substitution
from agreements.database.prepared import Prepared, prepared
from agreements.errors import NotFound
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Task
from agreements.model.councils import Confidant, Consultation, Paper
from agreements.model.records import Document
from agreements.people import Actor
from agreements.sights import PartyRow, Sight, may_read, sight_among

# A row that ends with the case's parties.
Found = tuple[Any, ...]


def visible_case(
    session: Session,
    actor: Actor,
    reference: str,
    *,
    lock: bool = False,
    in_a_task: bool = False,
) -> tuple[Case, Sight]:
    """The case of that file reference and what the actor sees of it.

    lock: for an act; the case is locked until the end of the transaction. in_a_task: the act
    belongs to a task, so what the actor sees by standing in for somebody adds nothing.
    """
    standing_in = _never if in_a_task else _always
    found = _with_sight(session, actor, _case[lock], standing_in, reference=reference)
    if found is None:
        raise NotFound("case-unknown", f"Den Vorgang {reference} gibt es nicht.")
    row, sight = found
    case: Case = row[0]
    return case, sight


def _case_query() -> Select[*tuple[Any, ...]]:
    return select(Case, _parties()).where(Case.reference == bindparam("reference"))


_case: Final = {
    False: Prepared(_case_query),
    True: Prepared(lambda: _locking(_case_query())),
}


def visible_task(
    session: Session, actor: Actor, task_id: UUID, *, lock: bool = False
) -> tuple[Task, Case, Sight]:
    """The task, its case and what the actor sees of that. lock: locks the case.

    Who had to wait for the lock sees the task as it was before: read it again to change it.
    """

    def by_standing_in(row: Found) -> bool:
        return not actor.holds(row[0].role, row[0].body_id)

    found = _with_sight(session, actor, _task[lock], by_standing_in, task_id=task_id)
    if found is None or not _sees(found[1], found[0][0].body_id, found[0][2], found[0][3]):
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    row, sight = found
    return row[0], row[1], sight


def case_of_task(session: Session, actor: Actor, task_id: UUID) -> tuple[Case, Sight]:
    """The case of a visible task, locked for a decision, and what the actor sees of it.

    The task itself is to be read under the lock: who had to wait for it has seen an older one.
    """

    def by_standing_in(row: Found) -> bool:
        return not actor.holds(row[4], row[0])

    found = _with_sight(session, actor, _task_to_lock, by_standing_in, task_id=task_id)
    if found is None or not _sees(found[1], found[0][0], found[0][2], found[0][3]):
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    row, sight = found
    return row[1], sight


def _task_query() -> Select[*tuple[Any, ...]]:
    return _of_task(select(Task, Case, Consultation.public, Paper.body_id, _parties()))


_task: Final = {
    False: Prepared(_task_query),
    True: Prepared(lambda: _locking(_task_query())),
}


@prepared
def _task_to_lock() -> Select[*tuple[Any, ...]]:
    columns = select(Task.body_id, Case, Consultation.public, Paper.body_id, Task.role, _parties())
    return _locking(_of_task(columns))


def _of_task(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Consultation, Consultation.id == Task.consultation_id)
        .outerjoin(Paper, Paper.id == Consultation.paper_id)
        .where(Task.id == bindparam("task_id"))
    )


def _locking(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    # As in ``course.locked_case``.
    return query.with_for_update(of=Case, key_share=True)


def _sees(sight: Sight, body_id: UUID, public: bool | None, consulted: UUID | None) -> bool:
    """``consulted`` is the body whose consultation the task of ``body_id`` is about."""
    if public is False and not sight.in_confidence(consulted):
        # Whoever has to act on it must see that they have to; the basis stays closed.
        return body_id in sight.bodies
    return sight.concerns(body_id)


def sees_task(session: Session, sight: Sight, task: Task) -> bool:
    """Whether a task of the case is visible."""
    if task.body_id in sight.bodies:
        return True
    if task.consultation_id is None:
        return sight.concerns(task.body_id)
    consultation = session.get_one(Consultation, task.consultation_id)
    return _sees(sight, task.body_id, consultation.public, consultation.paper.body_id)


def visible_document(session: Session, actor: Actor, document_id: UUID) -> Document:
    """The document, if the actor may read it."""
    found = _with_sight(session, actor, _document, _always, document_id=document_id)
    if found is None or not may_read(found[1], found[0][0]):
        raise NotFound("document-unknown", "Dieses Dokument gibt es nicht.")
    row, _ = found
    document: Document = row[0]
    return document


@prepared
def _document() -> Select[*tuple[Any, ...]]:
    return (
        select(Document, Case, _parties())
        .join(Case, Case.id == Document.case_id)
        .where(Document.id == bindparam("document_id"))
    )


def _always(_: object) -> bool:
    return True


def _never(_: object) -> bool:
    return False


def _parties() -> ColumnElement[list[Any]]:
    """The case's parties in one value: body, roles, whether it has named the person."""
    named = exists().where(
        Confidant.case_id == Party.case_id,
        Confidant.body_id == Party.body_id,
        Confidant.user_id == bindparam("actor_id"),
        Confidant.ended_at.is_(None),
    )
    each = func.json_build_array(Party.body_id, Party.roles, named)
    return select(func.json_agg(each)).where(Party.case_id == Case.id).scalar_subquery()


def _with_sight(
    session: Session,
    actor: Actor,
    query: Prepared[*tuple[Any, ...]],
    by_standing_in: Callable[[Found], bool],
    **parameters: object,
) -> tuple[Found, Sight] | None:
    """The one row of a query that ends with ``_parties``, and what the actor sees of its case.

    by_standing_in: whether to ask, in a further statement, for whom the actor stands in.
    """
    row = query.first(session, actor_id=actor.user_id, **parameters)
    if row is None:
        return None
    parties: list[PartyRow] = [(UUID(body), roles, named) for body, roles, named in row[-1]]
    sight = sight_among(actor, parties)
    # Who stands in for somebody is of the same body, so there is nothing to widen without one.
    if sight is not None and sight.bodies and not sight.whole and by_standing_in(row):
        duties = substitution.stood_in_duties(session, actor)
        wider = substitution.widened(actor, duties, _case_id(row))
        sight = sight_among(wider, parties) or sight
    return (row, sight) if sight is not None else None


def _case_id(row: Found) -> UUID:
    found: UUID = next(value.id for value in row if isinstance(value, Case))
    return found


def tasks_of_body(session: Session, actor: Actor, ags: str) -> UUID:
    """The body whose tasks the actor distributes, for lists of all of them; refuses others."""
    body_id = session.scalar(select(Body.id).where(Body.ags == ags))
    if body_id is None:
        raise NotFound("body-unknown", f"Eine Körperschaft {ags} gibt es nicht.")
    substitution.require_supervisor(session, actor, body_id)
    return body_id
