"""Settings of an installation, from the environment (``VEREINBAR_…``)."""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation may set; every value has a default that works."""

    model_config = SettingsConfigDict(env_prefix="VEREINBAR_", extra="ignore")

    data_dir: Path = Field(default=PROJECT_ROOT / "var", description="database, documents, logs")
    database_url: str | None = Field(default=None, description="unset: embedded PostgreSQL")
    prefect_database_url: str | None = None
    documents_dir: Path | None = None
    templates_dir: Path = PROJECT_ROOT / "templates"
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    prefect_host: str = "127.0.0.1"
    prefect_port: int = 4200
    prefect_password: str | None = None
    conductor_name: str | None = None
    secure_cookies: bool = False
    standstill_days: int = Field(default=21, ge=0, description="nobody decides: admins are told")

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


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
