"""The OpenAPI document: German throughout, and the problems that every endpoint can answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, Problem

# Whoever knows a calendar's secret reads it.
PUBLIC: Final = frozenset(
    (
        ("get", "/api/v1/health"),
        ("post", "/api/v1/session"),
        ("get", "/api/v1/calendars/{secret}.ics"),
    )
)
METHODS: Final = frozenset(("get", "post", "put", "patch", "delete"))

DESCRIPTION: Final = """
Schnittstelle für Fachverfahren und eigene Programme: Vorgänge, Textfassungen, Aufgaben,
Beschlüsse, Unterschriften, Aufsichtsbehörde, Bekanntmachung, Förderung, Dokumente.

**Anmeldung** mit Sitzungscookie (POST /session) oder persönlichem Zugangsschlüssel
(`Authorization: Bearer …`). Was eine Person sieht und tun darf, folgt aus ihrer Rolle und ihrer
Körperschaft: Was sie nicht sehen darf, wird mit 404 beantwortet, was sie nicht tun darf, mit 403.

**Fehler** kommen als Problembeschreibung nach RFC 9457 mit beständigem `code` und deutschem Satz.

**Wiederholbarkeit**: Entscheidende Anfragen nehmen einen `Idempotency-Key` an; dieselbe Anfrage
mit demselben Schlüssel erhält dieselbe Antwort, ohne dass etwas zweimal geschieht.

**Gleichzeitigkeit**: Antworten tragen einen `ETag`; mit `If-Match` wird eine Entscheidung, die auf
einem überholten Stand beruht, mit 412 abgelehnt.

