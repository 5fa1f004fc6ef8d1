"""A second, different case for the examples: two municipalities, delegating, population key.

Everything in it is invented: the municipalities, their Kreis, the people.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from agreements.documents import data
from agreements.documents.content import CanonicalContent, Clause, ContentParty, text_hash
from agreements.documents.forms import AuthorityForms, BodyForms

REFERENCE = "IKZ-2026-0042"
PROJECT = "Gemeinsame Vollstreckung Birkenstein und Erlmoor"
SUBJECT = (
    "Übertragung der Vollstreckung öffentlich-rechtlicher Forderungen auf die Stadt Birkenstein"
)

BIRKENSTEIN = BodyForms(
    name="Stadt Birkenstein",
    short="Birkenstein",
    nominative="die Stadt Birkenstein",
    genitive="der Stadt Birkenstein",
    dative="der Stadt Birkenstein",
    accusative="die Stadt Birkenstein",
    council_nominative="der Rat der Stadt Birkenstein",
    council_genitive="des Rates der Stadt Birkenstein",
    council_dative="dem Rat der Stadt Birkenstein",
    head_title="Bürgermeisterin",
    head_name="Dr. Henriette Sommerfeld",
    address="Markt 4, 59998 Birkenstein",
)
ERLMOOR = BodyForms(
    name="Gemeinde Erlmoor",
    short="Erlmoor",
    nominative="die Gemeinde Erlmoor",
    genitive="der Gemeinde Erlmoor",
    dative="der Gemeinde Erlmoor",
    accusative="die Gemeinde Erlmoor",
    council_nominative="der Rat der Gemeinde Erlmoor",
    council_genitive="des Rates der Gemeinde Erlmoor",
    council_dative="dem Rat der Gemeinde Erlmoor",
    head_title="Bürgermeister",
    head_name="Friedhelm Ohlendorf",
    address="Dorfstraße 12, 59997 Erlmoor",
)
BODIES = (BIRKENSTEIN, ERLMOOR)
LANDRAT = AuthorityForms(
    name="Landrat des Kreises Birkental als untere staatliche Verwaltungsbehörde",
    nominative="der Landrat des Kreises Birkental als untere staatliche Verwaltungsbehörde",
    genitive="des Landrates des Kreises Birkental als unterer staatlicher Verwaltungsbehörde",
    dative="dem Landrat des Kreises Birkental als unterer staatlicher Verwaltungsbehörde",
    accusative="den Landrat des Kreises Birkental als untere staatliche Verwaltungsbehörde",
    address="Kreishausplatz 1, 59998 Birkenstein",
    gazette="Amtsblatt des Kreises Birkental",
)


@cache
def content() -> CanonicalContent:
    """The text of the agreement: one party takes a task over from the other."""
    return CanonicalContent(
        title="Öffentlich-rechtliche Vereinbarung zwischen der Stadt Birkenstein und der Gemeinde "
        "Erlmoor über die Übertragung der Vollstreckung",
        parties=(
            ContentParty(name=BIRKENSTEIN.name, designation="durchführende Körperschaft"),
            ContentParty(name=ERLMOOR.name),
        ),
        preamble=(
            "Die Beteiligten wollen öffentlich-rechtliche Forderungen wirtschaftlich und nach "
            "gleichen Maßstäben vollstrecken.",
        ),
        clauses=(
            Clause(
                title="Übertragung der Aufgabe",
                paragraphs=(
                    "Die Gemeinde Erlmoor überträgt der Stadt Birkenstein die Aufgabe der "
                    "Vollstreckung öffentlich-rechtlicher Forderungen (§ 23 Absatz 1 Alternative 1 "
                    "GkG NRW). Recht und Pflicht zur Erfüllung der Aufgabe gehen auf die Stadt "
                    "Birkenstein über.",
                    "Die Übertragung umfasst\ndie Vollstreckung wegen Geldforderungen\ndie "
                    "Amtshilfe für andere Vollstreckungsbehörden\ndie Verwaltung der "
                    "niedergeschlagenen Forderungen.",
                ),
            ),
            Clause(
                title="Kosten",
                paragraphs=(
                    "Die Gemeinde Erlmoor erstattet der Stadt Birkenstein den Anteil an den "
                    "Personal- und Sachkosten, der dem Verhältnis der Einwohnerzahlen entspricht.",
                    "Maßgeblich sind die Einwohnerzahlen zum 31. Dezember 2024 auf der Grundlage "
                    "des Zensus 2022; sie werden alle drei Jahre fortgeschrieben.",
                ),
            ),
            Clause(
                title="Mitwirkung",
                paragraphs=(
                    "Die Stadt Birkenstein unterrichtet die Gemeinde Erlmoor bis zum 31. März "
                    "jeden Jahres über die Erfüllung der Aufgabe.",
                ),
            ),
            Clause(
                title="Laufzeit und Kündigung",
                paragraphs=(
                    "Die Vereinbarung gilt auf unbestimmte Zeit. Sie kann mit einer Frist von "
                    "zwölf Monaten zum Ende eines Kalenderjahres schriftlich gekündigt werden, "
                    "frühestens zum 31. Dezember 2031.",
                ),
            ),
            Clause(
                title="Wirksamwerden",
                paragraphs=(
                    "Die Vereinbarung wird am Tag nach ihrer Bekanntmachung im Veröffentlichungs"
                    "blatt der Aufsichtsbehörde wirksam.",
                ),
            ),
        ),
        annexes=("Aufstellung der übertragenen Fälle",),
    )


@cache
def text_mark() -> data.TextMark:
    """The version that the second example's documents are about."""
    return data.TextMark(version=2, digest=text_hash(content()))


def resolutions() -> tuple[data.ResolutionReference, ...]:
    """The resolutions of both councils."""
    return (
        data.ResolutionReference(
            body=BIRKENSTEIN, council="Rat", decided_on=date(2026, 9, 17), paper_number="X/0218"
        ),
        data.ResolutionReference(
            body=ERLMOOR, council="Rat", decided_on=date(2026, 9, 24), paper_number="077/2026"
        ),
    )


def text_fields() -> dict[str, object]:
    """The fields of a document that prints this agreement."""
    return data.text_fields(content(), BODIES, text_mark())
