"""The signing set: what is needed and there, the print set, the signed copies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import access, clock, confirming_copies, print_set, signed_copies, signing_set
from agreements.documents.pdf import converter
from agreements.documents.signatures.findings import Finding
from agreements.documents.signatures.reports import Signer
from agreements.documents.store import DocumentStore
from agreements.glossary import label
from agreements.model.bodies import Body as BodyRow
from agreements.model.conclusion import SignedCopy
from agreements.model.enums import (
    CopyKind,
    CopyState,
    FindingWeight,
    SignatureForm,
    SigningCapacity,
)
from agreements.model.records import Document
from agreements.queries import bodies as body_queries
from agreements.sights import Sight
from agreements.signed_copies import Upload
from agreements.signing import SATISFIES
from agreements.signing_set import FiledCopy, PartySigning, SigningSet
from api.dependencies import ActorDep, ContentsDep, OnceDep, Reply, SessionDep
from api.rest.conclusion import SignatureView
from api.rest.documents import DocumentView
from api.rest.schemas import BodyRef, Hash, Output
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body, media_type_of

router = APIRouter(prefix="/cases/{reference}/signing", tags=["Abschluss"])


class EntitledView(Output):
    """Wer an diesem Tag für die Körperschaft unterschreiben darf."""

    name: str = Field(examples=["Elke Rappholt"])
    function: str = Field(examples=["Bürgermeisterin"])
    capacity: SigningCapacity
    capacity_label: str = Field(examples=["allgemeine Vertretung"])
    alone: bool = Field(description="darf allein unterschreiben, wo eine Unterschrift genügt")
    basis: str


class FindingView(Output):
    """Was die Prüfung einer Ausfertigung ergeben hat."""

    code: str = Field(examples=["code-unreadable"])
    weight: FindingWeight
    weight_label: str = Field(examples=["zu bestätigen"])
    sentence: str
    sheet: int | None = Field(description="Blatt der Datei")
    page: int | None = Field(description="Seite des Druckexemplars")


class SignerView(Output):
    """Eine elektronische Signatur in der Datei."""

    name: str = Field(examples=["Elke Rappholt"])
    organisation: str | None = Field(examples=["Stadt Kamen"])
    serial: str = Field(description="Seriennummer des Zertifikats, hexadezimal")
    issuer: str = Field(description="wer das Zertifikat ausgestellt hat")
    signed_at: datetime | None
    timestamped: bool = Field(description="der Zeitpunkt stammt aus einem Zeitstempel")
    intact: bool = Field(description="was signiert wurde, ist unverändert")
    covers_all: bool = Field(description="danach kamen höchstens weitere Signaturen hinzu")
    chain: str = Field(description="Prüfung der Zertifikatskette", examples=["not_verified"])
    qualified: bool = Field(description="qualifiziert laut Zertifikat")
    qualified_device: bool = Field(
        description="laut Zertifikat mit qualifizierter Signaturerstellungseinheit"
    )
    seal: bool = Field(description="ein Siegel der Körperschaft statt der Signatur einer Person")
    summary: str = Field(
        examples=["Elke Rappholt (Stadt Kamen), 01.06.2026 12:00 Uhr, qualifiziert laut Zertifikat"]
    )


class CopyView(Output):
    """Eine unterschriebene Ausfertigung; die Datei liegt unter /documents/{id}/content."""

    document: DocumentView
    kind: CopyKind
    kind_label: str = Field(examples=["Scan der unterschriebenen Papierfassung"])
    state: CopyState
    state_label: str = Field(examples=["geprüft"])
    findings: list[FindingView]
    signers: list[SignerView]
    filed_at: datetime
    confirmed_at: datetime | None
    confirmed_because: str | None


class PartyView(Output):
    """Was von einer Beteiligten nötig ist und was vorliegt, soweit es einen angeht."""

    body: BodyRef
    signatures_needed: int
    may_sign: list[EntitledView]
    signature: SignatureView | None
    copies: list[CopyView]
    missing: list[str] = Field(examples=[["Die Unterschrift ist zu erfassen."]])


class RequiredFormView(Output):
    """Welche Form das Recht an diesem Tag verlangt."""

    allowed: list[SignatureForm]
    allowed_labels: list[str] = Field(examples=[["Schriftform", "qualifiziert elektronisch"]])
    basis: str = Field(examples=["§ 24 Abs. 1 GkG NRW"])
    verified: bool = Field(description="an der amtlichen Quelle geprüft")
    note: str | None
    signatures_needed: int
    signatures_basis: str
    signatures_verified: bool | None = Field(description="null: keine eigene Regel hinterlegt")
    signatures_note: str | None


class ObjectionView(Output):
    """Was der Unterzeichnung entgegensteht."""

    code: str = Field(examples=["nobody-may-sign"])
    body: BodyRef | None = Field(description="wen es betrifft; null: alle")
    sentence: str


class SigningView(Output):
    """Die Unterzeichnung, wie sie an diesem Tag stünde."""

    on: date
    text_hash: Hash | None
    required: RequiredFormView | None = Field(description="null: keine Regel hinterlegt")
    print_set: DocumentView | None
    parties: list[PartyView]
    objections: list[ObjectionView]


_CHAIN: Final = {
    "trusted": "Herkunft geprüft",
    "not_trusted": "Herkunft nicht anerkannt",
    "not_verified": "Herkunft nicht geprüft",
}


def _signer(signer: Signer) -> SignerView:
    who = signer.name + (f" ({signer.organisation})" if signer.organisation else "")
    when = ""
    if signer.signed_at is not None:
        local = signer.signed_at.astimezone(clock.BERLIN)
        source = "laut Zeitstempel" if signer.timestamped else "nach eigener Uhr"
        when = f", {local:%d.%m.%Y %H:%M} Uhr {source}"
    rank = "qualifiziert laut Zertifikat" if signer.qualified else "nicht als qualifiziert benannt"
    return SignerView(
        **signer.model_dump(exclude={"field", "chain"}),
        chain=signer.chain.value,
        summary=f"{who}{when}, {rank}, {_CHAIN[signer.chain.value]}",
    )


def _copy(copy: SignedCopy, document: Document, bodies: dict[UUID, BodyRow]) -> CopyView:
    findings = [Finding.model_validate(entry) for entry in copy.findings]
    return CopyView(
        document=DocumentView.of(document, bodies),
        kind=copy.kind,
        kind_label=label(copy.kind),
        state=copy.state,
        state_label=label(copy.state),
        findings=[
            FindingView(**finding.model_dump(), weight_label=label(finding.weight))
            for finding in findings
        ],
        signers=[_signer(Signer.model_validate(entry)) for entry in copy.signers],
        filed_at=copy.filed_at,
        confirmed_at=copy.confirmed_at,
        confirmed_because=copy.confirmed_because,
    )


def _party(party: PartySigning, sight: Sight, bodies: dict[UUID, BodyRow]) -> PartyView:
    visible = sight.concerns(party.body.id)
    signature = party.signature if visible else None
    copies: list[FiledCopy] = list(party.copies) if visible else []
    return PartyView(
        body=BodyRef.of(party.body),
        signatures_needed=party.needed,
        may_sign=[
            EntitledView(
                name=person.name,
                function=person.function,
                capacity=person.capacity,
                capacity_label=label(person.capacity),
                alone=person.alone,
                basis=person.basis,
            )
            for person in party.entitled
        ],
        signature=SignatureView.of(signature, party.body) if signature is not None else None,
        copies=[_copy(filed.copy, filed.document, bodies) for filed in copies],
        missing=list(party.missing) if visible else [],
    )


def _required(found: SigningSet) -> RequiredFormView | None:
    required = found.required
    if required is None:
        return None
    allowed, rule = SATISFIES[required.kind], required.signatures
    return RequiredFormView(
        allowed=list(allowed),
        allowed_labels=[label(form) for form in allowed],
        basis=required.basis,
        verified=required.verified,
        note=required.note,
        signatures_needed=required.signatures_needed,
        signatures_basis=required.signatures_basis,
        signatures_verified=rule.verified if rule is not None else None,
        signatures_note=rule.note if rule is not None else None,
    )


@router.get("", summary="Was zur Unterzeichnung nötig ist, was vorliegt, was entgegensteht")
def signing(
    found: ContentsDep,
    on: Annotated[
        date | None, Query(description="Tag der Unterzeichnung; ohne Angabe heute")
    ] = None,
    form: Annotated[
        SignatureForm | None, Query(description="vorgesehene Form; ohne Angabe die verlangte")
    ] = None,
) -> SigningView:
    day = on or clock.today()
    stand = signing_set.overview(found.session, found.case, day, form)
    bodies = {party.body.id: party.body for party in stand.parties}
    return SigningView(
        on=day,
        text_hash=stand.text_hash,
        required=_required(stand),
        print_set=DocumentView.of(stand.print_set, bodies) if stand.print_set else None,
        parties=[_party(party, found.sight, bodies) for party in stand.parties],
        objections=[
            ObjectionView(
                code=objection.code,
                body=BodyRef.of(objection.body) if objection.body is not None else None,
                sentence=objection.sentence,
            )
            for objection in stand.objections
        ],
    )


@router.post(
    "/print-set",
    summary="Das Druckexemplar zur Unterzeichnung erstellen",
    status_code=201,
    response_model=DocumentView,
)
def make_print_set(found: ContentsDep, request: Request, once: OnceDep) -> JSONResponse:
    def work() -> Reply:
        store = DocumentStore(request.app.state.settings.documents)
        made = print_set.make_print_set(
            found.session, found.actor, found.case, store, converter().convert
        )
        return Reply(DocumentView.of(made, {}), 201)

    return once.run(work)


OfParty = Annotated[
    str,
    Query(
        alias="body",
        pattern=r"^(\d{5}|\d{8})$",
        description="AGS der Körperschaft, deren Ausfertigung es ist",
        examples=["05978020"],
    ),
]
_CONFIRMED = {
    "Angesehen": {
        "value": {
            "reason": "Blatt 2 mit dem Druckexemplar verglichen: wortgleich, nur der Rand ist "
            "abgerissen."
        }
    }
}


@router.post(
    "/copies",
    summary="Eine unterschriebene Ausfertigung prüfen und ablegen",
    status_code=201,
    response_model=CopyView,
    dependencies=[LimitedLength],
    openapi_extra=file_body(signed_copies.SCANS),
)
def file_copy(
    found: ContentsDep,
    request: Request,
    once: OnceDep,
    content: FileContent,
    file_name: FileName,
    body: OfParty,
    kind: Annotated[
        CopyKind, Query(description="Scan oder elektronisch signiertes Druckexemplar")
    ] = CopyKind.SCAN,
) -> JSONResponse:
    def work() -> Reply:
        settings = request.app.state.settings
        party = body_queries.body(found.session, body)
        copy = signed_copies.file_copy(
            found.session,
            found.actor,
            found.case,
            party,
            Upload(kind, content, media_type_of(request), file_name),
            DocumentStore(settings.documents),
            settings.signature_trust_dir,
        )
        document = found.session.get_one(Document, copy.document_id)
        return Reply(_copy(copy, document, {party.id: party}), 201)

    return once.run(work)


@router.post(
    "/copies/{document_id}/confirmation",
    summary="Eine Ausfertigung bestätigen, die eine zweite Person angesehen hat",
    response_model=CopyView,
)
def confirm_copy(
    reference: str,
    document_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[confirming_copies.ConfirmCopy, Body(openapi_examples=_CONFIRMED)],
) -> JSONResponse:
    def work() -> Reply:
        case, sight = access.visible_case(session, actor, reference, lock=True)
        sight.require_contents()
        copy = confirming_copies.confirm_copy(session, actor, case, document_id, wanted)
        document = session.get_one(Document, copy.document_id)
        party = session.get_one(BodyRow, copy.body_id)
        return Reply(_copy(copy, document, {party.id: party}))

    return once.run(work)
