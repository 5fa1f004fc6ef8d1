"""The certificate of the Genehmigungsfiktion, and the note that computes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import select

from agreements.documents import data
from agreements.documents.filters import datum
from agreements.dossier.asked import Particulars
from agreements.dossier.letters import authority_of
from agreements.dossier.material import Material, agreement_of, mark_of
from agreements.errors import Refusal, StepFailure
from agreements.law.fiction import Fiction, FictionResult, Silence, fiction
from agreements.law.rules import clock_rule, law_of
from agreements.law.tables import RequirementKind
from agreements.model.cases import Party
from agreements.model.conclusion import Approval
from agreements.model.enums import AuthorityAnswer, PartyRole, VersionKind


class FictionParticulars(Particulars):
    """Vermerk zur Genehmigungsfiktion: was die Aufsichtsbehörde inzwischen mitgeteilt hat."""

    objected_on: date | None = Field(
        default=None,
        description="Tag, an dem sie mitgeteilt hat, dass sie die Genehmigung versagen oder nur "
        "nach Änderung erteilen wolle",
    )
    meeting_called_on: date | None = Field(
        default=None, description="Tag, an dem sie zur Erörterung eingeladen hat"
    )


def ready(look: Material, party: Party | None) -> None:
    """The clock runs from the receipt of an application, until the authority has decided."""
    _received(look)


def fiction_note(
    look: Material, party: Party | None, given: FictionParticulars
) -> data.FictionNoteData:
    """Receipt, both clocks, result, each with its derivation."""
    row, applied_on, received_on = _received(look)
    _check_days(given, received_on)
    found = _fiction(look, given, received_on)
    version = look.frozen(VersionKind.AGREEMENT)
    lead = look.holder(PartyRole.LEAD)
    return data.FictionNoteData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=lead.name,
        authority=row.authority,
        authority_basis=row.authority_basis,
        lead=lead,
        parties=look.forms,
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        legal_basis=row.requirement_basis,
        applied_on=applied_on,
        received_on=received_on,
        objected_on=given.objected_on,
        meeting_called_on=given.meeting_called_on,
        clocks=tuple(_clocks(found, received_on)),
        result=found.result.value,
        deemed_on=found.deemed_on,
        reasons=found.reasons,
        warnings=tuple(_warnings(look, received_on)),
    )


def certificate_request(
    look: Material, party: Party | None, given: Particulars
) -> data.CertificateRequestData:
    """The letter that asks for the certificate (§ 42a Abs. 3 VwVfG NRW)."""
    _, applied_on, received_on = _received(look)
    silent = FictionParticulars(dated_on=given.dated_on)
    found = _fiction(look, silent, received_on)
    if found.result is not FictionResult.DEEMED_APPROVED or found.deemed_on is None:
        raise Refusal(
            "clock-running",
            "Die Genehmigung gilt noch nicht als erteilt: Die Frist endet mit Ablauf des "
            f"{datum(found.first.end)}.",
            "dated_on",
            f"ein Tag nach dem {datum(found.first.end)}",
        )
    version = look.frozen(VersionKind.AGREEMENT)
    lead = look.holder(PartyRole.LEAD)
    return data.CertificateRequestData(
        file_reference=look.case.reference,
        dated_on=given.dated_on,
        author=lead.name,
        authority=authority_of(look, received_on),
        sender=lead,
        parties=look.forms,
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        applied_on=applied_on,
        received_on=received_on,
        period_end=found.first.end,
        deemed_on=found.deemed_on,
        derivation=(found.first.derivation,),
    )


def _received(look: Material) -> tuple[Approval, date, date]:
    """The application that waits for the authority: row, day of it, day of its receipt."""
    row = look.session.scalar(
        select(Approval).where(Approval.case_id == look.case.id).order_by(Approval.id.desc())
    )
    if row is None or row.applied_on is None or row.received_on is None:
        raise StepFailure(
            "Der Eingang des Antrags bei der Aufsichtsbehörde fehlt. Bitte im Schritt "
            "„Aufsichtsbehörde“ erfassen."
        )
    if row.requirement != RequirementKind.APPROVAL.value:
        raise Refusal(
            "no-approval-needed", f"Eine Genehmigung ist nicht nötig ({row.requirement_basis})."
        )
    if row.answer in (AuthorityAnswer.APPROVED, AuthorityAnswer.REFUSED):
        raise Refusal(
            "authority-has-decided",
            f"{row.authority} hat entschieden; eine Genehmigungsfiktion kommt nicht in Betracht.",
        )
    return row, row.applied_on, row.received_on


def _check_days(given: FictionParticulars, received_on: date) -> None:
    days = (("objected_on", given.objected_on), ("meeting_called_on", given.meeting_called_on))
    for field, day in days:
        if day is not None and not received_on <= day <= given.dated_on:
            raise Refusal(
                "day-out-of-range",
                f"Der Tag {day:%d.%m.%Y} liegt nicht zwischen dem Eingang des Antrags und dem "
                "Datum des Vermerks.",
                field,
                f"{received_on.isoformat()} bis {given.dated_on.isoformat()}",
            )


def _fiction(look: Material, given: FictionParticulars, received_on: date) -> Fiction:
    known = Silence(received_on, given.objected_on, given.meeting_called_on)
    law = law_of(look.case.land, received_on)
    return fiction(law, look.case.instrument, known, given.dated_on)


def _clocks(found: Fiction, received_on: date) -> Iterator[data.ClockRow]:
    yield data.ClockRow(
        name="Erste Frist",
        starts=f"Eingang des Antrags am {datum(received_on)}",
        end=found.first.end,
        derivation=found.first.derivation,
    )
    if found.second is not None:
        yield data.ClockRow(
            name="Zweite Frist",
            starts=f"Ende der ersten Frist am {datum(found.first.end)}",
            end=found.second.end,
            derivation=found.second.derivation,
        )


def _warnings(look: Material, on: date) -> Iterator[str]:
    rule = clock_rule(law_of(look.case.land, on), look.case.instrument)
    if not rule.verified:
        yield f"{rule.basis}: nicht an der amtlichen Quelle geprüft"
    if rule.note:
        yield f"{rule.note[0].upper()}{rule.note[1:]}."
