"""What templates may do with a value: German money, dates, numbers and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

MONTHS: Final = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)

_BINDING = re.compile(
    r"(?<=§) (?=\d)"
    r"|(?<=\bAnlage) (?=\d)|(?<=\bNummer) (?=\d)|(?<=\bAbsatz) (?=\d)|(?<=\bArtikel) (?=\d)"
    r"|(?<=\bAbs\.) (?=\d)"
    r"|(?<=\bSatz) (?=\d)|(?<=\bAlternative) (?=\d)|(?<=\bTextfassung) (?=\d)"
    r"|(?<=\bGV\.) (?=NRW\.)|(?<=\bNRW\.) (?=S\.)|(?<=\bS\.) (?=\d)"
    r"|(?<=\d) (?=€|Euro\b|v\. H\.)|(?<=\bv\.) (?=H\.)"
    rf"|(?<=\d\.) (?=(?:{'|'.join(MONTHS)})\b)"
)
_CENT = Decimal("0.01")
# Between amount and sign, and inside dates, a line must not break.
_NO_BREAK = "\u00a0"


def eur(amount: Decimal) -> str:
    """``490.000,00 €``; refuses fractions of a cent instead of rounding them away."""
    cents = Decimal(amount)
    if cents != cents.quantize(_CENT):
        raise ValueError(f"{amount} hat Bruchteile von Cent")
    return f"{_german(cents, 2)}{_NO_BREAK}€"


def datum(day: date) -> str:
    """``3. Juli 2021``."""
    return f"{day.day}.{_NO_BREAK}{MONTHS[day.month - 1]} {day.year}"


def datum_kurz(day: date) -> str:
    """``03.07.2021``, for tables."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def zahl(number: int | Decimal) -> str:
    """``393.784`` or ``2,5``: grouped in thousands, decimals as they are."""
    value = Decimal(number)
    exponent = value.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return _german(value, places)


def prozent(share: Decimal) -> str:
    """``90 v. H.``, as budget law writes it."""
    return f"{zahl(share)}{_NO_BREAK}v.{_NO_BREAK}H."


def aufzaehlung(parts: Iterable[str]) -> str:
    """``A, B und C``."""
    words = [str(part) for part in parts]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} und {words[-1]}"


def untrennbar(text: str) -> str:
    """The text without a place for a line break, for names of people."""
    return text.replace(" ", _NO_BREAK)


def satzanfang(text: str) -> str:
    """The text with a capital first letter: ``Der Rat der Stadt Kamen``."""
    return text[:1].upper() + text[1:]


def binding(value: object) -> object:
    """A text with no-break spaces where a line must not break: ``§ 24``, ``Absatz 2``, ``5 €``.

    Applied to everything that a document prints.
    """
    if not isinstance(value, str):
        return value
    return _BINDING.sub(_NO_BREAK, value)


def bekannt(number: int | None) -> str:
    """The number, or ``nicht bekannt``: an unknown vote is never filled in."""
    return "nicht bekannt" if number is None else zahl(number)


def _german(value: Decimal, places: int) -> str:
    english = f"{value:,.{places}f}"
    return english.replace(",", "\0").replace(".", ",").replace("\0", ".")


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "eur": eur,
    "datum": datum,
    "datum_kurz": datum_kurz,
    "zahl": zahl,
    "prozent": prozent,
    "bekannt": bekannt,
    "aufzaehlung": aufzaehlung,
    "satzanfang": satzanfang,
    "untrennbar": untrennbar,
}
