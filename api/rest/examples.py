"""Examples of what people may decide, for the API's description."""

from __future__ import annotations

from typing import Any, Final

from fastapi.openapi.models import Example

_HASH: Final = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"


def _example(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {str(value["kind"]): Example(summary=summary, value=value)}


ACT_EXAMPLES: Final[dict[str, Example]] = {
    **_example("Entwurf vorlegen", {"kind": "submit_draft", "submitted_on": "2026-02-02"}),
    **_example(
        "Stellung nehmen",
        {
            "kind": "give_statement",
            "version": 1,
            "verdict": "changes_wanted",
            "comment": "§ 5 bitte um den Stichtag der Einwohnerzahlen ergänzen.",
            "given_on": "2026-02-16",
        },
    ),
    **_example(
        "Textfassung festschreiben",
        {"kind": "freeze_version", "version": 2, "frozen_on": "2026-03-02"},
    ),
    **_example(
        "Beschluss mit teils unbekannten Stimmen",
        {
            "kind": "record_resolution",
            "outcome": "adopted",
            "votes": {"yes": None, "no": 1, "abstained": 1},
            "decided_on": "2026-03-26",
            "text_hash": _HASH,
        },
    ),
    **_example(
        "Beschlusslage feststellen",
        {"kind": "confirm_resolutions", "confirmed_on": "2026-04-20"},
    ),
    **_example(
        "Unterschrift erfassen",
        {
            "kind": "record_signature",
            "signed_on": "2026-05-04",
            "signatory_name": "Elke Rappholt",
            "signatory_function": "Bürgermeisterin",
            "form": "written",
            "text_hash": _HASH,
        },
    ),
    **_example(
        "Bei der Aufsichtsbehörde einreichen",
        {
            "kind": "submit_to_authority",
            "applied_on": "2026-05-11",
            "received_on": "2026-05-13",
        },
    ),
    **_example(
        "Genehmigung erfassen",
        {
            "kind": "record_authority_answer",
            "answer": "approved",
            "answered_on": "2026-06-15",
            "reference": "31.04.02-017/2026",
        },
    ),
    **_example(
        "Bekanntmachung erfassen",
        {
            "kind": "record_publication",
            "gazette": "Amtsblatt für den Regierungsbezirk Arnsberg",
            "issue": "26/2026",
            "page": "214",
            "published_on": "2026-06-27",
        },
    ),
    **_example(
        "Hinweis auf die Bekanntmachung erfassen",
        {
            "kind": "record_notice",
            "published_on": "2026-07-03",
            "medium": "Amtsblatt der Stadt Kamen, Nr. 14/2026",
        },
    ),
    **_example(
        "Kosten- und Finanzierungsplan aufstellen",
        {
            "kind": "draft_finance_plan",
            "plan": {
                "items": [
                    {
                        "label": "Projektleitstelle",
                        "kind": "personnel",
                        "amount": "450000.00",
                        "eligible": True,
                    },
                    {
                        "label": "Beratung",
                        "kind": "services",
                        "amount": "110000.00",
                        "eligible": True,
                    },
                ],
                "grant": "490000.00",
                "own_contributions": [{"ags": "05978", "name": "Kreis Unna", "amount": "70000.00"}],
                "other": [],
            },
            "description": "Aufbau der gemeinsamen Projektleitstelle",
            "starts_on": "2027-01-01",
            "ends_on": "2029-12-31",
            "planned_on": "2026-02-10",
        },
    ),
    **_example(
        "Kosten- und Finanzierungsplan prüfen",
        {"kind": "check_finance_plan", "verdict": "agreed", "checked_on": "2026-02-20"},
    ),
    **_example(
        "Förderantrag einreichen",
        {
            "kind": "submit_application",
            "submitted_on": "2026-04-30",
            "receipt_reference": "33.7-IKZ-2026-118",
        },
    ),
    **_example(
        "Abweichenden Beschluss beurteilen",
        {
            "kind": "judge_amendment",
            "materiality": "material",
            "consequence": "new_version",
            "reason": "Der Rat will die Kosten nach Nutzung statt nach Einwohnern teilen.",
            "judged_on": "2026-04-02",
        },
    ),
    **_example(
        "Zusätzliche Aufgabe erledigen",
        {
            "kind": "ad_hoc",
            "result": "Keine Bedenken; Vereinbarung nach Art. 26 DSGVO ist beigefügt.",
            "done_on": "2026-04-28",
        },
    ),
    **_example(
        "Vorbehalt klären",
        {
            "kind": "settle_reservation",
            "fulfilled": True,
            "reason": "Der Haushalt 2027 ist genehmigt.",
            "settled_on": "2026-04-30",
        },
    ),
    **_example(
        "Genehmigung der Dringlichkeitsentscheidung erfassen",
        {
            "kind": "confirm_urgent_decision",
            "confirmed": True,
            "decided_on": "2026-06-18",
            "votes": {"yes": 38, "no": 0, "abstained": 1},
        },
    ),
}


def one(kind: str) -> dict[str, Example]:
    """The example of one kind of act, as an endpoint for that kind takes it."""
    example = ACT_EXAMPLES[kind]
    value: dict[str, Any] = example.get("value") or {}
    content = {name: given for name, given in value.items() if name != "kind"}
    return {kind: Example(summary=example.get("summary"), value=content)}
