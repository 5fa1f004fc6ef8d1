"""What the annexes of an agreement say in words and figures, from the agreement's own terms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from agreements.documents import data
from agreements.documents.clauses import AgreementTerms, CostKeyTerms, JointControllersTerms
from agreements.documents.filters import datum, prozent, zahl
from agreements.documents.forms import BodyForms
from agreements.errors import StepFailure
from agreements.funding.shares import Weight, shares

LEAVER: Final = (
    "Scheidet eine beteiligte Körperschaft aus, wird ihr Anteil vom Zeitpunkt ihres Ausscheidens "
    "an nach demselben Schlüssel auf die verbleibenden Beteiligten verteilt."
)
# The usual measures of Art. 32 DSGVO; whoever asks for the contract may name others.
MEASURES: Final = tuple(
    data.MeasureRow(area=area, measure=measure)
    for area, measure in (
        (
            "Zutritt",
            "Räume mit Datenverarbeitung sind verschlossen; Schlüssel und Ausweise werden "
            "nachgewiesen ausgegeben.",
        ),
        (
            "Zugang und Zugriff",
            "Persönliche Kennungen, Anmeldung mit zweitem Faktor, Rechte nach Rollen, "
            "regelmäßige Prüfung der Berechtigungen.",
        ),
        (
            "Weitergabe",
            "Verschlüsselung bei Übertragung und auf mobilen Datenträgern, keine Weitergabe ohne "
            "Weisung.",
        ),
        ("Eingabe", "Eingaben, Änderungen und Löschungen werden protokolliert."),
        (
            "Verfügbarkeit",
            "Tägliche Sicherung, getrennte Aufbewahrung, mindestens jährlicher "
            "Wiederherstellungstest.",
        ),
        ("Trennung", "Daten der Verantwortlichen werden getrennt verarbeitet und ausgewertet."),
        (
            "Überprüfung",
            "Jährliche Überprüfung der Maßnahmen, Unterweisung der Beschäftigten, geregeltes "
            "Verfahren bei Verletzungen.",
        ),
    )
)
_METHODS: Final = {
    "inhabitants": "im Verhältnis der Einwohnerzahlen",
    "equal": "zu gleichen Teilen",
    "usage": "im Verhältnis der Nutzung",
    "lead": "nicht; die durchführende Körperschaft trägt sie allein",
}


def method_words(key: CostKeyTerms) -> str:
    """How costs are distributed, after "Die Kosten werden … verteilt"."""
    if key.method == "base_and_inhabitants" and key.base_percent is not None:
        return (
            f"zu {prozent(key.base_percent)} zu gleichen Teilen (Sockel) und im Übrigen im "
            "Verhältnis der Einwohnerzahlen"
        )
    return _METHODS[key.method]


def basis_words(key: CostKeyTerms) -> tuple[str, ...]:
    """Date, census basis and advance shares, a sentence each."""
    found = []
    if key.by_inhabitants and key.reference_date and key.census:
        found.append(
            "Maßgeblich sind die vom Statistischen Landesamt fortgeschriebenen Einwohnerzahlen zum "
            f"Stichtag {datum(key.reference_date)}, Grundlage: {key.census}."
        )
        found.append(
            "Der Anteil einer Körperschaft ist ihre Einwohnerzahl, geteilt durch die Summe der "
            "Einwohnerzahlen aller, die nach dem Schlüssel beteiligt sind."
        )
    found += [
        f"Vorab trägt {share.body.nominative} {prozent(share.percent)} der Kosten; an der "
        "Verteilung des Restes nimmt diese Körperschaft nicht teil."
        for share in key.advance
    ]
    return tuple(found)


def rounding_words(carrier: BodyForms) -> str:
    """The rounding rule of the agreement."""
    return (
        "Die Anteile werden auf volle Cent kaufmännisch gerundet, die Verhältniszahlen auf vier "
        f"Nachkommastellen. Einen verbleibenden Rundungsunterschied trägt {carrier.nominative}."
    )


def cost_rows(
    terms: AgreementTerms, weights: Mapping[str, int], total: Decimal
) -> tuple[data.ShareRow, ...]:
    """The shares of all parties in their order. weights: name -> inhabitants or cases.

    Raises StepFailure if a party's figure is missing.
    """
    key = terms.cost_key
    advance = {share.body.name: share.percent for share in key.advance}
    entries = [
        Weight(body.name, _weight(terms, body, weights), advance.get(body.name))
        for body in terms.parties
    ]
    base = key.base_percent if key.method == "base_and_inhabitants" else None
    try:
        found = shares(total, entries, terms.performer.name, base or Decimal(0))
    except ValueError as problem:
        raise StepFailure(f"Der Kostenschlüssel lässt sich nicht berechnen: {problem}.") from None
    return tuple(
        data.ShareRow(
            body=share.name,
            basis=_basis(terms, entry),
            percent=share.percent,
            amount=share.amount,
        )
        for share, entry in zip(found, entries, strict=True)
    )


def _weight(terms: AgreementTerms, body: BodyForms, weights: Mapping[str, int]) -> int:
    key = terms.cost_key
    if any(share.body.name == body.name for share in key.advance):
        return 0
    if key.method == "equal":
        return 1
    if key.method == "lead":
        return 1 if body == terms.performer else 0
    if body.name not in weights:
        what = "die Einwohnerzahl" if key.by_inhabitants else "die Zahl der Fälle"
        raise StepFailure(
            f"Für {body.accusative} fehlt {what} zum vereinbarten Stichtag. Bitte ergänzen und "
            "erneut anfordern."
        )
    return weights[body.name]


def _basis(terms: AgreementTerms, entry: Weight) -> str:
    method = terms.cost_key.method
    if entry.advance is not None:
        return f"Vorabanteil {prozent(entry.advance)}"
    if method == "equal":
        return "gleicher Anteil"
    if method == "lead":
        return "trägt die Kosten allein" if entry.weight else "keine Beteiligung"
    if method == "usage":
        return f"{zahl(entry.weight)} Fälle"
    return f"{zahl(entry.weight)} Einwohner"


def duties(terms: JointControllersTerms) -> tuple[data.DutyRow, ...]:
    """Who of the joint controllers fulfils which duty of the DSGVO."""
    performing, contact = terms.performing.name, terms.contact.name
    rows = (
        ("Informationen nach Artikel 13 und 14 DSGVO entwerfen", performing),
        ("Informationen bereitstellen", "jede Beteiligte auf ihrer Internetseite"),
        ("Anträge betroffener Personen annehmen (Artikel 15 bis 22 DSGVO)", "jede Beteiligte"),
        ("Anträge betroffener Personen beantworten", contact),
        ("Technische und organisatorische Maßnahmen der Systeme (Artikel 32 DSGVO)", performing),
        ("Maßnahmen für die eigenen Zugänge und Arbeitsplätze", "jede Beteiligte"),
        (
            "Verletzungen melden und Betroffene benachrichtigen (Artikel 33 und 34 DSGVO)",
            "die Beteiligte, in deren Bereich die Verletzung eingetreten ist",
        ),
        ("Verzeichnis der Verarbeitungstätigkeiten (Artikel 30 DSGVO)", "jede Beteiligte"),
        ("Datenschutz-Folgenabschätzung (Artikel 35 DSGVO)", performing),
        ("Verträge mit Auftragsverarbeitern (Artikel 28 DSGVO)", performing),
        ("Löschung nach Ablauf der Speicherdauer", performing),
    )
    return tuple(data.DutyRow(duty=duty, responsible=who) for duty, who in rows)
