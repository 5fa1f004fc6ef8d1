"""The full example of each document: Smart Region Kreis Unna. All names of people are invented."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import cache

from agreements.documents import clauses, data, filters
from agreements.documents.content import CanonicalContent, text_hash
from agreements.documents.forms import AuthorityForms, BodyForms

REFERENCE = "IKZ-2026-0001"
PROJECT = "Smart Region Kreis Unna"
PROGRAMME = "Förderung der interkommunalen Zusammenarbeit (IKZ-Richtlinie NRW)"
_GRANT, _OWN = Decimal("490000.00"), Decimal("54444.45")
_ADVANCE = Decimal(20)

# Name, Bezeichnung, Amtsbezeichnung, Name, Anschrift, Einwohner (31. Dezember 2024, Zensus 2022)
_MUNICIPALITIES = (
    ("Schwerte", "Stadt", "Bürgermeister", "Jonas Beispiel", "58239 Schwerte", 45_821),
    ("Bergkamen", "Stadt", "Bürgermeister", "Karl Muster", "59192 Bergkamen", 49_143),
    ("Bönen", "Gemeinde", "Bürgermeister", "Stefan Probe", "59199 Bönen", 17_734),
    (
        "Fröndenberg/Ruhr",
        "Stadt",
        "Bürgermeisterin",
        "Sabine Vorbild",
        "58730 Fröndenberg/Ruhr",
        20_504,
    ),
    ("Holzwickede", "Gemeinde", "Bürgermeisterin", "Ulla Modell", "59439 Holzwickede", 17_596),
    ("Kamen", "Stadt", "Bürgermeisterin", "Erika Exempel", "59174 Kamen", 42_319),
    ("Lünen", "Stadt", "Bürgermeister", "Jürgen Entwurf", "44532 Lünen", 86_163),
    ("Selm", "Stadt", "Bürgermeister", "Thomas Skizze", "59379 Selm", 25_969),
    ("Unna", "Kreisstadt", "Bürgermeister", "Dirk Richtwert", "59423 Unna", 58_333),
    ("Werne", "Stadt", "Bürgermeister", "Lothar Anhalt", "59368 Werne", 30_202),
)


def _municipality(short: str, kind: str, title: str, head: str, town: str) -> BodyForms:
    name = f"{kind} {short}"
    return BodyForms(
        name=name,
        short=short,
        nominative=f"die {name}",
        genitive=f"der {name}",
        dative=f"der {name}",
        accusative=f"die {name}",
        council_nominative=f"der Rat der {name}",
        council_genitive=f"des Rates der {name}",
        council_dative=f"dem Rat der {name}",
        head_title=title,
        head_name=head,
        address=f"Rathausplatz 1, {town}",
    )


COUNTY = BodyForms(
    name="Kreis Unna",
    short="Kreis Unna",
    nominative="der Kreis Unna",
    genitive="des Kreises Unna",
    dative="dem Kreis Unna",
    accusative="den Kreis Unna",
    council_nominative="der Kreistag des Kreises Unna",
    council_genitive="des Kreistages des Kreises Unna",
    council_dative="dem Kreistag des Kreises Unna",
    head_title="Landrat",
    head_name="Martin Muster",
    address="Friedrich-Ebert-Straße 17, 59425 Unna",
)
MUNICIPALITIES = tuple(_municipality(*row[:5]) for row in _MUNICIPALITIES)
INHABITANTS = {body: row[5] for body, row in zip(MUNICIPALITIES, _MUNICIPALITIES, strict=True)}
LEAD = MUNICIPALITIES[0]
KAMEN = next(body for body in MUNICIPALITIES if body.short == "Kamen")
BODIES = (LEAD, COUNTY, *MUNICIPALITIES[1:])
ARNSBERG = AuthorityForms(
    name="Bezirksregierung Arnsberg",
    nominative="die Bezirksregierung Arnsberg",
    genitive="der Bezirksregierung Arnsberg",
    dative="der Bezirksregierung Arnsberg",
    accusative="die Bezirksregierung Arnsberg",
    address="Seibertzstraße 1, 59821 Arnsberg",
    gazette="Amtsblatt für den Regierungsbezirk Arnsberg",
)


@cache
def terms() -> clauses.AgreementTerms:
    """The terms of the example."""
    return clauses.AgreementTerms(
        project=PROJECT,
        parties=BODIES,
        lead=LEAD,
        applicant=COUNTY,
        purpose=(
            "die digitale Entwicklung der Region gemeinsam zu gestalten und digitale Angebote für "
            "Bürgerinnen, Bürger und Wirtschaft nach gemeinsamen Maßstäben zu schaffen"
        ),
        programme=PROGRAMME,
        tasks=(
            "die Erarbeitung und Fortschreibung einer gemeinsamen Digitalstrategie",
            "den Aufbau und Betrieb einer gemeinsamen Datenplattform",
            "die Planung und Begleitung gemeinsamer Vorhaben der digitalen Daseinsvorsorge",
            "die Beratung der Beteiligten bei der Umsetzung im eigenen Bereich",
            "die gemeinsame Öffentlichkeitsarbeit und Beteiligung der Bürgerschaft",
        ),
        chair=COUNTY,
        authority=ARNSBERG,
        cost_key=clauses.CostKeyTerms(
            reference_date=date(2024, 12, 31),
            census="Zensus 2022",
            advance=(clauses.AdvanceShare(body=COUNTY, percent=_ADVANCE),),
        ),
        staff=Decimal("2.5"),
    )


@cache
def content() -> CanonicalContent:
    """The text of the example's third version."""
    return clauses.assemble("mandating_nw", terms())


