"""What the verification of electronic signatures says, as plain values."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from agreements.documents.signatures.findings import Finding


class Chain(StrEnum):
    """Whether a signer's certificate leads to a trust anchor."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not_trusted"
    NOT_VERIFIED = "not_verified"  # no anchors are configured


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signer(_Value):
    """One electronic signature.

    ``name``: of the certificate's subject. ``timestamped``: the time comes from a trusted third
    party; otherwise from the signer's own clock. ``qualified``: what the certificate says of
    itself. ``seal``: a legal person's. ``intact``: what it covers is unchanged.
    """

    name: str
    organisation: str | None = None
    serial: str
    issuer: str
    signed_at: datetime | None = None
    timestamped: bool = False
    intact: bool
    covers_all: bool
    chain: Chain
    qualified: bool
    qualified_device: bool
    seal: bool
    field: str


class ElectronicReport(_Value):
    """All signatures of a file, and what follows from them."""

    signers: tuple[Signer, ...]
    findings: tuple[Finding, ...]
