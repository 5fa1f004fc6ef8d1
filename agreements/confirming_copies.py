"""A signed copy that the check could not settle: a second person is asked, looks, and confirms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, exclusions, journal, notices, substitution
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.journal import Event
from agreements.model.cases import Case, Party, Task
from agreements.model.conclusion import SignedCopy
from agreements.model.enums import CopyState, NoticeKind, PartyRole, Role, TaskKind, TaskState
from agreements.model.people import User
from agreements.model.records import Document
from agreements.people import Actor, actor_of
from agreements.texts import Printable


class ConfirmCopy(BaseModel):
    """Eine Ausfertigung bestätigen, die eine zweite Person angesehen hat."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000), Printable
    ]


def ask(session: Session, actor: Actor, case: Case, copy: SignedCopy, document: Document) -> None:
    """Tell the legal staff of the body that they have to look; if none is left, of the lead."""
    # Only the newest counts.
    notices.withdraw(session, _keys(copy))
    if copy.state is not CopyState.TO_CONFIRM:
        return
    task = session.scalar(
        select(Task).where(
            Task.stage_id == copy.stage_id,
            Task.body_id == copy.body_id,
            Task.kind == TaskKind.RECORD_SIGNATURE,
            Task.state == TaskState.OPEN,
        )
    )
    if task is None:
        return
    told = list(_others(session, actor, case, copy.body_id))
    if not told:
        leads = _leads(session, case)
        told = [one for lead in leads for one in _others(session, actor, case, lead)]
    sentence = (
        f"Die abgelegte Ausfertigung „{document.file_name}“ müssen Sie ansehen und bestätigen; "
        "vorher lässt sich die Unterschrift nicht eintragen."
    )
    notices.tell(
        session,
        told,
        NoticeKind.COPY_TO_CONFIRM,
        f"{_keys(copy)}{copy.id}",
        task=task,
        data={"sentence": sentence},
        urgent=True,
    )


def _others(session: Session, actor: Actor, case: Case, body_id: UUID) -> Iterator[UUID]:
    """Who is there and may confirm for the body what the actor has filed."""
    for user_id in notices.holders(session, Role.LEGAL, body_id):
        other = actor_of(session.get_one(User, user_id))
        if (
            not substitution.is_same_person(session, other, actor.user_id)
            and not substitution.is_away(session, user_id)
            and exclusions.rule_against(session, other, case.id, body_id, None) is None
        ):
            yield user_id


def _keys(copy: SignedCopy) -> str:
    return f"copy_to_confirm:{copy.stage_id}:{copy.body_id}:"


def to_confirm(session: Session, actor: Actor, case: Case, task: Task) -> list[SignedCopy]:
    """The newest copy of the signature's body, if it waits for the actor as a second person."""
    newest = session.scalars(
        select(SignedCopy)
        .where(SignedCopy.stage_id == task.stage_id, SignedCopy.body_id == task.body_id)
        .order_by(SignedCopy.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.state is not CopyState.TO_CONFIRM:
        return []
    return [newest] if _may_confirm(session, actor, case, newest) else []


def _may_confirm(session: Session, actor: Actor, case: Case, copy: SignedCopy) -> bool:
    try:
        _require_second_person(session, actor, case, copy)
    except Refusal:
        return False
    return True


def confirm_copy(
    session: Session, actor: Actor, case: Case, document_id: UUID, wanted: ConfirmCopy
) -> SignedCopy:
    """A second person has looked at what the check could not settle. The case is locked.

    Legal staff of the body or of the lead, never who filed the copy.
    """
    copy = session.scalar(
        select(SignedCopy).where(
            SignedCopy.case_id == case.id, SignedCopy.document_id == document_id
        )
    )
    if copy is None:
        raise NotFound(
            "copy-unknown", "Diese unterschriebene Ausfertigung gibt es in dem Vorgang nicht."
        )
    actor = _require_second_person(session, actor, case, copy)
    if copy.state is not CopyState.TO_CONFIRM:
        raise Conflict("nothing-to-confirm", "An dieser Ausfertigung ist nichts zu bestätigen.")
    copy.state = CopyState.CONFIRMED
    copy.confirmed_by, copy.confirmed_at = actor.user_id, clock.now()
    copy.confirmed_because = wanted.reason
    session.flush()
    journal.append(
        session,
        case,
        Event.SIGNED_COPY_CONFIRMED,
        actor,
        legal_date=clock.today(),
        body_id=copy.body_id,
        reason=wanted.reason,
        before={"copy_state": CopyState.TO_CONFIRM.value},
        after={"copy_state": copy.state.value},
        data={"document_id": str(document_id)},
    )
    notices.withdraw(session, _keys(copy))
    return copy


def _require_second_person(session: Session, actor: Actor, case: Case, copy: SignedCopy) -> Actor:
    bodies = {copy.body_id, *_leads(session, case)}
    if not any(actor.holds(Role.LEGAL, body_id) for body_id in bodies):
        actor = substitution.acting(session, actor, Role.LEGAL, copy.body_id, case.id)
    actor.require(
        any(actor.holds(Role.LEGAL, body_id) for body_id in bodies),
        "Bestätigen kann das Rechtsamt der Körperschaft oder der federführenden Körperschaft.",
    )
    exclusions.require_unbiased(session, actor, case.id, copy.body_id)
    if substitution.is_same_person(session, actor, copy.filed_by):
        raise NotPermitted(
            "second-person-needed",
            "Bestätigen muss eine andere Person als die, die die Ausfertigung abgelegt hat; auch "
            "nicht mit einem anderen Konto und nicht in Vertretung dieser Person.",
        )
    return actor


def _leads(session: Session, case: Case) -> list[UUID]:
    return list(
        session.scalars(
            select(Party.body_id).where(
                Party.case_id == case.id, Party.roles.contains([PartyRole.LEAD])
            )
        )
    )
