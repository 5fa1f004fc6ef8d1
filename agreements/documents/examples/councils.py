"""Smart Region Kreis Unna: what councils decided, what was decided in their place, the annexes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agreements.documents import clauses, data, examples
from agreements.documents.forms import committee_forms, council_forms

_MAIN = committee_forms("Haupt- und Finanzausschuss", "des Haupt- und Finanzausschusses")


def paper() -> data.PaperData:
    """Kamen's paper of the second vote, with everything that a paper may have."""
    share = next(
        s.amount for s in examples.funding_application().shares if s.body == examples.KAMEN
    )
    third = (share / 3).quantize(Decimal("0.01"))
    amounts = (third, third, share - 2 * third)
    return examples.paper().model_copy(
        update={
            "consultations": (
                data.ConsultationRow(
                    committee=_MAIN.name,
                    role="Vorberatung",
                    planned_on=date(2026, 4, 14),
                    forms=_MAIN,
                ),
                data.ConsultationRow(
                    committee="Rat der Stadt Kamen",
                    role="Entscheidung",
                    forms=council_forms("Rat", examples.KAMEN),
                    decides=True,
                ),
            ),
            "financial_rows": tuple(
                data.FinancialRow(
                    year=str(year),
                    title="Anteil am Eigenanteil",
                    annual=amount,
                    account="01.06.01/5313",
                    cover="zu veranschlagen",
                )
                for year, amount in zip((2027, 2028, 2029), amounts, strict=True)
            ),
            "sections": (
                data.PaperSection(
                    title="Personelle Auswirkungen",
                    paragraphs=(
                        "Die Stellen der Projektleitstelle werden bei der Stadt Schwerte geführt. "
                        "Der Stellenplan der Stadt Kamen bleibt unverändert.",
                    ),
                ),
                data.PaperSection(
                    title="Auswirkungen auf das Klima",
                    paragraphs=("Die Entscheidung hat keine erheblichen Auswirkungen.",),
                ),
                data.PaperSection(
                    title="Gleichstellung und Inklusion",
                    paragraphs=("Die digitalen Angebote werden barrierefrei gestaltet.",),
                ),
            ),
            "changes": data.PaperChanges(
                earlier=examples.synopsis().earlier,
                reason=examples.synopsis().reason,
                rows=examples.synopsis().rows,
            ),
            "annexes": (*examples.paper().annexes, "Synopse der Textfassungen 2 und 3"),
            "cosigners": ("Stabsstelle Digitalisierung", "Kämmerei", "Rechtsamt"),
        }
    )


def extract() -> data.ExtractData:
    """The certified extract of Kamen's resolution; how many voted in favour is not known."""
    given = examples.paper()
    return data.ExtractData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 5, 21),
        author=examples.KAMEN.name,
        body=examples.KAMEN,
        committee=council_forms("Rat", examples.KAMEN),
        held_on=date(2026, 5, 7),
        meeting_number="5",
        item="7.1",
        subject=given.subject,
        parties=tuple(body.name for body in examples.BODIES),
        paper_number=given.paper_number,
        points=given.points,
        reservation="Der Beschluss gilt, sobald der Zuwendungsbescheid vorliegt.",
        outcome="ungeändert beschlossen",
        votes=data.VoteCount(no=1, abstained=1),
        members_present=43,
        members_excluded=1,
        bias_basis="§ 31 GO NRW",
        presented_to="der Stadt Schwerte und der Bezirksregierung Arnsberg",
        certified_by="Selma Schreib",
        certified_as="Schriftführerin",
        text=given.text,
    )


def urgent_decision() -> data.UrgentDecisionData:
    """Kamen could call neither the council nor the main committee in time; confirmed later."""
    given = examples.paper()
    return data.UrgentDecisionData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 5, 21),
        author=examples.KAMEN.name,
        body=examples.KAMEN,
        stage="head_and_member",
        main_committee=_MAIN,
        legal_basis="§ 60 Abs. 1 GO NRW",
        subject=given.subject,
        parties=tuple(body.name for body in examples.BODIES),
        paper_number=given.paper_number,
        points=given.points,
        facts=clauses.reasons("mandating_nw", examples.terms())[:2],
        reason="Die Frist für den Förderantrag endet am 30. April 2026. Der Rat tritt erst am "
        "7. Mai 2026 wieder zusammen; die Ladungsfrist lässt eine frühere Sitzung nicht zu.",
        main_committee_prevented="Die Ladungsfrist läuft für ihn ebenfalls erst nach dem "
        "30. April 2026 ab.",
        harm="Ohne den Beschluss ginge der Antrag nicht fristgerecht ein; allen Beteiligten "
        "entginge die Zuwendung von 490.000,00 €.",
        decided_on=date(2026, 4, 24),
        outcome="beschlossen",
        signatures=(
            data.UrgentSignature(name="Erika Exempel", function="Bürgermeisterin"),
            data.UrgentSignature(name="Rainer Rat", function="Mitglied des Rates"),
        ),
        later=data.LaterDecision(
            confirmed=True,
            decided_on=date(2026, 5, 7),
            votes=data.VoteCount(yes=42, no=1, abstained=1),
        ),
        text=given.text,
    )
