"""Electronic signatures: who, when, intact, of which version; with an authority of our own."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from agreements import clock
from agreements.documents.signatures.child import verify
from agreements.documents.signatures.electronic import trust_anchors
from agreements.documents.signatures.limits import Unacceptable
from agreements.documents.signatures.reports import Chain, ElectronicReport
from tests.agreements.documents.signatures.certificates import (
    NOW,
    authority,
    person,
    sign,
    trust,
)
from tests.agreements.documents.signatures.papers import (
    OTHER_TEXT,
    codes,
    encrypted,
    print_set,
    text_pdf,
)

PRINT = print_set(3)
ELKE = person("Elke Rappholt")
BERND = person("Bernd Osthues")


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return trust(tmp_path / "anker", authority())


def report(content: bytes, folder: Path | None) -> ElectronicReport:
    """The report on a file; signatures of now were made some seconds ago."""
    with clock.fixed(clock.now()):
        return verify(content, PRINT, folder)


def test_a_qualified_signature_with_a_time_stamp_is_fine(trusted: Path) -> None:
    found = report(sign(PRINT, ELKE, stamped=True), trusted)
    [signer] = found.signers
    assert (signer.name, signer.organisation) == ("Elke Rappholt", "Stadt Kamen")
    assert signer.issuer == "Muster Trust CA"
    assert signer.serial == f"{ELKE.certificate.serial_number:X}"
    assert (signer.timestamped, signer.signed_at) == (True, NOW)
    assert (signer.intact, signer.covers_all, signer.chain) == (True, True, Chain.TRUSTED)
    assert (signer.qualified, signer.qualified_device, signer.seal) == (True, True, False)
    assert codes(found.findings) == []


def test_two_sign_one_after_the_other(trusted: Path) -> None:
    once = sign(PRINT, ELKE)
    found = report(sign(once, BERND, "Unterschrift2"), trusted)
    assert [signer.name for signer in found.signers] == ["Elke Rappholt", "Bernd Osthues"]
    assert all(signer.intact and signer.covers_all for signer in found.signers)
    assert codes(found.findings) == ["time-not-stamped"] * 2


def test_without_trust_anchors_it_says_that_the_chain_was_not_verified() -> None:
    found = report(sign(PRINT, ELKE, stamped=True), None)
    assert found.signers[0].chain is Chain.NOT_VERIFIED
    [finding] = [f for f in found.findings if f.code == "chain-not-verified"]
    assert finding.weight == "confirm"
    assert "nicht geprüft" in finding.sentence


def test_a_foreign_authority_is_not_trusted(tmp_path: Path) -> None:
    folder = trust(tmp_path / "fremd", authority("Fremde CA"))
    found = report(sign(PRINT, ELKE), folder)
    assert found.signers[0].chain is Chain.NOT_TRUSTED
    assert "chain-not-trusted" in codes(found.findings)


def test_what_the_certificate_does_not_claim_is_said(trusted: Path) -> None:
    found = report(sign(PRINT, person("Otto Einfach", qualified=False), stamped=True), trusted)
    assert not found.signers[0].qualified
    assert codes(found.findings) == ["not-qualified"]


def test_a_certificate_that_had_expired_is_refused(trusted: Path) -> None:
    old = person("Anna Abgelaufen", until=clock.now() - timedelta(days=400))
    found = report(sign(PRINT, old), trusted)
    assert "certificate-not-valid-then" in codes(found.findings)


def _nothing(pdf: bytes) -> bytes:
    return pdf


def _another_text(pdf: bytes) -> bytes:
    return sign(print_set(3, OTHER_TEXT), ELKE)


def _another_document(pdf: bytes) -> bytes:
    return sign(text_pdf(3), ELKE)


def _saved_anew(pdf: bytes) -> bytes:
    """As a program does that prints the file once more before it signs."""
    document = pikepdf.open(io.BytesIO(pdf))
    document.pages[0].obj.Annots = pikepdf.Array()
    target = io.BytesIO()
    document.save(target)
    return sign(target.getvalue(), ELKE)


def _other_bytes_in_between(pdf: bytes) -> bytes:
    content = sign(pdf, ELKE)
    place = content.index(b"/Contents <") - 400
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _new_text_on_a_page(pdf: bytes) -> bytes:
    """An update of the file that puts other words on its first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"BT /F1 20 Tf 90 400 Td (and 1000 EUR) Tj ET")
    page["/Contents"] = writer.add_object(stream)
    writer.mark_update(page.get_container_ref())
    writer.write_in_place()
    return bytes(writer.prev.stream.getvalue())


def _changed_after(pdf: bytes) -> bytes:
    return _new_text_on_a_page(sign(pdf, ELKE))


def _changed_before(pdf: bytes) -> bytes:
    return sign(_new_text_on_a_page(pdf), ELKE)


def _a_part_only(pdf: bytes) -> bytes:
    """A signature whose byte range leaves out more than the signature itself."""
    content = sign(pdf, ELKE)
    reader = PdfFileReader(io.BytesIO(content))
    [embedded] = reader.embedded_regular_signatures
    first, length, second, rest = (int(n) for n in embedded.sig_object["/ByteRange"])
    wanted = f"/ByteRange [{first} {length} {second} {rest}]".encode()
    shorter = f"/ByteRange [{first} {length} {second} {rest - 60}]".encode()
    assert wanted in content
    return content.replace(wanted, shorter.ljust(len(wanted)))


@pytest.mark.parametrize(
    ("treat", "code"),
    [
        (_nothing, "not-signed"),
        (_another_text, "not-the-print-set"),
        (_another_document, "not-the-print-set"),
        (_saved_anew, "not-the-print-set"),
        (_changed_after, "changed-after-signing"),
        (_changed_before, "print-set-changed"),
        (_a_part_only, "signature-broken"),
        (_other_bytes_in_between, "signature-broken"),
    ],
)
def test_what_is_no_signed_print_set_is_refused(
    trusted: Path, treat: Callable[[bytes], bytes], code: str
) -> None:
    found = report(treat(PRINT), trusted)
    refused = codes(f for f in found.findings if f.weight == "refuse")
    assert code in refused, found.findings


def test_what_cannot_be_read_is_refused_with_the_reason(trusted: Path) -> None:
    for content, code in ((encrypted(PRINT), "pdf-encrypted"), (PRINT[:300], "pdf-broken")):
        with pytest.raises(Unacceptable) as refusal:
            report(content, trusted)
        assert refusal.value.code == code


def test_trust_anchors_in_both_spellings(tmp_path: Path) -> None:
    folder = trust(tmp_path / "anker", authority(), authority("Zweite CA"))
    (folder / "dritte.cer").write_bytes(authority("Dritte CA").asn1().dump())
    names = [c.subject.native["common_name"] for c in trust_anchors(folder)]
    assert sorted(names) == ["Dritte CA", "Muster Trust CA", "Zweite CA"]
    (folder / "kaputt.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n")
    with pytest.raises(Unacceptable) as refusal:
        trust_anchors(folder)
    assert "kaputt.pem" in refusal.value.message