def text_mark() -> data.TextMark:
    """The version that the example's documents are about."""
    return data.TextMark(version=3, digest=text_hash(content()))


def agreement() -> data.AgreementData:
    """The agreement between eleven parties."""
    return data.AgreementData.model_validate(
        {
            "file_reference": REFERENCE,
            "dated_on": date(2026, 3, 2),
            "author": LEAD.name,
            "status": "Endfassung zur Beschlussfassung",
            **data.text_fields(content(), BODIES, text_mark()),
        }
    )


def paper() -> data.PaperData:
    """Kamen's paper for the round on the agreement."""
    mark = text_mark()
    share = next(share.amount for share in _shares() if share.body == KAMEN)
    return data.PaperData(
        file_reference=REFERENCE,
        dated_on=date(2026, 3, 9),
        author=KAMEN.name,
        body=KAMEN,
        paper_number="045/2026",
        round_label="Beschluss zur Vereinbarung",
        office="Stabsstelle Digitalisierung",
        consultations=(
            data.ConsultationRow(
                committee="Haupt- und Finanzausschuss",
                role="Vorberatung",
                planned_on=date(2026, 4, 14),
            ),
            data.ConsultationRow(committee="Rat der Stadt Kamen", role="Entscheidung"),
        ),
        subject=content().title,
        points=clauses.resolution_points("mandating_nw", terms(), mark.version, mark.short),
        reasons=clauses.reasons("mandating_nw", terms()),
        legal_basis=clauses.clause_set("mandating_nw").legal_basis,
        financial_effects=(
            "Der Anteil der Stadt Kamen am Eigenanteil der Beteiligten beträgt voraussichtlich "
            f"{filters.eur(share)}. Er ist im Haushaltsplan zu veranschlagen.",
            "Die übrigen Kosten sollen durch die beantragte Zuwendung gedeckt werden.",
        ),
        annexes=(
            f"Öffentlich-rechtliche Vereinbarung, Textfassung {mark.version}",
            "Kosten- und Finanzierungsplan",
        ),
        text=mark,
    )


def matrix() -> data.MatrixData:
    """The matrix of all councils; Kamen's votes show what is not known."""
    return data.MatrixData(
        file_reference=REFERENCE,
        dated_on=date(2026, 6, 30),
        author=LEAD.name,
        project=PROJECT,
        round_label="Beschluss zur Vereinbarung",
        rows=tuple(row for body in BODIES for row in _matrix_rows(body)),
        summary="11 von 11 Vertretungen haben derselben Textfassung zugestimmt.",
    )


