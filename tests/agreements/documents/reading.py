"""Reads a rendered document back, as a person would see its text."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PRINTED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")


def text_of(content: bytes) -> str:
    """All paragraphs of body, tables, header and footer; no-break spaces read as spaces."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [name for name in package.namelist() if _PRINTED.fullmatch(name)]
        paragraphs = [
            "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))
            for name in parts
            for paragraph in ElementTree.fromstring(package.read(name)).iter(f"{_W}p")
        ]
    return "\n".join(paragraphs).replace("\u00a0", " ")
