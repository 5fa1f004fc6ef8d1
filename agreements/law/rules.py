"""What the law of a Land asks of an agreement: pure evaluation of the dated tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from agreements.errors import Refusal
from agreements.law.deadlines import (
    Deadline,
    Period,
    Unit,
    deadline,
    german_date,
    holidays_of,
)
from agreements.law.instruments import Act, Instrument, TaskKind
from agreements.law.tables import (
    ClockRule,
    Dated,
    EffectRule,
    ForInstruments,
    FormKind,
    LandLaw,
    PublicationRule,
    Publisher,
    RequirementKind,
    SignaturesRule,
    SupervisionRule,
    Trigger,
    known_lands,
    read_table,
)

_INSTRUMENT_ACCUSATIVE: Final = {
    Instrument.MANDATING_AGREEMENT: "eine mandatierende Vereinbarung",
    Instrument.DELEGATING_AGREEMENT: "eine delegierende Vereinbarung",
    Instrument.WORKING_GROUP: "eine Arbeitsgemeinschaft",
    Instrument.PUBLIC_LAW_CONTRACT: "einen öffentlich-rechtlichen Vertrag",
}
_TRIGGER_GENITIVE: Final = {
    Trigger.PUBLICATION: "der Bekanntmachung",
    Trigger.LAST_NOTICE: "der letzten Bekanntmachung der Beteiligten",
    Trigger.LAST_SIGNATURE: "der letzten Unterschrift",
}

RuleT = TypeVar("RuleT", bound=ForInstruments)


@dataclass(frozen=True, slots=True)
class CooperationFacts:
    """What a rule may ask about the cooperation. None: nobody has said it yet."""

    act: Act = Act.CONCLUSION
    task_kind: TaskKind | None = None
    transfers_powers: bool | None = None
    essential_change: bool | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Genehmigung, Anzeige oder nichts."""

    kind: RequirementKind
    basis: str
    verified: bool
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FormRequirement:
    """The form of the parties' declarations, and what may replace it electronically."""

    kind: FormKind
    basis: str
    electronic: str | None
    verified: bool
    note: str | None = None
    signatures: SignaturesRule | None = None

    @property
    def signatures_needed(self) -> int:
        """How many persons have to sign for each party."""
        return self.signatures.count if self.signatures is not None else 1

    @property
    def signatures_basis(self) -> str:
        """Where that number stands."""
        return self.signatures.basis if self.signatures is not None else self.basis


@dataclass(frozen=True, slots=True)
class PublicationRequirement:
    """Who publishes, where, and whether every party points to it."""

    publisher: Publisher
    organ: str | None
    notice_by_parties: bool
    basis: str
    verified: bool


def law_of(land: str, on: date) -> LandLaw:
    """The law of a Land as it stands on a day. Refusal: no table, or none for that day."""
    code = land.upper()
    if code not in known_lands():
        raise Refusal(
            "unknown-land",
            f"Für das Land „{land}“ ist kein Recht der Zusammenarbeit hinterlegt.",
            "land",
            ", ".join(known_lands()),
        )
    law = read_table(code)
    if not any(rule.valid_on(on) for rule in law.all_rules()):
        raise Refusal(
            "no-law-for-date",
            f"Für den {german_date(on)} ist kein Recht des Landes {law.name} hinterlegt; "
            f"die Regeln beginnen am {german_date(law.on)}.",
            "on",
            f"ab {law.on.isoformat()}",
        )
    return law.model_copy(update={"on": on})


def supervisory_requirement(
    law: LandLaw, instrument: Instrument, facts: CooperationFacts | None = None
) -> Requirement:
    """Whether the act needs approval or filing. Refusal: a fact that decides is not known."""
    facts = facts or CooperationFacts()
    matching = [
        rule
        for rule in law.supervision
        if instrument in rule.instruments and facts.act in rule.acts and rule.valid_on(law.on)
    ]
    if not matching:
        raise _no_rule(law, instrument, "Genehmigung oder Anzeige")
    for rule in matching:
        _refuse_unknown_fact(law, rule, facts)
        if _criteria_hold(rule, facts):
            return Requirement(rule.requirement, rule.basis, rule.verified, rule.source, rule.note)
    raise _no_rule(law, instrument, "Genehmigung oder Anzeige")


def _criteria_hold(rule: SupervisionRule, facts: CooperationFacts) -> bool:
    return (
        (rule.task_kinds is None or facts.task_kind in rule.task_kinds)
        and rule.transfers_powers in (None, facts.transfers_powers)
        and rule.essential_change in (None, facts.essential_change)
    )


def _refuse_unknown_fact(law: LandLaw, rule: SupervisionRule, facts: CooperationFacts) -> None:
    questions = (
        (rule.task_kinds, facts.task_kind, "task_kind", "die Art der Aufgabe"),
        (rule.transfers_powers, facts.transfers_powers, "transfers_powers",
         "ob Befugnisse übertragen werden"),
        (rule.essential_change, facts.essential_change, "essential_change",
         "ob sich Beteiligte, Aufgaben oder Befugnisse ändern"),
    )  # fmt: skip
    for criterion, fact, field, question in questions:
        if criterion is not None and fact is None:
            raise Refusal(
                "fact-missing",
                f"Nach {rule.basis} ({law.name}) kommt es darauf an, {question}; "
                "bitte geben Sie das an."
                if question.startswith("ob")
                else f"Nach {rule.basis} ({law.name}) kommt es auf {question} an; "
                "bitte geben Sie sie an.",
                f"facts.{field}",
            )


