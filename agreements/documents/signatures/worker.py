"""The child process in which files from outside are read: bounded in memory and processor time.

Reads one line of JSON (what is wanted) and then the files' bytes from its input; writes one line
of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Final

from agreements.documents.signatures.limits import MAX_MEMORY, MAX_SECONDS, Unacceptable

_SCAN: Final = "scan"
_ELECTRONIC: Final = "electronic"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(wanted: dict[str, str], sizes: list[int], data: bytes) -> dict[str, object]:
    files = []
    for size in sizes:
        files.append(data[:size])
        data = data[size:]
    try:
        if wanted["kind"] == _SCAN:
            from agreements.documents.signatures.scans import read_scan

            sheets = read_scan(files[0], wanted["media_type"])
            return {"sheets": [asdict(sheet) for sheet in sheets]}
        from agreements.documents.signatures.electronic import verify

        report = verify(
            files[0],
            files[1],
            wanted["trust_folder"] or None,
            datetime.fromisoformat(wanted["now"]),
        )
        return {"report": report.model_dump(mode="json")}
    except Unacceptable as refusal:
        return {"refused": [refusal.code, refusal.message]}


def main() -> None:
    """Answer one request."""
    _limit()
    header = json.loads(sys.stdin.buffer.readline())
    answer = _answer(header["wanted"], header["sizes"], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
