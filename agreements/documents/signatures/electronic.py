"""Verifying electronic signatures in a PDF against the print set. Runs in a child process.

No network: neither revocation lists nor intermediate certificates are fetched. The signed file
has to begin with the bytes of the stored print set, and nothing but signatures may have come
after them.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import pypdfium2
from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.qualified_asn1 import get_qc_statements
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    FormUpdatingRule,
    ModificationLevel,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from agreements.documents.signatures.findings import Finding
from agreements.documents.signatures.limits import Unacceptable
from agreements.documents.signatures.pdfs import opened
from agreements.documents.signatures.reports import Chain, ElectronicReport, Signer
from agreements.model.enums import FindingWeight

_MAX_SIGNATURES: Final = 60
# The print set has an empty form; the first signature sets its flags.
_FORM_RULE: Final = DEFAULT_DIFF_POLICY.form_rule
assert _FORM_RULE is not None, "the default policy looks at forms"
_SINCE_PRINT_SET: Final = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=_FORM_RULE.field_rules,
        ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)
_ENDINGS: Final = frozenset((".pem", ".crt", ".cer", ".der"))


def verify(
    content: bytes, print_set: bytes, trust_folder: str | None, now: datetime
) -> ElectronicReport:
    """What the signatures are worth. Unacceptable: the file is not looked at."""
    opened(content).close()
    anchors = trust_anchors(Path(trust_folder)) if trust_folder else []
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        signatures = reader.embedded_regular_signatures
        if len(signatures) > _MAX_SIGNATURES:
            raise Unacceptable("too-many-signatures", "Die Datei enthält zu viele Signaturen.")
        checked = [_signer(signature, anchors, now) for signature in signatures]
        version = list(_version(reader, content, print_set))
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise Unacceptable(
            "signatures-broken",
            "Die Signaturen der Datei lassen sich nicht lesen. Bitte die signierte Datei "
            "unverändert hochladen, nicht gedruckt oder neu gespeichert.",
        ) from error
    findings = [f for signer, found in checked for f in found]
    if not checked:
        findings.append(
            _finding(
                FindingWeight.REFUSE, "not-signed", "Die Datei trägt keine elektronische Signatur."
            )
        )
    return ElectronicReport(
        signers=tuple(signer for signer, _ in checked), findings=(*version, *findings)
    )


def trust_anchors(folder: Path) -> list[x509.Certificate]:
    """The certificates in a folder, PEM or DER; Unacceptable if one cannot be read."""
    found: list[x509.Certificate] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _ENDINGS:
            continue
        data = path.read_bytes()
        try:
            if pem.detect(data):
                found += [
                    x509.Certificate.load(der) for _, _, der in pem.unarmor(data, multiple=True)
                ]
            else:
                found.append(x509.Certificate.load(data))
            _ = [certificate.subject.native for certificate in found]
        except (ValueError, TypeError):
            raise Unacceptable(
                "trust-anchor-broken",
                f"Das hinterlegte Zertifikat {path.name} lässt sich nicht lesen. Bitte wenden Sie "
                "sich an die Administration.",
            ) from None
    return found


def _signer(
    signature: EmbeddedPdfSignature, anchors: list[x509.Certificate], now: datetime
) -> tuple[Signer, list[Finding]]:
    # Judged at the time of signing: a certificate that has expired since was good then.
    moment = min(now, signature.self_reported_timestamp or now)
    context = ValidationContext(
        trust_roots=anchors,
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
    )
    status = validate_pdf_signature(signature, context, context)
    certificate = status.signing_cert
    stamped = _stamped(status, anchors)
    compliant, device, seal = _qualification(certificate)
    subject = certificate.subject.native
    signer = Signer(
        name=str(subject.get("common_name") or certificate.subject.human_friendly),
        organisation=_text(subject.get("organization_name")),
        serial=f"{certificate.serial_number:X}",
        issuer=str(
            certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly
        ),
        signed_at=stamped or status.signer_reported_dt,
        timestamped=stamped is not None,
        intact=status.intact and status.valid,
        covers_all=_covers_all(status),
        chain=_chain(status, anchors),
        qualified=compliant,
        qualified_device=device,
        seal=seal,
        field=signature.field_name,
    )
    return signer, [*_findings(signer, status), *_on_time(signer, status, now)]


def _stamped(status: PdfSignatureStatus, anchors: list[x509.Certificate]) -> datetime | None:
    """The time by a time stamp; one that leads to no configured anchor proves nothing."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact and (stamp.trusted or not anchors)):
        return None
    return stamp.timestamp


def _text(value: object) -> str | None:
    return str(value) if value else None


