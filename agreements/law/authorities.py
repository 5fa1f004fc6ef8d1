"""Which supervisory authority is competent for an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.errors import Refusal
from agreements.law.tables import AuthorityRule, LandLaw, Office
from agreements.model.enums import BodyKind


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the competence depends on.

    district_genitive: the Kreis of a kreisangehörige municipality, "des Kreises Unna".
    government_district: the Regierungsbezirk without its designation, "Arnsberg".
    """

    ags: str
    name: str
    kind: BodyKind
    land: str
    government_district: str | None = None
    district_ags: str | None = None
    district_genitive: str | None = None
    district_address: str | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """Aufsichtsbehörde, with the forms that letters need; gazette: as it stands after "im"."""

    name: str
    nominative: str
    genitive: str
    dative: str
    accusative: str
    address: str | None
    gazette: str
    basis: str
    verified: bool


def competent_authority(
    law: LandLaw, parties: Sequence[PartyFacts], performing: PartyFacts
) -> Authority:
    """The authority that approves (NRW: § 29 Abs. 4 GkG).

    With a Kreis, a kreisfreie Stadt or a municipality of another Land among the parties it
    is the Bezirksregierung, else the Landrat as untere staatliche Verwaltungsbehörde; among
    several the one whose district holds the body that performs the task.
    """
    rule = _rule_on(law)
    if performing.ags not in {party.ags for party in parties}:
        raise Refusal(
            "performing-not-a-party",
            f"Die durchführende Körperschaft ({performing.name}) ist nicht unter den Beteiligten.",
            "performing",
            ", ".join(party.name for party in parties),
        )
    if performing.land != law.land:
        raise Refusal(
            "performing-outside-land",
            f"Die durchführende Körperschaft ({performing.name}) liegt nicht in {law.name}; "
            f"welche Behörde dann zuständig ist, regelt {law.law} nicht. Bitte klärt das "
            "Rechtsamt die Zuständigkeit.",
            "performing",
        )
    if any(_raises_to_district_government(party, law.land) for party in parties):
        return _district_government(rule, performing)
    return _landrat(rule, performing)


def district_government(law: LandLaw, name: str) -> Authority | None:
    """The Bezirksregierung of this name ("Bezirksregierung Arnsberg"); None if unknown."""
    rule = _rule_on(law)
    for office in rule.offices:
        if office.name == name:
            return _office(rule, office)
    return None


def _rule_on(law: LandLaw) -> AuthorityRule:
    for rule in law.authorities:
        if rule.valid_on(law.on):
            return rule
    raise Refusal(
        "no-authority-rule",
        f"Für {law.name} ist nicht hinterlegt, welche Aufsichtsbehörde zuständig ist; bitte "
        "klärt das Rechtsamt die Zuständigkeit.",
        "land",
    )


def _raises_to_district_government(party: PartyFacts, land: str) -> bool:
    over_municipal = party.kind.is_district or party.kind is BodyKind.INDEPENDENT_CITY
    return over_municipal or party.land != land


def _office(rule: AuthorityRule, office: Office) -> Authority:
    return Authority(
        name=office.name,
        nominative=f"die {office.name}",
        genitive=f"der {office.name}",
        dative=f"der {office.name}",
        accusative=f"die {office.name}",
        address=office.address,
        gazette=office.gazette,
        basis=rule.basis,
        verified=rule.verified,
    )


def _district_government(rule: AuthorityRule, performing: PartyFacts) -> Authority:
    name = f"Bezirksregierung {performing.government_district}"
    for office in rule.offices:
        if office.name == name:
            return _office(rule, office)
    raise Refusal(
        "government-district-unknown",
        f"Für {performing.name} ist kein Regierungsbezirk hinterlegt; ohne ihn steht die "
        "zuständige Bezirksregierung nicht fest.",
        "performing",
        ", ".join(office.name.removeprefix("Bezirksregierung ") for office in rule.offices),
    )


def _landrat(rule: AuthorityRule, performing: PartyFacts) -> Authority:
    district = performing.district_genitive
    if district is None:
        raise Refusal(
            "district-unknown",
            f"Für {performing.name} ist kein Kreis hinterlegt; ohne ihn steht der zuständige "
            "Landrat nicht fest.",
            "performing",
        )
    return Authority(
        name=f"Landrat {district} als untere staatliche Verwaltungsbehörde",
        nominative=f"der Landrat {district} als untere staatliche Verwaltungsbehörde",
        genitive=f"des Landrats {district} als unterer staatlicher Verwaltungsbehörde",
        dative=f"dem Landrat {district} als unterer staatlicher Verwaltungsbehörde",
        accusative=f"den Landrat {district} als untere staatliche Verwaltungsbehörde",
        address=performing.district_address,
        # What the Kreis calls its gazette is not known; § 24 Abs. 3 GkG NRW calls it so.
        gazette=f"Veröffentlichungsblatt {district}",
        basis=rule.basis,
        verified=rule.verified,
    )
