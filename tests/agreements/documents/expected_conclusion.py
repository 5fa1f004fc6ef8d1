"""What a reader must find in the documents from the signatures to the end of a case."""

from __future__ import annotations

from agreements.documents import examples
from agreements.documents.examples import two_towns

_MARK, _SECOND = examples.text_mark(), two_towns.text_mark()

EXPECTED: dict[str, tuple[str, ...]] = {
    "signing_set": (
        "vertreten durch die Bürgermeisterin Erika Exempel",
        "schließen diese Vereinbarung in Schriftform (§ 24 Abs. 1 GkG NRW)",
        f"Textfassung 3 · SHA-256 {_MARK.digest}",
        "Für den Kreis Unna",
        "Martin Muster, Landrat",
        "weitere vertretungsberechtigte Person",
        "(Dienstsiegel)",
        "in 12 gleichlautenden Ausfertigungen gefertigt",
        f"Textfassung 3 · Prüfsumme {_MARK.short}…",
    ),
    "signing_sheet": (
        "Schriftform (§ 24 Abs. 1 GkG NRW): eigenhändige Unterschrift",
        "Kreistag, 07.05.2026",
        "Nora Vertretung, Erste Beigeordnete",
        "12 gleichlautende. Jede Beteiligte",
        "das Dienstsiegel beidrücken",
        "ob das Gesetz vom 10. Juli 2025 auch § 24 GkG NRW geändert hat",
        _MARK.digest,
    ),
    "fiction_note": (
        "Eingang des Antrags am 27. November 2026",
        "28.12.2026",
        "Erster Weihnachtstag",
        "Die Genehmigung gilt seit dem 29. Dezember 2026 als erteilt.",
        "keine erfasst",
        "Der Wortlaut lässt offen, wann die zweite Frist beginnt",
    ),
    "certificate_request": (
        "nach § 42a Absatz 3 VwVfG NRW",
        "Der Antrag ist am 6. Juli 2026 bei Ihnen eingegangen.",
        "mit Ablauf des 3. August 2026",
        "seit dem 4. August 2026 als erteilt",
        "die Fiktion ersetzt die Genehmigung, nicht die Bekanntmachung",
    ),
    "publication_request": (
        "am 28. Juli 2026 (Aktenzeichen 31.03.02-011) gemäß § 24 Absatz 2 GkG NRW genehmigt",
        "die Vereinbarung und ihre Genehmigung gemäß § 24 Absatz 3 GkG NRW",
        "Ausfertigung der unterzeichneten Vereinbarung",
    ),
    "publication_notice": (
        "Öffentliche Bekanntmachung der Stadt Kamen",
        "Die Stadt Kamen weist gemäß § 24 Absatz 3 Satz 2",
        "Die Stadt Schwerte, der Kreis Unna",
        "Ausgabe 32 vom 8. August 2026, Seite 245, bekannt gemacht worden",
        "Tag des Wirksamwerdens der Vereinbarung ist der 9. August 2026 (§ 24 Abs. 4 GkG NRW).",
        "Die Bürgermeisterin",
    ),
    "end_filing": (
        "Anzeige nach § 24 Absatz 5 GkG NRW: Kündigung – Öffentlich-rechtliche",
        "dass die Stadt Werne die öffentlich-rechtliche Vereinbarung",
        "am 30. Juni 2031 zum 31. Dezember 2032 gekündigt hat",
        "wird zwischen der Stadt Schwerte, dem Kreis Unna",
        "und der Kreisstadt Unna fortgesetzt",
        "Die Kündigung bedarf keiner Genehmigung",
    ),
    "steering_minutes": (
        "über die 3. Sitzung des Lenkungskreises Smart Region Kreis Unna",
        "10. März 2027, Kreishaus Unna, Sitzungssaal 2",
        "nicht vertreten",
        "Vertreten: 10 von 11 Stimmen; erforderlich: 6 (§ 6 Absatz 3 der Vereinbarung).",
        "Der Lenkungskreis ist beschlussfähig. Nicht vertreten ist die Stadt Selm.",
        "Abstimmung: 8 Ja, 1 Nein, 1 Enthaltung. Der Antrag ist angenommen.",
        "Projektleitstelle Schwerte",
        "Nächste Sitzung: 9. Juni 2027",
    ),
    "closing_note": (
        "Die Vereinbarung ist geschlossen. Tag ihres Wirksamwerdens ist der 9. August 2026",
        "Urkundensammlung Nr. 12",
        "31.03.02-011",
        "58 Dokumente und eine Verlaufsakte mit 312 Einträgen",
        "bis zum 31. Dezember 2056 aufzubewahren",
        "Vor einer Löschung ist sie anzubieten: Stadtarchiv Schwerte.",
        _MARK.digest,
    ),
    "case_file": (
        "Vorgangsakte IKZ-2026-0001",
        "15. Januar 2026 bis 9. August 2026 (abgeschlossen)",
        "Beschlussvorlage Fröndenberg/Ruhr",
        "Ausfertigung (2. Ausfertigung)",
        "312 Einträge",
        "0f0f0f0f0f0f…",
    ),
}

