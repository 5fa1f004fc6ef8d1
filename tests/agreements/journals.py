"""Cases with nothing but a journal, and somebody who changes it in the database itself."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock, journal
from agreements.database.engine import transaction
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.instruments import Instrument
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.enums import KreistagOrder
from agreements.model.people import User
from agreements.model.records import JournalEntry
from agreements.people import Actor

KAMEN = "05978020"
_names = count(1)


def a_case(session: Session, reference: str, entries: int = 0) -> Case:
    """A case of that reference with a journal of so many entries."""
    user = User(username=f"a.{next(_names)}", display_name="Änne Öztürk", person_key="a")
    session.add(user)
    session.flush()
    case = Case(
        id=new_id(),
        reference=reference,
        title="Bäder & Brücken",
        subject="Bäder",
        instrument=Instrument.MANDATING_AGREEMENT,
        land="NW",
        procedure="cooperation_agreement",
        procedure_version=1,
        principle_round=False,
        kreistag_order=KreistagOrder.BEFORE_COUNCILS,
        conditions=[],
        started_on=date(2026, 1, 15),
        started_at=clock.now(),
        started_by=user.id,
        journal_number=0,
        journal_hash="",
    )
    session.add(case)
    session.flush()
    write(session, case, user, entries)
    return case


def write(session: Session, case: Case, user: User, entries: int) -> None:
    """Go on with a journal: everything that an entry can hold stands in it."""
    actor = Actor(user.id, user.username, user.display_name, user.person_key, frozenset())
    body = session.scalar(select(Body.id).where(Body.ags == KAMEN))
    for number in range(case.journal_number + 1, case.journal_number + entries + 1):
        journal.append(
            session,
            case,
            Event.RESOLUTION_CORRECTED,
            actor,
            legal_date=date(2026, 1, number % 28 + 1),
            body_id=body,
            on_behalf_of="Bürgermeisterin",
            reason=f"Zahlendreher\nin der Niederschrift, {number}. „Fall“",
            legal_basis="§ 52 GO NRW",
            before={"votes": {"yes": number, "no": None}, "outcome": "adopted"},
            after={"votes": {"yes": number + 1, "no": 0}, "outcome": "adopted"},
            data={"stage": "agreement_councils", "amount": "490000.00", "list": [1, "ä", True]},
        )
    session.flush()


def go_on(sessions: sessionmaker[Session], reference: str, entries: int) -> None:
    """Add entries to a case's journal."""
    with transaction(sessions) as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        write(session, case, session.get_one(User, case.started_by), entries)


def without_triggers(session: Session) -> None:
    """Until the end of the transaction nothing protects the journal."""
    session.execute(text("SET LOCAL session_replication_role = replica"))


def change(
    session: Session, reference: str, number: int, column: str, sql: str, **values: object
) -> None:
    """Give one column of one entry another value, past all protection."""
    without_triggers(session)
    session.execute(
        text(
            f"UPDATE journal SET {column} = {sql} WHERE number = :number AND case_id = "
            "(SELECT id FROM cases WHERE reference = :reference)"
        ),
        {"number": number, "reference": reference, **values},
    )


def rewrite(session: Session, reference: str, first: int) -> None:
    """Change an entry and recompute the chain from there on, so that it fits again."""
    without_triggers(session)
    case = session.scalars(select(Case).where(Case.reference == reference)).one()
    chain = journal.entries(session, case.id)
    chain[first - 1].reason = f"{chain[first - 1].reason}, ganz anders"
    previous = chain[first - 2].hash if first > 1 else ""
    for entry in chain[first - 1 :]:
        entry.previous_hash = previous
        previous = entry.hash = journal.hash_of(entry)
    case.journal_hash = previous
    session.flush()


def chain_of(sessions: sessionmaker[Session], case_id: UUID) -> list[JournalEntry]:
    """The journal of a case."""
    with transaction(sessions) as session:
        return journal.entries(session, case_id)
