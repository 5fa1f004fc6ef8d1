"""A short list of certification authorities for Prefect's clients in tests.

Each client reads the whole list when it is made, which takes longer than most of what it asks,
and none of them speaks TLS: Prefect's server is on the same machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import certifi

_END = "-----END CERTIFICATE-----\n"


@contextmanager
def only_one() -> Iterator[None]:
    """Prefect's clients in this process and its children know the first one of the list."""
    first = Path(certifi.where()).read_text().partition(_END)[0] + _END
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(first)
        file.flush()
        os.environ["PREFECT_API_SSL_CERT_FILE"] = file.name
        yield
        del os.environ["PREFECT_API_SSL_CERT_FILE"]
