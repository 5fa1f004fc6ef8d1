"""Who acts: sign-in, tokens, and what a person may do for which body.

Local accounts with argon2. Another way of signing in (OIDC) only has to find the user and
call ``issue_token``; everything behind it asks the token alone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.database.prepared import Prepared
from agreements.errors import NotFound, NotPermitted, NotSignedIn, Refusal
from agreements.model.enums import Role, TokenKind
from agreements.model.people import Duty, Token, User

SESSION_LIFE = timedelta(hours=12)
LONGEST_PERSONAL_TOKEN = timedelta(days=365)
# Who has one of these acts for a body; the state authority never sees by its role what parties do.
PARTY_ROLES: Final = frozenset(
    (Role.LEGAL, Role.CLERK, Role.SIGNATORY, Role.TREASURER, Role.SUPERVISOR)
)

_hasher = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """A sign-in with an unknown name must take as long as one with a wrong password."""
    return _hasher.hash("nobody")


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, with their duties today.

    ``on_behalf_of``: the name of whoever they stand in for in this act.
    """

    user_id: UUID
    username: str
    name: str
    person_key: str
    duties: frozenset[tuple[Role, UUID | None]]
    on_behalf_of: str | None = None
    on_behalf_of_id: UUID | None = None

    def holds(self, role: Role, body_id: UUID) -> bool:
        """Whether the person has that role for that body."""
        return (role, body_id) in self.duties

    def party_bodies(self) -> frozenset[UUID]:
        """The bodies for which the person acts as a party."""
        return self.bodies(*PARTY_ROLES)

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of these roles for any body."""
        return any(role in roles for role, _ in self.duties)

    def bodies(self, *roles: Role) -> frozenset[UUID]:
        """The bodies for which the person has one of the roles (any role if none is given)."""
        return frozenset(b for r, b in self.duties if b is not None and (not roles or r in roles))

    @property
    def is_admin(self) -> bool:
        """Whether the person administers the installation."""
        return (Role.ADMIN, None) in self.duties

    def require(self, allowed: bool, sentence: str) -> None:
        """Refuse with the sentence unless allowed."""
        if not allowed:
            raise NotPermitted("not-permitted", sentence)


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


def sign_in(session: Session, username: str, password: str) -> tuple[Actor, str, datetime]:
    """Check name and password; returns the actor, a session secret and its expiry."""
    user = session.scalar(select(User).where(User.username == username, User.active))
    if not _password_fits(user.password_hash if user else None, password) or user is None:
        raise NotSignedIn("wrong-credentials", "Benutzername oder Kennwort stimmt nicht.")
    secret, token = issue_token(session, user, TokenKind.SESSION, "Anmeldung", SESSION_LIFE)
    return actor_of(user), secret, token.expires_at


def _password_fits(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def issue_token(
    session: Session, user: User, kind: TokenKind, name: str, life: timedelta
) -> tuple[str, Token]:
    """A new secret for the user; only its hash is kept."""
    if not timedelta(0) < life <= LONGEST_PERSONAL_TOKEN:
        raise Refusal(
            "token-life",
            "Ein Zugangsschlüssel gilt zwischen einem Tag und 365 Tagen.",
            "days",
            "1 bis 365",
        )
    secret = f"vb_{secrets.token_urlsafe(32)}"
    now = clock.now()
    token = Token(
        user_id=user.id,
        kind=kind,
        name=name,
        secret_hash=_digest(secret),
        created_at=now,
        expires_at=now + life,
    )
    session.add(token)
    return secret, token


def personal_token(session: Session, actor: Actor, name: str, days: int) -> tuple[str, Token]:
    """A personal token for software that acts for this person."""
    user = session.get_one(User, actor.user_id)
    return issue_token(session, user, TokenKind.PERSONAL, name, timedelta(days=days))


def who_asks() -> Select[*tuple[Any, ...]]:
    """Who is behind a secret, a row for each duty; its parameters: ``secret_parameters``."""
    return (
        select(
            Token.id.label("token_id"),
            User.id.label("user_id"),
            User.username,
            User.display_name,
            User.person_key,
            Duty.role,
            Duty.body_id,
            Duty.valid_from,
            Duty.valid_to,
        )
        .join(User, User.id == Token.user_id)
        .outerjoin(Duty, Duty.user_id == User.id)
        .where(
            Token.secret_hash == bindparam("digest"),
            Token.revoked_at.is_(None),
            Token.expires_at > bindparam("now"),
            User.active,
        )
    )


def secret_parameters(secret: str) -> dict[str, object]:
    """What ``who_asks`` needs to find the actor behind a secret now."""
    return {"digest": _digest(secret), "now": clock.now()}


def actor_by_secret(session: Session, secret: str) -> tuple[Actor, UUID]:
    """The actor behind a session or token secret, and the token's id."""
    rows = _who_asks.all(session, **secret_parameters(secret))
    return actor_among(rows), rows[0][0]


_who_asks: Final = Prepared(who_asks)


def actor_among(rows: Sequence[tuple[Any, ...]]) -> Actor:
    """The actor of the rows that ``who_asks`` has found; refuses if there are none."""
    if not rows:
        raise NotSignedIn(
            "not-signed-in", "Die Anmeldung ist abgelaufen oder ungültig. Bitte neu anmelden."
        )
    _, user_id, username, name, person_key, *_ = rows[0]
    today = clock.today()
    duties = frozenset(
        (role, body_id)
        for role, body_id, valid_from, valid_to in (row[5:9] for row in rows)
        if role is not None and _holds_on(today, valid_from, valid_to)
    )
    return Actor(user_id, username, name, person_key, duties)


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    """End one of the person's own sessions or tokens."""
    token = session.get(Token, token_id)
    if token is None or token.user_id != actor.user_id:
        raise NotFound("token-unknown", "Diesen Zugangsschlüssel gibt es nicht.")
    token.revoked_at = token.revoked_at or clock.now()


def tokens_of(session: Session, actor: Actor) -> list[Token]:
    """The person's valid personal tokens."""
    return list(
        session.scalars(
            select(Token)
            .where(
                Token.user_id == actor.user_id,
                Token.kind == TokenKind.PERSONAL,
                Token.revoked_at.is_(None),
                Token.expires_at > clock.now(),
            )
            .order_by(Token.id)
        )
    )


def actor_of(user: User) -> Actor:
    """The user as an actor, with the duties that are valid today."""
    today = clock.today()
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.display_name,
        person_key=user.person_key,
        duties=frozenset(
            (duty.role, duty.body_id)
            for duty in user.duties
            if _holds_on(today, duty.valid_from, duty.valid_to)
        ),
    )


def _holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    return (valid_from is None or valid_from <= day) and (valid_to is None or valid_to >= day)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
