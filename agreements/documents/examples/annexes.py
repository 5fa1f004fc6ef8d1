"""Examples of the annexes of an agreement, for either of two cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agreements.documents import annexes, clauses, data
from agreements.documents.examples import second as other
from agreements.documents.examples.further import (
    Setting,
    common_of,
    contract_of,
    first_setting,
    second_setting,
)


def _annex(case: Setting, number: int) -> dict[str, object]:
    return {
        "file_reference": case.reference,
        "dated_on": date(2026, 9, 14),
        "author": case.terms.lead.name,
        "project": case.terms.project,
        "annex_label": f"Anlage {number}" if number else "",
        "agreement_title": case.content.title,
        "parties": case.bodies,
        "performing": case.terms.performer,
        "performing_label": case.label,
    }


def service_catalogue() -> data.ServiceCatalogueData:
    """The services of the Projektleitstelle."""
    item = data.ServiceItem
    return data.ServiceCatalogueData.model_validate(
        _annex(first_setting(), 1)
        | {
            "introduction": (
                "Die Leistungen werden für alle Beteiligten nach gleichen Maßstäben erbracht.",
            ),
            "services": (
                item(
                    title="Digitalstrategie",
                    description="Erarbeitung und jährliche Fortschreibung mit Beteiligung der "
                    "Bürgerschaft",
                    standard="Beschlussreifer Entwurf bis zum 31. Oktober",
                    contribution="Mitwirkung im Arbeitskreis, Stellungnahme binnen vier Wochen",
                    since="Stufe 1, 2027",
                ),
                item(
                    title="Datenplattform",
                    description="Aufbau, Betrieb und Anbindung der Fachverfahren",
                    standard="Verfügbarkeit 99 v. H. im Jahresmittel, Störungsannahme werktags "
                    "von 8 bis 16 Uhr",
                    contribution="Bereitstellung der Daten in vereinbarten Formaten",
                    since="Stufe 2, 2028",
                ),
                item(
                    title="Beratung",
                    description="Beratung bei der Umsetzung im eigenen Bereich",
                    standard="bis zu zehn Tage im Jahr je Beteiligter",
                ),
            ),
            "exclusions": (
                "Betrieb der Fachverfahren der Beteiligten",
                "Beschaffungen, die nur einer Beteiligten dienen",
            ),
        }
    )


def second_service_catalogue() -> data.ServiceCatalogueData:
    """The services of the common Vollstreckung."""
    return data.ServiceCatalogueData.model_validate(
        _annex(second_setting(), 1)
        | {
            "services": (
                data.ServiceItem(
                    title="Beitreibung",
                    description="Vollstreckung öffentlich-rechtlicher Geldforderungen",
                    standard="erster Vollstreckungsversuch binnen sechs Wochen",
                ),
            )
        }
    )


def cost_key() -> data.CostKeyData:
    """The Kreis bears 20 percent in advance, ten municipalities the rest by inhabitants."""
    return _cost_key(first_setting(), Decimal("185000.00"))


def second_cost_key() -> data.CostKeyData:
    """Two municipalities by inhabitants."""
    return _cost_key(second_setting(), Decimal("214300.07"))


def _cost_key(case: Setting, total: Decimal) -> data.CostKeyData:
    key = case.terms.cost_key
    rows = annexes.cost_rows(case.terms, case.inhabitants, total)
    return data.CostKeyData.model_validate(
        _annex(case, 3)
        | {
            "method": annexes.method_words(key),
            "basis": annexes.basis_words(key),
            "occasion": "voraussichtliche Kosten des Jahres 2027",
            "total": total,
            "rows": rows,
            "rounding": annexes.rounding_words(case.terms.performer),
            "leaver": annexes.LEAVER,
        }
    )


def rules_of_procedure() -> data.RulesOfProcedureData:
    """One vote for each of eleven bodies, the Projektleitung advises."""
    return _rules(
        first_setting(),
        {
            "meetings": 3,
            "advisers": ("die Projektleitung", "die Datenschutzbeauftragten der Beteiligten"),
        },
    )


def second_rules_of_procedure() -> data.RulesOfProcedureData:
    """Two bodies decide unanimously."""
    return _rules(second_setting(), {"voting": "unanimity", "minutes_weeks": 1, "notice_weeks": 1})


def _rules(case: Setting, more: dict[str, object]) -> data.RulesOfProcedureData:
    terms = clauses.GovernanceTerms.model_validate(
        common_of(case) | {"chair": case.terms.chair, "performing": case.terms.performer} | more
    )
    content = clauses.assemble_further(terms)
    return data.RulesOfProcedureData.model_validate(
        _annex(case, 0)
        | {
            "title": content.title,
            "chair": terms.chair,
            "preamble": content.preamble,
            "clauses": content.clauses,
        }
    )


def joint_controllers() -> data.JointControllersData:
    """Eleven joint controllers of a data platform."""
    case = first_setting()
    terms = clauses.JointControllersTerms.model_validate(
        common_of(case)
        | {
            "performing": case.terms.performer,
            "contact": case.terms.performer,
            "purposes": ("die Anmeldung zu gemeinsamen Diensten", "die Auswertung der Nutzung"),
            "data_categories": ("Stammdaten der Nutzenden", "Protokolldaten der Plattform"),
            "subjects": ("Bürgerinnen und Bürger", "Beschäftigte der Beteiligten"),
            "legal_basis": "Artikel 6 Absatz 1 Buchstabe e DSGVO in Verbindung mit § 3 DSG NRW",
            "storage": "Die Daten werden zwei Jahre nach der letzten Nutzung gelöscht.",
        }
    )
    return _joint(case, terms)


def second_joint_controllers() -> data.JointControllersData:
    """Two joint controllers."""
    case = second_setting()
    terms = clauses.JointControllersTerms.model_validate(
        common_of(case)
        | {
            "performing": case.terms.performer,
            "contact": other.AUENTAL,
            "purposes": ("die gemeinsame Terminvergabe",),
            "data_categories": ("Kontaktdaten",),
            "subjects": ("Bürgerinnen und Bürger",),
            "legal_basis": "Artikel 6 Absatz 1 Buchstabe e DSGVO",
            "storage": "Die Daten werden nach dem Termin gelöscht.",
        }
    )
    return _joint(case, terms)


def _joint(case: Setting, terms: clauses.JointControllersTerms) -> data.JointControllersData:
    return data.JointControllersData.model_validate(
        contract_of(case, terms, date(2026, 9, 14)) | {"duties": annexes.duties(terms)}
    )


def processing() -> data.ProcessingData:
    """Schwerte processes for ten others, with two sub-processors."""
    case = first_setting()
    terms = clauses.ProcessingTerms.model_validate(
        common_of(case)
        | {
            "processor": case.terms.performer,
            "subject": "der Betrieb der gemeinsamen Datenplattform",
            "purpose": "Speichern, Bereitstellen und Auswerten von Daten für die Dienste der "
            "Verantwortlichen",
            "data_categories": ("Stammdaten der Nutzenden", "Protokolldaten"),
            "subjects": ("Bürgerinnen und Bürger", "Beschäftigte der Verantwortlichen"),
            "duration": "die Laufzeit der Vereinbarung",
            "has_subprocessors": True,
        }
    )
    return _processing(
        case,
        terms,
        (
            data.SubprocessorRow(
                name="Rechenzentrum Beispiel AöR",
                address="Datenweg 4, 59423 Unna",
                service="Rechenzentrumsbetrieb",
            ),
            data.SubprocessorRow(
                name="Müller & Söhne GmbH",
                address="Hafenstraße 12, 44147 Dortmund",
                service="Wartung der Plattform",
            ),
        ),
    )


def second_processing() -> data.ProcessingData:
    """One processor, one controller, no sub-processors."""
    case = second_setting()
    terms = clauses.ProcessingTerms.model_validate(
        common_of(case)
        | {
            "processor": case.terms.performer,
            "subject": "der Versand von Mahnschreiben",
            "purpose": "Druck und Versand",
            "data_categories": ("Name und Anschrift", "Forderungsdaten"),
            "subjects": ("Zahlungspflichtige",),
            "duration": "unbestimmte Zeit",
        }
    )
    return _processing(case, terms, ())


def _processing(
    case: Setting, terms: clauses.ProcessingTerms, subprocessors: tuple[data.SubprocessorRow, ...]
) -> data.ProcessingData:
    return data.ProcessingData.model_validate(
        contract_of(case, terms, date(2026, 9, 14))
        | {"measures": annexes.MEASURES, "subprocessors": subprocessors}
    )
