"""The official directory: keys are text, cities stand once, names are not unique."""

from __future__ import annotations

from collections import Counter

import pytest

from agreements.errors import NotFound, Refusal
from agreements.regions import directory


def test_the_directory_is_complete() -> None:
    municipalities = directory.all_municipalities()
    assert len(municipalities) == 10_751
    assert len(directory.all_kreise()) == 294
    assert sum(entry.independent for entry in municipalities) == 106
    kreise = {entry.kreis_ags for entry in municipalities}
    assert len(kreise) == 294 + 106
    assert sum(directory.load_kreis(key).population for key in kreise) == 83_577_140


def test_keys_are_unique_text_with_leading_zeros() -> None:
    municipalities = directory.all_municipalities()
    keys = {entry.ags for entry in municipalities}
    assert len(keys) == 10_751
    assert all(len(key) == 8 and key.isdigit() for key in keys)
    assert all(len(entry.ars) == 12 and entry.ars.isdigit() for entry in municipalities)
    assert any(key.startswith("0") for key in keys)
    assert all(entry.ags.startswith(entry.kreis_ags) for entry in municipalities)


def test_names_do_not_identify() -> None:
    """298 names occur more than once in the file; 294 of them among municipalities alone."""
    names = Counter(entry.official_name for entry in directory.all_municipalities())
    assert sum(count > 1 for count in names.values()) == 294


def test_nineteen_kreise_of_nrw_bear_the_name_of_a_municipality_of_theirs() -> None:
    shared = [
        kreis
        for kreis in directory.all_kreise()
        if kreis.ags.startswith("05")
        and any(
            entry.official_name.split(",")[0] == kreis.official_name
            for entry in directory.municipalities_of(kreis.ags)
        )
    ]
    assert len(shared) == 19
    assert "05978" in {kreis.ags for kreis in shared}


def test_the_population_of_every_kreis_is_the_sum_of_its_municipalities() -> None:
    sums: Counter[str] = Counter()
    for entry in directory.all_municipalities():
        sums[entry.kreis_ags] += entry.population
    kreis = directory.load_kreis("05978")
    assert (kreis.population, sums["05978"]) == (393_784, 393_784)
    # Inhabited unincorporated areas belong to a Kreis, but to no municipality.
    differing = [k.ags for k in directory.all_kreise() if k.population != sums[k.ags]]
    assert len(differing) <= 2


def test_kreis_unna() -> None:
    kreis = directory.load_kreis("05978")
    assert (kreis.official_name, kreis.government_district) == ("Unna", "Arnsberg")
    assert len(directory.municipalities_of("05978")) == 10


def test_a_kreisfreie_stadt_stands_once_with_both_keys() -> None:
    (dortmund,) = directory.municipalities_of("05913")
    assert (dortmund.ags, dortmund.kreis_ags) == ("05913000", "05913")
    assert dortmund.independent
    assert "05913" not in {kreis.ags for kreis in directory.all_kreise()}
    assert [hit.ags for hit in directory.search("Dortmund")] == ["05913000"]


@pytest.mark.parametrize("key", ["5978", "05978020", "", "0597x", "Unna", "٠٥٩٧٨"])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(Refusal, match="05978") as caught:
        directory.load_kreis(key)
    assert caught.value.code == "malformed-kreis-key"
    assert caught.value.field == "ags"


def test_an_unknown_key_is_not_found() -> None:
    with pytest.raises(NotFound, match="05999"):
        directory.load_kreis("05999")


def test_search_gives_exact_names_first() -> None:
    hits = directory.search("unna")
    assert [hit.ags for hit in hits[:2]] == ["05978", "05978036"]
    assert any(hit.official_name.startswith("Schwerte") for hit in directory.search("hansestadt"))
    assert directory.search("gibt es nicht") == ()
    with pytest.raises(Refusal):
        directory.search("  ")
