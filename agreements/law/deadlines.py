"""Deadlines by §§ 187 to 193 BGB and § 31 VwVfG, each with the sentences that derive it.

What moves and what does not:

- a period's end moves from Saturday, Sunday and holiday to the next working day (§ 31 Abs. 3
  VwVfG, § 193 BGB), unless the very day was announced as its end (Abs. 3 Satz 2);
- the end of a period for which an authority performs stays (Abs. 4), and so does a Termin (Abs. 5);
- a period that is counted backward (an invitation period) is full and never moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from agreements import clock
from agreements.errors import Refusal
from agreements.law.days import (
    LANDS,
    HolidayName,
    german_date,
    german_day,
    holidays_of,
    is_werktag,
    is_working_day,
    known_land,
    last_working_day,
    next_working_day,
    why_no_working_day,
)
from agreements.law.periods import (
    Period,
    Unit,
    first_day,
    holidays_passed_over,
    lacks_the_day,
    last_day,
    months_after,
    parse_period,
)

__all__ = [
    "LANDS",
    "Deadline",
    "HolidayName",
    "Kind",
    "Period",
    "Reckoning",
    "Unit",
    "deadline",
    "extended",
    "german_date",
    "german_day",
    "holidays_of",
    "hours_after",
    "is_werktag",
    "is_working_day",
    "known_land",
    "last_working_day",
    "months_after",
    "next_working_day",
    "nominal_end",
    "parse_period",
    "procedure_rule",
    "reckon",
]

_DAY: Final = timedelta(days=1)
_NO_SHIFT_BACKWARD: Final = "§ 193 BGB ist nicht anzuwenden; vgl. BGH, 17.02.2005, III ZR 172/04"
_SHOWN_HOLIDAYS: Final = 6

# Section and law of each Land that correspond to § 31 VwVfG; the paragraphs agree in number.
_PROCEDURE_ACTS: Final = {
    "BB": ("§ 31", "VwVfG i. V. m. § 1 VwVfGBbg"),
    "BE": ("§ 31", "VwVfG i. V. m. § 1 VwVfG Bln"),
    "BW": ("§ 31", "LVwVfG"),
    "BY": ("Art. 31", "BayVwVfG"),
    "HB": ("§ 31", "BremVwVfG"),
    "HE": ("§ 31", "HVwVfG"),
    "HH": ("§ 31", "HmbVwVfG"),
    "MV": ("§ 31", "VwVfG M-V"),
    "NI": ("§ 31", "VwVfG i. V. m. § 1 NVwVfG"),
    "NW": ("§ 31", "VwVfG NRW"),
    "RP": ("§ 31", "VwVfG i. V. m. § 1 LVwVfG"),
    "SH": ("§ 89", "LVwG"),
    "SL": ("§ 31", "SVwVfG"),
    "SN": ("§ 31", "VwVfG i. V. m. § 1 SächsVwVfZG"),
    "ST": ("§ 31", "VwVfG i. V. m. § 1 VwVfG LSA"),
    "TH": ("§ 31", "ThürVwVfG"),
}
_END_RULES: Final = {
    Unit.DAYS: "§ 188 Abs. 1 BGB",
    Unit.WEEKS: "§ 188 Abs. 2 BGB",
    Unit.MONTHS: "§ 188 Abs. 2 BGB",
    Unit.QUARTERS: "§ 188 Abs. 2, § 189 Abs. 1 BGB",
    Unit.YEARS: "§ 188 Abs. 2 BGB",
    Unit.WERKTAGE: "§ 188 Abs. 1 BGB; gezählt werden Montag bis Samstag ohne gesetzliche Feiertage",
    Unit.WORKING_DAYS: (
        "§ 188 Abs. 1 BGB; gezählt werden Montag bis Freitag ohne gesetzliche Feiertage"
    ),
}


class Kind(StrEnum):
    """Art einer Frist: ob ihr Ende sich verschiebt.

    PERIOD: Frist; ihr Ende verschiebt sich (§ 31 Abs. 3 VwVfG, § 193 BGB).
    PERFORMANCE: Zeitraum, für den eine Behörde leistet; verschiebt sich nicht (Abs. 4).
    FIXED: von einer Behörde gesetzter Termin; verschiebt sich nicht (Abs. 5).
    """

    PERIOD = "period"
    PERFORMANCE = "performance"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a deadline is reckoned from.

    period: None only for a Termin that is the day ``start_on`` itself.
    counts_start_day: the beginning of ``start_on`` is decisive (§ 187 Abs. 2 BGB), no event in it.
    backward: a full period before ``start_on``; the deadline is the last day to act.
    by_authority: set by an authority and announced on ``start_on`` (§ 31 Abs. 2 VwVfG).
    announced_end: the very day of the end was announced, pointing to the rule (Abs. 3 Satz 2).
    """

    start_on: date
    period: Period | None
    kind: Kind = Kind.PERIOD
    counts_start_day: bool = False
    backward: bool = False
    by_authority: bool = False
    announced_end: bool = False

    def __post_init__(self) -> None:
        if self.period is None and (self.kind is not Kind.FIXED or self.backward):
            raise ValueError("only a fixed day needs no period")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a period, and how it was found.

    nominal_end: by counting alone. end: after the shift to the next working day, if any.
    Backward, both are the last day to act: the day before the full period.
    """

    event_on: date
    nominal_end: date
    end: date
    derivation: str


def procedure_rule(land: str, paragraph: int) -> str:
    """A paragraph of the Land's § 31 VwVfG: "§ 31 Abs. 3 VwVfG NRW"."""
    section, act = _PROCEDURE_ACTS[known_land(land)]
    return f"{section} Abs. {paragraph} {act}"


