"""The connection to the mail server is encrypted and its certificate checked."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from agreements import clock
from agreements.mail.delivering import Delivered
from tests.agreements.mail.office import Office
from tests.agreements.mail.smtp import Server, serving
from tests.agreements.mail.test_delivering import deliver, only, write_mails


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    """A server that offers STARTTLS and asks for a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with serving(Server(tls=context, secrets={"vereinbar": "richtig"})) as server:
        yield server


SIGN_IN = {"smtp_username": "vereinbar", "smtp_password": SecretStr("richtig")}


def test_mail_goes_over_starttls(office: Office, server: Server, certificate: Path) -> None:
    write_mails(office, "sb.kamen")
    settings = server.settings(smtp_security="starttls", smtp_ca_file=certificate, **SIGN_IN)
    assert deliver(office, settings) == Delivered(1, 0, 0)
    assert server.encrypted == [True]


def test_a_certificate_of_nobody_we_know_is_not_trusted(office: Office, server: Server) -> None:
    write_mails(office, "sb.kamen")
    settings = server.settings(smtp_security="starttls", **SIGN_IN)
    assert deliver(office, settings) == Delivered(0, 0, 1)
    assert "certificate verify failed" in str(only(office).last_error)


def test_a_server_without_starttls_gets_neither_password_nor_mail(office: Office) -> None:
    write_mails(office, "sb.kamen")
    with serving(Server(secrets={"vereinbar": "richtig"})) as plain:
        settings = plain.settings(smtp_security="starttls", **SIGN_IN)
        assert deliver(office, settings) == Delivered(0, 0, 1)
    assert plain.taken == []
    assert "STARTTLS" in str(only(office).last_error)
