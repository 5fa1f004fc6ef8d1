"""Another case: two municipalities, one takes over a task of the other; all names are invented."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from agreements.documents import data
from agreements.documents.content import CanonicalContent, Clause, ContentParty, text_hash
from agreements.documents.forms import (
    AuthorityForms,
    BodyForms,
    committee_forms,
    council_forms,
)

_REFERENCE = "IKZ-2027-0014"
_PROJECT = "Gemeinsames Standesamt Auenfeld-Lindenbrück"
_CENT = Decimal("0.01")

LINDENBRUECK = BodyForms(
    name="Stadt Lindenbrück",
    short="Lindenbrück",
    nominative="die Stadt Lindenbrück",
    genitive="der Stadt Lindenbrück",
    dative="der Stadt Lindenbrück",
    accusative="die Stadt Lindenbrück",
    council_nominative="der Rat der Stadt Lindenbrück",
    council_genitive="des Rates der Stadt Lindenbrück",
    council_dative="dem Rat der Stadt Lindenbrück",
    head_title="Bürgermeister",
    head_name="Ole Beispielmann",
    address="Am Markt 3, 48999 Lindenbrück",
)
AUENFELD = BodyForms(
    name="Gemeinde Auenfeld",
    short="Auenfeld",
    nominative="die Gemeinde Auenfeld",
    genitive="der Gemeinde Auenfeld",
    dative="der Gemeinde Auenfeld",
    accusative="die Gemeinde Auenfeld",
    council_nominative="der Rat der Gemeinde Auenfeld",
    council_genitive="des Rates der Gemeinde Auenfeld",
    council_dative="dem Rat der Gemeinde Auenfeld",
    head_title="Bürgermeisterin",
    head_name="Inga Mustermann-Öztürk",
    address="Dorfstraße 12, 48998 Auenfeld",
)
BODIES = (LINDENBRUECK, AUENFELD)
_INHABITANTS = {LINDENBRUECK: 21_480, AUENFELD: 6_312}
MUSTERBERG = AuthorityForms(
    name="Bezirksregierung Musterberg",
    nominative="die Bezirksregierung Musterberg",
    genitive="der Bezirksregierung Musterberg",
    dative="der Bezirksregierung Musterberg",
    accusative="die Bezirksregierung Musterberg",
    address="Regierungsplatz 1, 48900 Musterberg",
    gazette="Amtsblatt für den Regierungsbezirk Musterberg",
)
_MAIN = committee_forms("Hauptausschuss", "des Hauptausschusses")
_OF_FINANCE = committee_forms(
    "Ausschuss für Finanzen und Personal", "des Ausschusses für Finanzen und Personal"
)
_COST, _GRANT, _OTHER = Decimal("120000.00"), Decimal("80000.00"), Decimal("7500.00")


@cache
def content() -> CanonicalContent:
    """The text that both councils resolve."""
    return CanonicalContent(
        title="Öffentlich-rechtliche Vereinbarung über die Übertragung der Aufgaben des "
        "Standesamtes der Gemeinde Auenfeld auf die Stadt Lindenbrück",
        parties=tuple(ContentParty(name=body.name) for body in BODIES),
        clauses=(
            Clause(
                title="Übertragung",
                paragraphs=(
                    "Die Gemeinde Auenfeld überträgt der Stadt Lindenbrück die Aufgaben des "
                    "Standesamtes.",
                ),
            ),
            Clause(
                title="Kosten",
                paragraphs=("Die Kosten werden nach der Zahl der Einwohner verteilt.",),
            ),
        ),
    )


def _mark() -> data.TextMark:
    return data.TextMark(version=1, digest=text_hash(content()))


_POINTS = (
    "Dem Abschluss der öffentlich-rechtlichen Vereinbarung über die Übertragung der Aufgaben des "
    "Standesamtes der Gemeinde Auenfeld auf die Stadt Lindenbrück wird zugestimmt.",
    "Die Hauptverwaltungsbeamtin oder der Hauptverwaltungsbeamte wird beauftragt, die Vereinbarung "
    "zu unterzeichnen.",
)


def _shares() -> tuple[data.OwnShare, ...]:
    own = _COST - _GRANT - _OTHER
    total = sum(_INHABITANTS.values())
    of_auenfeld = (own * _INHABITANTS[AUENFELD] / total).quantize(_CENT, ROUND_HALF_UP)
    return (
        data.OwnShare(body=LINDENBRUECK, basis="21.480 Einwohner", amount=own - of_auenfeld),
        data.OwnShare(body=AUENFELD, basis="6.312 Einwohner", amount=of_auenfeld),
    )


def paper() -> data.PaperData:
    """Auenfeld's paper: one committee, a one-off and a yearly amount, no changes, no annex."""
    return data.PaperData(
        file_reference=_REFERENCE,
        dated_on=date(2027, 2, 1),
        author=AUENFELD.name,
        body=AUENFELD,
        paper_number="XI/0132",
        round_label="Beschluss über die Vereinbarung",
        office="Fachbereich Bürgerdienste",
        consultations=(
            data.ConsultationRow(
                committee=_OF_FINANCE.name,
                role="Vorberatung",
                planned_on=date(2027, 2, 16),
                forms=_OF_FINANCE,
            ),
            data.ConsultationRow(
                committee=_MAIN.name,
                role="Empfehlung",
                planned_on=date(2027, 2, 23),
                forms=_MAIN,
            ),
            data.ConsultationRow(
                committee="Rat der Gemeinde Auenfeld",
                role="Entscheidung",
                planned_on=date(2027, 3, 9),
                forms=council_forms("Rat", AUENFELD),
                decides=True,
            ),
        ),
        subject=content().title,
        points=_POINTS,
        reasons=(
            "Die Gemeinde Auenfeld kann die Aufgaben des Standesamtes mit eigenem Personal nicht "
            "mehr dauerhaft sicherstellen. Die Stadt Lindenbrück verfügt über drei "
            "Standesbeamtinnen und ist bereit, die Aufgaben zu übernehmen.",
            "Mit der Übertragung gehen Recht und Pflicht zur Erfüllung auf die Stadt Lindenbrück "
            "über. Trauungen finden weiterhin auch in Auenfeld statt.",
        ),
        legal_basis=(
            "§ 1, § 23 Absatz 1 Alternative 1 und § 24 des Gesetzes über kommunale "
            "Gemeinschaftsarbeit (GkG NRW)",
            "§ 41 Absatz 1 der Gemeindeordnung (GO NRW)",
        ),
        financial_effects=(
            "Die Gemeinde Auenfeld erstattet der Stadt Lindenbrück die Kosten nach der Zahl der "
            "Einwohner am 31. Dezember 2025 (Zensus 2022).",
        ),
        financial_rows=(
            data.FinancialRow(
                year="2027",
                title="Übernahme der Register",
                one_off=Decimal("4200.00"),
                account="02.03.01/5431",
                cover="Ansatz im Haushalt 2027",
            ),
            data.FinancialRow(
                year="ab 2027",
                title="Kostenerstattung",
                annual=Decimal("38750.50"),
                account="02.03.01/5233",
                cover="Wegfall eigener Personalaufwendungen",
            ),
        ),
        sections=(
            data.PaperSection(
                title="Personelle Auswirkungen",
                paragraphs=("Eine halbe Stelle der Entgeltgruppe 9b entfällt.",),
            ),
        ),
        text=_mark(),
    )