def nominal_end(event_on: date, period: Period, holiday: HolidayName | None = None) -> date:
    """The last day of a period that begins with an event on ``event_on``, by counting alone.

    holiday: needed for Werktage and Arbeitstage only.
    """
    return last_day(event_on, period, holiday or _no_holiday)


def _no_holiday(_day: date) -> str | None:
    return None


def deadline(
    event_on: date, period: Period, holiday: HolidayName, *, event: str, shift_rule: str
) -> Deadline:
    """The end of ``period`` after an event, shifted off Saturdays, Sundays and holidays.

    event: the sentence's opening without date, "Der Antrag ist eingegangen am".
    shift_rule: what the shift rests on beside § 193 BGB, "§ 31 Abs. 3 VwVfG NRW".
    """
    counted = last_day(event_on, period, holiday)
    opening = (
        f"{event} {german_day(event_on)}; dieser Tag wird nicht mitgerechnet (§ 187 Abs. 1 BGB)."
    )
    reckoning = Reckoning(event_on, period)
    sentences = [opening, _counting(reckoning, period, counted, holiday)]
    return _shifted(event_on, counted, sentences, holiday, shift_rule)


def reckon(
    wanted: Reckoning, land: str, *, event: str | None = None, act: str = "die Handlung"
) -> Deadline:
    """The deadline by the law and the holidays of a Land.

    event: the sentence's opening without date, "Der Antrag ist eingegangen am".
    act: what has to be done before a backward period, in the accusative.
    Refusal: no such Land; a day outside of the years whose holidays are known.
    """
    holiday = holidays_of(land)
    try:
        if wanted.backward:
            return _backward(wanted, holiday, event, act)
        return _forward(wanted, land, holiday, event)
    except (OverflowError, ValueError) as error:
        raise Refusal(
            "deadline-out-of-range",
            "Diese Frist führt aus dem Kalender heraus; bitte prüfen Sie ihre Länge.",
            "period",
        ) from error


def extended(previous_end: date, by: Period, land: str) -> Deadline:
    """A period that an authority has set, extended; also when it has already run out (Abs. 7).

    The extension runs on from the end of the earlier period as it was shifted (§ 190 BGB).
    """
    found = reckon(Reckoning(previous_end, by), land, event="Die bisherige Frist endete am")
    rule = f"Grundlage der Verlängerung: {procedure_rule(land, 7)}, § 190 BGB."
    return Deadline(found.event_on, found.nominal_end, found.end, f"{found.derivation} {rule}")


