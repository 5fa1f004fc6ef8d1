"""Examples from the signatures to the entry into force, for both cases."""

from __future__ import annotations

from datetime import date

from agreements.documents import data, examples
from agreements.documents.examples import two_towns as second
from agreements.documents.forms import BodyForms

_CLERK = "weitere vertretungsberechtigte Person"
_BASIS = "§ 64 GO NRW, § 43 KrO NRW (Fassung des Gesetzes vom 10. Juli 2025)"


def _signatories(body: BodyForms) -> tuple[data.Signatory, ...]:
    head = data.Signatory(name=body.head_name, capacity=body.head_title)
    if body == examples.COUNTY:
        return head, data.Signatory(capacity=_CLERK)
    return (head,)


def _copies(bodies: tuple[BodyForms, ...]) -> tuple[int, str]:
    return len(
        bodies
    ) + 1, "Jede Beteiligte und die Aufsichtsbehörde erhalten je eine Ausfertigung."


def signing_set() -> data.SigningData:
    """The copy that eleven parties sign in writing; the Kreis with two signatures."""
    copies, copies_for = _copies(examples.BODIES)
    agreement = examples.agreement()
    return data.SigningData.model_validate(
        {
            **agreement.model_dump(exclude={"status"}),
            "dated_on": date(2026, 6, 15),
            "form": "written",
            "form_basis": "§ 24 Abs. 1 GkG NRW",
            "electronic": "qualifizierte elektronische Signatur (§ 3a Abs. 2 VwVfG NRW)",
            "copies": copies,
            "copies_for": copies_for,
            "signing": tuple(
                data.SigningParty(
                    forms=party.forms,
                    designation=party.designation,
                    signatories=_signatories(party.forms),
                )
                for party in agreement.parties
            ),
        }
    )


def signing_set_second() -> data.SigningData:
    """The same for two parties with qualified electronic signatures: one file, no paper."""
    return data.SigningData.model_validate(
        {
            "file_reference": second.REFERENCE,
            "dated_on": date(2026, 10, 1),
            "author": second.BIRKENSTEIN.name,
            "form": "electronic",
            "form_basis": "§ 24 Abs. 1 GkG NRW",
            "electronic": "qualifizierte elektronische Signatur (§ 3a Abs. 2 VwVfG NRW)",
            "copies": 1,
            "copies_for": "Jede Beteiligte und die Aufsichtsbehörde erhalten die signierte Datei.",
            "signing": tuple(
                data.SigningParty(forms=body, signatories=_signatories(body))
                for body in second.BODIES
            ),
            **second.text_fields(),
        }
    )


def signing_sheet() -> data.SigningSheetData:
    """The sheet that goes round with the copies."""
    copies, copies_for = _copies(examples.BODIES)
    return data.SigningSheetData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 6, 15),
        author=examples.LEAD.name,
        project=examples.PROJECT,
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        form="written",
        form_basis="§ 24 Abs. 1 GkG NRW",
        electronic="qualifizierte elektronische Signatur (§ 3a Abs. 2 VwVfG NRW)",
        signatures=1,
        signatures_basis=_BASIS,
        copies=copies,
        copies_for=copies_for,
        parties=tuple(
            data.SheetParty(
                body=body,
                signatories=_signatories(body),
                deputies=("Nora Vertretung, Erste Beigeordnete",) if body == examples.KAMEN else (),
                council="Kreistag" if body == examples.COUNTY else "Rat",
                resolved_on=date(2026, 5, 7),
            )
            for body in examples.BODIES
        ),
        warnings=(
            "§ 24 Abs. 1 GkG NRW: nicht an der amtlichen Quelle geprüft (ob das Gesetz vom "
            "10. Juli 2025 auch § 24 GkG NRW geändert hat, ist nicht geprüft)",
        ),
    )


