"""Signing in with a password, the same for machines and pages: throttled, with a cookie."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from agreements import clock, people
from agreements.people import Actor
from api.auth import COOKIE


def sign_in(
    request: Request, session: Session, username: str, password: str
) -> tuple[Actor, str, datetime]:
    """The actor, a session secret and its expiry; raises ``NotSignedIn`` or ``TooManyAttempts``."""
    throttle = request.app.state.throttle
    throttle.attempt(username)
    try:
        signed_in = people.sign_in(session, username, password)
    except SQLAlchemyError:
        # An unreachable database must not lock people out.
        throttle.withdraw(username)
        raise
    throttle.succeeded(username)
    return signed_in


def give_cookie(request: Request, response: Response, secret: str, expires_at: datetime) -> None:
    """Put the session's secret into a cookie that only this origin's requests carry."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int((expires_at - clock.now()).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.secure_cookies,
        path="/",
    )
