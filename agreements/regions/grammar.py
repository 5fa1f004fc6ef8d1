"""Grammatical forms of a body's name, from its official name and kind.

No rule gets all names right: ``overrides.yaml`` has the last word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pydantic import TypeAdapter

from agreements.documents.forms import BodyForms
from agreements.errors import Refusal
from agreements.yaml_text import parsed

_ADJECTIVE: Final = re.compile(r"(?P<stem>\S*isch)er Kreis")
_KREIS_WORD: Final = re.compile(r"\S*[Kk]reis\b")
# "Lauenburg/ Elbe": the directory leaves a blank behind the stroke.
_STROKE: Final = re.compile(r"(?<=\S)/ (?=\S)")
_TOWN_KINDS: Final = ("Stadt", "Große Kreisstadt", "Kreisfreie Stadt", "Stadtkreis")
_HIGH_MAYOR_KINDS: Final = ("Große Kreisstadt", "Kreisfreie Stadt", "Stadtkreis")


@dataclass(frozen=True, slots=True)
class Cases:
    """A name with article in the four cases."""

    nominative: str
    genitive: str
    dative: str
    accusative: str


@dataclass(frozen=True, slots=True)
class Noun:
    """A designation that stands before a name and bears the inflection."""

    word: str
    genitive: str
    feminine: bool

    def cases(self, rest: str = "") -> Cases:
        """With article, and whatever follows: "des Kreises Unna"."""
        tail = f" {rest}" if rest else ""
        if self.feminine:
            return Cases(
                f"die {self.word}{tail}",
                f"der {self.genitive}{tail}",
                f"der {self.word}{tail}",
                f"die {self.word}{tail}",
            )
        return Cases(
            f"der {self.word}{tail}",
            f"des {self.genitive}{tail}",
            f"dem {self.word}{tail}",
            f"den {self.word}{tail}",
        )


def _feminine(word: str) -> Noun:
    return Noun(word, word, feminine=True)


def _masculine(word: str, ending: str = "es") -> Noun:
    return Noun(word, word + ending, feminine=False)


RAT: Final = _masculine("Rat")
STADTRAT: Final = _masculine("Stadtrat")
GEMEINDERAT: Final = _masculine("Gemeinderat")
MARKTGEMEINDERAT: Final = _masculine("Marktgemeinderat")
KREISTAG: Final = _masculine("Kreistag")
STAEDTEREGIONSTAG: Final = _masculine("Städteregionstag")
REGIONALVERSAMMLUNG: Final = _feminine("Regionalversammlung")
STADTVERTRETUNG: Final = _feminine("Stadtvertretung")
GEMEINDEVERTRETUNG: Final = _feminine("Gemeindevertretung")
STADTVERORDNETE: Final = _feminine("Stadtverordnetenversammlung")

# Council of a town, council of any other municipality.
COUNCILS: Final[dict[str, tuple[Noun, Noun]]] = {
    "NW": (RAT, RAT),
    "NI": (RAT, RAT),
    "BW": (GEMEINDERAT, GEMEINDERAT),
    "BY": (STADTRAT, GEMEINDERAT),
    "RP": (STADTRAT, GEMEINDERAT),
    "SL": (STADTRAT, GEMEINDERAT),
    "SN": (STADTRAT, GEMEINDERAT),
    "ST": (STADTRAT, GEMEINDERAT),
    "TH": (STADTRAT, GEMEINDERAT),
    "HE": (STADTVERORDNETE, GEMEINDEVERTRETUNG),
    "BB": (STADTVERORDNETE, GEMEINDEVERTRETUNG),
    "MV": (STADTVERTRETUNG, GEMEINDEVERTRETUNG),
    "SH": (STADTVERTRETUNG, GEMEINDEVERTRETUNG),
}
KREIS: Final = _masculine("Kreis")
LANDKREIS: Final = _masculine("Landkreis")
STAEDTEREGION: Final = _feminine("Städteregion")
REGIONALVERBAND: Final = _masculine("Regionalverband")
# Suffixes of official names that are the proper designation before the name.
_DESIGNATIONS: Final = {
    "Kreisstadt": _feminine("Kreisstadt"),
    "Landeshauptstadt": _feminine("Landeshauptstadt"),
    "Flecken": _masculine("Flecken", "s"),
}


def display_name(official_name: str) -> str:
    """The name without suffixes: "Schwerte, Hansestadt an der Ruhr" -> "Schwerte"."""
    return _STROKE.sub("/", official_name.split(",")[0].strip())


def is_town(kind: str) -> bool:
    """Whether a municipality of this kind in the directory has the rights of a town."""
    return kind in _TOWN_KINDS


def municipality_forms(
    ags: str, official_name: str, kind: str, land: str, *, head_name: str = "", address: str = ""
) -> BodyForms:
    """Forms of a municipality. Refusal: a city state, whose organs differ."""
    short = display_name(official_name)
    noun = _designation(official_name, kind)
    rest = short.removeprefix("Stadt ") if noun.word == "Stadt" else short
    head = "Oberbürgermeister" if kind in _HIGH_MAYOR_KINDS else "Bürgermeister"
    council = municipal_council(land, kind)
    made = _forms(noun, rest, short, council, head, head_name, address or short)
    return _overridden(ags, made)


def kreis_forms(
    ags: str, official_name: str, kind: str, seat: str, *, head_name: str = "", address: str = ""
) -> BodyForms:
    """Forms of a Kreis, Landkreis, Städteregion or Regionalverband."""
    place = address or display_name(seat)
    adjective = _ADJECTIVE.fullmatch(official_name)
    if adjective:
        cases = _adjective_cases(adjective["stem"])
        made = _from_cases(official_name, official_name, cases, KREISTAG, "Landrat")
    else:
        noun, rest, council = _kreis_noun(official_name, kind)
        short = f"{noun.word} {rest}".strip()
        made = _forms(noun, rest, short, council, "Landrat", head_name, place)
    return _overridden(ags, made.model_copy(update={"head_name": head_name, "address": place}))


def municipal_council(land: str, kind: str) -> Noun:
    """The council of a municipality. Refusal: a city state."""
    try:
        town, other = COUNCILS[land]
    except KeyError as error:
        raise Refusal(
            "city-state",
            "Die Stadtstaaten haben eine eigene Verfassung; für sie sind keine Gremien hinterlegt.",
            "ags",
        ) from error
    if kind == "Markt":
        return MARKTGEMEINDERAT
    return town if is_town(kind) else other


def _designation(official_name: str, kind: str) -> Noun:
    for suffix in official_name.split(", ")[1:]:
        if suffix in _DESIGNATIONS:
            return _DESIGNATIONS[suffix]
    if is_town(kind):
        return _feminine("Stadt")
    return _masculine("Markt") if kind == "Markt" else _feminine("Gemeinde")


def _kreis_noun(official_name: str, kind: str) -> tuple[Noun, str, Noun]:
    for noun, council in (
        (STAEDTEREGION, STAEDTEREGIONSTAG),
        (REGIONALVERBAND, REGIONALVERSAMMLUNG),
    ):
        if official_name.startswith(f"{noun.word} "):
            return noun, official_name.removeprefix(f"{noun.word} "), council
    own = _KREIS_WORD.match(official_name)
    if own:
        word = own.group()
        return _masculine(word), official_name[own.end() :].strip(), KREISTAG
    return (LANDKREIS if kind == "Landkreis" else KREIS), official_name, KREISTAG


def _adjective_cases(stem: str) -> Cases:
    return Cases(
        f"der {stem}e Kreis", f"des {stem}en Kreises", f"dem {stem}en Kreis", f"den {stem}en Kreis"
    )


def _forms(
    noun: Noun, rest: str, short: str, council: Noun, head: str, head_name: str, address: str
) -> BodyForms:
    name = f"{noun.word} {rest}".strip()
    made = _from_cases(name, short, noun.cases(rest), council, head)
    return made.model_copy(update={"head_name": head_name, "address": address})


def _from_cases(name: str, short: str, cases: Cases, council: Noun, head: str) -> BodyForms:
    of_body = council.cases(cases.genitive)
    return BodyForms(
        name=name,
        short=short,
        nominative=cases.nominative,
        genitive=cases.genitive,
        dative=cases.dative,
        accusative=cases.accusative,
        council_nominative=of_body.nominative,
        council_genitive=of_body.genitive,
        council_dative=of_body.dative,
        head_title=head,
        head_name="",
        address="",
    )


def _overridden(ags: str, forms: BodyForms) -> BodyForms:
    changes = _overrides().get(ags)
    return BodyForms.model_validate(forms.model_dump() | changes) if changes else forms


@lru_cache
def _overrides() -> dict[str, dict[str, str]]:
    text = files("agreements.regions").joinpath("overrides.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, dict[str, str]]).validate_python(parsed(text))
