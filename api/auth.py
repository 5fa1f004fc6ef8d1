"""Who is asking: session cookie or bearer token, and what protects the cookie.

Every way of signing in ends in ``people.issue_token``; behind it only the token counts.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.security import APIKeyCookie, HTTPBearer

from agreements import clock
from agreements.errors import NotPermitted, Refusal

COOKIE: Final = "vereinbar_session"
SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))

cookie_scheme = APIKeyCookie(
    name=COOKIE,
    scheme_name="Sitzung",
    description="Sitzungscookie aus POST /session. Ändernde Anfragen brauchen dazu die Kopfzeile "
    "X-Requested-With (beliebiger Wert) oder dieselbe Herkunft.",
    auto_error=False,
)
bearer_scheme = HTTPBearer(
    scheme_name="Zugangsschluessel",
    description="Persönlicher Zugangsschlüssel aus POST /tokens.",
    auto_error=False,
)


def protect_cookie(request: Request) -> None:
    """Refuse a changing request that another site could have made with the cookie.

    A page of another origin can neither set ``X-Requested-With`` (no CORS here) nor forge
    ``Sec-Fetch-Site`` or ``Origin``.
    """
    headers = request.headers
    if request.method in SAFE_METHODS or "x-requested-with" in headers:
        return
    if headers.get("sec-fetch-site") == "same-origin":
        return
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc == headers.get("host"):
        return
    raise NotPermitted(
        "csrf",
        "Diese Anfrage kam ohne Herkunftsnachweis. Bitte die Kopfzeile X-Requested-With mitsenden "
        "oder einen Zugangsschlüssel verwenden.",
        "X-Requested-With",
        "ein beliebiger Wert",
    )


class TooManyAttempts(Refusal):
    """Too many wrong passwords for a user name."""

    status = 429
    title = "Zu viele Fehlversuche."

    def __init__(self, username: str, seconds: int) -> None:
        super().__init__(
            "too-many-attempts",
            f"Für „{username}“ gab es zu viele Anmeldeversuche mit falschem Kennwort. Bitte in "
            f"{-(-seconds // 60)} Minuten noch einmal versuchen.",
            "username",
        )
        self.args = (username, seconds)
        self.headers = {"Retry-After": str(seconds)}


class Throttle:
    """Counts wrong passwords per user name in this process.

    An attempt counts before the password is looked at, so attempts that run at the same time
    cannot slip through together; a success forgets them all.
    """

    def __init__(
        self,
        allowed: int = 5,
        window: timedelta = timedelta(minutes=15),
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._allowed, self._window, self._now = allowed, window, now
        self._attempts: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def attempt(self, username: str) -> None:
        """Note an attempt; refuses when there were too many."""
        now = self._now()
        with self._lock:
            self._forget_old(now)
            attempts = self._attempts.setdefault(username.lower(), deque())
            if len(attempts) >= self._allowed:
                wait = attempts[0] + self._window - now
                raise TooManyAttempts(username, max(1, int(wait.total_seconds())))
            attempts.append(now)

    def succeeded(self, username: str) -> None:
        """The password was right."""
        with self._lock:
            self._attempts.pop(username.lower(), None)

    def withdraw(self, username: str) -> None:
        """The last attempt does not count: nobody looked at the password."""
        with self._lock:
            if attempts := self._attempts.get(username.lower()):
                attempts.pop()

    def _forget_old(self, now: datetime) -> None:
        for name, attempts in list(self._attempts.items()):
            while attempts and attempts[0] <= now - self._window:
                attempts.popleft()
            if not attempts:
                del self._attempts[name]
