"""What a person may see, from role and body: the one place that decides it.

Legal staff of a party see the whole case, but not what is non-public at another body, unless that
body has named them; other people of a party see what concerns every party and what concerns their
own body; admins see the course of every case, but none of its texts and decisions. The state
authority sees nothing by that role. Whoever stands in for somebody sees what that role sees, but
was not named in their place. What cannot be seen does not exist for that person (404).
Who may *do* something is judged by the use cases, from the task's role and body.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from agreements import substitution
from agreements.database.prepared import Prepared, prepared
from agreements.dossier.jobs import Purpose
from agreements.errors import NotFound, NotPermitted
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Task
from agreements.model.councils import Confidant, Consultation, Paper
from agreements.model.enums import ConsultationRole, PartyRole, Role
from agreements.model.records import Document, JournalEntry
from agreements.people import PARTY_ROLES, Actor
from agreements.substitution import StoodIn

# Documents of the whole case that every party may read; the others concern the applicant.
FOR_EVERY_PARTY: Final = frozenset(
    (
        Purpose.DRAFT_AGREEMENT,
        Purpose.FROZEN_AGREEMENT,
        Purpose.SYNOPSIS,
        Purpose.MATRIX,
        Purpose.MATRIX_SO_FAR,
        Purpose.APPROVAL_APPLICATION,
        Purpose.FILING,
        Purpose.PUBLICATION_TEXT,
        Purpose.SIGNING_SET,
        Purpose.SIGNING_SHEET,
        Purpose.CERTIFICATE_REQUEST,
        Purpose.FICTION_NOTE,
        Purpose.PUBLICATION_REQUEST,
        Purpose.END_FILING,
        Purpose.STEERING_MINUTES,
        Purpose.CLOSING_NOTE,
        Purpose.PRINT_SET,
        Purpose.LETTER_OF_INTENT,
        Purpose.ACCESSION_AGREEMENT,
        Purpose.AMENDMENT_AGREEMENT,
        Purpose.EXIT_AGREEMENT,
        Purpose.REPEAL_AGREEMENT,
        Purpose.SERVICE_CATALOGUE,
        Purpose.COST_KEY,
        Purpose.RULES_OF_PROCEDURE,
        Purpose.JOINT_CONTROLLERS,
        Purpose.PROCESSING_CONTRACT,
    )
)
# They list what only legal staff see of other bodies.
FOR_LEGAL_STAFF: Final = frozenset((Purpose.CASE_FILE,))

Column = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
# A row that ends with the case's parties.
Found = tuple[Any, ...]
# A party, its roles in the case, and whether it has named the person.
PartyRow = tuple[UUID, Sequence[PartyRole], bool]


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one case.

    whole: of every body what is not confidential. bodies: the person's own bodies among the
    parties. confided: bodies whose non-public consultations are visible, the own ones and those
    that have named the person. applicant: one of the own bodies applies for the funding.
    operator: may lift a halt of the automation.
    """

    whole: bool
    bodies: frozenset[UUID]
    confided: frozenset[UUID]
    applicant: bool
    operator: bool

    @property
    def contents(self) -> bool:
        """Whether texts and decisions are visible at all, not only the course of the case."""
        return bool(self.bodies)

    @property
    def funding(self) -> bool:
        """Whether finance plan and application are visible."""
        return self.whole or self.applicant

    def concerns(self, body_id: UUID) -> bool:
        """Whether what belongs to this body alone is visible, unless it is confidential."""
        return self.whole or body_id in self.bodies

    def in_confidence(self, body_id: UUID | None) -> bool:
        """Whether what is non-public at this body is visible."""
        return body_id in self.confided

    def require_contents(self) -> None:
        """Refuse people who see the course of the case only."""
        if not self.contents:
            raise NotPermitted(
                "contents-not-visible",
                "Die Administration sieht den Verlauf des Vorgangs, nicht seine Texte und "
                "Entscheidungen.",
            )

    def require_funding(self) -> None:
        """Refuse people of parties that have nothing to do with the application."""
        self.require_contents()
        if not self.funding:
            raise NotPermitted(
                "funding-not-visible",
                "Finanzierungsplan und Förderantrag sehen die antragstellende Körperschaft und "
                "die Rechtsämter der Beteiligten.",
            )

    def require_operator(self) -> None:
        """Refuse all but admins and legal staff of the lead."""
        if not self.operator:
            raise NotPermitted(
                "not-an-operator",
                "Die Automatik geben die Administration und das Rechtsamt der federführenden "
                "Körperschaft wieder frei.",
            )


def sight_among(actor: Actor, parties: Iterable[PartyRow]) -> Sight | None:
    """What the actor sees of a case with these parties; None: not even that it exists."""
    rows = list(parties)
    roles = {body: held for body, held, _ in rows}
    own = actor.party_bodies() & roles.keys()
    if not own and not actor.is_admin:
        return None
    legal = actor.bodies(Role.LEGAL) & own
    # Named was somebody of a legal office; who has left it has left the confidence too.
    named = frozenset(body for body, _, is_named in rows if is_named) if legal else frozenset()
    return Sight(
        whole=bool(legal),
        bodies=frozenset(own),
        confided=frozenset(own | named),
        applicant=any(PartyRole.APPLICANT in roles[body] for body in own),
        operator=actor.is_admin or any(PartyRole.LEAD in roles[body] for body in legal),
    )


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