def synopsis() -> data.SynopsisData:
    """The synopsis of two versions: a clause changed, one added, one dropped."""
    part = data.SynopsisPart
    return data.SynopsisData(
        file_reference=REFERENCE,
        dated_on=date(2026, 6, 30),
        author=LEAD.name,
        project=PROJECT,
        parties=tuple(body.name for body in BODIES),
        subject="Öffentlich-rechtliche Vereinbarung",
        earlier=data.TextMark(version=2, digest="1f" * 32),
        text=text_mark(),
        reason="Der Rat der Stadt Kamen hat die Kostenverteilung geändert beschlossen.",
        rows=(
            data.SynopsisRow(
                place="§ 6",
                old=(
                    part(text="Kostenschlüssel\n(1) Die Kosten werden nach "),
                    part(text="der Zahl der Einwohner", changed=True),
                    part(text=" verteilt."),
                ),
                new=(
                    part(text="Kostenschlüssel\n(1) Die Kosten werden nach "),
                    part(text="Nutzung & Betrieb", changed=True),
                    part(text=" verteilt."),
                ),
            ),
            data.SynopsisRow(
                place="§ 7", new=(part(text="Evaluation\nNach drei Jahren.", changed=True),)
            ),
            data.SynopsisRow(
                place="§ 8 (bisher § 7)", old=(part(text="Fälligkeit zum 1. Juli", changed=True),)
            ),
        ),
    )


def _matrix_rows(body: BodyForms) -> tuple[data.MatrixRow, ...]:
    number = f"{40 + BODIES.index(body):03}/2026"
    committee, council = "Haupt- und Finanzausschuss", "Rat"
    if body == COUNTY:
        committee, council = "Kreisausschuss", "Kreistag"
    first = data.MatrixRow(
        body=body.name,
        committee=committee,
        role="Vorberatung",
        decided_on=date(2026, 4, 14),
        paper_number=number,
        outcome="empfohlen",
        no=0,
        abstained=1 if body == KAMEN else 0,
        text=text_mark(),
        remark="einstimmig",
    )
    if body == KAMEN:
        decisive: dict[str, object] = {"no": 1, "abstained": 1, "remark": "mehrheitlich"}
    else:
        decisive = {"yes": 38, "no": 0, "abstained": 0, "remark": "einstimmig"}
    second = first.model_copy(
        update={
            "committee": council,
            "role": "Entscheidung",
            "decided_on": date(2026, 5, 7),
            "outcome": "ungeändert beschlossen",
            **decisive,
        }
    )
    return first, second


def approval() -> data.ApprovalData:
    """The application for approval to Arnsberg."""
    return data.ApprovalData(
        file_reference=REFERENCE,
        dated_on=date(2026, 7, 6),
        author=LEAD.name,
        authority=ARNSBERG,
        sender=LEAD,
        parties=BODIES,
        performing=LEAD,
        agreement_title=content().title,
        signed_on=date(2026, 6, 30),
        text=text_mark(),
        resolutions=resolutions(),
        reasons=(
            "Die Zusammenarbeit dient dem öffentlichen Wohl. Sie ermöglicht es den Beteiligten, "
            "Aufgaben der Digitalisierung gemeinsam und damit wirtschaftlicher wahrzunehmen.",
            "Die Kosten werden nach einem festen Schlüssel ohne Gewinn erstattet. Voraussetzungen "
            "und Form der Kündigung sind in der Vereinbarung bestimmt.",
        ),
        annexes=(
            "Öffentlich-rechtliche Vereinbarung, von allen Beteiligten unterzeichnet",
            "Beschlussmatrix",
            "beglaubigte Auszüge aus den Niederschriften der Vertretungen",
        ),
    )


def filing() -> data.ApprovalData:
    """The same agreement where the law asks only for a filing."""
    return approval().model_copy(update={"variant": "filing"})


