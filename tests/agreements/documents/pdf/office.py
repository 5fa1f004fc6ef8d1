"""Whether this machine can make PDFs; a test that needs it is skipped where that is allowed."""

from __future__ import annotations

import os

import pytest

from agreements.documents import pdf


def need_office() -> None:
    """Skip, or fail where nothing may be skipped, if no PDF can be made here."""
    reason = pdf.missing()
    if reason is None:
        return
    if os.environ.get("VEREINBAR_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