def signing_sheet_second() -> data.SigningSheetData:
    """The same for two parties who sign electronically."""
    return data.SigningSheetData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 10, 1),
        author=second.BIRKENSTEIN.name,
        project=second.PROJECT,
        agreement_title=second.content().title,
        text=second.text_mark(),
        form="electronic",
        form_basis="§ 24 Abs. 1 GkG NRW",
        signatures=1,
        signatures_basis=_BASIS,
        copies=1,
        copies_for="Jede Beteiligte und die Aufsichtsbehörde erhalten die signierte Datei.",
        parties=tuple(
            data.SheetParty(
                body=reference.body,
                signatories=_signatories(reference.body),
                council=reference.council,
                resolved_on=reference.decided_on,
            )
            for reference in second.resolutions()
        ),
    )


def approval_second() -> data.ApprovalData:
    """The application to the Landrat as authority of the state."""
    return data.ApprovalData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 10, 12),
        author=second.BIRKENSTEIN.name,
        authority=second.LANDRAT,
        sender=second.BIRKENSTEIN,
        parties=second.BODIES,
        performing=second.BIRKENSTEIN,
        agreement_title=second.content().title,
        signed_on=date(2026, 10, 8),
        text=second.text_mark(),
        resolutions=second.resolutions(),
        reasons=(
            "Die Stadt Birkenstein verfügt über eine eingerichtete Vollstreckungsstelle; die "
            "Gemeinde Erlmoor kann die Aufgabe allein nicht wirtschaftlich erfüllen.",
            "Die Kosten werden nach dem Verhältnis der Einwohnerzahlen ohne Gewinn erstattet.",
        ),
        annexes=("Öffentlich-rechtliche Vereinbarung, von beiden Beteiligten unterzeichnet",),
    )


def filing_second() -> data.ApprovalData:
    """The same where the law asks only for a filing."""
    return approval_second().model_copy(update={"variant": "filing"})


def publication_second() -> data.PublicationData:
    """The text for the gazette of the Kreis; the approval is deemed given."""
    return data.PublicationData.model_validate(
        {
            "file_reference": second.REFERENCE,
            "dated_on": date(2026, 11, 16),
            "author": second.LANDRAT.name,
            "authority": second.LANDRAT,
            "approval": "deemed_approved",
            "approved_on": date(2026, 11, 10),
            "effective_on": date(2027, 1, 1),
            "signatures": tuple(
                data.SignedBy(
                    body=body,
                    name=body.head_name,
                    capacity=body.head_title,
                    place=body.seat,
                    signed_on=date(2026, 10, 8),
                )
                for body in second.BODIES
            ),
            **second.text_fields(),
        }
    )


def certificate_request() -> data.CertificateRequestData:
    """Arnsberg has been silent for four weeks."""
    return data.CertificateRequestData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 8, 5),
        author=examples.LEAD.name,
        authority=examples.ARNSBERG,
        sender=examples.LEAD,
        parties=examples.BODIES,
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        applied_on=date(2026, 7, 2),
        received_on=date(2026, 7, 6),
        period_end=date(2026, 8, 3),
        deemed_on=date(2026, 8, 4),
        derivation=(
            "Der Antrag ist eingegangen am Montag, 6. Juli 2026; dieser Tag wird nicht "
            "mitgerechnet (§ 187 Abs. 1 BGB). Die Frist von 4 Wochen endet rechnerisch am Montag, "
            "3. August 2026 (§ 188 Abs. 2 BGB). Grundlage: § 24 Abs. 2 GkG NRW in Verbindung mit "
            "§ 10 Abs. 1 GkG NRW; §§ 187 Abs. 1, 188 Abs. 2, 193 BGB, § 31 VwVfG NRW.",
        ),
    )


def certificate_request_second() -> data.CertificateRequestData:
    """The Landrat has been silent."""
    return data.CertificateRequestData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 11, 11),
        author=second.BIRKENSTEIN.name,
        authority=second.LANDRAT,
        sender=second.BIRKENSTEIN,
        parties=second.BODIES,
        agreement_title=second.content().title,
        text=second.text_mark(),
        applied_on=date(2026, 10, 12),
        received_on=date(2026, 10, 12),
        period_end=date(2026, 11, 9),
        deemed_on=date(2026, 11, 10),
        derivation=(
            "Der Antrag ist eingegangen am Montag, 12. Oktober 2026; dieser Tag wird nicht "
            "mitgerechnet (§ 187 Abs. 1 BGB). Die Frist von 4 Wochen endet rechnerisch am Montag, "
            "9. November 2026 (§ 188 Abs. 2 BGB).",
        ),
    )