def matrix() -> data.MatrixData:
    """Two councils: one has decided, one has still to decide."""
    row = data.MatrixRow(
        body=LINDENBRUECK.name,
        committee="Rat",
        role="Entscheidung",
        decided_on=date(2027, 3, 4),
        paper_number="2027/041",
        outcome="beschlossen",
        yes=36,
        no=0,
        abstained=2,
        text=_mark(),
    )
    open_row = data.MatrixRow(
        body=AUENFELD.name, committee="Rat", role="Entscheidung", outcome="noch offen", text=_mark()
    )
    return data.MatrixData(
        file_reference=_REFERENCE,
        dated_on=date(2027, 3, 5),
        author=LINDENBRUECK.name,
        project=_PROJECT,
        round_label="Beschluss über die Vereinbarung",
        rows=(row, open_row),
        summary="1 von 2 Vertretungen hat der Textfassung 1 der Vereinbarung zugestimmt.",
    )


def synopsis() -> data.SynopsisData:
    """One changed place."""
    part = data.SynopsisPart
    return data.SynopsisData(
        file_reference=_REFERENCE,
        dated_on=date(2027, 4, 5),
        author=LINDENBRUECK.name,
        project=_PROJECT,
        parties=tuple(body.name for body in BODIES),
        subject="Vereinbarung",
        earlier=_mark(),
        text=data.TextMark(version=2, digest="2e" * 32),
        rows=(
            data.SynopsisRow(
                place="§ 2",
                old=(
                    part(text="Kosten\nDie Kosten werden nach "),
                    part(text="Fällen", changed=True),
                ),
                new=(
                    part(text="Kosten\nDie Kosten werden nach "),
                    part(text="der Zahl der Einwohner", changed=True),
                ),
            ),
        ),
    )


