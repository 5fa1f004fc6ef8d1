"""Days that must not pass: which of them a later meeting would miss (E7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agreements.funding.programme import Guideline, load_programmes
from agreements.model.cases import Case


def missed_by(case: Case, meeting_on: date) -> tuple[str, ...]:
    """The cut-offs of the case that lie before a meeting on that day, as sentences."""
    return tuple(_missed(case, meeting_on))


def _missed(case: Case, meeting_on: date) -> Iterator[str]:
    if case.programme is None:
        return
    guidelines = load_programmes()[case.programme].guidelines
    if any(rule.accepts_on(meeting_on) for rule in guidelines):
        return
    last = max(rule.applications_until for rule in guidelines)
    if last < meeting_on:
        yield (
            f"Die Antragsfrist des Förderprogramms endet am {last:%d.%m.%Y}, also vor der Sitzung "
            f"am {meeting_on:%d.%m.%Y}. Möglich sind eine Dringlichkeitsentscheidung oder die "
            "Nachreichung des Beschlusses, wenn das Programm sie zulässt."
        )


def ahead(case: Case, on: date) -> Guideline | None:
    """The guideline under which an application can be filed on that day; None: under none."""
    if case.programme is None:
        return None
    guidelines = load_programmes()[case.programme].guidelines
    return next((rule for rule in guidelines if rule.accepts_on(on)), None)
