"""Refusals: what the domain answers when something may not be done.

Each carries a stable ``code`` for machines and a German sentence for people. The
constructor's arguments go to ``super().__init__`` unchanged, so that a refusal
survives pickling (Prefect pickles what crosses a task boundary).
"""

from __future__ import annotations


class Refusal(Exception):
    """A use case refuses: nothing was written.

    code: stable, kebab-case. message: German sentence, says how to mend it.
    field: the input's field, dotted. accepted: what would be accepted instead.
    """

    status = 422
    title = "Die Eingabe wurde nicht angenommen."

    def __init__(
        self,
        code: str,
        message: str,
        field: str | None = None,
        accepted: str | None = None,
    ) -> None:
        super().__init__(code, message, field, accepted)
        self.code, self.message, self.field, self.accepted = code, message, field, accepted

    def __str__(self) -> str:
        return self.message


class NotFound(Refusal):
    """The thing does not exist, or not for this person."""

    status = 404
    title = "Nicht gefunden."


class NotPermitted(Refusal):
    """Role and body of the person do not allow this act."""

    status = 403
    title = "Dafür fehlt die Berechtigung."


class NotSignedIn(Refusal):
    """No valid session or token."""

    status = 401
    title = "Anmeldung erforderlich."


class Conflict(Refusal):
    """Somebody was faster, or the state does not allow this act (any more)."""

    status = 409
    title = "Das ist im jetzigen Stand nicht möglich."


class StaleVersion(Conflict):
    """The caller's version is not the current one (If-Match)."""

    status = 412
    title = "Der Stand hat sich inzwischen geändert."


class StepFailure(Exception):
    """A machine step can't be done until a person mends something (template, data).

    The run shows as failed with this sentence; "Retry" continues it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message
