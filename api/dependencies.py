"""What endpoints ask for: the transaction, the person, preconditions, repeatability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel
from sqlalchemy.orm import Session, sessionmaker

from agreements import access, idempotency, people
from agreements.errors import NotSignedIn, Refusal
from agreements.model.cases import Case
from agreements.people import Actor
from agreements.sights import Sight
from api.auth import bearer_scheme, cookie_scheme, protect_cookie
from api.turns import Turns


def _transaction(request: Request) -> Iterator[Session]:
    with request.app.state.sessions.begin() as session:
        if request.method == "GET":
            # Several statements make one answer: all of them see the same state.
            session.bind = session.get_bind().execution_options(isolation_level="REPEATABLE READ")
        yield session


# One request, one transaction. Without the scope the commit comes after the answer, and a
# commit that fails has already been answered as a success.
SessionDep = Annotated[Session, Depends(_transaction, scope="function")]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person and the token with which they came."""

    actor: Actor
    token_id: UUID


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brings to say who is asking."""

    request: Request
    secret: str
    is_cookie: bool

    def sign_in(self, session: Session) -> SignedIn:
        """Who is asking, as the database knows it now."""
        signed_in = SignedIn(*people.actor_by_secret(session, self.secret))
        self.protect()
        return signed_in

    def protect(self) -> None:
        """Refuse what another site could have sent with the person's cookie."""
        if self.is_cookie:
            protect_cookie(self.request)


CookieDep = Annotated[str | None, Depends(cookie_scheme)]
BearerDep = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)]


# What asks nobody is ``async``: every other dependency goes through a thread of its own.
async def credentials_of(request: Request, cookie: CookieDep, bearer: BearerDep) -> Credentials:
    """What a request brings; refuses one that brings nothing."""
    if bearer is not None:
        return Credentials(request, bearer.credentials, is_cookie=False)
    if cookie is None:
        raise NotSignedIn("not-signed-in", "Bitte anmelden.")
    return Credentials(request, cookie, is_cookie=True)


CredentialsDep = Annotated[Credentials, Depends(credentials_of)]


def _signed_in(session: SessionDep, credentials: CredentialsDep) -> SignedIn:
    return credentials.sign_in(session)


SignedInDep = Annotated[SignedIn, Depends(_signed_in)]


async def _actor(signed_in: SignedInDep) -> Actor:
    return signed_in.actor


ActorDep = Annotated[Actor, Depends(_actor)]


@dataclass(frozen=True, slots=True)
class InCase:
    """A case that the actor sees, and what they see of it."""

    session: Session
    actor: Actor
    case: Case
    sight: Sight


def _in_case(reference: str, session: SessionDep, actor: ActorDep) -> InCase:
    case, sight = access.visible_case(session, actor, reference)
    return InCase(session, actor, case, sight)


InCaseDep = Annotated[InCase, Depends(_in_case)]


async def _contents(in_case: InCaseDep) -> InCase:
    in_case.sight.require_contents()
    return in_case


# Where texts and decisions are shown or made, not only the course of the case.
ContentsDep = Annotated[InCase, Depends(_contents)]


async def _if_match(
    if_match: Annotated[
        str | None,
        Header(description="ETag des Standes, auf dem die Entscheidung beruht", examples=['"3"']),
    ] = None,
) -> int | None:
    return version_of(if_match)


def version_of(if_match: str | None) -> int | None:
    """The version that an ``If-Match`` names; None: any."""
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit():
        raise Refusal(
            "if-match-invalid",
            "Die Kopfzeile If-Match enthält keinen ETag dieser Schnittstelle.",
            "If-Match",
            'der ETag aus einer früheren Antwort, zum Beispiel "3"',
        )
    return int(number)


IfMatch = Annotated[int | None, Depends(_if_match)]


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Reply:
    """What a changing request answers."""

    content: BaseModel
    status: int = 200
    version: int | None = None
    location: str | None = None


