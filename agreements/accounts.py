"""The accounts of an installation: who may sign in, and with which duties.

Called by the command line, which acts for the installation itself and not for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agreements import clock, course, handover, tasks
from agreements.errors import Conflict, NotFound, Refusal
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.days import require_reckonable
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import Role, TaskState
from agreements.model.people import Duty, Token, User
from agreements.people import PARTY_ROLES, hash_password
from agreements.queries import bodies as body_queries

SHORTEST_PASSWORD: Final = 12
# Signing in takes no longer one.
LONGEST_PASSWORD: Final = 1000
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made. duties: roles with the AGS of their body, None for admins."""

    username: str
    name: str
    duties: Sequence[tuple[Role, str | None]]
    function: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AccountDuty:
    """A role for a body; an admin's has none."""

    role: Role
    ags: str | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is listed, with its duties of today."""

    username: str
    name: str
    function: str | None
    email: str | None
    active: bool
    has_password: bool
    sample: bool
    duties: tuple[AccountDuty, ...]


def add(session: Session, wanted: NewAccount) -> User:
    """Make an account. It has no password yet, so nobody can sign in with it."""
    _check(wanted)
    user = User(
        username=wanted.username,
        display_name=wanted.name.strip(),
        function=wanted.function or None,
        email=wanted.email or None,
        # Never the name: that could be the key of another person.
        person_key=str(new_id()),
    )
    user.duties = [
        Duty(role=role, body_id=body_queries.body_id(session, ags, "duty"))
        for role, ags in wanted.duties
    ]
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        # Not asked before: two may choose the same name at the same time.
        raise Conflict(
            "username-taken", f"Das Konto „{wanted.username}“ gibt es schon.", "username"
        ) from error
    return user


def _check(wanted: NewAccount) -> None:
    if not _USERNAME.fullmatch(wanted.username):
        raise Refusal(
            "username-invalid",
            "Ein Benutzername besteht aus höchstens 100 kleinen Buchstaben (a bis z), Ziffern, "
            "Punkten und Bindestrichen und beginnt mit einem Buchstaben oder einer Ziffer.",
            "username",
            "zum Beispiel sb.kamen",
        )
    if not wanted.name.strip():
        raise Refusal("name-missing", "Bitte den Namen der Person angeben.", "name")
    for field, text in (("name", wanted.name), ("function", wanted.function or "")):
        if not text.isprintable():
            raise Refusal(
                "not-printable",
                "Name und Funktion dürfen nur druckbare Zeichen enthalten, also auch keinen "
                "Zeilenumbruch.",
                field,
            )
    _check_email(wanted.email)
    _check_duties(wanted.duties)


def _check_email(email: str | None) -> None:
    if email and not (_EMAIL.fullmatch(email) and email.isprintable()):
        raise Refusal("email-invalid", f"„{email}“ ist keine E-Mail-Adresse.", "email")


def _check_duties(duties: Sequence[tuple[Role, str | None]]) -> None:
    if not duties:
        raise Refusal("duty-missing", "Ein Konto braucht mindestens eine Rolle.", "duty")
    for role, ags in duties:
        if (role is Role.ADMIN) != (ags is None):
            raise Refusal(
                "duty-body",
                "Die Administration gilt für die ganze Anlage, jede andere Rolle für eine "
                "Körperschaft.",
                "duty",
                "admin oder ROLLE:AGS",
            )
    (role, ags), count = Counter(duties).most_common(1)[0]
    if count > 1:
        named = f"{role}:{ags}" if ags else str(role)
        raise Refusal("duty-doubled", f"Die Angabe {named} steht mehrfach da.", "duty")
    require_separate([role for role, _ in duties])


def require_separate(roles: Iterable[Role]) -> None:
    """Refuse one account for the state authority and for a party.

    A Landrat acts for the Kreis as a party and as untere staatliche Verwaltungsbehörde.
    """
    held = set(roles)
    if Role.AUTHORITY in held and held & PARTY_ROLES:
        raise Refusal(
            "roles-not-separate",
            "Die untere staatliche Verwaltungsbehörde und eine Beteiligte brauchen getrennte "
            "Konten, auch wenn dieselbe Person für beide handelt.",
            "duty",
            "ein Konto nur mit authority, ein zweites mit den übrigen Rollen",
        )


def check_password(password: str) -> None:
    """Refuse a password that is too short, or that cannot be typed in everywhere."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            "password-too-short",
            f"Das Kennwort muss mindestens {SHORTEST_PASSWORD} Zeichen lang sein.",
            "password",
        )
    if len(password) > LONGEST_PASSWORD:
        raise Refusal(
            "password-too-long",
            f"Das Kennwort darf höchstens {LONGEST_PASSWORD} Zeichen lang sein.",
            "password",
        )
    if not password.isprintable():
        raise Refusal(
            "password-not-printable",
            "Das Kennwort darf weder Zeilenumbrüche noch andere nicht druckbare Zeichen enthalten.",
            "password",
        )


def set_password(session: Session, username: str, password: str) -> None:
    """Give an account a password; what was signed in with the old one is signed out."""
    check_password(password)
    user = _locked(session, username)
    if not user.active:
        raise Conflict(
            "account-inactive",
            f"Das Konto „{username}“ ist stillgelegt und bekommt kein Kennwort mehr.",
        )
    user.password_hash = hash_password(password)
    _revoke_tokens(session, user)