def extract() -> data.ExtractData:
    """A Beschlussausfertigung of a non-public resolution, with a change, not signed yet."""
    return data.ExtractData(
        file_reference=_REFERENCE,
        dated_on=date(2027, 3, 15),
        author=AUENFELD.name,
        body=AUENFELD,
        variant="execution",
        committee=council_forms("Rat", AUENFELD),
        held_on=date(2027, 3, 9),
        public=False,
        subject=content().title,
        parties=tuple(body.name for body in BODIES),
        paper_number="XI/0132",
        points=_POINTS,
        changed=(
            data.ChangedPlace(
                place="§ 2", wording="Die Kosten werden zu gleichen Teilen getragen."
            ),
        ),
        outcome="geändert beschlossen",
        votes=data.VoteCount(yes=26, no=0, abstained=0),
        unanimous=True,
        text=_mark(),
    )


def urgent_decision() -> data.UrgentDecisionData:
    """The first stage: the main committee has decided, the council is still to be asked."""
    return data.UrgentDecisionData(
        file_reference=_REFERENCE,
        dated_on=date(2027, 3, 1),
        author=AUENFELD.name,
        body=AUENFELD,
        stage="main_committee",
        main_committee=_MAIN,
        legal_basis="§ 60 Abs. 1 GO NRW",
        subject=content().title,
        parties=tuple(body.name for body in BODIES),
        paper_number="XI/0132",
        points=_POINTS,
        reason="Die einzige Standesbeamtin der Gemeinde scheidet zum 1. April 2027 aus; der Rat "
        "kann bis dahin nicht mit der vorgeschriebenen Frist einberufen werden.",
        decided_on=date(2027, 2, 23),
        outcome="beschlossen",
        votes=data.VoteCount(yes=11, no=0, abstained=1),
        text=_mark(),
    )


def _financing() -> dict[str, object]:
    return {
        "file_reference": _REFERENCE,
        "dated_on": date(2027, 3, 15),
        "author": LINDENBRUECK.name,
        "applicant": LINDENBRUECK,
        "programme": "Förderung digitaler Bürgerdienste im ländlichen Raum",
        "guideline": "Förderaufruf vom 11. Januar 2027",
        "financing": "Anteilfinanzierung",
        "project": _PROJECT,
        "starts_on": date(2027, 7, 1),
        "ends_on": date(2028, 6, 30),
        "costs": (
            data.CostItem(
                title="Fachverfahren", explanation="Investitionen", amount=_COST - 20_000
            ),
            data.CostItem(title="Schulung", amount=Decimal("15000.00")),
        ),
        "other_costs": (
            data.CostItem(title="Bewirtung", explanation="Sonstiges", amount=Decimal("5000.00")),
        ),
        "eligible": _COST - 5_000,
        "grant": _GRANT,
        "own_contribution": _COST - _GRANT - _OTHER,
        "other_funds": (data.OtherFunds(title="Sparkassenstiftung", amount=_OTHER),),
        "grant_derivation": ("Höchstbetrag des Förderaufrufs: 80.000,00 €",),
        "shares": _shares(),
    }


def funding_application() -> data.FundingApplicationData:
    """Another programme, without declarations of its own; the applicant carries out the task."""
    return data.FundingApplicationData.model_validate(
        _financing()
        | {
            "authority": MUSTERBERG,
            "performing": LINDENBRUECK,
            "description": ("Die Register werden digital geführt und gemeinsam genutzt.",),
            "parties": BODIES,
            "conditions": (
                data.ConditionRow(
                    text="mindestens zwei Kommunen", fulfilment="Zwei Kommunen sind beteiligt."
                ),
            ),
            "attachments": ("Kosten- und Finanzierungsplan", "Beschlüsse der Räte"),
            "early_start_requested": True,
        }
    )


def finance_plan() -> data.FinancePlanData:
    """A plan without years, not checked yet."""
    return data.FinancePlanData.model_validate(_financing() | {"planned_on": date(2027, 3, 10)})


def letter() -> data.FundingLetterData:
    """Early start is asked for, and one resolution comes later."""
    given = funding_application()
    wanted = set(data.FundingLetterData.model_fields) & set(type(given).model_fields)
    return data.FundingLetterData.model_validate(
        {name: getattr(given, name) for name in wanted}
        | {
            "resolutions_missing": (AUENFELD.name,),
            "enclosures": ("Förderantrag", *given.attachments),
        }
    )