def fiction_note() -> data.FictionNoteData:
    """The period ends at Christmas: the holidays move it."""
    return data.FictionNoteData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 12, 29),
        author=examples.LEAD.name,
        authority=examples.ARNSBERG.name,
        authority_basis="§ 29 Abs. 4 GkG NRW",
        lead=examples.LEAD,
        parties=examples.BODIES,
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        legal_basis="§ 24 Abs. 2 GkG NRW",
        applied_on=date(2026, 11, 26),
        received_on=date(2026, 11, 27),
        clocks=(
            data.ClockRow(
                name="Erste Frist",
                starts="Eingang des Antrags am 27. November 2026",
                end=date(2026, 12, 28),
                derivation="Der Antrag ist eingegangen am Freitag, 27. November 2026; dieser Tag "
                "wird nicht mitgerechnet (§ 187 Abs. 1 BGB). Die Frist von 4 Wochen endet "
                "rechnerisch am Freitag, 25. Dezember 2026 (§ 188 Abs. 2 BGB). Dieser Tag ist ein "
                "gesetzlicher Feiertag (Erster Weihnachtstag); die Frist endet daher mit Ablauf "
                "des nächsten Werktages, Montag, 28. Dezember 2026 (§ 31 Abs. 3 VwVfG NRW, "
                "§ 193 BGB).",
            ),
        ),
        result="deemed_approved",
        deemed_on=date(2026, 12, 29),
        reasons=(
            "Die Aufsichtsbehörde hat bis zum Ablauf der ersten Frist nicht mitgeteilt, dass sie "
            "die Genehmigung versagen oder nur nach Änderung der Vereinbarung erteilen wolle.",
        ),
        warnings=(
            "Der Wortlaut lässt offen, wann die zweite Frist beginnt; gerechnet wird ab dem Ende "
            "der ersten.",
        ),
    )


def fiction_note_second() -> data.FictionNoteData:
    """The authority has raised concerns in time and called a meeting: there is no fiction."""
    return data.FictionNoteData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 11, 25),
        author=second.BIRKENSTEIN.name,
        authority=second.LANDRAT.name,
        authority_basis="§ 29 Abs. 4 GkG NRW",
        lead=second.BIRKENSTEIN,
        parties=second.BODIES,
        agreement_title=second.content().title,
        text=second.text_mark(),
        legal_basis="§ 24 Abs. 2 GkG NRW",
        applied_on=date(2026, 10, 12),
        received_on=date(2026, 10, 12),
        objected_on=date(2026, 11, 4),
        meeting_called_on=date(2026, 11, 20),
        clocks=(
            data.ClockRow(
                name="Erste Frist",
                starts="Eingang des Antrags am 12. Oktober 2026",
                end=date(2026, 11, 9),
                derivation="Die Frist von 4 Wochen endet am Montag, 9. November 2026.",
            ),
            data.ClockRow(
                name="Zweite Frist",
                starts="Ende der ersten Frist am 9. November 2026",
                end=date(2026, 12, 7),
                derivation="Die Frist von 4 Wochen endet am Montag, 7. Dezember 2026.",
            ),
        ),
        result="no_fiction",
        reasons=(
            "Die Aufsichtsbehörde hat am 4. November 2026, vor Ablauf der ersten Frist, Bedenken "
            "mitgeteilt.",
            "Sie hat am 20. November 2026, vor Ablauf der zweiten Frist, zur Erörterung "
            "eingeladen.",
        ),
    )