def form_required(law: LandLaw, instrument: Instrument, on: date | None = None) -> FormRequirement:
    """The form of signing on a day (the law's own day if none is given)."""
    rule = _rule(law.forms, law, instrument, "die Form", on or law.on)
    return FormRequirement(
        rule.form, rule.basis, rule.electronic, rule.verified, rule.note, rule.signatures
    )


def publication_required(law: LandLaw, instrument: Instrument) -> PublicationRequirement:
    """Who publishes the agreement, and where."""
    rule: PublicationRule = _rule(law.publication, law, instrument, "die Bekanntmachung", law.on)
    return PublicationRequirement(
        rule.publisher, rule.organ, rule.notice_by_parties, rule.basis, rule.verified
    )


def effect_rule(law: LandLaw, instrument: Instrument) -> EffectRule:
    """What the entry into force is reckoned from."""
    return _rule(law.effect, law, instrument, "das Wirksamwerden", law.on)


def effective_on(
    law: LandLaw,
    published_on: date,
    agreed_later: date | None = None,
    *,
    instrument: Instrument = Instrument.MANDATING_AGREEMENT,
) -> date:
    """The day on which an agreement takes effect (NRW: § 24 Abs. 4 GkG).

    published_on: the day of the event that ``effect_rule`` names. Refusal: the date
    agreed lies before the legal one, or the law allows none.
    """
    rule = effect_rule(law, instrument)
    legal = published_on + timedelta(days=rule.days_after)
    if agreed_later is None or agreed_later == legal:
        return legal
    trigger = _TRIGGER_GENITIVE[rule.trigger]
    if not rule.later_date_allowed:
        raise Refusal(
            "no-later-date",
            f"Nach {rule.basis} kann kein anderer Tag vereinbart werden als der "
            f"{german_date(legal)}.",
            "agreed_later",
            legal.isoformat(),
        )
    if agreed_later < legal:
        raise Refusal(
            "effective-too-early",
            f"Die Vereinbarung kann nicht schon am {german_date(agreed_later)} wirksam werden: "
            f"nach {rule.basis} wird sie frühestens am {german_date(legal)} wirksam, gerechnet ab "
            f"dem Tag {trigger}; vereinbart werden darf nur ein späterer Tag.",
            "agreed_later",
            f"ab {legal.isoformat()}",
        )
    return agreed_later


def approval_clock(
    law: LandLaw,
    received_on: date,
    *,
    instrument: Instrument = Instrument.MANDATING_AGREEMENT,
) -> Deadline:
    """When the approval is deemed given unless the authority objects (NRW: § 24 Abs. 2 GkG)."""
    rule = clock_rule(law, instrument)
    found = deadline(
        received_on,
        Period(rule.weeks, Unit.WEEKS),
        holidays_of(law.land),
        event="Der Antrag ist eingegangen am",
        shift_rule=rule.shift_basis,
    )
    return _with_basis(found, rule)


def meeting_clock(
    law: LandLaw,
    first: Deadline,
    *,
    instrument: Instrument = Instrument.MANDATING_AGREEMENT,
) -> Deadline:
    """The further weeks to call a meeting after objections, reckoned from the end of the first.

    The wording of § 10 Abs. 1 GkG NRW leaves open where they begin; this reading follows
    § 190 BGB (an extended period runs on from the end of the earlier one).
    """
    rule = clock_rule(law, instrument)
    if rule.meeting_weeks is None:
        raise _no_rule(law, instrument, "die Frist zur Erörterung")
    found = deadline(
        first.end,
        Period(rule.meeting_weeks, Unit.WEEKS),
        holidays_of(law.land),
        event="Die erste Frist endete am",
        shift_rule=rule.shift_basis,
    )
    return _with_basis(found, rule)


def clock_rule(law: LandLaw, instrument: Instrument) -> ClockRule:
    """The two periods of the Genehmigungsfiktion."""
    return _rule(law.clocks, law, instrument, "die Genehmigungsfiktion", law.on)


def _with_basis(found: Deadline, rule: ClockRule) -> Deadline:
    text = f"{found.derivation} Grundlage: {rule.basis}; {rule.calendar_basis}."
    return Deadline(found.event_on, found.nominal_end, found.end, text)


def termination_clause_required(
    law: LandLaw, instrument: Instrument, years: int | None
) -> str | None:
    """The basis on which the agreement must regulate its termination; None if it need not.

    years: the agreed term; None for an unlimited one.
    """
    rule = _rule(law.termination, law, instrument, "die Kündigung", law.on)
    limit = rule.required_above_years
    required = years is None or (limit is not None and years > limit)
    return rule.basis if required else None


def unverified(rules: Iterable[Dated]) -> tuple[str, ...]:
    """What legal staff must check themselves before they rely on these rules."""
    return tuple(
        f"{rule.basis}: nicht an der amtlichen Quelle geprüft"
        + (f" ({rule.note})" if rule.note else "")
        for rule in rules
        if not rule.verified
    )


def _rule(
    rules: Sequence[RuleT], law: LandLaw, instrument: Instrument, subject: str, on: date
) -> RuleT:
    for rule in rules:
        if instrument in rule.instruments and rule.valid_on(on):
            return rule
    raise _no_rule(law, instrument, subject)


def _no_rule(law: LandLaw, instrument: Instrument, subject: str) -> Refusal:
    return Refusal(
        "no-rule",
        f"Für {_INSTRUMENT_ACCUSATIVE[instrument]} in {law.name} ist keine Regel über "
        f"{subject} hinterlegt; bitte klärt das Rechtsamt die Frage.",
        "instrument",
    )