# The same of the second case: two municipalities, delegating, population key.
SECOND: dict[str, tuple[str, ...]] = {
    "signing_set": (
        "qualifizierte elektronische Signatur (§ 3a Abs. 2 VwVfG NRW)",
        "Qualifiziert elektronisch signiert durch: Dr. Henriette Sommerfeld, Bürgermeisterin",
        f"SHA-256 {_SECOND.digest}",
        "Das elektronische Original liegt in einer Datei vor.",
    ),
    "signing_sheet": (
        "eine. Jede Beteiligte und die Aufsichtsbehörde erhalten die signierte Datei.",
        "signieren nacheinander dieselbe PDF-Datei",
        "Rat, 24.09.2026",
    ),
    "approval_application": (
        "Landrat des Kreises Birkental als untere staatliche Verwaltungsbehörde",
        "X/0218",
    ),
    "filing": ("zeige ich die am 8. Oktober 2026",),
    "fiction_note": (
        "Zweite Frist",
        "Die Genehmigungsfiktion tritt nicht ein; die Aufsichtsbehörde entscheidet",
        "zur Erörterung eingeladen.",
    ),
    "certificate_request": ("seit dem 10. November 2026 als erteilt",),
    "publication_request": (
        "gilt gemäß § 24 Absatz 2 GkG NRW seit dem 10. November 2026 als erteilt.",
        "und den Eintritt der Genehmigungsfiktion gemäß § 24 Absatz 3",
    ),
    "publication": (
        "gilt gemäß § 24 Absatz 2",
        "am 1. Januar 2027, dem in ihr bestimmten späteren Tag, wirksam",
    ),
    "publication_notice": (
        "Öffentliche Bekanntmachung der Gemeinde Erlmoor",
        "im Amtsblatt des Kreises Birkental, Ausgabe 27/2026 vom 27. November 2026, bekannt",
        "Der Bürgermeister",
    ),
    "end_filing": (
        "am 28. April 2033 einvernehmlich zum 31. Dezember 2033 aufgehoben haben",
        "Die Aufhebung bedarf keiner Genehmigung",
    ),
    "steering_minutes": (
        "Vertreten: 1 von 2 Stimmen; erforderlich: 2",
        "nicht beschlussfähig. Nicht vertreten ist die Gemeinde Erlmoor.",
    ),
    "journal": ("Eintrag 17 von 40",),
    "closing_note": (
        "ohne Abschluss der Vereinbarung beendet worden. Grund: Der Rat der Gemeinde Erlmoor",
        "1 Dokument und eine Verlaufsakte mit 1 Eintrag",
    ),
    "case_file": (
        "noch nicht festgeschrieben",
        "3. August 2026, nicht abgeschlossen (läuft)",
        "Beschlüsse sind noch nicht erfasst.",
        "1 Eintrag, Prüfsumme",
    ),
}
