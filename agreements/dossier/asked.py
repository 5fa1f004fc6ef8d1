"""Documents that people ask for: what they add to what the case knows, and who may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from agreements.documents.data import DocumentData
from agreements.dossier.jobs import Purpose
from agreements.dossier.material import Material
from agreements.model.cases import Party
from agreements.model.enums import Role


class Particulars(BaseModel):
    """What whoever asks for a document has to say; the rest stands in the case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dated_on: date = Field(description="Datum des Dokuments", examples=["2026-11-27"])


Build = Callable[[Material, Party | None, Particulars], DocumentData]
ParticularsT = TypeVar("ParticularsT", bound=Particulars)


def taking(
    model: type[ParticularsT],
    build: Callable[[Material, Party | None, ParticularsT], DocumentData],
) -> Build:
    """A builder that takes particulars of its own model, as ``Asked`` wants it."""

    def narrowed(look: Material, party: Party | None, given: Particulars) -> DocumentData:
        if not isinstance(given, model):
            raise TypeError(f"{model.__name__} wanted, not {type(given).__name__}")
        return build(look, party, given)

    return narrowed


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of document that people ask for.

    own: written for the body of whoever asks (its Beschlussvorlage, its notice), which ``build``
    gets as party; else for the case, asked for by the lead, and ``build`` gets None.
    ``build`` raises StepFailure or Refusal with what is missing and where to add it.
    ``ready`` raises the same before anybody has given particulars: whether to offer it at all.
    """

    purpose: Purpose
    template_id: str
    particulars: type[Particulars]
    role: Role
    own: bool
    build: Build
    ready: Callable[[Material, Party | None], object] | None = None
