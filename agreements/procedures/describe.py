"""The procedure in words and pictures, made from its definition and the transition tables.

README and docs carry the result between markers. ``python -m agreements.procedures.describe``
tells whether they are up to date; with ``--write`` it brings them up to date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from agreements.glossary import label
from agreements.journal import Event
from agreements.model.enums import Condition
from agreements.procedures import transitions
from agreements.procedures.definition import (
    Addressee,
    Procedure,
    Requirement,
    StageDefinition,
    TaskDefinition,
    latest,
)
from agreements.procedures.transitions import Table, Transition, Who
from agreements.settings import PROJECT_ROOT

DESCRIBED: Final = "cooperation-agreement"
FILES: Final = (Path("README.md"), Path("docs/procedure.md"), Path("docs/journal.md"))
_BLOCK = re.compile(
    r"(?P<head><!-- generated: (?P<name>[a-z]+) -->\n).*?(?P<foot><!-- /generated -->)", re.DOTALL
)

# How a condition reads after "nur" or on an arrow; these phrases decide nothing.
_CONDITIONS: Final[Mapping[Condition, str]] = {
    Condition.PRINCIPLE_ROUND: "mit Grundsatzbeschlüssen",
    Condition.NO_PRINCIPLE_ROUND: "ohne Grundsatzbeschlüsse",
    Condition.KREISTAG_FIRST: "Kreistag zuerst",
    Condition.KREISTAG_LAST: "Kreistag zuletzt",
    Condition.DISTRICT_TAKES_PART: "ein Kreis ist beteiligt",
    Condition.MUNICIPALITY_TAKES_PART: "eine Gemeinde ist beteiligt",
    Condition.AUTHORITY_INVOLVED: "Genehmigung oder Anzeige nötig",
    Condition.PUBLICATION_REQUIRED: "Bekanntmachung nötig",
    Condition.FUNDING_WANTED: "mit Förderung",
}
_REQUIREMENTS: Final[Mapping[Requirement, str]] = {
    Requirement.PROGRAMME_CONDITIONS_MET: "die Bedingungen des Förderprogramms sind erfüllt",
}
_ADDRESSEES: Final[Mapping[Addressee, str]] = {
    Addressee.LEAD: "federführende",
    Addressee.APPLICANT: "antragstellende",
    Addressee.EACH_PARTY: "jede beteiligte",
}
_WHO: Final[Mapping[Who, str]] = {
    Who.MACHINE: "Automatik",
    Who.HOLDER: "zuständige Person",
    Who.SUPERVISOR: "Leitung der Körperschaft",
    Who.OPERATOR: "Administration, Rechtsamt der federführenden Körperschaft",
}


def stages() -> str:
    """The stages of the procedure as a Markdown table."""
    procedure = latest(DESCRIBED)
    return _table(
        ("Schritt", "gehört dazu, wenn", "beginnt nach", "Aufgaben"),
        (
            (
                stage.title,
                _conditions(stage.when) or "immer",
                _beginning(procedure, stage),
                "<br>".join(_task(task) for task in stage.tasks) or "keine (Automatik)",
            )
            for stage in procedure.stages
        ),
    )


def _conditions(conditions: Sequence[Condition]) -> str:
    return ", ".join(_CONDITIONS[c] for c in conditions)


def _beginning(procedure: Procedure, stage: StageDefinition) -> str:
    after = [
        procedure.stage(need.stage).title + (f" ({_conditions(need.when)})" if need.when else "")
        for need in stage.needs
    ]
    after += [_REQUIREMENTS[r] for r in stage.requires]
    return ", ".join(after) or "Beginn des Vorgangs"


def _task(task: TaskDefinition) -> str:
    second = "; eine zweite Person" if task.four_eyes else ""
    who = f"{_ADDRESSEES[task.of]} Körperschaft, {label(task.role)}{second}"
    return f"{task.title} ({who}{_frist(task)})"


def _frist(task: TaskDefinition) -> str:
    """The period that the procedure sets itself, where nothing else sets one."""
    periods = [f"Frist von {task.within}"] if task.within else []
    periods += [f"von {task.after_meeting} nach der Sitzung"] if task.after_meeting else []
    return "; " + ", ".join(periods) if periods else ""


def diagram() -> str:
    """The stages and their needs as a Mermaid flowchart; dashed: not in every case."""
    procedure = latest(DESCRIBED)
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'    {stage.key}["{stage.title}"]' for stage in procedure.stages]
    for stage in procedure.stages:
        for need in stage.needs:
            arrow = f'-. "{_conditions(need.when)}" .->' if need.when else "-->"
            lines.append(f"    {need.stage} {arrow} {stage.key}")
    optional = ",".join(stage.key for stage in procedure.stages if stage.when)
    lines += ["    classDef optional stroke-dasharray: 4", f"    class {optional} optional", "```"]
    return "\n".join(lines)


def tables() -> str:
    """What may be done to a stage, a task and a consultation, as one Markdown table."""
    kinds: tuple[Table[Any, Any, Any], ...] = (
        transitions.STAGE,
        transitions.TASK,
        transitions.CONSULTATION,
    )
    return _table(
        ("what", "in state", "action", "leads to", "by", "guard"),
        (
            (
                kind.noun,
                _state(row.source),
                f"`{row.action}`",
                _state(row.target),
                _WHO[row.who],
                _guard(row),
            )
            for kind in kinds
            for row in kind.rows
        ),
    )


def _guard(row: Transition[Any, Any, Any]) -> str:
    name = row.guard.__name__.strip("_")
    return "" if name == "unguarded" else f"`{name}`"


def _state(state: StrEnum) -> str:
    return f"{label(state)} (`{state}`)"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def events() -> str:
    """The catalogue of what can stand in a journal, as a Markdown table."""
    rows = (f"| `{event}` | {label(event)} |" for event in Event)
    return "\n".join(("| `event` | Bedeutung |", "|---|---|", *rows))


BLOCKS: Final[Mapping[str, Callable[[], str]]] = {
    "stages": stages,
    "diagram": diagram,
    "transitions": tables,
    "events": events,
}


def refreshed(text: str) -> str:
    """The text with every marked block as it has to be; ``KeyError`` for an unknown block."""
    return _BLOCK.sub(lambda m: f"{m['head']}\n{BLOCKS[m['name']]()}\n\n{m['foot']}", text)


def stale(root: Path = PROJECT_ROOT) -> list[Path]:
    """The files whose blocks are not up to date."""
    found = ((path, (root / path).read_text(encoding="utf-8")) for path in FILES)
    return [path for path, text in found if refreshed(text) != text]


def main(arguments: Sequence[str]) -> int:
    """Check or, with ``--write``, refresh; 1 if a file is stale and stays so."""
    for path in (outdated := stale()):
        if "--write" in arguments:
            text = (PROJECT_ROOT / path).read_text(encoding="utf-8")
            (PROJECT_ROOT / path).write_text(refreshed(text), encoding="utf-8")
        else:
            sys.stderr.write(f"{path} is not up to date; run this again with --write\n")
    return 0 if "--write" in arguments or not outdated else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
