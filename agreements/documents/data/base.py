"""What every document carries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agreements.documents.content import FilledText, short_hash

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Part(BaseModel):
    """A part of a document's data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentData(Part):
    """What every document carries."""

    file_reference: FilledText = Field(description="Aktenzeichen", examples=["IKZ-2026-0001"])
    dated_on: date = Field(description="Datum des Dokuments; auch in den Dateieigenschaften")
    author: FilledText = Field(description="ausstellende Körperschaft", examples=["Stadt Schwerte"])

    @property
    def document_title(self) -> str:
        """Der Titel in den Dateieigenschaften."""
        raise NotImplementedError

    @property
    def confidential(self) -> bool:
        """Ob das Dokument aus einer nichtöffentlichen Beratung stammt."""
        return False


class TextMark(Part):
    """Which text version a document is about."""

    version: int = Field(ge=1, description="Nummer der Textfassung", examples=[3])
    digest: Hash = Field(description="Prüfsumme des Textes (text_hash)")

    @property
    def short(self) -> str:
        """Die Prüfsumme, wie Fußzeilen sie zeigen."""
        return short_hash(self.digest)