def set_email(session: Session, username: str, email: str | None) -> None:
    """Mails go to this address from now on; None: they are kept and shown."""
    _check_email(email)
    _locked(session, username).email = email or None


def deactivate(session: Session, username: str) -> int:
    """Close an account and revoke its tokens; returns how many tasks went back.

    A task that the person has claimed goes back to the colleagues, one that they gave away stays
    with whoever works on it, and they stand in for nobody any more. Repeatable.
    """
    user = _locked(session, username)
    user.active = False
    _revoke_tokens(session, user)
    released = _give_tasks_back(session, user)
    handover.end_substitutions(session, None, [user.id], None)
    return released


def begin_duty(
    session: Session, username: str, role: Role, ags: str | None, valid_from: date
) -> Duty:
    """Give an account a role from a day on, as after an election."""
    require_reckonable(valid_from, "valid_from")
    user = _locked(session, username)
    body_id = body_queries.body_id(session, ags, "duty")
    _check_duties([(role, ags)])
    lasting = [duty for duty in user.duties if duty.valid_to is None or duty.valid_to >= valid_from]
    require_separate([role, *(duty.role for duty in lasting)])
    if any((duty.role, duty.body_id) == (role, body_id) for duty in lasting):
        raise Conflict("duty-held", f"Das Konto „{username}“ hat diese Rolle dann schon.", "duty")
    duty = Duty(role=role, body_id=body_id, valid_from=valid_from)
    user.duties.append(duty)
    session.flush()
    return duty


def end_duty(session: Session, username: str, role: Role, ags: str | None, valid_to: date) -> Duty:
    """End a role of an account with that day; what it has signed and decided stays its own."""
    require_reckonable(valid_to, "valid_to")
    user = _locked(session, username)
    body_id = body_queries.body_id(session, ags, "duty")
    for duty in user.duties:
        held = (duty.role, duty.body_id) == (role, body_id) and duty.valid_to is None
        if held and (duty.valid_from is None or duty.valid_from <= valid_to):
            duty.valid_to = valid_to
            session.flush()
            return duty
    raise NotFound(
        "duty-unknown",
        f"Das Konto „{username}“ hat diese Rolle am {valid_to:%d.%m.%Y} nicht, oder ihr letzter "
        "Tag ist schon eingetragen.",
        "duty",
    )


def _locked(session: Session, username: str) -> User:
    # The key stays free: whoever claims a task holds the case and refers to the user.
    locked = select(User).where(User.username == username).with_for_update(key_share=True)
    user = session.scalar(locked)
    if user is None:
        raise NotFound("account-unknown", f"Ein Konto „{username}“ gibt es nicht.", "username")
    return user


def _revoke_tokens(session: Session, user: User) -> None:
    session.execute(
        update(Token)
        .where(Token.user_id == user.id, Token.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def _give_tasks_back(session: Session, user: User) -> int:
    theirs = or_(Task.claimed_by == user.id, Task.delegated_by == user.id)
    claimed = (theirs, Task.state == TaskState.OPEN)
    # In one order, so that nobody waits for the other.
    affected = select(Task.case_id).where(*claimed).distinct().order_by(Task.case_id)
    released = 0
    for case_id in session.scalars(affected).all():
        case = course.locked_case(session, case_id)
        query = select(Task).where(Task.case_id == case_id, *claimed).order_by(Task.id)
        for task in session.scalars(query.execution_options(populate_existing=True)).all():
            if task.claimed_by == user.id:
                tasks.give(task, None)
                tasks.note(session, None, case, task, Event.TASK_RELEASED)
                released += 1
            else:
                task.delegated_by = None
    session.flush()
    return released


def accounts(session: Session, ags: str | None = None) -> list[Account]:
    """All accounts by their name; with an AGS those that have a duty for that body today."""
    body_id = body_queries.body_id(session, ags)
    duties: dict[str, list[AccountDuty]] = {}
    wanted: set[str] = set()
    today = clock.today()
    rows = session.execute(
        select(User.username, Duty.role, Duty.body_id, Body.ags, Body.name)
        .join(Duty, Duty.user_id == User.id)
        .outerjoin(Body, Body.id == Duty.body_id)
        .where(
            or_(Duty.valid_from.is_(None), Duty.valid_from <= today),
            or_(Duty.valid_to.is_(None), Duty.valid_to >= today),
        )
        .order_by(Body.ags.nulls_first(), Duty.role)
    )
    for username, role, duty_body, duty_ags, name in rows:
        duties.setdefault(username, []).append(AccountDuty(role, duty_ags, name))
        if duty_body == body_id:
            wanted.add(username)
    return [
        _account(user, duties.get(user.username, ()))
        for user in session.scalars(select(User).order_by(User.username))
        if ags is None or user.username in wanted
    ]


def _account(user: User, duties: Sequence[AccountDuty]) -> Account:
    return Account(
        username=user.username,
        name=user.display_name,
        function=user.function,
        email=user.email,
        active=user.active,
        has_password=user.password_hash is not None,
        sample=user.sample,
        duties=tuple(duties),
    )


def has_sample_accounts(session: Session) -> bool:
    """Whether people can sign in with the sample accounts, whose password everybody knows."""
    usable = exists().where(User.sample, User.active, User.password_hash.is_not(None))
    return bool(session.scalar(select(usable)))