class Once:
    """Carries a request out, or answers it again if its key has been answered before."""

    def __init__(self, session: Session, actor: Actor, key: str | None, mark: str) -> None:
        self._session, self._user_id = session, actor.user_id
        self._key, self._mark = key, mark

    def run(self, work: Callable[[], Reply]) -> JSONResponse:
        """The answer of ``work``, of now or of before."""
        if self._key is None:
            return _respond(_answer(work()))
        known = idempotency.begin(self._session, self._user_id, self._key, self._mark)
        if known is not None:
            return _respond(known, replayed=True)
        answer = _answer(work())
        idempotency.finish(self._session, self._user_id, self._key, answer)
        return _respond(answer)


def _answer(reply: Reply) -> idempotency.Answer:
    headers = {"ETag": etag(reply.version)} if reply.version is not None else {}
    if reply.location is not None:
        headers["Location"] = reply.location
    content = {"headers": headers, "body": reply.content.model_dump(mode="json")}
    return idempotency.Answer(reply.status, content)


def _respond(answer: idempotency.Answer, *, replayed: bool = False) -> JSONResponse:
    headers: dict[str, Any] = dict(answer.content["headers"])
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(answer.content["body"], answer.status, headers)


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        description="Kennung der Anfrage: Eine Wiederholung mit derselben Kennung erhält "
        "dieselbe Antwort, und nichts geschieht zweimal.",
        examples=["0199c1de-7d6a-7a51-8f4e-2a7f6b1f1c55"],
    ),
]


async def _mark(request: Request) -> str:
    target = f"{request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
    return idempotency.fingerprint(request.method, target, await request.body())


MarkDep = Annotated[str, Depends(_mark)]


async def _once(
    session: SessionDep, actor: ActorDep, mark: MarkDep, key: IdempotencyKey = None
) -> Once:
    return Once(session, actor, key, mark)


OnceDep = Annotated[Once, Depends(_once)]


Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Errand:
    """A decision: one transaction in one thread, from the sign-in to the commit.

    The same as ``SessionDep``, ``ActorDep`` and ``OnceDep`` together, which change threads for
    every step of theirs.
    """

    sessions: sessionmaker[Session]
    turns: Turns
    credentials: Credentials
    key: str | None
    mark: str

    async def run(self, work: Callable[[Session, Actor], Reply]) -> JSONResponse:
        """The answer of ``work``, of now or of before; committed when it is there."""
        return await self.turns.carry_out(self._run, work)

    async def rehearse(self, work: Callable[[Session, Actor], Shown]) -> Shown:
        """What ``work`` would come to, without a trace of it: nothing is committed."""
        return await self.turns.carry_out(self._rehearse, work)

    def _rehearse(self, work: Callable[[Session, Actor], Shown]) -> Shown:
        with self.sessions() as session:
            return work(session, self.credentials.sign_in(session).actor)

    def _run(self, work: Callable[[Session, Actor], Reply]) -> JSONResponse:
        with self.sessions.begin() as session:
            if self.key is None:
                return _respond(_answer(work(session, self.credentials.sign_in(session).actor)))
            secret = self.credentials.secret
            actor, known = idempotency.sign_in(session, secret, self.key, self.mark)
            self.credentials.protect()
            if known is not None:
                return _respond(known, replayed=True)
            answer = _answer(work(session, actor))
            idempotency.finish(session, actor.user_id, self.key, answer)
        return _respond(answer)


# The same dependencies, called here: each one that FastAPI resolves costs as much as a rule.
async def errand_of(
    request: Request, cookie: CookieDep, bearer: BearerDep, key: IdempotencyKey = None
) -> Errand:
    """The decision that a request asks for; refuses one that brings no credentials."""
    credentials = await credentials_of(request, cookie, bearer)
    state, mark = request.app.state, await _mark(request)
    return Errand(state.sessions, state.turns, credentials, key, mark)


ErrandDep = Annotated[Errand, Depends(errand_of)]

Cursor = Annotated[
    str | None,
    Query(description="next_cursor der vorigen Seite; ohne Angabe die erste", max_length=200),
]
Limit = Annotated[int, Query(ge=1, le=200, description="höchstens so viele Einträge")]
