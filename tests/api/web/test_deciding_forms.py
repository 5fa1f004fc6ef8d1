"""The forms against the typed acts that they are made of; without a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from agreements.acts import Act
from agreements.errors import Refusal
from agreements.model.enums import ConsultationRole, TaskKind
from api.rest.examples import ACT_EXAMPLES
from api.web.deciding.fields import Widget
from api.web.deciding.kinds import FORMS
from api.web.deciding.minutes import read_in
from api.web.deciding.reading import Entered, Faulty, fault_of, read_form

_ACT: TypeAdapter[Act] = TypeAdapter(Act)
# Asked for elsewhere: sample data is marked by the demo, a copy is filed beside the form.
NOT_ASKED = {"kind", "sample", "document_id"}


def leaves(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The paths of a model's fields, those of its lists as a whole."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from leaves(info.annotation, f"{above}{name}.")
        else:
            yield above + name


def as_entered(content: Any, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401  (JSON)
    """An act's JSON as somebody would fill it in."""
    match content:
        case dict():
            for key, value in content.items():
                yield from as_entered(value, f"{path}.{key}" if path else key)
        case list():
            for number, value in enumerate(content):
                yield from as_entered(value, f"{path}.{number}")
        case bool():
            yield path, (str(content).lower(),)
        case None:
            return
        case _:
            yield path, (str(content),)


@pytest.mark.parametrize("kind", list(TaskKind))
def test_a_form_asks_for_everything_that_its_act_knows(kind: TaskKind) -> None:
    form = FORMS[kind]
    assert set(form.inputs) == set(leaves(form.model)) - NOT_ASKED
    for one in form.inputs.values():
        if one.widget is Widget.CHOICE:
            assert one.choices
            assert {value for value, _ in one.field.hints} <= dict(one.choices).keys()


@pytest.mark.parametrize("kind", list(TaskKind))
def test_what_is_entered_is_the_act_that_the_interface_takes(kind: TaskKind) -> None:
    content: dict[str, Any] = ACT_EXAMPLES[kind.value].get("value") or {}
    given = dict(as_entered({key: v for key, v in content.items() if key != "kind"}))
    assert read_form(FORMS[kind], given) == _ACT.validate_python(content)


def resolution(**given: str) -> Entered:
    """A council's resolution as it is entered; ``votes__yes`` is „votes.yes“."""
    base = {"outcome": "adopted", "decided_on": "2026-03-26", "text_hash": "a" * 64}
    return {k.replace("__", "."): (v,) for k, v in (base | given).items() if v}


def faults(kind: TaskKind, given: Entered) -> dict[str | None, str]:
    """What is wrong with it, by the input to go to."""
    with pytest.raises(Faulty) as refused:
        read_form(FORMS[kind], given)
    return {fault.path: fault.sentence for fault in refused.value.faults}


@pytest.mark.parametrize(
    "written", ["26.3.2026", "26.03.2026", "26. 3. 2026", "26.3.26", "2026-03-26"]
)
def test_days_are_taken_as_people_write_them(written: str) -> None:
    act = read_form(FORMS[TaskKind.RECORD_RESOLUTION], resolution(decided_on=written))
    assert act.model_dump()["decided_on"].isoformat() == "2026-03-26"


@pytest.mark.parametrize("written", ["31.02.2026", "20260326", "1767225600", "morgen", "26.3.026"])
def test_what_is_no_day_is_said_with_a_german_example(written: str) -> None:
    found = faults(TaskKind.RECORD_RESOLUTION, resolution(decided_on=written))
    assert found == {
        "decided_on": "„Tag der Sitzung“ ist kein gültiges Datum. Angenommen wird: ein Datum wie "
        "31.03.2026."
    }


def test_what_is_missing_or_no_number_is_said_at_its_field() -> None:
    given = resolution(outcome="", decided_on="", votes__no="vier", votes__abstained="-1")
    assert faults(TaskKind.RECORD_RESOLUTION, given) == {
        "outcome": "Bitte angeben: Wie ist entschieden worden?",
        "decided_on": "Bitte angeben: Tag der Sitzung",
        "votes.no": "„Nein“ muss eine ganze Zahl sein.",
        "votes.abstained": "„Enthaltungen“ ist zu klein. Angenommen wird: mindestens 0.",
    }


