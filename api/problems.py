"""Problem details (RFC 9457): every refusal with a stable code and a German sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import errors as postgres
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from agreements.documents.inspection.findings import Finding
from agreements.errors import Refusal, StepFailure
from agreements.template_versions import TemplateRefused
from api.validation import InputError, input_errors
from api.web import frame

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("vereinbar.api")
_BUSY = (
    postgres.LockNotAvailable,
    postgres.DeadlockDetected,
    postgres.SerializationFailure,
    postgres.QueryCanceled,
)


class TemplateFinding(BaseModel):
    """Ein Befund über eine Word-Datei."""

    code: str = Field(examples=["typographic-quotes"])
    part: str = Field(examples=["Kopfzeile"])
    place: str = Field(examples=["Absatz 2: „Aktenzeichen {{ file_refrence }}“"])
    text: str = Field(examples=["{{ file_refrence }}"])
    message: str


class Problem(BaseModel):
    """Problembeschreibung nach RFC 9457."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Die Eingabe wurde nicht angenommen."])
    status: int = Field(examples=[422])
    detail: str = Field(
        description="Was nicht stimmt und wie es zu beheben ist",
        examples=["Das Datum 01.01.2030 liegt in der Zukunft."],
    )
    code: str = Field(description="beständig, für Programme", examples=["date-in-future"])
    field: str | None = Field(description="das betroffene Feld", examples=["decided_on"])
    accepted: str | None = Field(description="was stattdessen angenommen würde")
    instance: str = Field(description="der aufgerufene Pfad", examples=["/api/v1/cases"])
    errors: list[InputError] = Field(description="alle Fehler einer Eingabe, sonst leer")
    findings: list[TemplateFinding] = Field(
        description="alle Befunde einer abgelehnten Vorlage, sonst leer"
    )


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    title: str | None = None,
    field: str | None = None,
    accepted: str | None = None,
    errors: tuple[InputError, ...] = (),
    findings: Iterable[Finding] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem as an answer: a page for whoever looks at pages, else as RFC 9457 says."""
    if frame.is_for_people(request):
        return frame.refused(request, status, title or _title(status), detail, accepted, headers)
    problem = Problem(
        type="about:blank",
        title=title or _title(status),
        status=status,
        detail=detail,
        code=code,
        field=field,
        accepted=accepted,
        instance=request.url.path,
        errors=list(errors),
        findings=[_finding(finding) for finding in findings],
    )
    return JSONResponse(problem.model_dump(), status, headers, MEDIA_TYPE)


def _finding(finding: Finding) -> TemplateFinding:
    return TemplateFinding(
        code=finding.code,
        part=finding.part,
        place=finding.place,
        text=finding.text,
        message=finding.message,
    )


_TITLES = {
    400: "Die Anfrage ist unverständlich.",
    404: "Nicht gefunden.",
    405: "Diese Methode gibt es hier nicht.",
    409: "Das ist im jetzigen Stand nicht möglich.",
    415: "Dieses Format wird nicht angenommen.",
    422: "Die Eingabe wurde nicht angenommen.",
    500: "Unerwarteter Fehler.",
    503: "Vorübergehend nicht verfügbar.",
}


def _title(status: int) -> str:
    return _TITLES.get(status) or HTTPStatus(status).phrase


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid_input)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(IntegrityError, _simultaneous)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(StepFailure, _step_failure)
    app.add_exception_handler(Exception, _unexpected)


def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    if frame.is_for_people(request):
        return frame.answer_refusal(request, error)
    headers = dict(getattr(error, "headers", {}))
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return answer(
        request,
        error.status,
        error.code,
        error.message,
        title=error.title,
        field=error.field,
        accepted=error.accepted,
        findings=error.findings if isinstance(error, TemplateRefused) else (),
        headers=headers,
    )


def _invalid_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = input_errors(error.errors())
    if frame.is_for_people(request):
        return frame.answer_invalid(request, " ".join(entry.message for entry in found))
    first = found[0]
    return answer(
        request,
        422,
        "invalid-input",
        " ".join(entry.message for entry in found),
        field=first.field,
        accepted=first.accepted,
        errors=found,
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {
        404: "Diese Adresse gibt es nicht.",
        405: "Diese Adresse kennt die verwendete Methode nicht.",
    }.get(error.status_code, _title(error.status_code))
    code = HTTPStatus(error.status_code).name.lower().replace("_", "-")
    headers = dict(error.headers) if error.headers else None
    return answer(request, error.status_code, code, sentence, headers=headers)


def _stale(request: Request, error: Exception) -> Response:
    return answer(
        request,
        409,
        "changed-meanwhile",
        "Der Stand hat sich im selben Augenblick geändert. Bitte neu laden und noch einmal prüfen.",
    )


def _simultaneous(request: Request, error: Exception) -> Response:
    _log.warning("constraint refused %s %s: %s", request.method, request.url.path, error)
    return answer(
        request,
        409,
        "simultaneous",
        "Das wurde im selben Augenblick schon von anderer Seite erledigt. Bitte neu laden.",
    )


def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if isinstance(error.orig, _BUSY):
        return answer(
            request,
            409,
            "busy",
            "Der Vorgang wird gerade von anderer Seite bearbeitet. Bitte noch einmal versuchen.",
        )
    if isinstance(error.orig, postgres.DataError):
        _log.error("%s %s: %s", request.method, request.url.path, error)
        return answer(
            request,
            422,
            "not-storable",
            "Ein Wert der Eingabe lässt sich nicht verarbeiten: Er enthält Steuerzeichen oder ist "
            "zu groß. Bitte die Eingabe prüfen.",
        )
    if isinstance(error, OperationalError):
        _log.error("database unavailable: %s", error)
        return answer(
            request,
            503,
            "database-unavailable",
            "Die Datenbank ist nicht erreichbar. Bitte in Kürze noch einmal versuchen.",
            headers={"Retry-After": "5"},
        )
    return _unexpected(request, error)


def _step_failure(request: Request, error: Exception) -> Response:
    # The sentence is for operators and may name paths on the server: it goes to the log.
    _log.error("%s %s: %s", request.method, request.url.path, error)
    return answer(
        request,
        500,
        "needs-mending",
        "Das lässt sich gerade nicht ausführen. Die Administration findet die Ursache im "
        "Protokoll.",
    )


def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(
        request,
        500,
        "unexpected",
        "Es ist ein unerwarteter Fehler aufgetreten; es wurde nichts geändert.",
    )