def publication() -> data.PublicationData:
    """The text for the Amtsblatt of Arnsberg."""
    return data.PublicationData.model_validate(
        {
            "file_reference": REFERENCE,
            "dated_on": date(2026, 8, 3),
            "author": ARNSBERG.name,
            "authority": ARNSBERG,
            "approval": "approved",
            "approved_on": date(2026, 7, 28),
            "approval_reference": "31.03.02-011",
            "signatures": tuple(
                data.SignedBy(
                    body=body,
                    name=body.head_name,
                    capacity=body.head_title,
                    place=body.seat,
                    signed_on=date(2026, 6, 30),
                )
                for body in BODIES
            ),
            **data.text_fields(content(), BODIES, text_mark()),
        }
    )


def resolutions() -> tuple[data.ResolutionReference, ...]:
    """The authoritative resolutions of the eleven bodies."""
    return tuple(
        data.ResolutionReference(
            body=body,
            council="Kreistag" if body == COUNTY else "Rat",
            decided_on=date(2026, 5, 7),
            paper_number=f"{40 + BODIES.index(body):03}/2026",
        )
        for body in BODIES
    )


def funding_application() -> data.FundingApplicationData:
    """The Kreis applies for 490,000 Euro."""
    return data.FundingApplicationData(
        file_reference=REFERENCE,
        dated_on=date(2026, 9, 1),
        author=COUNTY.name,
        authority=ARNSBERG,
        applicant=COUNTY,
        performing=LEAD,
        programme=PROGRAMME,
        guideline="Richtlinie vom 31. August 2021, in Kraft seit dem 2. Oktober 2021",
        project=PROJECT,
        description=(
            *clauses.reasons("mandating_nw", terms())[:2],
            "Die Zusammenarbeit ist auf Dauer angelegt. Sie verbessert das Angebot digitaler "
            "Leistungen in allen beteiligten Körperschaften wesentlich.",
        ),
        parties=BODIES,
        starts_on=date(2027, 1, 1),
        ends_on=date(2029, 12, 31),
        costs=(
            data.CostItem(
                title="Personalkosten",
                explanation="Projektleitstelle, 2,5 Vollzeitäquivalente",
                amount=Decimal("410000.00"),
            ),
            data.CostItem(
                title="Datenplattform",
                explanation="Einrichtung und Betrieb",
                amount=Decimal("96444.45"),
            ),
            data.CostItem(
                title="Strategie und Beteiligung",
                explanation="externe Begleitung, Veranstaltungen",
                amount=Decimal("38000.00"),
            ),
        ),
        eligible=_GRANT + _OWN,
        grant=_GRANT,
        own_contribution=_OWN,
        grant_derivation=(
            "Grundbetrag für zwei Beteiligte: 175.000,00 €",
            "Zuschlag für neun weitere Beteiligte zu je 35.000,00 €: 315.000,00 €",
            "Höchstgrenze 90 v. H. der zuwendungsfähigen Ausgaben: 490.000,00 € (eingehalten)",
        ),
        shares=_shares(),
        conditions=(
            data.ConditionRow(
                text="neue Zusammenarbeit der Beteiligten auf diesem Gebiet",
                fulfilment="Eine Zusammenarbeit dieser Körperschaften auf diesem Gebiet bestand "
                "bisher nicht.",
            ),
            data.ConditionRow(
                text="auf mindestens fünf Jahre angelegt",
                fulfilment="unbefristete Vereinbarung, Kündigung frühestens nach fünf Jahren",
            ),
            data.ConditionRow(
                text="Beschlüsse aller Vertretungen",
                fulfilment="11 von 11 Beschlüssen liegen vor.",
            ),
        ),
        resolutions=resolutions(),
        attachments=(
            "Vorhabenbeschreibung",
            "Kosten- und Finanzierungsplan",
            "Beschlüsse der Vertretungen aller Beteiligten",
            "öffentlich-rechtliche Vereinbarung",
            "Nachweis der wesentlichen Verbesserung",
        ),
    )


