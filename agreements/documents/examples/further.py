"""Examples of the texts beside the agreement and of its annexes, for either of two cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.documents import clauses, data, examples
from agreements.documents.clauses.further import FurtherTerms, texts_for
from agreements.documents.content import CanonicalContent, Clause, text_hash
from agreements.documents.examples import second as other
from agreements.documents.forms import AuthorityForms, BodyForms


@dataclass(frozen=True, slots=True)
class Setting:
    """What the examples of one case have in common. label: what its agreement calls who acts."""

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


def first_setting() -> Setting:
    """Smart Region Kreis Unna."""
    people = {body.name: count for body, count in examples.INHABITANTS.items()}
    return Setting(
        examples.REFERENCE,
        examples.terms(),
        examples.content(),
        people,
        examples.ARNSBERG,
        "durchführende Körperschaft",
    )


def second_setting() -> Setting:
    """The second, delegating case."""
    return Setting(
        other.REFERENCE,
        other.terms(),
        other.content(),
        other.INHABITANTS,
        other.AUTHORITY,
        "übernehmende Körperschaft",
    )


def contract_of(case: Setting, terms: FurtherTerms, dated_on: date) -> dict[str, object]:
    """The fields of a text that parties conclude."""
    content = clauses.assemble_further(terms)
    return {
        "file_reference": case.reference,
        "dated_on": dated_on,
        "author": terms.lead.name,
        **data.contract_fields(texts_for(terms).form, content, terms.parties, text_hash(content)),
    }


def common_of(case: Setting) -> dict[str, object]:
    """The fields that all terms have."""
    return {"project": case.terms.project, "parties": case.bodies, "lead": case.terms.lead}


def _later(case: Setting) -> dict[str, object]:
    return common_of(case) | {"base": case.base, "authority": case.authority}


def _letter(case: Setting, terms: clauses.IntentTerms) -> data.LetterOfIntentData:
    return data.LetterOfIntentData.model_validate(contract_of(case, terms, date(2026, 1, 12)))


def letter_of_intent() -> data.LetterOfIntentData:
    """The letter of intent of eleven bodies, with roles and a limit of common costs."""
    case = first_setting()
    terms = clauses.IntentTerms.model_validate(
        common_of(case)
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
    case = second_setting()
    terms = clauses.IntentTerms.model_validate(
        common_of(case)
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
    case: Setting, terms: FurtherTerms, changes: tuple[clauses.Command, ...] = ()
) -> data.FollowUpData:
    fields = contract_of(case, terms, date(2028, 5, 2))
    if changes:
        content = clauses.assemble_further(terms)
        first, *rest = content.clauses
        intro = first.model_copy(update={"paragraphs": first.paragraphs[:1]})
        fields["clauses"] = (intro, *rest)
    shown = tuple(data.ChangeText.of(change) for change in changes)
    return data.FollowUpData.model_validate(fields | {"changes": shown})


def accession() -> data.FollowUpData:
    """A further town joins the eleven, with a compensation."""
    case = first_setting()
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
    case = second_setting()
    return _follow_up(
        case,
        clauses.AccessionTerms.model_validate(
            _later(case) | {"parties": (*case.bodies, other.HOHENMARK), "joining": other.HOHENMARK}
        ),
    )


def amendment() -> data.FollowUpData:
    """Several changes: a paragraph, a clause inserted, others moved, the annexes."""
    case = first_setting()
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
    case = second_setting()
    place = next(n for n, c in enumerate(case.content.clauses) if c.title == "Personal")
    own = Clause(title="Personal", paragraphs=("Das Nähere regelt ein Stellenplan.",))
    changed = case.content.model_copy(
        update={"clauses": (*case.content.clauses[:place], own, *case.content.clauses[place + 1 :])}
    )
    return _amended(case, changed, "Der Stellenbedarf hat sich geändert.", 1)


def _amended(
    case: Setting, changed: CanonicalContent, reason: str, number: int
) -> data.FollowUpData:
    changes = clauses.commands(case.content, changed)
    terms = clauses.AmendmentTerms.model_validate(
        _later(case) | {"number": number, "reason": reason, "changes": changes}
    )
    return _follow_up(case, terms, changes)


def exit_agreement() -> data.FollowUpData:
    """A town leaves eleven and pays; a grant is running."""
    case = first_setting()
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
    case = second_setting()
    return _follow_up(
        case,
        clauses.ExitTerms.model_validate(
            _later(case) | {"leaving": other.AUENTAL, "leaves_on": date(2028, 12, 31)}
        ),
    )


def repeal() -> data.FollowUpData:
    """Eleven bodies end their cooperation."""
    case = first_setting()
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
    case = second_setting()
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
