"""What a guideline grants: the evaluation of the dated programmes, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from agreements.errors import Refusal
from agreements.funding.money import CENT, euro, is_whole_cents, percent
from agreements.funding.programme import Guideline, Programme, load_programmes

__all__ = ["Guideline", "Programme", "Quote", "guideline", "load_programmes", "quote"]

# Beyond any cooperation; protects exact arithmetic and the columns that store amounts.
_LARGEST: Final = Decimal("999999999999.99")
_MOST_PARTIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Quote:
    """What may be applied for. ``grant + own_contribution`` is always the eligible sum.

    ceiling: the largest grant by the rate, rounded down. minimum_own_contribution: the
    least own share, rounded up. amount: the fixed sum by number of partners.
    """

    grant: Decimal
    own_contribution: Decimal
    ceiling: Decimal
    amount: Decimal
    minimum_own_contribution: Decimal
    reasons: tuple[str, ...]


def guideline(programme_id: str, on: date) -> Guideline:
    """The guideline under which an application may be filed on a day."""
    programme = load_programmes().get(programme_id)
    if programme is None:
        known = ", ".join(load_programmes())
        raise Refusal(
            "unknown-programme",
            f"Das Förderprogramm „{programme_id}“ gibt es nicht; hinterlegt sind: {known}.",
            "programme",
            known,
        )
    for candidate in programme.guidelines:
        if candidate.accepts_on(on):
            return candidate
    raise _outside(programme.guidelines, on)


def quote(guideline: Guideline, parties: int, eligible: Decimal, on: date) -> Quote:
    """Grant and own contribution for so many partners in the Land and so much eligible expense."""
    if not guideline.accepts_on(on):
        raise _outside((guideline,), on)
    _check_parties(guideline, parties)
    _check_eligible(eligible)
    amount = (
        guideline.base_amount + (parties - guideline.base_parties) * guideline.further_amount
    ).quantize(CENT)
    ceiling = (eligible * guideline.max_rate).quantize(CENT, ROUND_FLOOR)
    least_own = (eligible * guideline.min_own_rate).quantize(CENT, ROUND_CEILING)
    grant = min(amount, ceiling)
    own = (eligible - grant).quantize(CENT)
    reasons = _reasons(guideline, parties, eligible, amount, ceiling, own)
    return Quote(grant, own, ceiling, amount, least_own, reasons)


def _check_parties(guideline: Guideline, parties: int) -> None:
    least = guideline.base_parties
    if not least <= parties <= _MOST_PARTIES:
        raise Refusal(
            "too-few-parties" if parties < least else "too-many-parties",
            f"Gefördert wird nach {guideline.short_title_dative} eine Kooperation von mindestens "
            f"zwei Beteiligten aus Nordrhein-Westfalen; angegeben sind {parties}."
            if parties < least
            else f"{parties} Beteiligte sind nicht plausibel; bitte prüfen Sie die Zahl.",
            "parties",
            f"{least} bis {_MOST_PARTIES}",
        )


def _check_eligible(eligible: Decimal) -> None:
    if not eligible.is_finite() or eligible <= 0:
        raise Refusal(
            "eligible-not-positive",
            "Die zuwendungsfähigen Ausgaben müssen größer als 0 Euro sein.",
            "eligible",
            "mehr als 0.00",
        )
    if eligible > _LARGEST:
        raise Refusal(
            "eligible-too-large",
            "Die zuwendungsfähigen Ausgaben sind nicht plausibel hoch; bitte prüfen Sie den "
            "Betrag.",
            "eligible",
            f"höchstens {_LARGEST}",
        )
    if not is_whole_cents(eligible):
        raise Refusal(
            "eligible-too-many-decimals",
            "Die zuwendungsfähigen Ausgaben haben mehr als zwei Nachkommastellen; bitte geben Sie "
            "volle Cent an.",
            "eligible",
            "höchstens zwei Nachkommastellen",
        )


def _outside(guidelines: tuple[Guideline, ...], on: date) -> Refusal:
    spans = " und ".join(
        f"vom {_day(g.valid_from)} bis zum {_day(g.applications_until)} ({g.short_title})"
        for g in guidelines
    )
    return Refusal(
        "no-guideline-for-date",
        f"Am {_day(on)} können keine Anträge gestellt werden; möglich ist das {spans}.",
        "on",
        ", ".join(f"{g.valid_from.isoformat()}..{g.applications_until}" for g in guidelines),
    )


def _reasons(
    guideline: Guideline,
    parties: int,
    eligible: Decimal,
    amount: Decimal,
    ceiling: Decimal,
    own: Decimal,
) -> tuple[str, ...]:
    sums = [
        _amount_reason(guideline, parties, amount),
        _ceiling_reason(guideline, eligible, ceiling),
    ]
    if ceiling < amount:
        sums.append(
            f"Der Höchstsatz begrenzt die Zuwendung auf {euro(ceiling)}; der Festbetrag von "
            f"{euro(amount)} wird nicht erreicht."
        )
    else:
        sums.append(f"Der Festbetrag von {euro(amount)} überschreitet den Höchstsatz nicht.")
    sums.append(
        f"Als Eigenanteil verbleiben {euro(own)}; mindestens {percent(guideline.min_own_rate)} der "
        "zuwendungsfähigen Ausgaben, aufgerundet auf den Cent, sind selbst zu tragen."
    )
    return (*sums, *guideline.hints)


def _amount_reason(guideline: Guideline, parties: int, amount: Decimal) -> str:
    reference = _reference(guideline, guideline.amount_section)
    base, step = euro(guideline.base_amount), euro(guideline.further_amount)
    further = parties - guideline.base_parties
    extra = ""
    if further == 1:
        extra = f" zuzüglich {step} für eine weitere Beteiligte"
    elif further > 1:
        extra = f" zuzüglich je {step} für {further} weitere Beteiligte"
    return (
        f"Nach {reference} beträgt die Zuwendung {base} für zwei Beteiligte{extra}, "
        f"zusammen {euro(amount)}."
    )


def _ceiling_reason(guideline: Guideline, eligible: Decimal, ceiling: Decimal) -> str:
    return (
        f"Nach {_reference(guideline, guideline.rate_section)} sind es höchstens "
        f"{percent(guideline.max_rate)} der zuwendungsfähigen Ausgaben von {euro(eligible)}, "
        f"abgerundet auf den Cent: {euro(ceiling)}."
    )


def _reference(guideline: Guideline, section: str | None) -> str:
    # "Richtlinie" is feminine: its genitive after a number is its dative.
    title = guideline.short_title_dative
    return f"{section} {title}" if section else title


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
