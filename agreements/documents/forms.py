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


class CommitteeForms(BaseModel):
    """How a committee is written in the cases that papers and minutes need."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(examples=["Haupt- und Finanzausschuss"])
    nominative: str = Field(examples=["der Haupt- und Finanzausschuss"])
    genitive: str = Field(examples=["des Haupt- und Finanzausschusses"])
    dative: str = Field(examples=["dem Haupt- und Finanzausschuss"])


_NEUTER: Final = re.compile(r"(parlament|präsidium|gremium|kollegium|plenum)$", re.IGNORECASE)


def committee_forms(name: str, genitive: str) -> CommitteeForms:
    """The forms of a committee from its name and its genitive, which tells its gender.

    A leading adjective is inflected as the genitive shows: "Ständiger Ausschuss", "des Ständigen
    Ausschusses" gives "der Ständige Ausschuss".
    """
    if genitive.startswith("der "):
        return CommitteeForms(
            name=name, nominative=f"die {name}", genitive=genitive, dative=f"der {name}"
        )
    first, _, rest = name.partition(" ")
    weak = genitive.removeprefix("des ").partition(" ")[0]
    stem = first.removesuffix("er").removesuffix("es")
    inflected = bool(rest) and stem != first and weak == f"{stem}en"
    neuter = first.endswith("es") if inflected else bool(_NEUTER.search(first))
    after_article = f"{stem}e {rest}" if inflected else name
    return CommitteeForms(
        name=name,
        nominative=f"{'das' if neuter else 'der'} {after_article}",
        genitive=genitive,
        dative=f"dem {weak} {rest}" if inflected else f"dem {name}",
    )


def council_forms(name: str, body: BodyForms) -> CommitteeForms:
    """The Rat, Kreistag or Verbandsversammlung of a body, written out with the body."""
    return CommitteeForms(
        name=name,
        nominative=body.council_nominative,
        genitive=body.council_genitive,
        dative=body.council_dative,
    )


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