def _covers_all(status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    return whole and level is not None and level <= ModificationLevel.FORM_FILLING


def _chain(status: PdfSignatureStatus, anchors: list[x509.Certificate]) -> Chain:
    if not anchors:
        return Chain.NOT_VERIFIED
    return Chain.TRUSTED if status.trusted else Chain.NOT_TRUSTED


def _qualification(certificate: x509.Certificate) -> tuple[bool, bool, bool]:
    """What the certificate claims: qualified, on a qualified device, a seal (EN 319 412-5)."""
    compliant = device = seal = False
    with suppress(ValueError, TypeError):
        for statement in get_qc_statements(certificate):
            kind = statement["statement_id"].native
            compliant = compliant or kind == "qc_compliance"
            device = device or kind == "qc_sscd"
            if kind == "qc_type":
                seal = "qct_eseal" in statement["statement_info"].native
    return compliant, device, seal


def _findings(signer: Signer, status: PdfSignatureStatus) -> Iterator[Finding]:
    who = f"Signatur von {signer.name}"
    if not signer.intact:
        yield _finding(
            FindingWeight.REFUSE,
            "signature-broken",
            f"{who}: Der signierte Inhalt wurde nachträglich verändert, oder die Signatur ist "
            "ungültig.",
        )
    elif status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield _finding(
            FindingWeight.REFUSE,
            "signature-covers-part",
            f"{who}: Sie umfasst nur einen Teil der Datei.",
        )
    elif not signer.covers_all:
        yield _finding(
            FindingWeight.REFUSE,
            "changed-after-signing",
            f"{who}: Nach dem Signieren wurde die Datei verändert (nicht nur weiter signiert).",
        )
    yield from _on_chain(signer, who, status)
    if not (signer.qualified and signer.qualified_device):
        yield _finding(
            FindingWeight.CONFIRM,
            "not-qualified",
            f"{who}: Das Zertifikat bezeichnet sich nicht als qualifiziert. Eine zweite Person "
            "muss prüfen, ob es eine qualifizierte elektronische Signatur ist.",
        )


def _on_time(signer: Signer, status: PdfSignatureStatus, now: datetime) -> Iterator[Finding]:
    if signer.timestamped:
        return
    ends = status.signing_cert["tbs_certificate"]["validity"]["not_after"].native
    who = f"Signatur von {signer.name}"
    if ends < now:
        yield _finding(
            FindingWeight.CONFIRM,
            "time-not-proven",
            f"{who}: Das Zertifikat ist am {ends:%d.%m.%Y} abgelaufen, und der Zeitpunkt der "
            "Signatur ist durch keinen Zeitstempel belegt. Eine zweite Person muss ihn prüfen.",
        )
    else:
        yield _finding(
            FindingWeight.NOTE,
            "time-not-stamped",
            f"{who}: Der Zeitpunkt stammt von der Uhr des Unterzeichnenden, nicht aus einem "
            "Zeitstempel.",
        )
    if signer.signed_at is not None and signer.signed_at > now:
        yield _finding(
            FindingWeight.REFUSE, "signed-in-future", f"{who}: Der Zeitpunkt liegt in der Zukunft."
        )


def _on_chain(signer: Signer, who: str, status: PdfSignatureStatus) -> Iterator[Finding]:
    if status.revoked:
        yield _finding(
            FindingWeight.REFUSE, "certificate-revoked", f"{who}: Das Zertifikat ist gesperrt."
        )
    if signer.chain is Chain.NOT_VERIFIED:
        yield _finding(
            FindingWeight.CONFIRM,
            "chain-not-verified",
            f"{who}: Die Herkunft des Zertifikats wurde nicht geprüft, weil keine "
            "Vertrauensanker hinterlegt sind. Eine zweite Person muss sie prüfen, etwa mit einem "
            "Prüfdienst.",
        )
    certificate = status.signing_cert
    validity = certificate["tbs_certificate"]["validity"]
    on = signer.signed_at
    if on is not None and not (validity["not_before"].native <= on <= validity["not_after"].native):
        yield _finding(
            FindingWeight.REFUSE,
            "certificate-not-valid-then",
            f"{who}: Das Zertifikat war am {on:%d.%m.%Y} nicht gültig.",
        )
    elif signer.chain is Chain.NOT_TRUSTED:
        yield _finding(
            FindingWeight.CONFIRM,
            "chain-not-trusted",
            f"{who}: Das Zertifikat führt zu keinem hinterlegten Vertrauensanker. Eine zweite "
            "Person muss seine Herkunft prüfen.",
        )


def _version(reader: PdfFileReader, content: bytes, print_set: bytes) -> Iterator[Finding]:
    """Whether the file is the print set with nothing but signatures added."""
    if not content.startswith(print_set.rstrip()):
        yield _finding(
            FindingWeight.REFUSE,
            "not-the-print-set",
            "Die Datei beruht nicht unverändert auf dem Druckexemplar dieser Textfassung. Bitte "
            "das Druckexemplar herunterladen und genau diese Datei signieren.",
        )
        return
    base = PdfFileReader(io.BytesIO(print_set), strict=False).xrefs.total_revisions - 1
    if reader.xrefs.total_revisions - 1 <= base:
        return
    if _level_since(reader, base) <= ModificationLevel.FORM_FILLING:
        return
    if _looks_the_same(content, print_set):
        yield _finding(
            FindingWeight.CONFIRM,
            "print-set-amended",
            "Dem Druckexemplar wurde mehr hinzugefügt als Signaturen, etwa Anmerkungen. Eine "
            "zweite Person muss die Datei ansehen und bestätigen.",
        )
    else:
        yield _finding(
            FindingWeight.REFUSE,
            "print-set-changed",
            "Der Inhalt des Druckexemplars wurde vor oder zwischen den Signaturen verändert. "
            "Bitte das Druckexemplar neu herunterladen und unverändert signieren.",
        )


def _level_since(reader: PdfFileReader, base: int) -> ModificationLevel:
    result = _SINCE_PRINT_SET.review_file(reader, base)
    if isinstance(result, SuspiciousModification):
        return ModificationLevel.OTHER
    return result.modification_level


def _looks_the_same(content: bytes, print_set: bytes) -> bool:
    """Whether all pages show the same, annotations and signatures aside."""
    return _looks(content) == _looks(print_set)


def _looks(content: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [_look(page) for page in document]
    finally:
        document.close()


def _look(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    image = page.render(scale=min(2.0, 3000 / max(width, height)), draw_annots=False)
    return hashlib.sha256(image.to_pil().tobytes()).digest()


def _finding(weight: FindingWeight, code: str, sentence: str) -> Finding:
    return Finding(code=code, weight=weight, sentence=sentence)
