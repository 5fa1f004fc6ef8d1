"""Grammatical forms of a body's name and of its head's title, as documents need them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Title -> (nominative, accusative) with article. A title outside this table would give
# documents a wrong article, so it is refused instead of guessed.
HEAD_TITLES: Final[dict[str, tuple[str, str]]] = {
    "Bürgermeister": ("der Bürgermeister", "den Bürgermeister"),
    "Bürgermeisterin": ("die Bürgermeisterin", "die Bürgermeisterin"),
    "Oberbürgermeister": ("der Oberbürgermeister", "den Oberbürgermeister"),
    "Oberbürgermeisterin": ("die Oberbürgermeisterin", "die Oberbürgermeisterin"),
    "Landrat": ("der Landrat", "den Landrat"),
    "Landrätin": ("die Landrätin", "die Landrätin"),
    "Amtsdirektor": ("der Amtsdirektor", "den Amtsdirektor"),
    "Amtsdirektorin": ("die Amtsdirektorin", "die Amtsdirektorin"),
    "Samtgemeindebürgermeister": ("der Samtgemeindebürgermeister", "den Samtgemeindebürgermeister"),
    "Samtgemeindebürgermeisterin": (
        "die Samtgemeindebürgermeisterin",
        "die Samtgemeindebürgermeisterin",
    ),
    "Verbandsvorsteher": ("der Verbandsvorsteher", "den Verbandsvorsteher"),
    "Verbandsvorsteherin": ("die Verbandsvorsteherin", "die Verbandsvorsteherin"),
}


def _known_title(title: str) -> str:
    if title not in HEAD_TITLES:
        raise ValueError(f"unbekannte Amtsbezeichnung {title!r}; bekannt: {', '.join(HEAD_TITLES)}")
    return title


class BodyForms(BaseModel):
    """How a Körperschaft is written in each case; data, because no rule gets them all right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="voller Name", examples=["Stadt Kamen", "Kreis Unna"])
    short: str = Field(description="Name ohne Bezeichnung", examples=["Kamen", "Kreis Unna"])
    nominative: str = Field(examples=["die Stadt Kamen", "der Kreis Unna"])
    genitive: str = Field(examples=["der Stadt Kamen", "des Kreises Unna"])
    dative: str = Field(examples=["der Stadt Kamen", "dem Kreis Unna"])
    accusative: str = Field(examples=["die Stadt Kamen", "den Kreis Unna"])
    council_nominative: str = Field(
        examples=["der Rat der Stadt Kamen", "der Kreistag des Kreises Unna"]
    )
    council_genitive: str = Field(
        examples=["des Rates der Stadt Kamen", "des Kreistages des Kreises Unna"]
    )
    council_dative: str = Field(
        examples=["dem Rat der Stadt Kamen", "dem Kreistag des Kreises Unna"]
    )
    head_title: Annotated[str, AfterValidator(_known_title)] = Field(
        description="Amtsbezeichnung des Hauptverwaltungsbeamten", examples=["Bürgermeisterin"]
    )
    head_name: str = Field(description="Name des Hauptverwaltungsbeamten")
    address: str = Field(
        description="Anschrift, einzeilig", examples=["Rathausplatz 1, 59174 Kamen"]
    )

    @property
    def seat(self) -> str:
        """Der Ort der Anschrift, für Ort und Datum: "Kamen"."""
        found = re.search(r"\d{5}\s+(?P<town>.+)$", self.address)
        return found["town"] if found else self.short

    @property
    def head_nominative(self) -> str:
        """Die Amtsbezeichnung mit Artikel: "die Bürgermeisterin"."""
        return HEAD_TITLES[self.head_title][0]

    @property
    def head_accusative(self) -> str:
        """Nach "vertreten durch": "den Landrat"."""
        return HEAD_TITLES[self.head_title][1]


class AuthorityForms(BaseModel):
    """How an authority (Aufsichts- oder Bewilligungsbehörde) is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(examples=["Bezirksregierung Arnsberg"])
    nominative: str = Field(examples=["die Bezirksregierung Arnsberg"])
    genitive: str = Field(examples=["der Bezirksregierung Arnsberg"])
    dative: str = Field(
        examples=[
            "der Bezirksregierung Arnsberg",
            "dem Landrat des Kreises Unna als unterer staatlicher Verwaltungsbehörde",
        ]
    )
    accusative: str = Field(examples=["die Bezirksregierung Arnsberg"])
    address: str = Field(examples=["Laurentiusstraße 1, 59821 Arnsberg"])
    gazette: str = Field(
        description="Veröffentlichungsblatt, wie es nach „im“ steht",
        examples=["Amtsblatt für den Regierungsbezirk Arnsberg"],
    )