def hours_after(start_at: datetime, hours: int, land: str) -> tuple[datetime, str]:
    """The end of a period in hours, from moment to moment, and its derivation.

    Saturdays, Sundays and holidays count (Abs. 6); a night of the clock change has 23 or 25 hours.
    start_at: aware.
    """
    if start_at.tzinfo is None or hours < 1:
        raise ValueError("needs an aware moment and at least one hour")
    end = (start_at.astimezone(UTC) + timedelta(hours=hours)).astimezone(clock.BERLIN)
    span = "einer Stunde" if hours == 1 else f"{hours} Stunden"
    text = (
        f"Die Frist von {span} beginnt am {_german_moment(start_at)} und endet am "
        f"{_german_moment(end)}; sie läuft von Zeitpunkt zu Zeitpunkt, Samstage, Sonntage und "
        f"gesetzliche Feiertage werden mitgerechnet ({procedure_rule(land, 6)})."
    )
    return end, text


def _german_moment(at: datetime) -> str:
    local = at.astimezone(clock.BERLIN)
    return f"{german_day(local.date())}, {local:%H:%M} Uhr{_which_of_two(local)}"


def _which_of_two(local: datetime) -> str:
    """In the night in which an hour comes twice: which of the two is meant."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    return " (Winterzeit)" if local.fold else " (Sommerzeit)"


def _forward(wanted: Reckoning, land: str, holiday: HolidayName, event: str | None) -> Deadline:
    counted, sentences = (
        wanted.start_on,
        [f"Als Termin ist bestimmt: {german_day(wanted.start_on)}."],
    )
    if wanted.period is not None:
        counted = last_day(
            wanted.start_on, wanted.period, holiday, counts_start_day=wanted.counts_start_day
        )
        sentences = [
            _opening(wanted, land, event),
            _counting(wanted, wanted.period, counted, holiday),
        ]
    if wanted.kind is Kind.PERIOD and not wanted.announced_end:
        return _shifted(wanted.start_on, counted, sentences, holiday, procedure_rule(land, 3))
    sentences.append(_stays(wanted, counted, land, holiday))
    return Deadline(wanted.start_on, counted, counted, " ".join(sentences))


def _opening(wanted: Reckoning, land: str, event: str | None) -> str:
    day = german_day(wanted.start_on)
    if wanted.counts_start_day:
        what = f"{event} {day}" if event else f"Maßgebend ist der Beginn des Tages {day}"
        told = f" ({procedure_rule(land, 2)})" if wanted.by_authority else ""
        return f"{what}{told}; dieser Tag wird mitgerechnet (§ 187 Abs. 2 BGB)."
    if wanted.by_authority:
        return (
            f"{event or 'Die Frist wurde bekannt gegeben am'} {day}; sie beginnt mit dem Tag "
            f"danach ({procedure_rule(land, 2)}, § 187 Abs. 1 BGB)."
        )
    return (
        f"{event or 'Das maßgebende Ereignis fällt auf'} {day}; dieser Tag wird nicht "
        "mitgerechnet (§ 187 Abs. 1 BGB)."
    )


def _counting(wanted: Reckoning, period: Period, counted: date, holiday: HolidayName) -> str:
    """How long the period is and where counting leads."""
    lead = {
        Kind.PERIOD: f"Die Frist von {period} endet rechnerisch am",
        Kind.PERFORMANCE: f"Der Leistungszeitraum von {period} endet rechnerisch am",
        Kind.FIXED: f"Die Frist von {period} führt auf den Termin",
    }[wanted.kind]
    first = wanted.start_on if wanted.counts_start_day else wanted.start_on + _DAY
    left_out = _left_out(holidays_passed_over(first, counted, period.unit, holiday))
    return f"{lead} {german_day(counted)} ({_end_rule(wanted, period)}){left_out}."


def _end_rule(wanted: Reckoning, period: Period) -> str:
    if period.half:
        return "§ 188, § 189 BGB"
    rule = _END_RULES[period.unit]
    number = wanted.start_on - _DAY if wanted.counts_start_day else wanted.start_on
    if wanted.counts_start_day and wanted.start_on.day == 1:
        return rule
    if period.months and lacks_the_day(number, period.months):
        return f"{rule}; dieser Monat hat keinen {number.day}., daher sein letzter Tag, Abs. 3"
    return rule


def _left_out(found: tuple[tuple[date, str], ...]) -> str:
    if not found:
        return ""
    shown = [f"{german_date(day)} ({name})" for day, name in found[:_SHOWN_HOLIDAYS]]
    if more := len(found) - len(shown):
        shown.append(f"{more} weitere")
    return f"; nicht mitgezählte Feiertage: {', '.join(shown)}"


def _shifted(
    start_on: date, counted: date, sentences: list[str], holiday: HolidayName, shift_rule: str
) -> Deadline:
    end = next_working_day(counted, holiday)
    if end != counted:
        sentences.append(
            f"Dieser Tag ist {why_no_working_day(counted, holiday)}; die Frist endet daher mit "
            f"Ablauf des nächsten Werktages, {german_day(end)} ({shift_rule}, § 193 BGB)."
        )
    elif counted.month == 12 and counted.day in (24, 31):
        sentences.append(
            f"Der {counted.day}. Dezember ist kein gesetzlicher Feiertag; dabei bleibt es."
        )
    return Deadline(start_on, counted, end, " ".join(sentences))


def _stays(wanted: Reckoning, counted: date, land: str, holiday: HolidayName) -> str:
    """Why the day stays where it is, Saturday, Sunday or holiday or not."""
    free = not is_working_day(counted, holiday)
    what = f"Dieser Tag ist {why_no_working_day(counted, holiday)}; " if free else ""
    also = "auch dann " if free else ""
    if wanted.kind is Kind.PERFORMANCE:
        said = f"der Leistungszeitraum endet {also}mit seinem Ablauf ({procedure_rule(land, 4)})."
    elif wanted.kind is Kind.FIXED:
        said = f"der Termin ist {also}einzuhalten ({procedure_rule(land, 5)})."
    else:
        said = (
            "er wurde unter Hinweis auf diese Vorschrift als Ende der Frist mitgeteilt und "
            f"verschiebt sich nicht ({procedure_rule(land, 3)} Satz 2)."
        )
    return what + said if free else said[0].upper() + said[1:]


def _backward(wanted: Reckoning, holiday: HolidayName, event: str | None, act: str) -> Deadline:
    """The last day to act: the day before the full period that ends before ``start_on``."""
    period = wanted.period
    if period is None:
        raise ValueError("a backward period needs its length")
    start, counts = wanted.start_on, wanted.counts_start_day
    first = first_day(start, period, holiday, counts_start_day=counts)
    last, end = (start if counts else start - _DAY), first - _DAY
    left_out = _left_out(holidays_passed_over(first, last, period.unit, holiday))
    counted = "mitgerechnet" if counts else "nicht mitgerechnet"
    sentences = [
        f"{event or 'Zurückgerechnet wird von'} {german_day(start)}; dieser Tag wird {counted} "
        f"(§ 187 Abs. {2 if counts else 1} BGB entsprechend).",
        f"Die Frist von {period} liegt voll davor: {_span(first, last)} "
        f"({_END_RULES[period.unit]}, entsprechend){left_out}.",
        f"Letzter Tag für {act} ist daher {german_day(end)}.",
    ]
    if not is_working_day(end, holiday):
        sentences.append(
            f"Dieser Tag ist {why_no_working_day(end, holiday)}; eine zurückgerechnete Frist "
            f"verschiebt sich nicht ({_NO_SHIFT_BACKWARD}). Der letzte Arbeitstag davor ist "
            f"{german_day(last_working_day(end, holiday))}."
        )
    return Deadline(start, end, end, " ".join(sentences))


def _span(first: date, last: date) -> str:
    if first == last:
        return german_day(first)
    return f"{german_day(first)} bis {german_day(last)}"
