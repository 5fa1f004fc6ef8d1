"""A certification authority of the tests' own, and signatures that its people make with pyHanko."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW: Final = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
# pyHanko signs by the real clock.
_LATEST: Final = max(NOW, datetime.now(UTC))
_QC_STATEMENTS: Final = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
# SEQUENCE of QcCompliance and QcSSCD (EN 319 412-5).
_QUALIFIED: Final = bytes.fromhex("3014" + "3008060604008e460101" + "3008060604008e460104")


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def asn1(self) -> asn1_x509.Certificate:
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return asn1_x509.Certificate.load(der)

    def asn1_key(self) -> keys.PrivateKeyInfo:
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def _name(common: str, organisation: str | None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


@lru_cache
def authority(name: str = "Muster Trust CA") -> Identity:
    """The authority; another name is another authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, "Muster Vertrauensdienst GmbH")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=3000))
        .not_valid_after(_LATEST + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certify=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify,
        content_commitment=not certify,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )


@lru_cache
def person(
    name: str,
    organisation: str | None = "Stadt Kamen",
    *,
    qualified: bool = True,
    until: datetime = _LATEST + timedelta(days=700),
    stamping: bool = False,
) -> Identity:
    """A certificate for a person; stamping: for a time stamping service."""
    issuer = authority()
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())
    if stamping:  # pyHanko's service for tests knows no other keys
        key = rsa.generate_private_key(65537, 2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name, organisation))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(until, NOW) - timedelta(days=700))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certify=False), critical=True)
    )
    if qualified:
        statements = x509.UnrecognizedExtension(_QC_STATEMENTS, _QUALIFIED)
        builder = builder.add_extension(statements, critical=False)
    if stamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return Identity(builder.sign(issuer.key, hashes.SHA256()), key)


def sign(
    pdf: bytes,
    who: Identity,
    field: str = "Unterschrift1",
    *,
    stamped: bool = False,
    at: datetime = NOW,
) -> bytes:
    """The PDF with one more signature. at: what the time stamp says."""
    registry = SimpleCertificateStore.from_certs([authority().asn1()])
    signer = signers.SimpleSigner(who.asn1(), who.asn1_key(), registry)
    metadata = signers.PdfSignatureMetadata(field_name=field)
    stamper = None
    if stamped:
        service = person("Muster Zeitstempel", None, qualified=False, stamping=True)
        stamper = DummyTimeStamper(
            service.asn1(), service.asn1_key(), certs_to_embed=registry, fixed_dt=at
        )
    target = io.BytesIO()
    signers.PdfSigner(
        metadata, signer, timestamper=stamper, new_field_spec=SigFieldSpec(sig_field_name=field)
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=target)
    return target.getvalue()


def trust(folder: Path, *identities: Identity) -> Path:
    """A folder that holds these trust anchors."""
    folder.mkdir(exist_ok=True)
    for number, identity in enumerate(identities):
        (folder / f"anker{number}.pem").write_bytes(identity.pem)
    (folder / "LIESMICH.txt").write_text("kein Zertifikat", "utf-8")
    return folder