def may_read(sight: Sight, document: Document) -> bool:
    """Whether a document of the case is visible."""
    if document.confidential:
        return sight.in_confidence(document.body_id)
    if sight.whole:
        return True
    if document.purpose in FOR_LEGAL_STAFF:
        return False
    if document.body_id is not None:
        return document.body_id in sight.bodies
    if document.purpose in FOR_EVERY_PARTY:
        return sight.contents
    return sight.applicant


def cases_of(actor: Actor) -> ColumnElement[bool]:
    """The cases that the actor sees, as a condition on ``Case``."""
    if actor.is_admin:
        return true()
    # An alias: the query around it may join the parties for a purpose of its own.
    own = aliased(Party)
    return exists().where(own.case_id == Case.id, own.body_id.in_(actor.party_bodies()))


def tasks_for(actor: Actor, standing_in: Collection[StoodIn] = ()) -> ColumnElement[bool]:
    """The tasks that the actor's roles and bodies may complete, as a condition on ``Task``.

    standing_in: ``substitution.stood_in_duties`` of the actor.
    """
    held = {(role, body) for role, body in actor.duties if body and role in PARTY_ROLES}
    stood_in = {d for d in standing_in if d.role in PARTY_ROLES}
    held |= {(d.role, d.body_id) for d in stood_in if d.case_id is None}
    limited = {(d.role, d.body_id, d.case_id) for d in stood_in if d.case_id is not None}
    conditions: list[ColumnElement[bool]] = []
    if held:
        conditions.append(tuple_(Task.role, Task.body_id).in_(sorted(held)))
    if limited:
        conditions.append(tuple_(Task.role, Task.body_id, Task.case_id).in_(limited))
    return or_(false(), *conditions)


def tasks_of_body(session: Session, actor: Actor, ags: str) -> UUID:
    """The body whose tasks the actor distributes, for lists of all of them; refuses others."""
    body_id = session.scalar(select(Body.id).where(Body.ags == ags))
    if body_id is None:
        raise NotFound("body-unknown", f"Eine Körperschaft {ags} gibt es nicht.")
    substitution.require_supervisor(session, actor, body_id)
    return body_id


def tasks_of(sight: Sight) -> ColumnElement[bool]:
    """The visible tasks of a case, as a condition on ``Task``: that of ``sees_task``."""
    its_own = Task.body_id.in_(sight.bodies)
    if not sight.whole:
        return its_own
    # Aliases: the query around it may ask for consultations of its own.
    about, paper = aliased(Consultation), aliased(Paper)
    hidden = (
        exists()
        .where(about.id == Task.consultation_id, paper.id == about.paper_id)
        .where(about.public.is_(False), paper.body_id.not_in(sight.confided))
    )
    return or_(its_own, ~hidden)


def own(sight: Sight, column: Column) -> ColumnElement[bool]:
    """Rows that belong to one body: of which bodies they are visible."""
    return true() if sight.whole else column.in_(sight.bodies)


def papers_of(sight: Sight) -> ColumnElement[bool]:
    """The visible papers, as a condition on ``Paper``.

    A paper that a council decides on in private is not public either.
    """
    # Aliases: the query around it may ask for consultations of its own.
    deciding = aliased(Consultation)
    in_private = exists().where(
        deciding.paper_id == Paper.id,
        deciding.role == ConsultationRole.DECISION,
        deciding.public.is_(False),
    )
    return and_(own(sight, Paper.body_id), or_(Paper.body_id.in_(sight.confided), ~in_private))


def consultations_of(sight: Sight) -> ColumnElement[bool]:
    """The visible consultations of visible papers, as a condition on ``Consultation``."""
    paper = aliased(Paper)
    confided = exists().where(paper.id == Consultation.paper_id, paper.body_id.in_(sight.confided))
    return or_(Consultation.public, confided)


def journal_of(actor: Actor, sight: Sight) -> ColumnElement[bool]:
    """The entries of a case's journal that are visible, as a condition on ``JournalEntry``.

    The event of a confidential entry alone would tell what has been decided: it is left out.
    """
    open_to = or_(JournalEntry.confidential.is_(False), JournalEntry.body_id.in_(sight.confided))
    if sight.whole or actor.is_admin:
        return open_to
    of_all = or_(JournalEntry.body_id.is_(None), JournalEntry.body_id.in_(sight.bodies))
    return and_(of_all, open_to)


def may_read_entry(sight: Sight, entry: JournalEntry) -> bool:
    """Whether a visible entry's particulars are visible, not only the event.

    Particulars: data, reason, legal basis, before and after, in whose name.
    """
    if entry.confidential:
        return sight.in_confidence(entry.body_id)
    return sight.contents and (entry.body_id is None or sight.concerns(entry.body_id))
