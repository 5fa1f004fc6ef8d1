"""The forms: for each kind of task what is asked first, and what only if somebody has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agreements import acts
from agreements.model.enums import (
    AuthorityAnswer,
    Consequence,
    Materiality,
    Outcome,
    Quorum,
    TaskKind,
)
from api.web.deciding.fields import Field, Form, Group

_YES_NO: Final = (("true", "ja"), ("false", "nein"))
_COUNTED: Final = (
    Field("votes.yes", "Ja"),
    Field("votes.no", "Nein"),
    Field("votes.abstained", "Enthaltungen"),
)
_UNKNOWN: Final = (
    "Nur eintragen, was in der Niederschrift steht. Ein leeres Feld heißt: nicht bekannt; eine 0 "
    "heißt: keine."
)
_EARLIER: Final = Group(
    "Liegen zu einer früheren Fassung schon Beschlüsse vor?",
    (
        Field(
            "touched",
            "Wer muss wegen der Änderung erneut beschließen?",
            hint="Nur ankreuzen, wenn es frühere Beschlüsse gibt. Alle anderen Beschlüsse gelten "
            "dann weiter.",
        ),
        Field(
            "untouched_because",
            "Warum berührt die Änderung die übrigen Beschlüsse nicht?",
        ),
    ),
    more=True,
)
_OUTCOMES: Final = (
    (Outcome.ADOPTED, "ungeändert, wie in der Vorlage vorgeschlagen oder empfohlen"),
    (Outcome.ADOPTED_AMENDED, "mit einem anderen Wortlaut als vorgeschlagen"),
    (Outcome.ADOPTED_CONDITIONALLY, "erst wirksam, wenn etwas anderes eintritt"),
    (Outcome.PARTLY_ADOPTED, "nur einzelne Punkte des Vorschlags"),
    (Outcome.REJECTED, "auch bei Stimmengleichheit"),
    (Outcome.DEFERRED, "oder abgesetzt: kommt in einer späteren Sitzung wieder"),
    (Outcome.REFERRED, "an ein anderes Gremium, oder ohne Empfehlung weitergeleitet"),
    (Outcome.WITHDRAWN, "die Verwaltung hat die Vorlage zurückgenommen"),
    (Outcome.NOTED, "ohne Abstimmung"),
)

_RESOLUTION: Final = Form(
    acts.RecordResolution,
    "Ergebnis eintragen",
    (
        Field("text_hash", "Textfassung", hidden=True),
        Group(
            "Ergebnis aus der Niederschrift einlesen",
            (
                Field(
                    "source_text",
                    "Wortlaut des Ergebnisses",
                    hint="zum Beispiel: Einstimmig bei 2 Enthaltungen beschlossen.",
                ),
            ),
            more=True,
            button=("einlesen", "Einlesen"),
        ),
        Field("outcome", "Wie ist entschieden worden?", hints=_OUTCOMES),
        Group(
            "Was wurde anders beschlossen?",
            (
                Field(
                    "amendments",
                    "Abweichungen",
                    row="Abweichung",
                    rows=(
                        Field("place", "Stelle", hint="zum Beispiel: § 4 Abs. 2 oder Nr. 3"),
                        Field("wording", "Beschlossener Wortlaut"),
                    ),
                ),
            ),
            only=(Outcome.ADOPTED_AMENDED, Outcome.PARTLY_ADOPTED),
            hint="Jede Stelle mit ihrem beschlossenen Wortlaut. Ein Ausschuss, der nur empfiehlt, "
            "kann das leer lassen.",
        ),
        Field(
            "reservation",
            "Unter welchem Vorbehalt?",
            hint="zum Beispiel: Bewilligung der Förderung",
            only=(Outcome.ADOPTED_CONDITIONALLY,),
        ),
        Field(
            "referred_to",
            "An welches Gremium wurde verwiesen?",
            hint="Leer lassen, wenn der Ausschuss ohne Empfehlung weitergeleitet hat.",
            only=(Outcome.REFERRED,),
        ),
        Field(
            "next_meeting_on",
            "Nächste Sitzung (falls bekannt)",
            only=(Outcome.DEFERRED,),
        ),
        Field("decided_on", "Tag der Sitzung"),
        Group(
            "Abstimmung",
            (
                *_COUNTED,
                Field(
                    "unanimous",
                    "Oder ohne Zahlen",
                    choices=(("true", "einstimmig"), ("false", "mehrheitlich")),
                ),
            ),
            hint=_UNKNOWN,
        ),
        Group(
            "Weitere Angaben aus der Niederschrift",
            (
                Field("meeting_number", "Nummer der Sitzung", hint="zum Beispiel: 3/2026"),
                Field("agenda_item", "Tagesordnungspunkt", hint="zum Beispiel: Ö 7"),
                Field("members_present", "Anwesende Stimmberechtigte"),
                Field("members_excluded", "Davon wegen Befangenheit ausgeschlossen"),
                Field(
                    "quorum",
                    "Beschlussfähigkeit",
                    hints=(
                        (Quorum.COUNTED, "der Regelfall"),
                        (Quorum.NOT_QUESTIONED, "obwohl wenige mitgewirkt haben"),
                        (Quorum.SECOND_CALL, "zum selben Gegenstand"),
                    ),
                ),
                Field(
                    "wording",
                    "Wortlaut des Beschlusses",
                    hint="Nur, wenn er anders lautet als der Vorschlag.",
                ),
                Field("remark", "Bemerkung"),
            ),
            more=True,
        ),
    ),
)

FORMS: Final[Mapping[TaskKind, Form]] = {
    TaskKind.RECORD_RESOLUTION: _RESOLUTION,
    TaskKind.CONFIRM_URGENT_DECISION: Form(
        acts.ConfirmUrgentDecision,
        "Ergebnis eintragen",
        (
            Field(
                "confirmed",
                "Was hat das Gremium entschieden?",
                choices=(("true", "genehmigt"), ("false", "aufgehoben")),
            ),
            Field("reason", "Warum wurde sie aufgehoben?", only=("false",)),
            Field(
                "third_party_rights",
                "Können Rechte anderer entstanden sein?",
                hint="Etwa aus einem gestellten Antrag: warum die Aufhebung trotzdem möglich ist.",
                only=("false",),
            ),
            Field("decided_on", "Tag der Sitzung"),
            Group("Abstimmung", _COUNTED, hint=_UNKNOWN),
        ),
    ),
    TaskKind.SETTLE_RESERVATION: Form(
        acts.SettleReservation,
        "Vorbehalt klären",
        (
            Field(
                "fulfilled",
                "Was ist aus dem Vorbehalt geworden?",
                choices=(("true", "erfüllt"), ("false", "ausgefallen")),
                hints=(
                    ("true", "der Beschluss gilt damit uneingeschränkt"),
                    ("false", "der Beschluss gilt nicht mehr; das Gremium entscheidet erneut"),
                ),
            ),
            Field("reason", "Woraus ergibt sich das?", hint="zum Beispiel: Bescheid vom …"),
            Field("settled_on", "Seit wann steht das fest?"),
        ),
    ),
    TaskKind.JUDGE_AMENDMENT: Form(
        acts.JudgeAmendment,
        "Abweichung beurteilen",
        (
            Field(
                "materiality",
                "Was bedeutet die Abweichung?",
                hints=(
                    (Materiality.EDITORIAL, "gilt für den gemeinsamen Text"),
                    (Materiality.MATERIAL, "der gemeinsame Text ist so nicht beschlossen"),
                ),
            ),
            Field(
                "consequence",
                "Was folgt daraus?",
                hints=(
                    (Consequence.NEW_VERSION, "der Text wird für alle wieder geöffnet"),
                    (Consequence.DECIDE_AGAIN, "über den gemeinsamen Text"),
                ),
                only=(Materiality.MATERIAL,),
            ),
            Field("reason", "Begründung"),
            Field("judged_on", "Beurteilt am", today=True),
        ),
    ),
    TaskKind.GIVE_STATEMENT: Form(
        acts.GiveStatement,
        "Stellung nehmen",
        (
            Field("version", "Textfassung", hidden=True),
            Field("verdict", "Ist Ihre Körperschaft mit dem Text einverstanden?"),
            Field(
                "comment",
                "Bemerkung",
                hint="Welche Stelle soll wie geändert werden, und warum? Bei Einverständnis "
                "freiwillig.",
            ),
            Field("given_on", "Tag der Stellungnahme", today=True),
        ),
    ),
    TaskKind.SUBMIT_DRAFT: Form(
        acts.SubmitDraft,
        "Entwurf vorlegen",
        (Field("submitted_on", "Vorgelegt am", today=True), _EARLIER),
    ),
    TaskKind.FREEZE_VERSION: Form(
        acts.FreezeVersion,
        "Text festschreiben",
        (
            Field("version", "Textfassung", hidden=True),
            Field("frozen_on", "Festgeschrieben am", today=True),
            Field(
                "remark",
                "Begründung",
                hint="Nur nötig, wenn eine Beteiligte noch Änderungen wünscht: warum der Text so "
                "bleibt.",
            ),
            _EARLIER,
        ),
    ),
    TaskKind.CONFIRM_RESOLUTIONS: Form(
        acts.ConfirmResolutions,
        "Beschlusslage feststellen",
        (Field("confirmed_on", "Festgestellt am", today=True),),
    ),
    TaskKind.RECORD_SIGNATURE: Form(
        acts.RecordSignature,
        "Unterschrift eintragen",
        (
            Field("text_hash", "Textfassung", hidden=True),
            Field("signed_on", "Unterschrieben am"),
            Field("signatory_name", "Wer hat unterschrieben?"),
            Field("signatory_function", "In welcher Funktion?"),
            Field("form", "Form"),
            Group(
                "Zweite Unterschrift und Besonderes",
                (
                    Field("co_signatory_name", "Zweite Unterschrift: Name"),
                    Field("co_signatory_function", "Zweite Unterschrift: Funktion"),
                    Field(
                        "namesake_because",
                        "Gleicher Name wie bei einer anderen Beteiligten?",
                        hint="Warum es zwei verschiedene Personen sind.",
                    ),
                ),
                more=True,
            ),
        ),
    ),
    TaskKind.SUBMIT_TO_AUTHORITY: Form(
        acts.SubmitToAuthority,
        "Einreichung eintragen",
        (
            Field("applied_on", "Abgesandt am"),
            Field(
                "received_on",
                "Eingegangen bei der Behörde am",
                hint="Mit diesem Tag beginnt die Frist der Behörde.",
            ),
        ),
    ),
    TaskKind.RECORD_AUTHORITY_ANSWER: Form(
        acts.RecordAuthorityAnswer,
        "Antwort eintragen",
        (
            Field(
                "answer",
                "Was hat die Behörde entschieden?",
                hints=(
                    (AuthorityAnswer.DEEMED_APPROVED, "weil die Frist ohne Antwort abgelaufen ist"),
                    (AuthorityAnswer.FILED, "die Anzeige liegt der Behörde vor"),
                ),
            ),
            Field("answered_on", "Datum der Entscheidung"),
            Field("reference", "Aktenzeichen der Behörde (falls vorhanden)"),
            Field("remark", "Bemerkung (freiwillig)"),
        ),
    ),
    TaskKind.RECORD_PUBLICATION: Form(
        acts.RecordPublication,
        "Bekanntmachung eintragen",
        (
            Field("published_on", "Erschienen am"),
            Field("gazette", "Amtsblatt"),
            Field("issue", "Nummer der Ausgabe", hint="zum Beispiel: 26/2026"),
            Field("page", "Seite (falls bekannt)"),
            Group(
                "Späterer Tag des Inkrafttretens",
                (
                    Field(
                        "agreed_effective_on",
                        "Vereinbarter Tag",
                        hint="Nur, wenn die Vereinbarung selbst einen späteren Tag nennt.",
                    ),
                ),
                more=True,
            ),
        ),
    ),
    TaskKind.RECORD_NOTICE: Form(
        acts.RecordNotice,
        "Hinweis eintragen",
        (
            Field("published_on", "Erschienen am"),
            Field("medium", "Wo?", hint="zum Beispiel: Amtsblatt der Stadt Kamen, Nr. 14/2026"),
        ),
    ),
    TaskKind.DRAFT_FINANCE_PLAN: Form(
        acts.DraftFinancePlan,
        "Plan eintragen",
        (
            Field("description", "Was ist das Vorhaben?"),
            Field("starts_on", "Beginn"),
            Field("ends_on", "Ende"),
            Group(
                "Ausgaben",
                (
                    Field(
                        "plan.items",
                        "Ausgaben",
                        row="Ausgabe",
                        count=3,
                        rows=(
                            Field("label", "Wofür?"),
                            Field("kind", "Art"),
                            Field("amount", "Betrag in Euro"),
                            Field("eligible", "Zuwendungsfähig?", choices=_YES_NO),
                        ),
                    ),
                ),
            ),
            Group(
                "Finanzierung",
                (
                    Field("plan.grant", "Beantragte Zuwendung in Euro"),
                    Field(
                        "plan.own_contributions",
                        "Eigenanteile",
                        row="Eigenanteil",
                        rows=(
                            Field("ags", "Gemeindeschlüssel", hidden=True),
                            Field("name", "Körperschaft", hidden=True),
                            Field("amount", "Betrag in Euro"),
                        ),
                    ),
                    Field(
                        "plan.other",
                        "Andere Mittel (falls vorhanden)",
                        row="Andere Mittel",
                        rows=(Field("label", "Woher?"), Field("amount", "Betrag in Euro")),
                    ),
                ),
            ),
            Group(
                "Verteilung auf die Jahre (falls bekannt)",
                (
                    Field(
                        "plan.years",
                        "Jahre",
                        row="Jahr",
                        count=3,
                        rows=(
                            Field("year", "Jahr"),
                            Field("expenses", "Ausgaben in Euro"),
                            Field("grant", "Zuwendung in Euro"),
                        ),
                    ),
                ),
                more=True,
            ),
            Field("planned_on", "Aufgestellt am", today=True),
        ),
    ),
    TaskKind.CHECK_FINANCE_PLAN: Form(
        acts.CheckFinancePlan,
        "Prüfung eintragen",
        (
            Field("verdict", "Sind Sie mit dem Plan einverstanden?"),
            Field(
                "remark",
                "Bemerkung",
                hint="Was ist zu ändern? Bei Einverständnis freiwillig.",
            ),
            Field("checked_on", "Geprüft am", today=True),
        ),
    ),
    TaskKind.SUBMIT_APPLICATION: Form(
        acts.SubmitApplication,
        "Einreichung eintragen",
        (
            Field("submitted_on", "Eingereicht am"),
            Field(
                "receipt_reference",
                "Eingangsbestätigung",
                hint="Aktenzeichen oder Nummer, die die Bewilligungsbehörde mitgeteilt hat.",
            ),
        ),
    ),
    TaskKind.AD_HOC: Form(
        acts.CompleteAdHoc,
        "Als erledigt melden",
        (Field("result", "Ergebnis"), Field("done_on", "Erledigt am", today=True)),
    ),
}
