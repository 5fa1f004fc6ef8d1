"""How large a file for signing may be, and what a PDF must not bring along."""

from __future__ import annotations

from typing import Final

MAX_PAGES: Final = 300
LARGEST_FILE: Final = 20 * 1024 * 1024
# Points; A0 is 3370 high. A page beyond that is no agreement.
MAX_SIDE: Final = 3400.0
# Of one rendered or scanned page: A3 at 600 dpi has 70 million.
MAX_PIXELS: Final = 80_000_000
# Of all pages together, which bounds the time.
MAX_SECONDS: Final = 120
MAX_MEMORY: Final = 2 * 1024**3


class Unacceptable(Exception):
    """A file that is not looked at any further. ``code`` for machines, the message in German."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message

    def __str__(self) -> str:
        return self.message
