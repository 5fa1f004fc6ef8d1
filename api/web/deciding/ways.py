"""What is entered at a task: what it asks for, or what is right instead of a wrong entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Protocol, cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from agreements import access, course, decisions, responsibility
from agreements.acts import Act
from agreements.errors import Refusal
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import TaskKind, TaskState
from agreements.people import Actor
from agreements.procedures.transitions import TaskAction
from agreements.queries import tasks as queries
from agreements.queries.tasks import Basis
from agreements.sights import Sight
from api.dependencies import Reply
from api.rest.tasks import completing
from api.web.deciding import starting, words
from api.web.deciding.fields import Form, Input, Widget
from api.web.deciding.kinds import FORMS
from api.web.deciding.reading import NONE_OF_THEM, Entered, filled_rows, first, iso_day, name

# Names with what was entered; what follows, in sentences.
Entries = list[tuple[str, str]]
Follows = Sequence[str]


class Way(Protocol):
    """How something is entered at a task.

    path: in the address. done: what is said afterwards. keeps: what the form carries along unseen
    beside its own fields.
    """

    path: ClassVar[str]
    done: ClassVar[str]
    keeps: ClassVar[tuple[str, ...]]

    def form(self, given: Entered) -> Form:
        """The form that says of itself which it is; the use case judges whether it may be."""

    def form_of(self, task: Task) -> Form:
        """The form of the task."""

    def heading(self, task: Task) -> str:
        """What stands above it."""

    def begins(self, at: At) -> Entered:
        """What is known already and need not be entered."""

    def against(self, at: At) -> tuple[str, ...]:
        """What is against entering anything now; empty: nothing."""

    def entries(self, at: At, given: Entered) -> Entries:
        """What was entered, as people check it."""

    def sentence(self, at: At, entered: BaseModel) -> str:
        """What will be recorded."""

    def carry_out(self, at: At, given: Entered, entered: BaseModel, version: int | None) -> Follows:
        """Record it in this transaction; what follows, in sentences."""

    def work(
        self, task_id: UUID, given: Entered, entered: BaseModel, version: int | None
    ) -> Callable[[Session, Actor], Reply]:
        """The same, for an errand."""


@dataclass(frozen=True, slots=True)
class At:
    """One person at one task."""

    session: Session
    actor: Actor
    task: Task
    case: Case
    sight: Sight
    way: Way

    @classmethod
    def seen(cls, session: Session, actor: Actor, task_id: UUID, way: Way) -> At:
        """At a task that the person sees."""
        return cls(session, actor, *access.visible_task(session, actor, task_id), way)

    @classmethod
    def locked(cls, session: Session, actor: Actor, task_id: UUID, way: Way) -> At:
        """The same, with the case locked."""
        case, sight = access.case_of_task(session, actor, task_id)
        return cls(session, actor, session.get_one(Task, task_id), case, sight, way)

    @property
    def form(self) -> Form:
        """The form of the task."""
        return self.way.form_of(self.task)

    @property
    def body(self) -> Body:
        """Whose task it is."""
        return self.session.get_one(Body, self.task.body_id)

    def basis(self) -> Basis:
        """What the decision rests on."""
        return queries.basis(self.session, self.task, self.sight)

    def about(self) -> dict[str, object]:
        """What every page of the task says at its top."""
        holder = responsibility.holder_of(self.session, self.actor, self.task)
        here = f"/aufgaben/{self.task.id}"
        return {
            "line": queries.line(self.session, self.task.id),
            "here": here,
            "send_to": f"{here}/{self.way.path}",
            "heading": self.way.heading(self.task),
            "form": self.form,
            "for_whom": holder.on_behalf_of if holder is not None else None,
        }

    def facts(self) -> dict[str, object]:
        """What it is about; only for whoever may decide in it."""
        basis = self.basis()
        return {
            "facts": [*words.facts(basis), *words.of_subject(self.session, self.task)],
            "points": basis.consultation.paper.proposal["points"] if basis.consultation else [],
        }

    def parties(self) -> Entries:
        """AGS and name of each party."""
        return [(body.ags, body.name) for body in course.parties_of(self.session, self.case)]

    def said(self, given: Entered) -> Entries:
        """What was entered, as people read it."""
        found: Entries = []
        for path, one in self.form.inputs.items():
            if one.widget is Widget.ROWS:
                found += [_entry(one, row, given) for row in filled_rows(one, given)]
            elif one.widget is Widget.PARTIES and path in given:
                names = {**dict(self.parties()), NONE_OF_THEM: "niemand"}
                found.append((one.field.label, ", ".join(names.get(a, a) for a in given[path])))
            elif one.widget is not Widget.HIDDEN and given.get(path, ("",)) != (one.default,):
                found += [(one.field.label, _said(one, text)) for text in given.get(path, ())[:1]]
        return found


def _entry(rows: Input, row: int, given: Entered) -> tuple[str, str]:
    texts = [(column, first(given, name(rows, row, column))) for column in rows.columns]
    shown = [_said(column, text) for column, text in texts if text]
    return f"{rows.field.row} {row + 1}", "\n".join(shown)


def _said(one: Input, text: str) -> str:
    if one.widget is Widget.DAY:
        # What is no day is shown as it was entered.
        with suppress(ValueError):
            return words.day(date.fromisoformat(iso_day(text)))
    return dict(one.choices).get(text, text)


class _Deciding:
    """What the task asks for is decided."""

    path: ClassVar = "erfassen"
    done: ClassVar = "erledigt"
    keeps: ClassVar[tuple[str, ...]] = ()

    def form(self, given: Entered) -> Form:
        kind = first(given, "art")
        if kind not in {known.value for known in FORMS}:
            raise Refusal("invalid-input", "Die Art der Aufgabe fehlt. Bitte von vorn beginnen.")
        return FORMS[TaskKind(kind)]

    def form_of(self, task: Task) -> Form:
        return FORMS[task.kind]

    def heading(self, task: Task) -> str:
        return task.title

    def begins(self, at: At) -> Entered:
        return starting.values(at.session, at.case, at.task, at.form, at.basis())

    def against(self, at: At) -> tuple[str, ...]:
        if at.task.state is not TaskState.OPEN:
            return (responsibility.why_not_open(at.session, at.task),)
        offered = dict(queries.offered(at.session, at.actor, at.task))
        return offered.get(TaskAction.COMPLETE, ("Für diese Aufgabe sind andere zuständig.",))

    def entries(self, at: At, given: Entered) -> Entries:
        return at.said(given)

    def sentence(self, at: At, entered: BaseModel) -> str:
        return words.in_one_sentence(cast("Act", entered), at.basis(), at.body)

    def carry_out(self, at: At, given: Entered, entered: BaseModel, version: int | None) -> Follows:
        act, session = cast("Act", entered), at.session
        decided = decisions.complete_in(session, at.actor, at.case, at.task.id, act, version)
        _, opened = queries.after_decision(session, at.case, decided, at.sight)
        return words.what_follows(session, at.case, decided, opened)

    def work(
        self, task_id: UUID, given: Entered, entered: BaseModel, version: int | None
    ) -> Callable[[Session, Actor], Reply]:
        return completing(task_id, cast("Act", entered), version)


DECIDING: Final = _Deciding()