**Rechtsdaten** (`decided_on`, `signed_on` …) sagen, wann etwas geschah, nicht, wann es jemand
eingetragen hat.
"""

TAGS: Final = (
    ("Betrieb", "Läuft die Schnittstelle?"),
    ("Anmeldung", "Anmelden, abmelden, Zugangsschlüssel"),
    ("Körperschaften", "Kreise, Städte und Gemeinden mit Gremien und Einwohnerzahlen"),
    ("Vorgänge", "Beginnen, finden, lesen; was fehlt; was geschehen ist"),
    ("Textfassungen", "Fassungen des Vereinbarungstextes und Stellungnahmen dazu"),
    ("Aufgaben", "Der Arbeitsvorrat der eigenen Rollen und Körperschaften"),
    ("Vertretung", "Abwesenheiten, wer vertritt, was niemand vertritt; Übergabe"),
    ("Beschlüsse", "Beschlussvorlagen, Beratungen und Beschlüsse"),
    ("Umwege", "Ablehnung, neue Runde, Austritt, Beitritt, zusätzliche Aufgaben, Rückzug"),
    ("Vertraulichkeit", "Nichtöffentliche Beratungen und Befangenheit"),
    ("Benachrichtigungen", "Nachrichten per E-Mail und Kalender zum Abonnieren"),
    ("Abschluss", "Unterschriften, Aufsichtsbehörde, Bekanntmachung"),
    ("Förderung", "Kosten- und Finanzierungsplan, Förderantrag"),
    ("Dokumente", "Erstellte Dokumente auflisten und herunterladen"),
    ("Vorlagen", "Felder der Vorlagen; geänderte Vorlagen hochladen, vergleichen, freigeben"),
)

# What the domain's own inputs mean; their docstrings speak to programmers.
_INPUTS: Final = {
    "AddSubstitution": "Vertretung. `role`, `body` (AGS) und `case` (Aktenzeichen) schränken sie "
    "ein; ohne Angabe gilt sie für alles.",
    "AssignTask": "Aufgabe zuweisen; `to` ist ein Benutzername.",
    "DelegateTask": "Aufgabe zur Bearbeitung geben; `to` ist ein Benutzername.",
    "EndAbsence": "Abwesenheit beenden: sofort, oder mit einem früheren letzten Tag.",
    "EnterAbsence": "Abwesenheit eintragen, für sich selbst oder als Leitung für `username`. Der "
    "erste und der letzte Tag zählen mit; ohne letzten Tag gilt sie bis auf Weiteres. Nach dem "
    "Grund wird nicht gefragt.",
    "HandBackTask": "Aufgabe nach der Bearbeitung zurückgeben, oder zurückholen.",
    "HandOver": "Aufgaben übergeben; `from` und `to` sind Benutzernamen. Ohne `to` gehen sie an "
    "alle Zuständigen.",
    "ReassignTask": "Aufgabe abnehmen und neu zuweisen; `to` ist ein Benutzername.",
    "AdvanceInput": "Vorabanteil: was eine Körperschaft trägt, bevor der Schlüssel gilt.",
    "Amendment": "Was ein Gremium geändert hat: die Stelle („§ 4 Abs. 2“, „Nr. 3“) und der "
    "beschlossene Wortlaut.",
    "ConfirmUrgentDecision": "Ob Rat oder Kreistag die Dringlichkeitsentscheidung genehmigt oder "
    "aufgehoben haben. `third_party_rights`: warum eine Aufhebung trotz Rechten Dritter möglich "
    "ist.",
    "InvitationPeriod": "Ladungsfrist: so viele volle Tage liegen zwischen Einladung und Sitzung; "
    "`unit`: `days`, `weeks`, `werktage` (Montag bis Samstag) oder `working_days` (Montag bis "
    "Freitag). `source`: die Geschäftsordnung; `verified`: an ihr geprüft.",
    "LeaveParty": "Ohne eine Beteiligte weitermachen. `successor`: wer ihre besonderen Rollen "
    "(federführend, antragstellend, durchführend) übernimmt.",
    "AgreementInput": "Angaben für eine Fassung der Vereinbarung. `tasks` stehen im Akkusativ; "
    "`clauses` ersetzen die Mustertexte.",
    "CanonicalContent": "Der Vereinbarungstext, wie ihn die Räte beschließen.",
    "CheckFinancePlan": "Kosten- und Finanzierungsplan prüfen (zweite Person).",
    "Clause": "Ein Paragraph. Die erste Zeile eines Absatzes ist sein Text, weitere sind a), b), "
    "c).",
    "ConfirmResolutions": "Feststellen, dass alle Beschlüsse vorliegen und denselben Text "
    "betreffen.",
    "ContentParty": "Eine Beteiligte, wie der Text sie nennt.",
    "CostItem": "Eine Ausgabe.",
    "CostKeyInput": "Kostenschlüssel; nach Einwohnern mit Stichtag und Zensusgrundlage.",
    "DeclareExclusion": "Befangenheit festhalten, für eine Beratung oder den ganzen Vorgang. "
    "`username`: das Konto, wenn die Person in der Verwaltung der Körperschaft handelt.",
    "DraftFinancePlan": "Kosten- und Finanzierungsplan mit Beschreibung und Zeitraum des "
    "Vorhabens.",
    "EndCommittee": "Ein Gremium beenden; `valid_to` ist sein letzter Tag.",
    "EnterSessionFree": "Eine sitzungsfreie Zeit; erster und letzter Tag gehören dazu.",
    "EnterCommittee": "Ein Gremium eintragen. `position` ist sein Platz in der Beratungsfolge, "
    "ohne Platz durchläuft keine Vorlage es von selbst. `genitive`: „des Rates“.",
    "FinancePlan": "Was das Vorhaben kostet und wer es bezahlt.",
    "FreezeVersion": "Textfassung festschreiben. `remark` ist nötig, wenn Beteiligte noch "
    "Änderungen wünschen. Gibt es Beschlüsse zu einer früheren Fassung: `touched` nennt die "
    "Körperschaften (AGS), deren Beschluss die Änderung berührt; nur diese beschließen erneut. "
    "`untouched_because` begründet, warum die anderen nicht.",
    "GiveStatement": "Stellung nehmen zur Textfassung `version`.",
    "MoveDueDate": "Die Frist einer Aufgabe setzen, verlegen oder verlängern. `kind`: wer sie "
    "gesetzt hat; ohne Angabe bleibt es dabei, eine neue ist selbst gesetzt. Hat eine Behörde sie "
    "gesetzt, ist ihr Schreiben zu nennen (`proof`) oder als Anlage der Aufgabe anzugeben "
    "(`attachment_id`). `day`: „period“, das Ende rückt von Samstag, Sonntag und Feiertag auf den "
    "nächsten Werktag; „announced“, genau dieser Tag ist als Ende bekannt gegeben; "
    "„appointment“, ein Termin.",
    "OtherFunds": "Sonstige Einnahme oder Mittel Dritter.",
    "OwnContribution": "Eigenanteil einer Körperschaft.",
    "PrincipleContent": "Der Wortlaut des Grundsatzbeschlusses, derselbe für alle Räte.",
    "PrincipleInput": "Angaben für den Wortlaut eines Grundsatzbeschlusses. `purpose` folgt auf "
    "„Aufgabe, …“.",
    "RecordAuthorityAnswer": "Antwort der Aufsichtsbehörde erfassen.",
    "RecordNotice": "Hinweis einer Beteiligten auf die Bekanntmachung erfassen.",
    "RecordPublication": "Bekanntmachung erfassen. `agreed_effective_on`: ein vereinbarter "
    "späterer Tag.",
    "RecordResolution": "Beschluss erfassen. `text_hash`: Prüfsumme des Textes, über den "
    "abgestimmt wurde. `unanimous` false ohne Stimmen heißt „mehrheitlich“. `members_present` "
    "zählt Befangene mit. `amendments`: was geändert oder vom Vorschlag allein beschlossen wurde. "
    "`referred_to`: das Gremium, das die Sache erhält. `source_text`: das Ergebnis, wie es das "
    "Ratsinformationssystem schreibt.",
    "ConfirmCopy": "Eine Ausfertigung bestätigen, die eine zweite Person angesehen hat.",
    "EndSignatory": "Eine Zeichnungsberechtigung beenden; `valid_to` ist ihr letzter Tag.",
    "EnterSignatory": "Eine zeichnungsberechtigte Person eintragen. `capacity`: `head` "
    "(Verwaltungsspitze), `general_deputy` (allgemeine Vertretung), `authorised` (weitere "
    "vertretungsberechtigte Person). `alone`: darf allein unterschreiben, wo eine Unterschrift "
    "genügt. `basis`: Wahl, Hauptsatzung oder Dienstanweisung.",
    "RecordSignature": "Unterschrift einer Beteiligten erfassen. `co_signatory_name`: die zweite "
    "Person, wo zwei Unterschriften nötig sind. `namesake_because`: warum gleiche Namen bei zwei "
    "Beteiligten zwei Menschen sind. `document_id`: die abgelegte Ausfertigung; ohne Angabe die "
    "zuletzt abgelegte.",
    "ReleaseTemplate": "Eine hochgeladene Fassung einer Vorlage freigeben; sie gilt für alle "
    "Dokumente, die danach entstehen.",
    "RollBackTemplate": "Zu einer früheren Fassung zurückkehren, die schon freigegeben war; 0 ist "
    "die mitgelieferte Datei (für eine Körperschaft: die Fassung für alle).",
    "StartCase": "Einen Vorgang beginnen. Körperschaften werden mit ihrem AGS genannt; "
    "`retrospective`: der Vorgang wird nachträglich erfasst.",
    "SetInvitationPeriod": "Ladungsfrist einer Körperschaft; `urgent`: die verkürzte für "
    "dringliche Fälle.",
    "SubmitApplication": "Einreichung des Förderantrags mit Eingangsbestätigung.",
    "SubmitDraft": "Entwurf vorlegen. `touched`, `untouched_because`: wie beim Festschreiben, für "
    "die Grundsatzbeschlüsse.",
    "SubmitToAuthority": "Antrag oder Anzeige bei der Aufsichtsbehörde; mit `received_on` beginnt "
    "die Frist.",
    "Votes": "Stimmen; null heißt: nicht bekannt, und bleibt so.",
}

_PROBLEMS: Final = {
    "401": "Nicht angemeldet",
    "403": "Rolle oder Körperschaft erlauben das nicht",
    "404": "Gibt es nicht, oder nicht für diese Person",
    "409": "Im jetzigen Stand nicht möglich, oder jemand war schneller",
    "412": "Der Stand hat sich seit dem ETag in If-Match geändert",
    "422": "Die Eingabe wurde nicht angenommen",
    "429": "Zu viele Fehlversuche",
    "500": "Unerwarteter Fehler; es wurde nichts geändert",
    "503": "Die Datenbank ist nicht erreichbar",
}


def install(app: FastAPI) -> None:
    """Let the application describe itself so."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION.strip(),
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    for method, path, operation in operations(document):
        _describe_problems(operation, (method, path) in PUBLIC)
    _describe_schemas(document["components"]["schemas"])
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every endpoint."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


def _describe_problems(operation: dict[str, Any], public: bool) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        if response.get("description") == "Successful Response":
            response["description"] = "Ausgeführt"
        if status == "304":
            response.pop("content", None)
    codes = {"500", "503"} | (set() if public else {"401", "403"})
    parameters = operation.get("parameters", [])
    if parameters or "requestBody" in operation:
        codes.add("422")
    if any(parameter["in"] == "path" for parameter in parameters):
        codes.add("404")
    if any(parameter["name"] == "if-match" for parameter in parameters):
        codes.add("412")
    if any(parameter["name"] == "Idempotency-Key" for parameter in parameters):
        codes.add("409")
    if operation.get("tags") == ["Anmeldung"] and public:
        codes |= {"401", "429"}
    for status in sorted(codes):
        responses[status] = {
            "description": _PROBLEMS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _describe_schemas(schemas: dict[str, Any]) -> None:
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for name, schema in schemas.items():
        words = _INPUTS.get(name.removesuffix("-Input").removesuffix("-Output"))
        if words is not None:
            schema["description"] = words
        elif "enum" in schema or "const" in schema:
            # The members speak for themselves; the docstrings of the enums are for programmers.
            schema.pop("description", None)
