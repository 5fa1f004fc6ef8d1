"""What people fill in, read by the models of the use cases, with the words of the forms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from agreements import extracts
from agreements.errors import NotSignedIn, Refusal
from api.auth import protect_cookie
from api.dependencies import BearerDep, CookieDep, credentials_of
from api.validation import InputError, input_errors
from api.web.again import Typed
from api.web.frame import carry

Model = TypeVar("Model", bound=BaseModel)

# A form without a file is never longer; with one, it is the file and what stands around it.
LONGEST: Final = 256 * 1024
# The form for signing in carries another one, whose fields have longer names there.
_LONGEST_CARRIED: Final = 2 * LONGEST
# What a field is called where people fill it in.
LABELS: Final[Mapping[str, str]] = {
    "rhythm": "Nachrichten per E-Mail",
    "hour": "Gesammelt um (Uhr)",
    "weekday": "Wochentag, wenn wöchentlich",
    "password": "Kennwort",
    "username": "Wer",
    "first_day": "Erster Tag",
    "last_day": "Letzter Tag",
    "substitute": "Vertretung",
    "substitutions.0.substitute": "Vertretung",
    "role": "In der Rolle",
    "substitutions.0.role": "In der Rolle",
    "to": "An wen",
    "note": "Hinweis",
    "reason": "Grund",
    "text": "Vermerk",
    "due_on": "Neues Ende der Frist",
    "proof": "Nachweis",
    "follow_up_on": "Wiedervorlage",
    "plan.follow_up_on": "Wiedervorlage",
    "assign.to": "An wen",
    "reassign.to": "An wen",
    "reassign.reason": "Grund",
    "from": "Wer gibt ab",
    "name": "Name",
    "case": "Vorgang",
    "q": "Suche",
    "result": "Ergebnis",
    "done_on": "Erledigt am",
    "task_ids": "Aufgaben",
}


def refuse_longer(request: Request, longest: int) -> None:
    """Refuse a form that is too long before anything of it is read."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise Refusal("length-missing", "Die Länge der Eingabe fehlt. Bitte noch einmal senden.")
    if int(length) > longest:
        if longest > extracts.LARGEST:
            raise extracts.too_large()
        raise Refusal("form-too-long", "Die Eingabe ist zu lang. Bitte kürzen.")


# Endpoints name the form first: it is read before the transaction is begun, so that nobody who
# sends slowly holds a connection. Who asks is looked up before that: files are not read in vain.
async def _form(request: Request, cookie: CookieDep, bearer: BearerDep) -> AsyncIterator[FormData]:
    try:
        await _require_sign_in(request, cookie, bearer, LONGEST)
    except NotSignedIn:
        await _carry_typed(request)
        raise
    async with request.form(max_files=0) as form:
        yield form


async def _form_with_file(
    request: Request, cookie: CookieDep, bearer: BearerDep
) -> AsyncIterator[FormData]:
    await _require_sign_in(request, cookie, bearer, extracts.LARGEST + LONGEST)
    async with request.form(max_files=1) as form:
        yield form


async def _strangers_form(request: Request) -> AsyncIterator[FormData]:
    refuse_longer(request, _LONGEST_CARRIED)
    async with request.form(max_files=0) as form:
        yield form


async def _require_sign_in(
    request: Request, cookie: str | None, bearer: HTTPAuthorizationCredentials | None, longest: int
) -> None:
    """Refuse whoever brings no valid sign-in, before anything of what they send is read."""
    credentials = await credentials_of(request, cookie, bearer)
    refuse_longer(request, longest)

    def look() -> None:
        with request.app.state.sessions.begin() as session:
            credentials.sign_in(session)

    await run_in_threadpool(look)


async def _carry_typed(request: Request) -> None:
    """Give back what was typed with the page for signing in; not what another site made up."""
    try:
        protect_cookie(request)
        refuse_longer(request, LONGEST)
    except Refusal:
        return
    async with request.form(max_files=0) as form:
        typed = Typed.of_request(request, form)
    if typed.says_something:
        carry(request, typed.carried())


FormDep = Annotated[FormData, Depends(_form)]
# Of whoever is about to sign in.
StrangersFormDep = Annotated[FormData, Depends(_strangers_form)]
FileFormDep = Annotated[FormData, Depends(_form_with_file)]


def filled(form: FormData, *names: str) -> dict[str, str]:
    """Those of the fields that are filled in."""
    found = ((name, text_of(form, name)) for name in names)
    return {name: text for name, text in found if text}


def text_of(form: FormData, name: str) -> str:
    """What stands in a field; empty if nothing does."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def chosen(form: FormData, name: str) -> list[str]:
    """All values that are ticked or selected under a name."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def file_of(form: FormData, name: str) -> UploadFile:
    """The file that was chosen; refuses if there is none."""
    value = form.get(name)
    if not isinstance(value, UploadFile) or not value.filename:
        raise Refusal("file-missing", "Bitte eine Datei auswählen.")
    return value


def version_of(form: FormData, name: str = "version") -> int | None:
    """The version that the person has seen; None if the form does not say it."""
    text = text_of(form, name)
    if not text:
        return None
    # No task is at what no form has written.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def read(model: type[Model], content: Mapping[str, object]) -> Model:
    """The content as the use case takes it; refuses with all that is wrong, in sentences."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = input_errors(error.errors())
        raise Refusal("invalid-input", " ".join(sentence_of(fault) for fault in faults)) from None


def sentence_of(fault: InputError, labels: Mapping[str, str] = LABELS) -> str:
    """What is wrong with an input, with the words of the form instead of the model's name."""
    said = fault.message
    if fault.field is not None:
        named = labels.get(fault.field, fault.field)
        said = said.replace(f"„{fault.field}“", f"„{named}“", 1)
    return f"{said} Angenommen wird: {fault.accepted}." if fault.accepted else said
