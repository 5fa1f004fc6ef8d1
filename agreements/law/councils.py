"""Where the law of councils stands: the paragraphs of a Land for quorum, majority, bias and so on.

Data: ``councils.yaml`` beside this file, dated, with sources, validated at load.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agreements.yaml_text import parsed

_FILE = Path(__file__).parent / "councils.yaml"


class CouncilLaw(BaseModel):
    """The paragraphs for one kind of body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quorum: str
    majority: str
    bias: str
    urgency: str
    objection: str
    annulment: str


class _Dated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    source: str
    verified: bool
    municipality: CouncilLaw
    district: CouncilLaw


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    lands: Mapping[str, tuple[_Dated, ...]]
    default: tuple[_Dated, ...]


@lru_cache
def _table() -> _Table:
    return _Table.model_validate(parsed(_FILE.read_text(encoding="utf-8")))


def council_law(land: str, on: date, *, district: bool) -> CouncilLaw:
    """The paragraphs that hold on that day in the Land for a Kreis or for a municipality."""
    table = _table()
    dated = [d for d in table.lands.get(land, ()) if d.valid_from <= on] or [*table.default]
    newest = max(dated, key=lambda d: d.valid_from)
    return newest.district if district else newest.municipality
