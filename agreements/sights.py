"""What a person sees of a case, and what follows from it: for documents, entries and lists.

Legal staff of a party see the whole case, but not what is non-public at another body, unless that
body has named them; other people of a party see what concerns every party and what concerns their
own body; admins see the course of every case, but none of its texts and decisions. The state
authority sees nothing by that role. Pure: ``access`` finds the sight of a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from agreements.dossier.jobs import Purpose
from agreements.errors import NotPermitted
from agreements.model.cases import Case, Party, Task
from agreements.model.councils import Consultation, Paper
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


def may_read_entry(sight: Sight, entry: JournalEntry) -> bool:
    """Whether a visible entry's particulars are visible, not only the event.

    Particulars: data, reason, legal basis, before and after, in whose name.
    """
    if entry.confidential:
        return sight.in_confidence(entry.body_id)
    return sight.contents and (entry.body_id is None or sight.concerns(entry.body_id))


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
