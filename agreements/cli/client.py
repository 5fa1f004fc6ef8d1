"""A client of our own REST API for the command line: people sign in, requests survive restarts.

A request that meets a dead server is sent again until ``patience`` is over; a changing one
carries the same ``Idempotency-Key`` each time, so that it is carried out once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

from agreements.errors import Refusal
from agreements.ids import new_id

Json = dict[str, Any]

PATIENCE: Final = 120.0
_LONGEST_PAUSE: Final = 1.0
# Refusals that say "simply try again".
_PASSING: Final = frozenset(("busy", "idempotency-key-gone", "changed-meanwhile"))
# A server error that no repetition mends.
_LASTING: Final = frozenset(("needs-mending",))


class ApiClient:
    """The API at one address; each person signs in when first needed."""

    def __init__(self, address: str, password: str, *, patience: float = PATIENCE) -> None:
        self.address, self._password, self._patience = address, password, patience
        self._people: dict[str, httpx.Client] = {}
        # One for all people: each of its own would read the machine's certificates again.
        self._certificates = httpx.create_ssl_context(trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for person in self._people.values():
            person.close()

    def get(self, username: str, path: str, **params: str | int) -> Json:
        """The content at a path, as that person sees it."""
        content: Json = self._send(username, "GET", path, params=params).json()
        return content

    def pages(self, username: str, path: str, **params: str | int) -> list[Json]:
        """All entries of a paged list."""
        found: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(username, path, **params, **cursor)
            found += page["items"]
            if page.get("next_cursor") is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    def post(self, username: str, path: str, content: Mapping[str, Any]) -> Json:
        """Change something, once, however often the server dies meanwhile."""
        key = {"Idempotency-Key": str(new_id())}
        answer: Json = self._send(username, "POST", path, headers=key, json=content).json()
        return answer

    def download(self, username: str, path: str) -> bytes:
        """The bytes at a path."""
        return self._send(username, "GET", path).content

    def _send(self, username: str, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  (httpx's own)
        response = self._persist(self._person(username), method, path, **options)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            # The session has ended meanwhile.
            self._people.pop(username).close()
            response = self._persist(self._person(username), method, path, **options)
        return _accepted(response)

    def _person(self, username: str) -> httpx.Client:
        if username not in self._people:
            # No proxy for our own API, whatever the environment says.
            person = httpx.Client(
                base_url=f"{self.address}/api/v1",
                headers={"X-Requested-With": "vereinbar"},
                trust_env=False,
                verify=self._certificates,
                timeout=30,
            )
            credentials = {"username": username, "password": self._password}
            try:
                _accepted(self._persist(person, "POST", "/session", json=credentials))
            except BaseException:
                person.close()
                raise
            self._people[username] = person
        return self._people[username]

    def _persist(
        self,
        person: httpx.Client,
        method: str,
        path: str,
        **options: Any,  # noqa: ANN401  (httpx's own)
    ) -> httpx.Response:
        deadline = time.monotonic() + self._patience
        pause = 0.1
        while True:
            try:
                response = person.request(method, path, **options)
            except httpx.TransportError as error:
                if time.monotonic() > deadline:
                    raise Refusal(
                        "api-unreachable",
                        f"Die Schnittstelle unter {self.address} antwortet nicht. Läuft "
                        "„vereinbar up“? Die Gründe stehen in logs/api.log im Datenordner.",
                    ) from error
            else:
                if not _is_passing(response) or time.monotonic() > deadline:
                    return response
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)


def _is_passing(response: httpx.Response) -> bool:
    if response.is_server_error:
        return _problem(response).get("code") not in _LASTING
    return response.is_client_error and _problem(response).get("code") in _PASSING


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    problem = _problem(response)
    raise Refusal(
        problem.get("code", "api-refused"),
        problem.get("detail", f"Die Schnittstelle antwortet mit {response.status_code}."),
        problem.get("field"),
        problem.get("accepted"),
    )


def _problem(response: httpx.Response) -> Json:
    if "json" not in response.headers.get("content-type", ""):
        return {}
    content: Json = response.json()
    return content
