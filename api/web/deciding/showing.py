"""The pages themselves: the form, what is to be checked, and what somebody else has recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import Response
from sqlalchemy.orm import Session

from agreements import access, course, decisions, responsibility
from agreements.acts import Act
from agreements.approval import possible_answers
from agreements.errors import Refusal
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import TaskKind, TaskState
from agreements.people import Actor
from agreements.procedures.transitions import TaskAction
from agreements.queries import tasks as queries
from agreements.queries.reading import to_read
from agreements.queries.recorded import recorded_in
from agreements.queries.tasks import Basis
from agreements.sights import Sight
from api.web.deciding import minutes, signing, starting, words
from api.web.deciding.fields import Field, Form, Group, Input, Widget, anchor
from api.web.deciding.kinds import FORMS
from api.web.deciding.reading import (
    NONE_OF_THEM,
    Entered,
    Fault,
    Faulty,
    fault_of,
    filled_rows,
    first,
    iso_day,
    name,
    read_act,
)
from api.web.deciding.signing import Signing
from api.web.frame import DONE, own_page, page

# Ways back to the form: change it, read the minutes into it, give a list another entry.
CHANGE: Final = "aendern"
READ_IN: Final = "einlesen"
MORE: Final = "mehr:"
STEPS: Final = (CHANGE, READ_IN)
# Not what was entered, but which way the form goes.
_STEERING: Final = frozenset(("schritt", "einmal"))


@dataclass(frozen=True, slots=True)
class At:
    """One person at one task."""

    session: Session
    actor: Actor
    task: Task
    case: Case
    sight: Sight

    @property
    def form(self) -> Form:
        """The form of the task's kind."""
        return FORMS[self.task.kind]

    def basis(self) -> Basis:
        """What the decision rests on."""
        return queries.basis(self.session, self.task, self.sight)

    def about(self) -> dict[str, object]:
        """What every page of the task says at its top."""
        holder = responsibility.holder_of(self.session, self.actor, self.task)
        return {
            "line": queries.line(self.session, self.task.id),
            "here": f"/aufgaben/{self.task.id}",
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

    def parties(self) -> list[tuple[str, str]]:
        """AGS and name of each party."""
        return [(body.ags, body.name) for body in course.parties_of(self.session, self.case)]

    def entries(self, given: Entered) -> list[tuple[str, str]]:
        """What was entered, as people read it."""
        found: list[tuple[str, str]] = []
        for path, one in self.form.inputs.items():
            if one.widget is Widget.ROWS:
                found += [_entry(one, row, given) for row in filled_rows(one, given)]
            elif one.widget is Widget.PARTIES and path in given:
                names = {**dict(self.parties()), NONE_OF_THEM: "niemand"}
                found.append((one.field.label, ", ".join(names.get(a, a) for a in given[path])))
            elif one.widget is not Widget.HIDDEN and given.get(path, ("",)) != (one.default,):
                found += [(one.field.label, _said(one, text)) for text in given.get(path, ())[:1]]
        return found

    def objections(self) -> tuple[str, ...]:
        """What is against deciding in it now; empty: nothing."""
        if self.task.state is not TaskState.OPEN:
            return (responsibility.why_not_open(self.session, self.task),)
        offered = dict(queries.offered(self.session, self.actor, self.task))
        return offered.get(TaskAction.COMPLETE, ("Für diese Aufgabe sind andere zuständig.",))


def _at(session: Session, actor: Actor, task_id: UUID) -> At:
    return At(session, actor, *access.visible_task(session, actor, task_id))


def empty(
    session: Session, actor: Actor, task_id: UUID, done: str = ""
) -> tuple[Response, Act | None]:
    """The form with what is known already; the act too, if nothing need be added to that."""
    at = _at(session, actor, task_id)
    given = starting.values(session, at.case, at.task, at.form, at.basis())
    try:
        act = read_act(at.form, given)
    except Faulty:
        act = None
    return _form(at, given, note=DONE.get(done, "")), act


def again(
    session: Session,
    actor: Actor,
    task_id: UUID,
    given: Entered,
    *,
    step: str = CHANGE,
    trouble: Faulty | Refusal | None = None,
) -> Response:
    """The form with what was entered; or who was faster."""
    at = _at(session, actor, task_id)
    if reasons := at.objections():
        return _not_now(at, given, reasons)
    if isinstance(trouble, Faulty):
        return _form(at, given, trouble.faults)
    if trouble is not None:
        faults = (fault_of(at.form, trouble, given),)
        return _form(at, _on_new_text(at, given), faults, trouble.status)
    consultation = at.basis().consultation
    if step == READ_IN and consultation is not None:
        read = minutes.read_in(given, consultation.role)
        return _form(at, read.given, note=read.said)
    return _form(at, given, more=step.removeprefix(MORE))


def _on_new_text(at: At, given: Entered) -> Entered:
    """What was entered, on the text of now; what was chosen about another is not kept."""
    known = starting.values(at.session, at.case, at.task, at.form, at.basis())
    hidden = [path for path, one in at.form.inputs.items() if one.widget is Widget.HIDDEN]
    about = [path for path in hidden if path in given and path in known]
    if all(given[name] == known[name] for name in about):
        return given
    chosen = {path for path, one in at.form.inputs.items() if one.widget is Widget.CHOICE}
    kept = {path: values for path, values in given.items() if path not in chosen}
    return kept | {name: known[name] for name in about}


def not_now(session: Session, actor: Actor, task_id: UUID, reasons: tuple[str, ...]) -> Response:
    """Why nothing can be recorded yet, said before anybody enters anything."""
    return _not_now(_at(session, actor, task_id), {}, reasons)


def signed_out(task_id: UUID, given: Entered) -> Response:
    """What was entered by somebody whose sign-in has ended, to be sent once more."""
    here = f"/aufgaben/{task_id}/erfassen"
    content = {"here": here, "carried": _carried(given)}
    return page("decide_signed_out.html", HTTPStatus.UNAUTHORIZED, **content)


def _form(
    at: At,
    given: Entered,
    faults: tuple[Fault, ...] = (),
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    more: str = "",
    note: str = "",
) -> Response:
    said: dict[str, str] = {}
    for fault in faults:
        if fault.path is not None:
            said[fault.path] = (
                f"{said[fault.path]} {fault.sentence}" if fault.path in said else fault.sentence
            )
    answer = own_page(
        at.session,
        at.actor,
        "decide.html",
        **at.about(),
        **at.facts(),
        faults=faults,
        note=note,
        documents=to_read(at.session, at.sight, at.task),
        beside=_beside(at),
        page=FormPage(
            at.form,
            given,
            said,
            more,
            at.parties(),
            _possible(at.basis()),
        ),
    )
    answer.status_code = status if faults else HTTPStatus.OK
    return answer


def _beside(at: At) -> Signing | None:
    if at.task.kind is not TaskKind.RECORD_SIGNATURE:
        return None
    return signing.beside(at.session, at.case, at.task)


def _possible(basis: Basis) -> Mapping[str, tuple[str, ...]]:
    """Of which choices only some can be, as things stand."""
    if basis.approval is None:
        return {}
    return {"answer": possible_answers(basis.approval)}


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the template asks while it writes the form. more: a list that gets another entry."""

    form: Form
    given: Entered
    said: Mapping[str, str]
    more: str
    parties: Sequence[tuple[str, str]]
    possible: Mapping[str, tuple[str, ...]]
    none_of_them: str = NONE_OF_THEM

    @property
    def inputs(self) -> Mapping[str, Input]:
        """All inputs by their paths."""
        return self.form.inputs

    def anchor(self, path: str) -> str:
        """The id of an input."""
        return anchor(path)

    def value(self, path: str, default: str = "") -> str:
        """What stands in an input."""
        return first(self.given, path) or default

    def ticked(self, path: str) -> tuple[str, ...]:
        """Which boxes are ticked."""
        return self.given.get(path, ())

    def choices_of(self, one: Input) -> list[tuple[str, str, str]]:
        """Value, words and meaning of each choice that is possible."""
        hints = dict(one.field.hints)
        possible = self.possible.get(one.field.path)
        return [
            (value, said, hints.get(value, ""))
            for value, said in one.choices
            if possible is None or value in possible
        ]

    def rows(self, one: Input) -> list[int]:
        """The entries that are shown of a list, one more than filled if that is wanted."""
        least = max(one.field.count, len(self.parties) if self.are_fixed(one) else 0)
        shown = sorted({*range(least), *filled_rows(one, self.given)})
        return [*shown, shown[-1] + 1] if self.more == one.field.path else shown

    def are_fixed(self, one: Input) -> bool:
        """Whether there is one entry for each party, and no other."""
        return any(column.widget is Widget.HIDDEN for column in one.columns)

    def has(self, one: Field) -> bool:
        """Whether something stands in a field that is not so anyway, or is wrong with it."""
        usual = (self.inputs[one.path].default,)
        given = (known for known, values in self.given.items() if values != usual)
        return any(known.startswith(one.path) for known in (*given, *self.said))

    def is_open(self, group: Group) -> bool:
        """Whether something stands in a group that is folded otherwise."""
        return any(self.has(one) for one in group.fields)


def to_check(
    session: Session,
    actor: Actor,
    task_id: UUID,
    act: Act,
    given: Entered,
    version: int | None,
) -> Response:
    """What would be recorded and what would follow, after it has been carried out for a trial.

    The session is not committed afterwards.
    """
    case, sight = access.case_of_task(session, actor, task_id)
    at = At(session, actor, session.get_one(Task, task_id), case, sight)
    about, body = at.about() | at.facts(), session.get_one(Body, at.task.body_id)
    sentence = words.in_one_sentence(act, at.basis(), body)
    decided = decisions.complete_in(session, actor, case, task_id, act, version)
    _, opened = queries.after_decision(session, case, decided, sight)
    return own_page(
        session,
        actor,
        "decide_check.html",
        **about,
        sentence=sentence,
        entries=at.entries(given),
        follows=words.what_follows(session, case, decided, opened),
        carried=_carried(given),
        once=new_id(),
    )


def _carried(given: Entered) -> list[tuple[str, str]]:
    return [(key, one) for key, many in given.items() if key not in _STEERING for one in many]


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


def _not_now(at: At, given: Entered, reasons: tuple[str, ...]) -> Response:
    """Why it cannot be recorded (any more), and what was entered, so that it is not lost."""
    answer = own_page(
        at.session,
        at.actor,
        "decide_not_now.html",
        **at.about(),
        reasons=reasons,
        recorded=recorded_in(at.session, at.case, at.sight, at.task),
        entries=at.entries(given),
    )
    answer.status_code = HTTPStatus.CONFLICT
    return answer