def journal() -> data.JournalData:
    """The journal as legal staff read it; the last entries show what others do not see."""
    return data.JournalData(
        file_reference=REFERENCE,
        dated_on=date(2026, 6, 30),
        author=LEAD.name,
        project=PROJECT,
        parties=tuple(body.name for body in BODIES),
        retrieved_by="Rosa Recht",
        retrieved_at="30.06.2026, 09:30:00 Uhr",
        notice="Bei 2 von 4 Einträgen fehlt der Inhalt, weil die abrufende Person ihn nicht sehen "
        "darf. Für diese Einträge lassen sich Vollständigkeit und Verkettung prüfen, nicht der "
        "Inhalt.",
        total=4,
        last_digest="d4" * 32,
        rows=(
            data.JournalRow(
                number=1,
                recorded_at="15.01.2026, 08:15:30 Uhr",
                who="Rosa Recht",
                body=LEAD.name,
                legal_date=date(2026, 1, 15),
                act="Vorgang angelegt",
                particulars=f"Titel: {PROJECT}\nfederführend: {LEAD.name}",
                digest="a1" * 32,
            ),
            data.JournalRow(
                number=2,
                recorded_at="11.05.2026, 10:02:00 Uhr",
                who="Selma Schreib",
                on_behalf_of=KAMEN.head_title,
                body=KAMEN.name,
                legal_date=date(2026, 5, 7),
                act="Eintrag eines Beschlusses berichtigt",
                reason="Zahlendreher gegenüber der Niederschrift",
                legal_basis="§ 52 GO NRW",
                particulars="Stimmen: ja 83, nein 1, Enthaltungen 1 → ja 38, nein 1, "
                "Enthaltungen 1\nVorlage: 045/2026",
                digest="b2" * 32,
            ),
            data.JournalRow(
                number=3,
                recorded_at="12.05.2026, 11:00:00 Uhr",
                act="Beschluss erfasst",
                note="Einzelheiten sind für die abrufende Person nicht einsehbar.",
                digest="c3" * 32,
            ),
            data.JournalRow(
                number=4,
                note="Der Eintrag ist für die abrufende Person nicht einsehbar.",
                digest="d4" * 32,
            ),
        ),
    )


def contents() -> data.ContentsData:
    """The contents of an application bundle, in which one file cannot be read."""
    return data.ContentsData(
        file_reference=REFERENCE,
        dated_on=date(2026, 7, 1),
        author=LEAD.name,
        title="Antragsmappe",
        project=PROJECT,
        introduction="Zusammengestellt am 01.07.2026, 09:30:00 Uhr, für Rosa Recht.",
        parties=tuple(body.name for body in BODIES),
        problems=(
            "Nr. 3 „Auszug aus der Niederschrift Kamen“ liegt nicht in der Dokumentenablage.",
        ),
        rows=(
            data.ContentsRow(
                number=1, heading="Förderantrag", title=f"Förderantrag {PROJECT}",
                details="von vereinbar erstellt", dated_on=date(2026, 7, 1), page=3,
                digest="e5" * 32,
            ),
            data.ContentsRow(
                number=2, heading="Beschlüsse", title="Beschlussmatrix",
                details="Textfassung 3 · von vereinbar erstellt", dated_on=date(2026, 6, 20),
                page=8, digest="f6" * 32,
            ),
            data.ContentsRow(
                number=3, title="Auszug aus der Niederschrift Kamen",
                details="Stadt Kamen · hochgeladen", dated_on=date(2026, 5, 7),
            ),
        ),
        note="Die Prüfsumme (SHA-256) belegt den Inhalt einer Datei; hier stehen ihre ersten zwölf "
        "Stellen, im Verzeichnis der Mappe (manifest.json) alle.",
    )  # fmt: skip


def _shares() -> tuple[data.OwnShare, ...]:
    cent = Decimal("0.01")
    advance = (_OWN * _ADVANCE / 100).quantize(cent)
    population = INHABITANTS
    total = sum(population.values())
    amounts = {
        body: ((_OWN - advance) * number / total).quantize(cent, rounding=ROUND_DOWN)
        for body, number in population.items()
    }
    # The agreement lets the performing body bear what rounding leaves.
    amounts[LEAD] += _OWN - advance - sum(amounts.values())
    return (
        data.OwnShare(body=COUNTY, basis="Vorabanteil 20 v. H.", amount=advance),
        *(
            data.OwnShare(
                body=body,
                basis=f"{population[body]:,} Einwohner".replace(",", "."),
                amount=amount,
            )
            for body, amount in amounts.items()
        ),
    )
