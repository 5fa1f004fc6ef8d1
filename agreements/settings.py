"""Settings of an installation, from the environment (``VEREINBAR_…``)."""

from __future__ import annotations

import json
import os
import secrets
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SmtpSecurity = Literal["starttls", "tls", "none"]
_SMTP_PORTS: Final[dict[SmtpSecurity, int]] = {"starttls": 587, "tls": 465, "none": 25}


class Settings(BaseSettings):
    """What an installation may set; every value has a default that works."""

    model_config = SettingsConfigDict(env_prefix="VEREINBAR_", extra="ignore")

    data_dir: Path = Field(default=PROJECT_ROOT / "var", description="database, documents, logs")
    database_url: str | None = Field(default=None, description="unset: embedded PostgreSQL")
    prefect_database_url: str | None = None
    documents_dir: Path | None = None
    templates_dir: Path = PROJECT_ROOT / "templates"
    signature_trust_dir: Path | None = Field(
        default=None,
        description="certificates (PEM, DER) that electronic signatures have to lead to",
    )
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    prefect_host: str = "127.0.0.1"
    prefect_port: int = 4200
    prefect_password: str | None = None
    conductor_name: str | None = None
    secure_cookies: bool = False
    standstill_days: int = Field(default=21, ge=0, description="nobody decides: admins are told")
    public_url: str | None = Field(default=None, description="unset: where our own API answers")
    smtp_host: str | None = Field(default=None, description="unset: mails are kept and shown")
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: SmtpSecurity = "starttls"
    smtp_ca_file: Path | None = Field(default=None, description="of a mail server with its own CA")
    smtp_timeout: float = Field(default=30, gt=0, le=120, description="seconds for each step")
    mail_from: str = "vereinbar <vereinbar@localhost>"
    mail_domain: str | None = Field(default=None, description="unset: that of mail_from")
    pdf_ahead: bool = Field(default=True, description="false: PDFs are made when asked for")
    mail_max_age_days: int = Field(default=7, ge=1)
    # A mail that comes back does so within days, and is then sent again.
    mail_text_days: int = Field(default=365, ge=30, description="then texts of sent mails go")

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, text: str) -> str:
        sender_of(text)
        return text

    @property
    def work_pool(self) -> str:
        """The work pool that ``prefect.yaml`` names."""
        return "vereinbar"

    @property
    def documents(self) -> Path:
        """Folder of the content-addressed document store."""
        return self.documents_dir or self.data_dir / "documents"

    @property
    def prefect_api_url(self) -> str:
        """Where Prefect's REST API answers."""
        return f"http://{self.prefect_host}:{self.prefect_port}/api"

    @property
    def api_url(self) -> str:
        """Where our own API answers."""
        return f"http://{self.api_host}:{self.api_port}"

    @property
    def links_url(self) -> str:
        """What links in mails and calendars begin with, without a slash at the end."""
        return (self.public_url or self.api_url).rstrip("/")

    @property
    def smtp_address(self) -> tuple[str, int] | None:
        """Host and port of the mail server; None: none is configured."""
        if not self.smtp_host:
            return None
        return self.smtp_host, self.smtp_port or _SMTP_PORTS[self.smtp_security]

    @property
    def sender(self) -> Address:
        """From whom mails come."""
        return sender_of(self.mail_from)

    @property
    def message_domain(self) -> str:
        """The right half of the Message-ID of our mails."""
        return self.mail_domain or self.sender.domain

    def prefect_auth(self) -> str:
        """Prefect's basic-auth string; generated once per installation and kept private."""
        password = self.prefect_password or self._kept_secret("prefect_password")
        return f"admin:{password}"

    def _kept_secret(self, name: str) -> str:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        path = self.data_dir / "secrets.json"
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in kept:
            kept[name] = secrets.token_urlsafe(18)
            partial = path.with_suffix(f".{os.getpid()}")
            partial.touch(mode=0o600)
            partial.write_text(json.dumps(kept))
            partial.replace(path)
        return kept[name]


def sender_of(text: str) -> Address:
    """The one address with name of a text such as ``vereinbar <vereinbar@kreis-unna.de>``."""
    try:
        addresses: tuple[Address, ...] = getattr(HeaderRegistry()("From", text), "addresses", ())
    except (MessageError, ValueError, IndexError):
        addresses = ()
    if len(addresses) != 1 or not addresses[0].domain or not text.isprintable():
        raise ValueError(f"„{text}“ ist nicht genau eine E-Mail-Adresse.")
    return addresses[0]


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
