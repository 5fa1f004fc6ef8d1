"""What a played case has come to: one object for machines, tables for people, the documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agreements.cli.client import ApiClient, Json
from agreements.errors import Refusal
from agreements.funding.money import euro
from agreements.funding.rules import guideline, quote


def collect(api: ApiClient, lead: str, case: Json, folder: Path) -> Json:
    """Everything that happened in the case; its documents are downloaded into ``folder``."""
    path = f"/cases/{case['reference']}"
    application = _optional(api, lead, f"{path}/application", "no-application")
    plan = _optional(api, lead, f"{path}/finance-plan", "no-finance-plan")
    approval = _optional(api, lead, f"{path}/approval", "approval-not-begun")
    publication = _optional(api, lead, f"{path}/publication", "not-published")
    return {
        "case": case["reference"],
        "title": case["title"],
        "state": case["state"],
        "parties": [{**party["body"], "roles": party["roles"]} for party in case["parties"]],
        "stages": _stages(case, api.pages(lead, f"{path}/journal", limit=200)),
        "resolutions": list(_resolutions(api.get(lead, f"{path}/resolutions")["items"])),
        "signatures": len(api.get(lead, f"{path}/signatures")["items"]),
        "authority": approval.get("authority"),
        "authority_answer": approval.get("answer"),
        "effective_on": publication.get("effective_on"),
        "guideline": application.get("guideline"),
        "grant": application.get("grant"),
        "grant_derived": _derived(application),
        "grant_applied_for": plan.get("grant"),
        "own_contribution": application.get("own_contribution"),
        "submitted_on": application.get("submitted_on"),
        "documents": _download(api, lead, f"{path}/documents", folder),
    }


def _optional(api: ApiClient, lead: str, path: str, absent: str) -> Json:
    try:
        return api.get(lead, path)
    except Refusal as refusal:
        if refusal.code != absent:
            raise
        return {}


def _derived(application: Json) -> str | None:
    """What the guideline of its day grants for the application, worked out here once more."""
    if not application:
        return None
    on = date.fromisoformat(application["prepared_on"])
    rule = guideline(application["programme"], on)
    granted = quote(rule, application["parties"], Decimal(application["eligible"]), on)
    return str(granted.grant)


def _stages(case: Json, journal: Iterable[Json]) -> list[Json]:
    opened = {
        entry["data"]["stage"]: entry["legal_date"]
        for entry in journal
        if entry["event"] == "stage_begun"
    }
    return [
        {
            "key": stage["key"],
            "title": stage["title"],
            "round": stage["round"],
            "state": stage["state"],
            "opened_on": opened.get(stage["key"]),
            "done_on": stage["done_on"],
            "flow_run_id": stage["flow_run_id"],
        }
        for stage in case["stages"]
    ]


def _resolutions(papers: Iterable[Json]) -> Iterable[Json]:
    for paper in papers:
        for consultation in paper["consultations"]:
            for resolution in consultation["resolutions"]:
                yield {
                    "body": paper["body"]["name"],
                    "ags": paper["body"]["ags"],
                    "committee": consultation["committee"],
                    "round": paper["round"],
                    "role": consultation["role"],
                    "authoritative": consultation["role"] == "decision",
                    "paper": paper["number"],
                    **{
                        name: resolution[name]
                        for name in (
                            "outcome", "votes", "unanimous", "decided_on", "text_hash",
                            "remark", "sample",
                        )
                    },
                }  # fmt: skip


def _download(api: ApiClient, lead: str, path: str, folder: Path) -> list[Json]:
    folder.mkdir(parents=True, exist_ok=True)
    return [_fetch(api, lead, document, folder) for document in api.get(lead, path)["items"]]


def _fetch(api: ApiClient, lead: str, document: Json, folder: Path) -> Json:
    content = api.download(lead, f"/documents/{document['id']}/content")
    digest = hashlib.sha256(content).hexdigest()
    if digest != document["content_hash"]:
        raise Refusal(
            "document-altered",
            f"„{document['file_name']}“ hat nicht die Prüfsumme, mit der es abgelegt wurde.",
        )
    file = folder / document["file_name"].replace("/", "-")
    file.write_bytes(content)
    return {
        "title": document["title"],
        "purpose": document["purpose"],
        "body": document["body"]["name"] if document["body"] else None,
        "dated_on": document["dated_on"],
        "path": str(file),
        "sha256": digest,
    }


def show(result: Json, folder: Path, out: Console) -> None:
    """The result as tables."""
    out.print(_stage_table(result))
    out.print(_resolution_table(result["resolutions"]))
    facts = Table(show_header=False, title="Ergebnis", title_justify="left")
    for label, value in (
        ("Aufsichtsbehörde", result["authority"]),
        ("Wirksam seit", _german(result["effective_on"])),
        ("Zuwendung nach der Richtlinie", _euro(result["grant_derived"])),
        ("Beantragt", _euro(result["grant_applied_for"])),
        ("Eigenanteil", _euro(result["own_contribution"])),
        ("Dokumente", f"{len(result['documents'])} in {folder}"),
    ):
        facts.add_row(label, value or "–")
    out.print(facts)


def _stage_table(result: Json) -> Table:
    table = Table("Schritt", "begonnen", "fertig", "Stand", title_justify="left")
    table.title = f"{result['case']} {result['title']}"
    for stage in result["stages"]:
        days = (_german(stage["opened_on"]) or "–", _german(stage["done_on"]) or "–")
        table.add_row(stage["title"], *days, _STATES.get(stage["state"], stage["state"]))
    return table


_STATES = {
    "not_due": "noch nicht an der Reihe",
    "ready": "bereit",
    "open": "läuft",
    "done": "erledigt",
    "skipped": "entfällt",
    "superseded": "ersetzt",
    "blocked": "blockiert",
}


def _resolution_table(resolutions: Iterable[Json]) -> Table:
    table = Table(
        title="Beschlüsse (Tag, Ja/Nein/Enthaltungen)",
        title_justify="left",
        caption="? = nicht bekannt; E = einstimmig; B = Beispieldaten",
    )
    rows: dict[str, dict[str, str]] = {}
    for r in resolutions:
        column = f"{_ROUNDS[r['round']]}\n{_ROLES.get(r['role'], r['role'])}"
        rows.setdefault(r["body"], {})[column] = _cell(r)
    columns = [f"{round_}\n{role}" for round_ in _ROUNDS.values() for role in _ROLES.values()]
    for heading in ("Körperschaft", *columns):
        table.add_column(heading, overflow="fold")
    for body, cells in rows.items():
        table.add_row(body, *(cells.get(column, "–") for column in columns))
    return table


_ROUNDS = {"principle": "Grundsatz", "agreement": "Vereinbarung"}
_ROLES = {"recommendation": "Ausschuss", "decision": "Rat/Kreistag"}


def _cell(r: Json) -> str:
    votes = "/".join(_count(r["votes"][name]) for name in ("yes", "no", "abstained"))
    marks = " E" * (r["unanimous"] is True) + " B" * r["sample"]
    return f"{_german(r['decided_on'])} {votes}{marks}"


def _count(votes: int | None) -> str:
    return "?" if votes is None else str(votes)


def _german(day: str | None) -> str | None:
    return ".".join(reversed(day.split("-"))) if day else None


def _euro(amount: str | None) -> str | None:
    return euro(Decimal(amount)) if amount else None
