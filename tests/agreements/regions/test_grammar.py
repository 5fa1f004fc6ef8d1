"""Names in the four cases."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from agreements.documents.forms import BodyForms
from agreements.errors import Refusal
from agreements.regions import directory
from agreements.regions.grammar import display_name, kreis_forms, municipality_forms


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("Schwerte, Hansestadt an der Ruhr", "Schwerte"),
        ("Kamen, Stadt", "Kamen"),
        ("Bönen", "Bönen"),
        ("Fröndenberg/Ruhr, Stadt", "Fröndenberg/Ruhr"),
        ("Lauenburg/ Elbe, Stadt", "Lauenburg/Elbe"),
        ("Barmstedt, Seebad , Stadt", "Barmstedt"),
        ("Münster, Stadt", "Münster"),
    ],
)
def test_display_name(official: str, shown: str) -> None:
    assert display_name(official) == shown


def town(official: str, kind: str, land: str = "NW") -> BodyForms:
    return municipality_forms("05000000", official, kind, land)


@pytest.mark.parametrize(
    ("official", "kind", "land", "nominative", "genitive", "council", "head"),
    [
        ("Schwerte, Hansestadt an der Ruhr", "Stadt", "NW", "die Stadt Schwerte",
         "der Stadt Schwerte", "dem Rat der Stadt Schwerte", "Bürgermeister"),
        ("Bönen", "Kreisangehörige Gemeinde", "NW", "die Gemeinde Bönen",
         "der Gemeinde Bönen", "dem Rat der Gemeinde Bönen", "Bürgermeister"),
        ("Bergheim, Kreisstadt", "Stadt", "NW", "die Kreisstadt Bergheim",
         "der Kreisstadt Bergheim", "dem Rat der Kreisstadt Bergheim", "Bürgermeister"),
        ("Dortmund, Stadt", "Kreisfreie Stadt", "NW", "die Stadt Dortmund",
         "der Stadt Dortmund", "dem Rat der Stadt Dortmund", "Oberbürgermeister"),
        ("Altomünster, M", "Markt", "BY", "der Markt Altomünster",
         "des Marktes Altomünster", "dem Marktgemeinderat des Marktes Altomünster",
         "Bürgermeister"),
        ("Dachau, GKSt", "Große Kreisstadt", "BY", "die Stadt Dachau",
         "der Stadt Dachau", "dem Stadtrat der Stadt Dachau", "Oberbürgermeister"),
        ("Bad Nauheim, Stadt", "Stadt", "HE", "die Stadt Bad Nauheim", "der Stadt Bad Nauheim",
         "der Stadtverordnetenversammlung der Stadt Bad Nauheim", "Bürgermeister"),
        ("Bücken, Flecken", "Kreisangehörige Gemeinde", "NI", "der Flecken Bücken",
         "des Fleckens Bücken", "dem Rat des Fleckens Bücken", "Bürgermeister"),
        ("Stadt Wehlen, Stadt", "Stadt", "SN", "die Stadt Wehlen", "der Stadt Wehlen",
         "dem Stadtrat der Stadt Wehlen", "Bürgermeister"),
    ],
)  # fmt: skip
def test_municipalities(
    official: str, kind: str, land: str, nominative: str, genitive: str, council: str, head: str
) -> None:
    forms = town(official, kind, land)
    assert (forms.nominative, forms.genitive) == (nominative, genitive)
    assert (forms.council_dative, forms.head_title) == (council, head)


@pytest.mark.parametrize(
    ("official", "kind", "name", "genitive", "dative", "accusative"),
    [
        ("Unna", "Kreis", "Kreis Unna", "des Kreises Unna", "dem Kreis Unna", "den Kreis Unna"),
        ("Dachau", "Landkreis", "Landkreis Dachau", "des Landkreises Dachau",
         "dem Landkreis Dachau", "den Landkreis Dachau"),
        ("Landkreis Rostock", "Landkreis", "Landkreis Rostock", "des Landkreises Rostock",
         "dem Landkreis Rostock", "den Landkreis Rostock"),
        ("Rhein-Sieg-Kreis", "Kreis", "Rhein-Sieg-Kreis", "des Rhein-Sieg-Kreises",
         "dem Rhein-Sieg-Kreis", "den Rhein-Sieg-Kreis"),
        ("Rhein-Kreis Neuss", "Kreis", "Rhein-Kreis Neuss", "des Rhein-Kreises Neuss",
         "dem Rhein-Kreis Neuss", "den Rhein-Kreis Neuss"),
        ("Hochsauerlandkreis", "Kreis", "Hochsauerlandkreis", "des Hochsauerlandkreises",
         "dem Hochsauerlandkreis", "den Hochsauerlandkreis"),
        ("Märkischer Kreis", "Kreis", "Märkischer Kreis", "des Märkischen Kreises",
         "dem Märkischen Kreis", "den Märkischen Kreis"),
        ("Rheinisch-Bergischer Kreis", "Kreis", "Rheinisch-Bergischer Kreis",
         "des Rheinisch-Bergischen Kreises", "dem Rheinisch-Bergischen Kreis",
         "den Rheinisch-Bergischen Kreis"),
        ("Städteregion Aachen", "Kreis", "Städteregion Aachen", "der Städteregion Aachen",
         "der Städteregion Aachen", "die Städteregion Aachen"),
        ("Regionalverband Saarbrücken", "Regionalverband", "Regionalverband Saarbrücken",
         "des Regionalverbandes Saarbrücken", "dem Regionalverband Saarbrücken",
         "den Regionalverband Saarbrücken"),
    ],
)  # fmt: skip
def test_kreise(
    official: str, kind: str, name: str, genitive: str, dative: str, accusative: str
) -> None:
    forms = kreis_forms("05999", official, kind, "Ort, Stadt", address="Kreishaus")
    assert (forms.name, forms.genitive) == (name, genitive)
    assert (forms.dative, forms.accusative) == (dative, accusative)
    assert forms.address == "Kreishaus"
    assert forms.council_genitive.endswith(genitive)


def test_the_nominative_of_an_adjective_is_weak_behind_its_article() -> None:
    forms = kreis_forms("05962", "Märkischer Kreis", "Kreis", "Lüdenscheid")
    assert forms.nominative == "der Märkische Kreis"
    assert forms.council_dative == "dem Kreistag des Märkischen Kreises"


def test_data_overrides_the_rule() -> None:
    unna = municipality_forms("05978036", "Unna, Stadt", "Stadt", "NW", address="Rathaus")
    assert unna.council_genitive == "des Rates der Kreisstadt Unna"
    assert (unna.short, unna.address) == ("Unna", "Rathaus")
    aachen = municipality_forms("05334002", "Aachen, Stadt", "Stadt", "NW")
    assert aachen.head_title == "Oberbürgermeister"
    hannover = kreis_forms("03241", "Region Hannover", "Landkreis", "Hannover")
    assert hannover.council_dative == "der Regionsversammlung der Region Hannover"


def test_city_states_are_refused() -> None:
    with pytest.raises(Refusal, match="Stadtstaaten"):
        town("Hamburg, Freie und Hansestadt", "Kreisfreie Stadt", "HH")


def test_every_override_belongs_to_a_body_of_the_directory() -> None:
    keys = {entry.ags for entry in directory.all_municipalities()}
    keys |= {kreis.ags for kreis in directory.all_kreise()}
    text = files("agreements.regions").joinpath("overrides.yaml").read_text("utf-8")
    overrides = yaml.safe_load(text)
    assert set(overrides) <= keys
    assert all(set(fields) <= set(BodyForms.model_fields) for fields in overrides.values())
