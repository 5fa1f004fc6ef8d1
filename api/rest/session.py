"""Signing in and out, who one is, and personal tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from agreements import people
from agreements.glossary import label
from agreements.model.enums import Role
from agreements.model.people import Token
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from api import signing_in
from api.auth import COOKIE
from api.dependencies import ActorDep, SessionDep, SignedInDep
from api.rest.schemas import BodyRef, Output, body_ref

router = APIRouter(tags=["Anmeldung"])


class Credentials(BaseModel):
    """Benutzername und Kennwort eines örtlichen Kontos."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class DutyView(Output):
    """Eine Rolle für eine Körperschaft; ohne Körperschaft für die ganze Anlage."""

    role: Role
    role_label: str = Field(examples=["Sachbearbeitung"])
    body: BodyRef | None


class Me(Output):
    """Die angemeldete Person mit ihren Rollen von heute."""

    username: str = Field(examples=["sb.kamen"])
    name: str = Field(examples=["Sven Dierksmeier"])
    duties: list[DutyView]


class SignedInView(Output):
    """Die Anmeldung; das Sitzungscookie steht in der Kopfzeile."""

    me: Me
    expires_at: datetime


def _me(session: Session, actor: Actor) -> Me:
    bodies = body_queries.by_id(session, actor.bodies())
    duties = sorted(
        actor.duties,
        key=lambda duty: (bodies[duty[1]].ags if duty[1] else "", duty[0]),
    )
    return Me(
        username=actor.username,
        name=actor.name,
        duties=[
            DutyView(role=role, role_label=label(role), body=body_ref(bodies, body))
            for role, body in duties
        ],
    )


@router.post("/session", summary="Anmelden")
def sign_in(
    request: Request,
    response: Response,
    session: SessionDep,
    credentials: Annotated[
        Credentials,
        Body(
            openapi_examples={
                "Kamen": {
                    "summary": "Sachbearbeitung der Stadt Kamen (Beispielregion)",
                    "value": {"username": "sb.kamen", "password": "…"},
                }
            }
        ),
    ],
) -> SignedInView:
    actor, secret, expires_at = signing_in.sign_in(
        request, session, credentials.username, credentials.password
    )
    signing_in.give_cookie(request, response, secret, expires_at)
    return SignedInView(me=_me(session, actor), expires_at=expires_at)


@router.delete("/session", summary="Abmelden", status_code=204)
def sign_out(response: Response, session: SessionDep, signed_in: SignedInDep) -> None:
    people.revoke_token(session, signed_in.actor, signed_in.token_id)
    response.delete_cookie(COOKIE, path="/")


@router.get("/me", summary="Wer bin ich, mit welchen Rollen für welche Körperschaften?")
def me(session: SessionDep, actor: ActorDep) -> Me:
    return _me(session, actor)


class NewToken(BaseModel):
    """Ein persönlicher Zugangsschlüssel für ein Programm."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    days: int = Field(ge=1, le=365, description="Gültigkeit in Tagen")


class TokenView(Output):
    """Ein persönlicher Zugangsschlüssel, ohne das Geheimnis."""

    id: UUID
    name: str = Field(examples=["Sitzungsdienst Kamen"])
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, token: Token) -> TokenView:
        """The token of a row."""
        return cls(
            id=token.id,
            name=token.name,
            created_at=token.created_at,
            expires_at=token.expires_at,
        )


class IssuedToken(Output):
    """Ein neuer Zugangsschlüssel; das Geheimnis wird nur dieses eine Mal gezeigt."""

    token: TokenView
    secret: str


class Tokens(Output):
    """Die gültigen Zugangsschlüssel der angemeldeten Person."""

    items: list[TokenView]


def _views(tokens: Iterable[Token]) -> list[TokenView]:
    return [TokenView.of(token) for token in tokens]


@router.post("/tokens", summary="Zugangsschlüssel ausstellen", status_code=201)
def issue_token(
    session: SessionDep,
    actor: ActorDep,
    wanted: Annotated[
        NewToken,
        Body(
            openapi_examples={
                "Ratsinformationssystem": {
                    "value": {"name": "Sitzungsdienst Kamen", "days": 90},
                }
            }
        ),
    ],
) -> IssuedToken:
    secret, token = people.personal_token(session, actor, wanted.name, wanted.days)
    session.flush()
    return IssuedToken(token=TokenView.of(token), secret=secret)


@router.get("/tokens", summary="Eigene Zugangsschlüssel")
def tokens(session: SessionDep, actor: ActorDep) -> Tokens:
    return Tokens(items=_views(people.tokens_of(session, actor)))


@router.delete("/tokens/{token_id}", summary="Zugangsschlüssel widerrufen", status_code=204)
def revoke(token_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    people.revoke_token(session, actor, token_id)