def publication_request() -> data.PublicationRequestData:
    """Arnsberg has approved and is asked to publish."""
    return data.PublicationRequestData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 7, 30),
        author=examples.LEAD.name,
        authority=examples.ARNSBERG,
        sender=examples.LEAD,
        parties=examples.BODIES,
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        approval="approved",
        approved_on=date(2026, 7, 28),
        approval_reference="31.03.02-011",
        annexes=("Bekanntmachungstext", "Ausfertigung der unterzeichneten Vereinbarung"),
    )


def publication_request_second() -> data.PublicationRequestData:
    """The approval is deemed given; the Landrat is asked to publish both."""
    return data.PublicationRequestData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 11, 11),
        author=second.BIRKENSTEIN.name,
        authority=second.LANDRAT,
        sender=second.BIRKENSTEIN,
        parties=second.BODIES,
        agreement_title=second.content().title,
        text=second.text_mark(),
        approval="deemed_approved",
        approved_on=date(2026, 11, 10),
        annexes=("Bekanntmachungstext",),
    )


def publication_notice() -> data.NoticeData:
    """Kamen points to the Amtsblatt of Arnsberg."""
    return data.NoticeData(
        file_reference=examples.REFERENCE,
        dated_on=date(2026, 8, 12),
        author=examples.KAMEN.name,
        body=examples.KAMEN,
        parties=examples.BODIES,
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        approval="approved",
        gazette=examples.ARNSBERG.gazette,
        issue="32",
        page="245",
        published_on=date(2026, 8, 8),
        effective_on=date(2026, 8, 9),
        effective_basis="§ 24 Abs. 4 GkG NRW",
    )


def publication_notice_second() -> data.NoticeData:
    """Erlmoor points to the gazette of the Kreis; page not known, a later day agreed."""
    return data.NoticeData(
        file_reference=second.REFERENCE,
        dated_on=date(2026, 12, 1),
        author=second.ERLMOOR.name,
        body=second.ERLMOOR,
        parties=second.BODIES,
        agreement_title=second.content().title,
        text=second.text_mark(),
        approval="deemed_approved",
        gazette=second.LANDRAT.gazette,
        issue="27/2026",
        published_on=date(2026, 11, 27),
        effective_on=date(2027, 1, 1),
        effective_basis="§ 24 Abs. 4 GkG NRW",
    )


def end_filing() -> data.EndFilingData:
    """One of eleven parties has given notice; the others go on."""
    leaving = examples.BODIES[-1]
    return data.EndFilingData(
        file_reference=examples.REFERENCE,
        dated_on=date(2031, 7, 4),
        author=examples.LEAD.name,
        variant="termination",
        authority=examples.ARNSBERG,
        sender=examples.LEAD,
        parties=examples.BODIES,
        leaving=leaving,
        remaining=tuple(body for body in examples.BODIES if body != leaving),
        agreement_title=examples.content().title,
        text=examples.text_mark(),
        published="Amtsblatt für den Regierungsbezirk Arnsberg, Ausgabe 32 vom 8. August 2026, "
        "Seite 245",
        declared_on=date(2031, 6, 30),
        ends_on=date(2032, 12, 31),
        reasons=(
            "Die Stadt Werne nimmt die Aufgaben künftig selbst wahr. Die Mindestlaufzeit und die "
            "Kündigungsfrist sind eingehalten.",
        ),
        annexes=("Kündigungserklärung", "Beschluss des Rates der Stadt Werne"),
    )


def end_filing_second() -> data.EndFilingData:
    """Two parties repeal their agreement."""
    return data.EndFilingData(
        file_reference=second.REFERENCE,
        dated_on=date(2033, 5, 2),
        author=second.BIRKENSTEIN.name,
        variant="repeal",
        authority=second.LANDRAT,
        sender=second.BIRKENSTEIN,
        parties=second.BODIES,
        agreement_title=second.content().title,
        text=second.text_mark(),
        declared_on=date(2033, 4, 28),
        ends_on=date(2033, 12, 31),
        reasons=("Die Aufgabe geht auf den Kreis Birkental über.",),
        annexes=("Aufhebungsvereinbarung", "Beschlüsse der beiden Räte"),
    )
