"""Lists of open tasks: a person's inbox, all of a body for its supervisor, all of a case.

One statement a page, and one more for a search, however many tasks are open. For each duty and
each step of the order an index gives the first rows after the cursor; of these the first make the
page, and only they are joined with what is shown. So a page costs by its size and the duties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    Tuple,
    and_,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from agreements import access, clock, searching, sights, substitution
from agreements.filters import FollowUp, InboxOrder, InboxQuery
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import Priority, Role, TaskState
from agreements.model.people import User
from agreements.people import PARTY_ROLES, Actor
from agreements.queries.paging import Page, Place, invalid_unless, place
from agreements.queries.tasks import TaskLine, lines
from agreements.sights import Sight
from agreements.substitution import StoodIn

# As the partial indexes say it; a bound value would not be recognised in a prepared plan.
_OPEN: Final = Task.state == literal_column(f"'{TaskState.OPEN.value}'")
# The very expression of the index ix_tasks_inbox_due.
_DUE: Final = literal_column("coalesce(tasks.due_on, 'infinity'::date)", Date)
_NEVER: Final = "infinity"
# To read so many takes about as long as a search in the index over 100,000.
_FEW: Final = 1000
_RANKS: Final = (Priority.HIGH, Priority.NORMAL, Priority.LOW)

Conditions = list[ColumnElement[bool]]


def inbox(
    session: Session, actor: Actor, query: InboxQuery, *, cursor: str | None, limit: int
) -> Page[TaskLine]:
    """The open tasks that the person may complete, of their own or in place of others."""
    own = frozenset((role, body) for role, body in actor.duties if body and role in PARTY_ROLES)
    stood_in = [
        duty
        for duty in substitution.stood_in_duties(session, actor)
        if duty.role in PARTY_ROLES and (duty.role, duty.body_id) not in own
    ]
    among = []
    if query.standing_in is not True:
        among += [_of(role, body) for role, body in own if query.role in (None, role)]
    if query.standing_in is not False:
        among += [_stood_in(duty) for duty in stood_in if query.role in (None, duty.role)]
    page = _page(session, among, _narrowed(actor, query), query, cursor, limit)
    items = tuple(
        replace(line, for_whom=_for_whom(line.task, own, stood_in)) for line in page.items
    )
    return replace(page, items=items)


def _stood_in(duty: StoodIn) -> ColumnElement[bool]:
    within = _of(duty.role, duty.body_id)
    return within if duty.case_id is None else and_(within, Task.case_id == duty.case_id)


def _for_whom(
    task: Task, own: frozenset[tuple[Role, UUID]], stood_in: Sequence[StoodIn]
) -> str | None:
    """In whose place the person may do it, as ``substitution.standing_in_for`` chooses."""
    if (task.role, task.body_id) in own:
        return None
    reaching = [d for d in stood_in if d.reaches(task.role, task.body_id, task.case_id)]
    # Of several, the one whose work it is already.
    first = min(reaching, key=lambda d: (d.user_id != task.claimed_by, d.name, d.user_id))
    return first.name


def of_body(
    session: Session,
    actor: Actor,
    ags: str,
    query: InboxQuery,
    person: str | None,
    *,
    cursor: str | None,
    limit: int,
) -> Page[TaskLine]:
    """All open tasks of a body, for whoever distributes them.

    person: the username of whoever works on them.
    """
    body_id = access.tasks_of_body(session, actor, ags)
    narrowed = _narrowed(actor, query)
    if person is not None:
        of_person = select(User.id).where(User.username == person).scalar_subquery()
        narrowed.append(Task.claimed_by == of_person)
    among = [_of(role, body_id) for role in PARTY_ROLES if query.role in (None, role)]
    return _page(session, among, narrowed, query, cursor, limit)


def of_case(
    session: Session,
    actor: Actor,
    case: Case,
    sight: Sight,
    query: InboxQuery,
    *,
    cursor: str | None,
    limit: int,
) -> Page[TaskLine]:
    """The open tasks of a case, as far as the person sees them."""
    narrowed = _narrowed(actor, query)
    if query.role is not None:
        narrowed.append(Task.role == query.role)
    among = [and_(Task.case_id == case.id, sights.tasks_of(sight))]
    return _page(session, among, narrowed, query, cursor, limit)


def _of(role: Role, body_id: UUID) -> ColumnElement[bool]:
    return and_(Task.role == role, Task.body_id == body_id)


def _narrowed(actor: Actor, query: InboxQuery) -> Conditions:
    """What the query asks for, beside the role."""
    today, found = clock.today(), Conditions()
    if query.case is not None:
        found.append(
            Task.case_id == select(Case.id).where(Case.reference == query.case).scalar_subquery()
        )
    if query.body is not None:
        found.append(
            Task.body_id == select(Body.id).where(Body.ags == query.body).scalar_subquery()
        )
    if query.kind is not None:
        found.append(Task.kind == query.kind)
    if query.claimed is not None:
        found.append(Task.claimed_by.is_not(None) == query.claimed)
    if query.mine is not None:
        found.append((Task.claimed_by.is_not_distinct_from(actor.user_id)) == query.mine)
    if query.delegated is not None:
        found.append((Task.delegated_by.is_not_distinct_from(actor.user_id)) == query.delegated)
    if query.priority is not None:
        found.append(Task.priority == query.priority)
    return found + _by_day(query, today)


def _by_day(query: InboxQuery, today: date) -> Conditions:
    found = Conditions()
    if query.due_before is not None:
        found.append(Task.due_on < query.due_before)
    if query.due_within is not None:
        found.append(Task.due_on <= today + timedelta(days=query.due_within))
    if query.overdue is not None:
        found.append(Task.due_on < today if query.overdue else today <= _DUE)
    if query.due_kind is not None:
        found.append(Task.due_kind == query.due_kind)
    if query.follow_up is FollowUp.DUE:
        found.append(or_(Task.follow_up_on.is_(None), Task.follow_up_on <= today))
    elif query.follow_up is FollowUp.LATER:
        found.append(Task.follow_up_on > today)
    return found


def _page(
    session: Session,
    among: Sequence[ColumnElement[bool]],
    narrowed: Conditions,
    query: InboxQuery,
    cursor: str | None,
    limit: int,
) -> Page[TaskLine]:
    order, since = query.order, place(cursor, query.order)
    if query.q is not None and searching.words_of(query.q):
        narrowed = [*narrowed, searching.matches(query.q, few=_are_few(session, among))]
    heads = [
        head.where(_OPEN, condition, *narrowed).limit(limit + 1)
        for condition in among
        for head in _heads(order, since)
    ]
    if not heads:
        return Page((), None)
    first = _first_of(heads, limit)
    rows = session.execute(
        lines().join(first, first.c.id == Task.id).order_by(first.c.key, first.c.id)
    ).all()
    items = tuple(TaskLine(*row) for row in rows[:limit])
    more = len(rows) > limit
    return Page(items, _place(order, items[-1].task).cursor if more else None)


def _are_few(session: Session, among: Sequence[ColumnElement[bool]]) -> bool:
    """Whether the tasks among which is searched are so few that all may be read."""
    if not among:
        return True
    some = union_all(
        *(select(literal_column("1")).where(_OPEN, each).limit(_FEW + 1) for each in among)
    ).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= _FEW


def _first_of(heads: Sequence[Select[*tuple[object, ...]]], limit: int) -> Subquery:
    """The ids that make the page, each once, though two duties may give the same task."""
    if len(heads) == 1:
        return heads[0].subquery()
    place: tuple[ColumnClause[object], ...] = (column("key"), column("id"))
    return union(*heads).order_by(*place).limit(limit + 1).subquery()


def _heads(order: InboxOrder, since: Place | None) -> Iterator[Select[*tuple[object, ...]]]:
    """Selects that together give ``key`` and ``id`` of all tasks after a place, in order."""
    match order:
        case InboxOrder.OLDEST:
            yield _ordered(literal_column("0", Integer), since.id if since else None)
        case InboxOrder.DUE:
            head = select(_DUE.label("key"), Task.id).order_by(_DUE, Task.id)
            yield head.where(tuple_(_DUE, Task.id) > _due_place(since)) if since else head
        case InboxOrder.PRIORITY:
            reached = _rank(since)
            for rank, priority in enumerate(_RANKS):
                if rank >= reached:
                    last = since.id if since and rank == reached else None
                    # As the index ix_tasks_inbox_priority says it.
                    of_rank = Task.priority == literal_column(f"'{priority.value}'")
                    yield _ordered(literal_column(str(rank), Integer), last).where(of_rank)


def _ordered(key: ColumnElement[int], last: UUID | None) -> Select[*tuple[object, ...]]:
    head = select(key.label("key"), Task.id).order_by(Task.id)
    return head.where(Task.id > last) if last is not None else head


def _due_place(since: Place) -> Tuple:
    return tuple_(cast(_NEVER if since.key == _NEVER else _day_of(since.key), Date), since.id)


def _day_of(key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError:
        invalid_unless(False)
        raise


def _rank(since: Place | None) -> int:
    if since is None:
        return 0
    invalid_unless(since.key in {str(rank) for rank in range(len(_RANKS))})
    return int(since.key)


def _place(order: InboxOrder, task: Task) -> Place:
    keys = {
        InboxOrder.OLDEST: "",
        InboxOrder.DUE: task.due_on.isoformat() if task.due_on else _NEVER,
        InboxOrder.PRIORITY: str(_RANKS.index(task.priority)),
    }
    return Place(order.value, keys[order], task.id)
