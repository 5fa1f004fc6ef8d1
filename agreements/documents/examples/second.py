"""A second case, unlike the first: two municipalities, delegating, by inhabitants, no grant.

Both municipalities, the Kreis and all people are invented. The lead is not the body that takes
over the task.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from agreements.documents import clauses, data
from agreements.documents.content import CanonicalContent, text_hash
from agreements.documents.forms import AuthorityForms, BodyForms

REFERENCE = "IKZ-2026-0017"
PROJECT = "Gemeinsame Vollstreckung"
# 31. Dezember 2024, Zensus 2022; invented like the municipalities.
INHABITANTS = {"Gemeinde Auental": 11_284, "Stadt Lindenbruch": 38_917}

AUENTAL = BodyForms(
    name="Gemeinde Auental",
    short="Auental",
    nominative="die Gemeinde Auental",
    genitive="der Gemeinde Auental",
    dative="der Gemeinde Auental",
    accusative="die Gemeinde Auental",
    council_nominative="der Rat der Gemeinde Auental",
    council_genitive="des Rates der Gemeinde Auental",
    council_dative="dem Rat der Gemeinde Auental",
    head_title="Bürgermeisterin",
    head_name="Hanne Beispielhaft",
    address="Am Mühlbach 3, 59998 Auental",
)
LINDENBRUCH = BodyForms(
    name="Stadt Lindenbruch",
    short="Lindenbruch",
    nominative="die Stadt Lindenbruch",
    genitive="der Stadt Lindenbruch",
    dative="der Stadt Lindenbruch",
    accusative="die Stadt Lindenbruch",
    council_nominative="der Rat der Stadt Lindenbruch",
    council_genitive="des Rates der Stadt Lindenbruch",
    council_dative="dem Rat der Stadt Lindenbruch",
    head_title="Bürgermeister",
    head_name="Theo Vorlage",
    address="Markt 1, 59999 Lindenbruch",
)
BODIES = (AUENTAL, LINDENBRUCH)
# Joins later.
HOHENMARK = BodyForms(
    name="Gemeinde Hohenmark",
    short="Hohenmark",
    nominative="die Gemeinde Hohenmark",
    genitive="der Gemeinde Hohenmark",
    dative="der Gemeinde Hohenmark",
    accusative="die Gemeinde Hohenmark",
    council_nominative="der Rat der Gemeinde Hohenmark",
    council_genitive="des Rates der Gemeinde Hohenmark",
    council_dative="dem Rat der Gemeinde Hohenmark",
    head_title="Bürgermeister",
    head_name="Emil Nachtrag",
    address="Kirchplatz 7, 59997 Hohenmark",
)
_LANDRAT = "Landrat des Kreises Wiesenau als untere staatliche Verwaltungsbehörde"
AUTHORITY = AuthorityForms(
    name=_LANDRAT,
    nominative=f"der {_LANDRAT}",
    genitive="des Landrates des Kreises Wiesenau als unterer staatlicher Verwaltungsbehörde",
    dative="dem Landrat des Kreises Wiesenau als unterer staatlicher Verwaltungsbehörde",
    accusative=f"den {_LANDRAT}",
    address="Kreishausplatz 2, 59990 Wiesenau",
    gazette="Amtsblatt des Kreises Wiesenau",
)


@cache
def terms() -> clauses.AgreementTerms:
    """The terms of the second case."""
    return clauses.AgreementTerms(
        project=PROJECT,
        parties=BODIES,
        lead=AUENTAL,
        performing=LINDENBRUCH,
        applicant=AUENTAL,
        purpose=(
            "öffentlich-rechtliche Geldforderungen in beiden Gemeinden nach gleichen Maßstäben, "
            "zügig und mit Rücksicht auf die wirtschaftliche Lage der Betroffenen beizutreiben"
        ),
        tasks=(
            "die Beitreibung öffentlich-rechtlicher Geldforderungen im Innen- und Außendienst",
            "die Bearbeitung von Amtshilfeersuchen anderer Vollstreckungsbehörden",
        ),
        chair=AUENTAL,
        authority=AUTHORITY,
        cost_key=clauses.CostKeyTerms(reference_date=date(2024, 12, 31), census="Zensus 2022"),
        staff=Decimal("3"),
        choices=clauses.ClauseChoices(
            vat="cost_reimbursement", governance="unanimity", term="fixed"
        ),
        details=clauses.ClauseDetails(fixed_years=10),
    )


@cache
def content() -> CanonicalContent:
    """The text of the second case's only version."""
    return clauses.assemble("delegating_nw", terms())


def text_mark() -> data.TextMark:
    """The version that the documents of the second case are about."""
    return data.TextMark(version=1, digest=text_hash(content()))


def agreement() -> data.AgreementData:
    """The delegating agreement of two municipalities."""
    return data.AgreementData.model_validate(
        {
            "file_reference": REFERENCE,
            "dated_on": date(2026, 9, 14),
            "author": AUENTAL.name,
            "status": "",
            **data.text_fields(content(), BODIES, text_mark()),
        }
    )


def contents() -> data.ContentsData:
    """The contents of a signing set without one file of everything."""
    return data.ContentsData(
        file_reference=REFERENCE,
        dated_on=date(2026, 6, 15),
        author=AUENTAL.name,
        title="Unterzeichnungsmappe",
        project=PROJECT,
        introduction="Zusammengestellt am 15.06.2026, 08:00:00 Uhr, für Rita Recht.",
        parties=tuple(body.name for body in BODIES),
        rows=(
            data.ContentsRow(
                number=1,
                heading="Vereinbarung",
                title="Druckexemplar zur Unterzeichnung",
                details="Textfassung 1 · von vereinbar erstellt",
                dated_on=date(2026, 6, 15),
                digest="a7" * 32,
            ),
        ),
        note="Die Prüfsumme (SHA-256) belegt den Inhalt einer Datei; hier stehen ihre ersten zwölf "
        "Stellen.",
    )
