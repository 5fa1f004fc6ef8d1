"""Examples of the texts beside the agreement and of its annexes, for either of two cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.documents import annexes, clauses, data, examples
from agreements.documents.clauses.further import FurtherTerms, texts_for
from agreements.documents.content import CanonicalContent, Clause, text_hash
from agreements.documents.examples import second as other
from agreements.documents.forms import AuthorityForms, BodyForms


@dataclass(frozen=True, slots=True)
class _Case:
    """What the examples of one case have in common."""

    reference: str
    terms: clauses.AgreementTerms
    content: CanonicalContent
    inhabitants: dict[str, int]
    authority: AuthorityForms
    label: str

    @property
    def base(self) -> clauses.BaseAgreement:
        return clauses.BaseAgreement(
            title=self.content.title,
            concluded_on=date(2026, 6, 30),
            publication=f"{self.authority.gazette} Nr. 32 vom 8. August 2026, S. 245",
            approval=True,
        )

    @property
    def bodies(self) -> tuple[BodyForms, ...]:
        return self.terms.parties


def _first() -> _Case:
    people = {body.name: count for body, count in examples.INHABITANTS.items()}
    return _Case(
        examples.REFERENCE,
        examples.terms(),
        examples.content(),
        people,
        examples.ARNSBERG,
        "durchführende Körperschaft",
    )


def _second() -> _Case:
    return _Case(
        other.REFERENCE,
        other.terms(),
        other.content(),
        other.INHABITANTS,
        other.AUTHORITY,
        "übernehmende Körperschaft",
    )


def _contract(case: _Case, terms: FurtherTerms, dated_on: date) -> dict[str, object]:
    content = clauses.assemble_further(terms)
    return {
        "file_reference": case.reference,
        "dated_on": dated_on,
        "author": terms.lead.name,
        **data.contract_fields(texts_for(terms).form, content, terms.parties, text_hash(content)),
    }


def _common(case: _Case) -> dict[str, object]:
    return {"project": case.terms.project, "parties": case.bodies, "lead": case.terms.lead}


def _later(case: _Case) -> dict[str, object]:
    return _common(case) | {"base": case.base, "authority": case.authority}


def _letter(case: _Case, terms: clauses.IntentTerms) -> data.LetterOfIntentData:
    return data.LetterOfIntentData.model_validate(_contract(case, terms, date(2026, 1, 12)))


def letter_of_intent() -> data.LetterOfIntentData:
    """The letter of intent of eleven bodies, with roles and a limit of common costs."""
    case = _first()
    terms = clauses.IntentTerms.model_validate(
        _common(case)
        | {
            "purpose": case.terms.purpose,
            "target": "eine mandatierende öffentlich-rechtliche Vereinbarung (§ 23 Absatz 1 "
            "Alternative 2 GkG NRW)",
            "roles": (
                clauses.IntentRole(
                    body=examples.COUNTY, role="die Vorbereitung des Förderantrages"
                ),
                clauses.IntentRole(
                    body=examples.KAMEN, role="die Abstimmung mit den Datenschutzbeauftragten"
                ),
            ),
            "steps": (
                clauses.IntentStep(
                    text="Abstimmung von Aufgaben und Kosten", due_on=date(2026, 2, 28)
                ),
                clauses.IntentStep(text="Entwurf der Vereinbarung", due_on=date(2026, 3, 31)),
                clauses.IntentStep(text="Beschlussfassung der Vertretungen"),
            ),
            "cost_limit": Decimal("22000.00"),
            "expires_on": date(2026, 12, 31),
        }
    )
    return _letter(case, terms).model_copy(update={"status": "Entwurf"})


def second_letter_of_intent() -> data.LetterOfIntentData:
    """The letter of intent of two municipalities."""
    case = _second()
    terms = clauses.IntentTerms.model_validate(
        _common(case)
        | {
            "purpose": case.terms.purpose,
            "target": "eine delegierende öffentlich-rechtliche Vereinbarung (§ 23 Absatz 1 "
            "Alternative 1 GkG NRW)",
            "steps": (clauses.IntentStep(text="Entwurf der Vereinbarung"),),
            "expires_on": date(2027, 6, 30),
        }
    )
    return _letter(case, terms)


def _follow_up(
    case: _Case, terms: FurtherTerms, changes: tuple[clauses.Command, ...] = ()
) -> data.FollowUpData:
    fields = _contract(case, terms, date(2028, 5, 2))
    if changes:
        content = clauses.assemble_further(terms)
        first, *rest = content.clauses
        intro = first.model_copy(update={"paragraphs": first.paragraphs[:1]})
        fields["clauses"] = (intro, *rest)
    shown = tuple(data.ChangeText.of(change) for change in changes)
    return data.FollowUpData.model_validate(fields | {"changes": shown})


def accession() -> data.FollowUpData:
    """A further town joins the eleven, with a compensation."""
    case = _first()
    return _follow_up(
        case,
        clauses.AccessionTerms.model_validate(
            _later(case)
            | {
                "parties": (*case.bodies, other.LINDENBRUCH),
                "joining": other.LINDENBRUCH,
                "joins_on": date(2029, 1, 1),
                "compensation": Decimal("12500.00"),
                "payable_on": date(2029, 2, 1),
                "key_basis": "der Anlage „Kostenschlüssel“",
            }
        ),
    )


def second_accession() -> data.FollowUpData:
    """A third municipality joins two, without a compensation."""
    case = _second()
    return _follow_up(
        case,
        clauses.AccessionTerms.model_validate(
            _later(case) | {"parties": (*case.bodies, examples.COUNTY), "joining": examples.COUNTY}
        ),
    )


def amendment() -> data.FollowUpData:
    """Several changes: a paragraph, a clause inserted, others moved, the annexes."""
    case = _first()
    changed = clauses.assemble(
        "mandating_nw",
        case.terms.model_copy(
            update={
                "notice_months": 18,
                "choices": clauses.ClauseChoices(data_protection="joint"),
                "edits": (
                    clauses.AddClause(
                        after="kostenschluessel",
                        key="evaluation",
                        title="Evaluation",
                        paragraphs=(
                            'Der Kostenschlüssel nach {{ ref("kostenschluessel") }} wird nach '
                            "drei Jahren überprüft.",
                            "Über das Ergebnis wird den Vertretungen berichtet.",
                        ),
                    ),
                ),
            }
        ),
    )
    return _amended(case, changed, "Die Erfahrungen der ersten Jahre machen Änderungen nötig.", 2)


def second_amendment() -> data.FollowUpData:
    """One clause is written anew."""
    case = _second()
    place = next(n for n, c in enumerate(case.content.clauses) if c.title == "Personal")
    own = Clause(title="Personal", paragraphs=("Das Nähere regelt ein Stellenplan.",))
    changed = case.content.model_copy(
        update={"clauses": (*case.content.clauses[:place], own, *case.content.clauses[place + 1 :])}
    )
    return _amended(case, changed, "Der Stellenbedarf hat sich geändert.", 1)


def _amended(case: _Case, changed: CanonicalContent, reason: str, number: int) -> data.FollowUpData:
    changes = clauses.commands(case.content, changed)
    terms = clauses.AmendmentTerms.model_validate(
        _later(case) | {"number": number, "reason": reason, "changes": changes}
    )
    return _follow_up(case, terms, changes)


def exit_agreement() -> data.FollowUpData:
    """A town leaves eleven and pays; a grant is running."""
    case = _first()
    return _follow_up(
        case,
        clauses.ExitTerms.model_validate(
            _later(case)
            | {
                "leaving": examples.KAMEN,
                "leaves_on": date(2028, 12, 31),
                "settlement": Decimal("8250.50"),
                "payable_on": date(2029, 3, 31),
                "settlement_basis": "anteilige Personal- und Sachkosten bis zum Ausscheiden, "
                "abzüglich der geleisteten Abschläge",
                "grant_risk": True,
            }
        ),
    )


def second_exit_agreement() -> data.FollowUpData:
    """One of two leaves without any payment: the agreement ends."""
    case = _second()
    return _follow_up(
        case,
        clauses.ExitTerms.model_validate(
            _later(case) | {"leaving": other.AUENTAL, "leaves_on": date(2028, 12, 31)}
        ),
    )


def repeal() -> data.FollowUpData:
    """Eleven bodies end their cooperation."""
    case = _first()
    return _follow_up(
        case,
        clauses.RepealTerms.model_validate(
            _later(case)
            | {
                "ends_on": date(2031, 12, 31),
                "reason": "Die gemeinsamen Aufgaben sollen künftig von einem Zweckverband "
                "wahrgenommen werden.",
                "performing": case.terms.performer,
                "assets": "Die Datenplattform geht mit allen Rechten auf den Kreis Unna über.",
                "archive_until": date(2041, 12, 31),
            }
        ),
    )


def second_repeal() -> data.FollowUpData:
    """Tasks fall back to the municipality that had transferred them."""
    case = _second()
    return _follow_up(
        case,
        clauses.RepealTerms.model_validate(
            _later(case)
            | {
                "ends_on": date(2030, 12, 31),
                "reason": "Beide Gemeinden richten eigene Stellen ein.",
                "performing": case.terms.performer,
                "delegated": True,
            }
        ),
    )


def _annex(case: _Case, number: int) -> dict[str, object]:
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
        _annex(_first(), 1)
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
        _annex(_second(), 1)
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
    return _cost_key(_first(), Decimal("185000.00"))


def second_cost_key() -> data.CostKeyData:
    """Two municipalities by inhabitants."""
    return _cost_key(_second(), Decimal("214300.07"))


def _cost_key(case: _Case, total: Decimal) -> data.CostKeyData:
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
        _first(),
        {
            "meetings": 3,
            "advisers": ("die Projektleitung", "die Datenschutzbeauftragten der Beteiligten"),
        },
    )


def second_rules_of_procedure() -> data.RulesOfProcedureData:
    """Two bodies decide unanimously."""
    return _rules(_second(), {"voting": "unanimity", "minutes_weeks": 1, "notice_weeks": 1})


def _rules(case: _Case, more: dict[str, object]) -> data.RulesOfProcedureData:
    terms = clauses.GovernanceTerms.model_validate(
        _common(case) | {"chair": case.terms.chair, "performing": case.terms.performer} | more
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
    case = _first()
    terms = clauses.JointControllersTerms.model_validate(
        _common(case)
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
    case = _second()
    terms = clauses.JointControllersTerms.model_validate(
        _common(case)
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


def _joint(case: _Case, terms: clauses.JointControllersTerms) -> data.JointControllersData:
    return data.JointControllersData.model_validate(
        _contract(case, terms, date(2026, 9, 14)) | {"duties": annexes.duties(terms)}
    )


def processing() -> data.ProcessingData:
    """Schwerte processes for ten others, with two sub-processors."""
    case = _first()
    terms = clauses.ProcessingTerms.model_validate(
        _common(case)
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
    case = _second()
    terms = clauses.ProcessingTerms.model_validate(
        _common(case)
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
    case: _Case, terms: clauses.ProcessingTerms, subprocessors: tuple[data.SubprocessorRow, ...]
) -> data.ProcessingData:
    return data.ProcessingData.model_validate(
        _contract(case, terms, date(2026, 9, 14))
        | {"measures": annexes.MEASURES, "subprocessors": subprocessors}
    )
