"""One spelling for words that councils spell in many ways."""

from __future__ import annotations

import unicodedata

_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(word: str) -> str:
    """Small letters, ä = ae = a, ß = ss: "ungeändert" and "UNGEAENDERT" are one word."""
    folded = unicodedata.normalize("NFD", word.casefold())
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    for long, short in _UMLAUTS:
        folded = folded.replace(long, short)
    return folded
