"""The text that a committee resolved instead of the one that was proposed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from agreements.acts import Amendment


def amended_hash(proposed: str, amendments: Sequence[Amendment]) -> str:
    """The hash of a text with these changes: never that of the text which was proposed.

    SHA-256 over the canonical JSON of the proposed text's hash and the changes in their order.
    """
    content = {"text": proposed, "amendments": [a.model_dump() for a in amendments]}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
