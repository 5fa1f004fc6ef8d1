"""What is right instead of a wrong entry about a resolution, entered by a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Final, cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from agreements import corrections
from agreements.corrections import CorrectResolution
from agreements.errors import Conflict
from agreements.model.cases import Task
from agreements.model.councils import Resolution
from agreements.model.enums import TaskKind
from agreements.people import Actor
from agreements.queries.recorded import resolution_now
from api.dependencies import Reply
from api.web.deciding import words
from api.web.deciding.fields import Field, Form, Group
from api.web.deciding.kinds import FORMS
from api.web.deciding.reading import Entered, first
from api.web.deciding.ways import At, Entries, Follows

# Which entry the person has seen; another may have taken its place meanwhile.
_SEEN: Final = "eintrag"
_NOTHING: Final = "keine Angabe"
_REASON: Final = Field(
    "reason",
    "Warum war der Eintrag falsch?",
    hint="zum Beispiel: Abgleich mit der Niederschrift, Ja und Nein waren vertauscht",
)


def _inside(part: Field | Group) -> Field | Group:
    """A part of the form for a result, as part of a correction."""
    if isinstance(part, Field):
        return replace(part, path=f"entry.{part.path}")
    fields = tuple(replace(one, path=f"entry.{one.path}") for one in part.fields)
    if part.button is None:
        return replace(part, fields=fields)
    return replace(
        part, fields=fields, title="Ergebnis, wie die Niederschrift es nennt", button=None
    )


_FORM: Final = Form(
    CorrectResolution,
    "Eintrag berichtigen",
    (
        *(_inside(part) for part in FORMS[TaskKind.RECORD_RESOLUTION].parts),
        _REASON,
    ),
)


class _Correcting:
    """The result that was recorded in a task is replaced; the wrong entry stays visible."""

    path: ClassVar = "berichtigen"
    done: ClassVar = "berichtigt"
    keeps: ClassVar[tuple[str, ...]] = (_SEEN,)

    def form(self, given: Entered) -> Form:
        return _FORM

    def form_of(self, task: Task) -> Form:
        return _FORM

    def heading(self, task: Task) -> str:
        return f"Berichtigen: {task.title}"

    def begins(self, at: At) -> Entered:
        now = resolution_now(at.session, at.task)
        if now is None:
            return {}
        found = at.session.get_one(Resolution, now)
        known = dict(_known(found)) | {"entry.text_hash": _text_of(at, found)}
        return {_SEEN: (str(found.id),)} | {path: (said,) for path, said in known.items() if said}

    def against(self, at: At) -> tuple[str, ...]:
        now = resolution_now(at.session, at.task)
        if now is None:
            return ("Berichtigen lässt sich nur ein Eintrag, der gemacht ist.",)
        refusal = corrections.why_not(at.session, at.actor, at.case, now)
        return () if refusal is None else (refusal.message,)

    def entries(self, at: At, given: Entered) -> Entries:
        before, after = dict(at.said(self.begins(at))), dict(at.said(given))
        before |= {_REASON.label: after[_REASON.label]}
        names = [*after, *(name for name in before if name not in after)]
        return [(name, _compared(before.get(name), after.get(name, _NOTHING))) for name in names]

    def sentence(self, at: At, entered: BaseModel) -> str:
        entry = cast("CorrectResolution", entered).entry
        return words.in_one_sentence(entry, at.basis(), at.body)

    def carry_out(self, at: At, given: Entered, entered: BaseModel, version: int | None) -> Follows:
        _correct(at, given, entered)
        return [
            "Der bisherige Eintrag bleibt mit dem Vermerk „berichtigt“ sichtbar.",
            *words.stands(at.session, at.case),
        ]

    def work(
        self, task_id: UUID, given: Entered, entered: BaseModel, version: int | None
    ) -> Callable[[Session, Actor], Reply]:
        def work(session: Session, actor: Actor) -> Reply:
            _correct(At.locked(session, actor, task_id, self), given, entered)
            return Reply(entered, 201)

        return work


CORRECTING: Final = _Correcting()


def _correct(at: At, given: Entered, entered: BaseModel) -> None:
    now = resolution_now(at.session, at.task)
    if now is None or first(given, _SEEN) != str(now):
        raise Conflict(
            "already-corrected",
            "Der Eintrag ist inzwischen von jemand anderem berichtigt worden. Ihre Angaben stehen "
            "noch hier; „Weiter“ zeigt, was sie an dem neuen Eintrag ändern.",
        )
    wanted, wrong = cast("CorrectResolution", entered), at.session.get_one(Resolution, now)
    # Whether it is a mere example is not asked for.
    wanted = wanted.model_copy(
        update={"entry": wanted.entry.model_copy(update={"sample": wrong.sample})}
    )
    corrections.correct(at.session, at.actor, at.case, now, wanted)


def _text_of(at: At, found: Resolution) -> str:
    """The text that was put to the vote; an amended resolution has another of its own."""
    consultation = at.basis().consultation
    return found.text_hash if consultation is None else consultation.paper.text_hash


def _known(found: Resolution) -> Iterator[tuple[str, str]]:
    """The entry as it would be filled in.

    Its meeting stays as it is unless another is named: of another day it would be another one.
    """
    for path, value in _PLAIN.items():
        yield path, _filled(getattr(found, value))
    for number, changed in enumerate((found.amendments or {"items": []})["items"]):
        yield f"entry.amendments.{number}.place", changed["place"]
        yield f"entry.amendments.{number}.wording", changed["wording"]
    yield "entry.decided_on", words.day(found.decided_on)
    yield "entry.members_excluded", str(found.members_excluded or "")
    if found.reservation is not None:
        yield "entry.reservation", found.reservation.wording


_PLAIN: Final[Mapping[str, str]] = {
    "entry.outcome": "outcome",
    "entry.votes.yes": "votes_yes",
    "entry.votes.no": "votes_no",
    "entry.votes.abstained": "votes_abstained",
    "entry.unanimous": "unanimous",
    "entry.members_present": "members_present",
    "entry.wording": "wording",
    "entry.source_text": "source_text",
    "entry.remark": "remark",
}


def _filled(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _compared(before: str | None, after: str) -> str:
    if before == after:
        return after
    return f"{after} (bisher: {before or _NOTHING})"
