"""What counts as text in what people enter."""

from __future__ import annotations

import unicodedata
from typing import Final

from pydantic import AfterValidator


def printable(text: str) -> str:
    """The text; refuses control characters but line breaks and tabs.

    Neither the database nor a Word file can hold them.
    """
    if any(unicodedata.category(s) in {"Cc", "Cs"} and s not in "\r\n\t" for s in text):
        raise ValueError("enthält Steuerzeichen, die kein Text sind.")
    return text


Printable: Final = AfterValidator(printable)