def test_entries_that_are_left_empty_do_not_count_but_keep_their_place() -> None:
    given = {**resolution(outcome="adopted_amended"), "amendments.2.place": ("§ 4 Abs. 2",)}
    assert faults(TaskKind.RECORD_RESOLUTION, given) == {
        "amendments.2.wording": "Bitte angeben: Abweichung 3: Beschlossener Wortlaut"
    }
    act = read_form(
        FORMS[TaskKind.RECORD_RESOLUTION], given | {"amendments.2.wording": ("gleich",)}
    )
    assert len(act.model_dump()["amendments"]) == 1


def test_amounts_are_never_guessed() -> None:
    def plan(amount: str) -> Entered:
        return {
            "plan.grant": (amount,),
            "plan.items.0.label": ("Leitstelle",),
            "plan.items.0.kind": ("personnel",),
            "plan.items.0.amount": (amount,),
            "description": ("Aufbau",),
            **dict.fromkeys(("starts_on", "ends_on", "planned_on"), ("2026-03-26",)),
        }

    for written in ("560.000,00 €", "560000", "560000,00 Euro"):
        act = read_form(FORMS[TaskKind.DRAFT_FINANCE_PLAN], plan(written))
        assert str(act.model_dump()["plan"]["grant"]) == "560000.00"
    found = faults(TaskKind.DRAFT_FINANCE_PLAN, plan("560.000"))
    assert found["plan.grant"] == (
        "„Beantragte Zuwendung in Euro“ muss ein Betrag sein. Angenommen wird: ein Betrag wie "
        "560.000,00."
    )


@pytest.mark.parametrize(
    ("ticked", "touched"),
    [
        ((), None),
        (("keine",), ()),
        (("05978020",), ("05978020",)),
        (("05978020", "05978004"), ("05978020", "05978004")),
    ],
)
def test_nobody_is_touched_is_something_else_than_not_said(
    ticked: tuple[str, ...], touched: tuple[str, ...] | None
) -> None:
    given = {"version": ("2",), "frozen_on": ("2.3.2026",), "touched": ticked}
    act = read_form(FORMS[TaskKind.FREEZE_VERSION], {k: v for k, v in given.items() if v})
    assert act.model_dump()["touched"] == touched
    refusal = Refusal("touched-missing", "Bitte angeben.", "touched", "AGS aus: 05978020")
    found = fault_of(FORMS[TaskKind.FREEZE_VERSION], refusal, given)
    assert (found.path, found.sentence) == ("touched", "Bitte angeben.")


def test_a_refusal_goes_to_its_field_and_speaks_the_words_of_the_page() -> None:
    form = FORMS[TaskKind.RECORD_RESOLUTION]
    many = fault_of(form, Refusal("too-many-votes", "Zu viele.", "votes", "höchstens 18"), {})
    assert (many.path, many.sentence) == ("votes.yes", "Zu viele. Angenommen wird: höchstens 18.")
    quorum = Refusal("no-quorum", "Zu wenige.", "quorum", "not_questioned; sonst „vertagt“")
    assert "„Beschlussunfähigkeit nicht festgestellt“; sonst" in fault_of(form, quorum, {}).sentence
    one = Refusal("unanimous-with-no", "Nein.", "unanimous", "false, oder keine Nein-Stimmen")
    assert "„mehrheitlich“, oder keine Nein-Stimmen" in fault_of(form, one, {}).sentence
    # Nobody has filled in the text's hash, so nobody can mend it.
    assert fault_of(form, Refusal("other-text", "Anderer Text.", "text_hash"), {}).path is None


@pytest.mark.parametrize(
    ("text", "role", "read"),
    [
        (
            "Einstimmig bei 2 Enthaltungen beschlossen",
            ConsultationRole.DECISION,
            {"outcome": "adopted", "votes.abstained": "2", "unanimous": "true"},
        ),
        (
            "mit Stimmenmehrheit bei 2 Enthaltungen abgelehnt",
            ConsultationRole.RECOMMENDATION,
            {"outcome": "rejected", "votes.abstained": "2", "unanimous": "false"},
        ),
        # A majority that has lost: the text contradicts itself, so a person has to say it.
        ("mit 9 Ja- gegen 4 Nein-Stimmen abgelehnt", ConsultationRole.DECISION, {}),
        ("siehe Protokoll", ConsultationRole.DECISION, {}),
    ],
)
def test_the_minutes_are_read_as_a_proposal(
    text: str, role: ConsultationRole, read: dict[str, str]
) -> None:
    given = {"source_text": (text,), "decided_on": ("2026-03-26",)}
    found = read_in(given, role)
    assert found.given == given | {path: (value,) for path, value in read.items()}
    assert ("nicht sicher zu lesen" in found.said) == (not read)
