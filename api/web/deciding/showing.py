"""The pages themselves: the form, what is to be checked, and what somebody else has recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from agreements.approval import possible_answers
from agreements.errors import Refusal
from agreements.ids import new_id
from agreements.model.enums import TaskKind
from agreements.queries.reading import to_read
from agreements.queries.recorded import recorded_in
from agreements.queries.tasks import Basis
from api.web.deciding import minutes, signing
from api.web.deciding.fields import Field, Form, Group, Input, Widget, anchor
from api.web.deciding.reading import (
    NONE_OF_THEM,
    Entered,
    Fault,
    Faulty,
    fault_of,
    filled_rows,
    first,
)
from api.web.deciding.signing import Signing
from api.web.deciding.ways import At, Way
from api.web.frame import DONE, own_page, page

# Ways back to the form: change it, read the minutes into it, give a list another entry.
CHANGE: Final = "aendern"
READ_IN: Final = "einlesen"
MORE: Final = "mehr:"
STEPS: Final = (CHANGE, READ_IN)
# Not what was entered, but which way the form goes.
_STEERING: Final = frozenset(("schritt", "einmal"))


def empty(at: At, known: Entered, done: str = "") -> Response:
    """The form with what is known already."""
    return _form(at, known, note=DONE.get(done, ""))


def again(
    at: At, given: Entered, *, step: str = CHANGE, trouble: Faulty | Refusal | None = None
) -> Response:
    """The form with what was entered; or who was faster."""
    if reasons := at.way.against(at):
        return not_now(at, given, reasons)
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
    known = at.way.begins(at)
    hidden = [path for path, one in at.form.inputs.items() if one.widget is Widget.HIDDEN]
    given = {**given, **{name: known[name] for name in at.way.keeps if name in known}}
    about = [path for path in hidden if path in given and path in known]
    if all(given[name] == known[name] for name in about):
        return given
    chosen = {path for path, one in at.form.inputs.items() if one.widget is Widget.CHOICE}
    kept = {path: values for path, values in given.items() if path not in chosen}
    return kept | {name: known[name] for name in about}


def signed_out(task_id: UUID, way: Way, given: Entered) -> Response:
    """What was entered by somebody whose sign-in has ended, to be sent once more."""
    here = f"/aufgaben/{task_id}/{way.path}"
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
        kept=[(name, first(given, name)) for name in at.way.keeps],
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


def to_check(at: At, act: BaseModel, given: Entered, version: int | None) -> Response:
    """What would be recorded and what would follow, after it has been carried out for a trial.

    The case is locked, and the session is not committed afterwards.
    """
    shown = at.about() | at.facts() | {"entries": at.way.entries(at, given)}
    sentence = at.way.sentence(at, act)
    return own_page(
        at.session,
        at.actor,
        "decide_check.html",
        **shown,
        sentence=sentence,
        follows=at.way.carry_out(at, given, act, version),
        carried=_carried(given),
        once=new_id(),
    )


def _carried(given: Entered) -> list[tuple[str, str]]:
    return [(key, one) for key, many in given.items() if key not in _STEERING for one in many]


def not_now(at: At, given: Entered, reasons: tuple[str, ...]) -> Response:
    """Why it cannot be recorded (any more), and what was entered, so that it is not lost."""
    answer = own_page(
        at.session,
        at.actor,
        "decide_not_now.html",
        **at.about(),
        reasons=reasons,
        recorded=recorded_in(at.session, at.case, at.sight, at.task),
        entries=at.said(given),
    )
    answer.status_code = HTTPStatus.CONFLICT
    return answer
