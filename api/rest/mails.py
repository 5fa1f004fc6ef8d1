"""Mails: one's own, how often they come, and for the administration what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements.glossary import label
from agreements.mail import lists
from agreements.mail.boxes import in_words
from agreements.mail.forgetting import readable_text
from agreements.mail.lists import MailLine, SetMailRhythm
from agreements.model.enums import MailKind, MailRhythm, MailState
from agreements.model.notices import Mail
from agreements.model.people import User
from api.dependencies import ActorDep, Cursor, Limit, OnceDep, Reply, SessionDep
from api.rest.schemas import Output, Page

router = APIRouter(tags=["Benachrichtigungen"])


class MailView(Output):
    """Eine E-Mail, ohne ihren Text."""

    id: UUID
    kind: MailKind
    kind_label: str = Field(examples=["Sammelnachricht"])
    state: MailState
    state_label: str = Field(examples=["fehlgeschlagen"])
    recipient: str = Field(description="Name der Person", examples=["Sven Dierksmeier"])
    address: str | None = Field(description="null: nicht zu versenden")
    subject: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None = Field(description="null: es steht kein Versuch mehr aus")
    last_error: str | None = Field(examples=["550 5.1.1 Postfach unbekannt"])
    sent_at: datetime | None

    @classmethod
    def of(cls, line: MailLine) -> MailView:
        """The mail of a row."""
        mail = line.mail
        return cls(
            id=mail.id,
            kind=mail.kind,
            kind_label=label(mail.kind),
            state=mail.state,
            state_label=label(mail.state),
            recipient=line.recipient,
            address=mail.address,
            subject=mail.subject,
            created_at=mail.created_at,
            attempts=mail.attempts,
            next_attempt_at=mail.next_attempt_at if mail.state is MailState.WAITING else None,
            last_error=mail.last_error,
            sent_at=mail.sent_at,
        )


class OwnMailView(Output):
    """Eine Nachricht an die angemeldete Person, mit ihrem Text."""

    id: UUID
    kind: MailKind
    kind_label: str = Field(examples=["Erinnerung"])
    state: MailState
    state_label: str = Field(examples=["versandt"])
    subject: str
    text: str
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, mail: Mail) -> OwnMailView:
        """The mail of a row."""
        return cls(
            id=mail.id,
            kind=mail.kind,
            kind_label=label(mail.kind),
            state=mail.state,
            state_label=label(mail.state),
            subject=mail.subject,
            text=readable_text(mail),
            created_at=mail.created_at,
            sent_at=mail.sent_at,
        )


class MailRhythmView(Output):
    """Wie oft die angemeldete Person Nachrichten per E-Mail erhält."""

    rhythm: MailRhythm
    rhythm_label: str = Field(examples=["täglich"])
    hour: int = Field(description="Uhrzeit der gesammelten Nachricht (Europe/Berlin)")
    weekday: int = Field(description="1 ist Montag; gilt nur wöchentlich")
    address: str | None = Field(description="ändert nur die Administration")
    sentence: str

    @classmethod
    def of(cls, user: User) -> MailRhythmView:
        """The rhythm of a row."""
        return cls(
            rhythm=user.mail_rhythm,
            rhythm_label=label(user.mail_rhythm),
            hour=user.mail_hour,
            weekday=user.mail_weekday,
            address=user.email,
            sentence=in_words(user),
        )


@router.get("/mails", summary="Versand der E-Mails, die neuesten zuerst (Administration)")
def mails(
    session: SessionDep,
    actor: ActorDep,
    state: Annotated[MailState | None, Query(description="nur in diesem Zustand")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MailView]:
    page = lists.mails(session, actor, state=state, cursor=cursor, limit=limit)
    return Page(items=[MailView.of(line) for line in page.items], next_cursor=page.next_cursor)


@router.post(
    "/mails/{mail_id}/retry",
    summary="Eine gescheiterte E-Mail noch einmal versenden (Administration)",
    response_model=MailView,
)
def retry(mail_id: UUID, session: SessionDep, actor: ActorDep, once: OnceDep) -> JSONResponse:
    return once.run(lambda: Reply(MailView.of(lists.retry(session, actor, mail_id))))


@router.get("/me/mails", summary="Eigene Nachrichten mit ihrem Text, die neuesten zuerst")
def own_mails(
    session: SessionDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[OwnMailView]:
    page = lists.own_mails(session, actor, cursor=cursor, limit=limit)
    return Page(items=[OwnMailView.of(mail) for mail in page.items], next_cursor=page.next_cursor)


@router.get("/me/mail-rhythm", summary="Wie oft bekomme ich Nachrichten per E-Mail?")
def rhythm(session: SessionDep, actor: ActorDep) -> MailRhythmView:
    return MailRhythmView.of(session.get_one(User, actor.user_id))


@router.put("/me/mail-rhythm", summary="Ändern, wie oft Nachrichten per E-Mail kommen")
def set_rhythm(
    session: SessionDep,
    actor: ActorDep,
    wanted: Annotated[
        SetMailRhythm,
        Body(
            openapi_examples={
                "täglich": {"value": {"rhythm": "daily", "hour": 8}},
                "wöchentlich": {"value": {"rhythm": "weekly", "hour": 7, "weekday": 1}},
            }
        ),
    ],
) -> MailRhythmView:
    return MailRhythmView.of(lists.set_rhythm(session, actor, wanted))
