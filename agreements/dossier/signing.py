"""The copies that the parties sign, and the sheet that goes round with them.

The form is that of (instrument, day): by the law of the day of signing, wet ink where nobody has
asked for an electronic form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import Field

from agreements import signatories
from agreements.documents import data
from agreements.documents.data.signing import SigningForm
from agreements.dossier.agreement import text_fields_of
from agreements.dossier.asked import Particulars
from agreements.dossier.jobs import DocumentJob
from agreements.dossier.material import (
    Material,
    agreement_of,
    forms_of,
    mark_of,
    resolutions_of_all,
)
from agreements.errors import Refusal
from agreements.law.rules import FormRequirement, form_required, law_of, supervisory_requirement
from agreements.law.tables import FormKind, RequirementKind
from agreements.model.cases import Party
from agreements.model.enums import PartyRole, Round, SignatureForm, VersionKind
from agreements.signatories import Entitled
from agreements.wording import texts_of

_FORMS: Final[dict[SignatureForm, SigningForm]] = {
    SignatureForm.WRITTEN: "written",
    SignatureForm.QUALIFIED_ELECTRONIC: "electronic",
    SignatureForm.TEXT: "text",
}
_ELECTRONIC: Final = "qualifizierte elektronische Signatur (§ 126a BGB)"
_ANOTHER: Final = data.Signatory(capacity="weitere vertretungsberechtigte Person")


class SigningParticulars(Particulars):
    """Ausfertigung oder Laufblatt. ``dated_on`` ist der Tag, nach dem sich die Form richtet."""

    form: SignatureForm | None = Field(
        default=None, description="ohne Angabe die Form, die das Recht an diesem Tag verlangt"
    )
    copies: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="ohne Angabe je Beteiligte eine und eine für die Aufsichtsbehörde",
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """How the agreement is signed on a day."""

    on: date
    form: SigningForm
    required: FormRequirement
    copies: int
    copies_for: str


def due_set(look: Material, job: DocumentJob) -> data.SigningData:
    """The copies that the stage of signing begins with."""
    return _set(look, _terms(look, SigningParticulars(dated_on=look.legal_day)))


def due_sheet(look: Material, job: DocumentJob) -> data.SigningSheetData:
    """The sheet that goes round with them."""
    return _sheet(look, _terms(look, SigningParticulars(dated_on=look.legal_day)))


def ordered_set(look: Material, party: Party | None, given: SigningParticulars) -> data.SigningData:
    """Copies of another day, in another form or number."""
    ready(look, party)
    return _set(look, _terms(look, given))


def ordered_sheet(
    look: Material, party: Party | None, given: SigningParticulars
) -> data.SigningSheetData:
    """The sheet for such copies."""
    ready(look, party)
    return _sheet(look, _terms(look, given))


def ready(look: Material, party: Party | None) -> None:
    """Nobody signs before all have resolved the text: what is signed could not be valid."""
    version = look.frozen(VersionKind.AGREEMENT)
    resolutions_of_all(look, Round.AGREEMENT, version.text_hash)


def _terms(look: Material, given: SigningParticulars) -> _Terms:
    law = law_of(look.case.land, given.dated_on)
    required = form_required(law, look.case.instrument, given.dated_on)
    form = _form(required, given.form)
    supervised = supervisory_requirement(law, look.case.instrument).kind is not RequirementKind.NONE
    copies, copies_for = _copies(len(look.parties), form, supervised, given.copies)
    return _Terms(given.dated_on, form, required, copies, copies_for)


def _form(required: FormRequirement, wanted: SignatureForm | None) -> SigningForm:
    if wanted is None:
        return "written" if required.kind is FormKind.WRITTEN else "text"
    if required.kind is FormKind.WRITTEN and wanted is SignatureForm.TEXT:
        raise Refusal(
            "wrong-form",
            f"Die Textform genügt nicht: {required.basis} verlangt Schriftform.",
            "form",
            "written oder qualified_electronic",
        )
    return _FORMS[wanted]


def _copies(
    parties: int, form: SigningForm, supervised: bool, wanted: int | None
) -> tuple[int, str]:
    whom = "Jede Beteiligte und die Aufsichtsbehörde erhalten" if supervised else "Alle erhalten"
    if form != "written" and wanted is None:
        file = "signierte Datei" if form == "electronic" else "Erklärungen aller"
        return 1, f"{whom} die {file}."
    usual = parties + 1 if supervised else parties
    if wanted is not None and wanted != usual:
        return wanted, "Ihre Verteilung legen die Beteiligten fest."
    return usual, f"{whom} je eine Ausfertigung."


def _set(look: Material, terms: _Terms) -> data.SigningData:
    version = look.frozen(VersionKind.AGREEMENT)
    fields = text_fields_of(look, version)
    designations = {party.name: party.designation for party in agreement_of(version).parties}
    return data.SigningData.model_validate(
        {
            "file_reference": look.case.reference,
            "dated_on": terms.on,
            "author": look.holder(PartyRole.LEAD).name,
            "instrument": texts_of(look.case, version).form,
            "form": terms.form,
            "form_basis": terms.required.basis,
            "electronic": terms.required.electronic or _ELECTRONIC,
            "copies": terms.copies,
            "copies_for": terms.copies_for,
            "signing": tuple(
                data.SigningParty(
                    forms=forms_of(party.body),
                    designation=designations.get(party.body.forms["name"], ""),
                    signatories=_signatories(entitled, terms.required.signatures_needed),
                )
                for party, entitled in _entitled(look, terms.on)
            ),
            **fields,
        }
    )


def _sheet(look: Material, terms: _Terms) -> data.SigningSheetData:
    version = look.frozen(VersionKind.AGREEMENT)
    resolved = {
        reference.body.name: reference
        for reference in resolutions_of_all(look, Round.AGREEMENT, version.text_hash)
    }
    return data.SigningSheetData(
        file_reference=look.case.reference,
        dated_on=terms.on,
        author=look.holder(PartyRole.LEAD).name,
        project=look.case.title,
        agreement_title=agreement_of(version).title,
        text=mark_of(version),
        form=terms.form,
        form_basis=terms.required.basis,
        electronic=terms.required.electronic or "",
        signatures=terms.required.signatures_needed,
        signatures_basis=terms.required.signatures_basis,
        copies=terms.copies,
        copies_for=terms.copies_for,
        parties=tuple(
            _sheet_party(party, entitled, terms.required, resolved[party.body.forms["name"]])
            for party, entitled in _entitled(look, terms.on)
        ),
        warnings=tuple(_warnings(terms.required)),
    )


def _sheet_party(
    party: Party,
    entitled: Sequence[Entitled],
    required: FormRequirement,
    resolved: data.ResolutionReference,
) -> data.SheetParty:
    signing = _signatories(entitled, required.signatures_needed)
    names = {signatory.name for signatory in signing}
    return data.SheetParty(
        body=forms_of(party.body),
        signatories=signing,
        deputies=tuple(str(person) for person in entitled if person.name not in names),
        council=resolved.council,
        resolved_on=resolved.decided_on,
    )


def _entitled(look: Material, on: date) -> Iterator[tuple[Party, list[Entitled]]]:
    """Who may sign for each party on the day, in the parties' order."""
    found = signatories.registers(look.session, [party.body_id for party in look.parties])
    for party in look.parties:
        yield party, signatories.entitled_on(found[party.body_id], party.body, on)


def _signatories(entitled: Sequence[Entitled], needed: int) -> tuple[data.Signatory, ...]:
    """Lines for those who sign; without a name where it is not known who can."""
    first = next((person for person in entitled if person.leads), next(iter(entitled), None))
    if first is None:
        return (
            data.Signatory(capacity="vertretungsberechtigte Person"),
            *[_ANOTHER] * (needed - 1),
        )
    if signatories.enough([first], needed):
        return (_line(first),)
    others = (person for person in entitled if person is not first)
    second = next((p for p in others if signatories.enough([first, p], needed)), None)
    return _line(first), _line(second) if second else _ANOTHER


def _line(person: Entitled) -> data.Signatory:
    return data.Signatory(name=person.name, capacity=person.function)


def _warnings(required: FormRequirement) -> Iterator[str]:
    rules = (
        (required.basis, required.verified, required.note),
        *(
            [(required.signatures.basis, required.signatures.verified, required.signatures.note)]
            if required.signatures
            else []
        ),
    )
    for basis, verified, note in rules:
        if not verified:
            yield f"{basis}: nicht an der amtlichen Quelle geprüft" + (f" ({note})" if note else "")
