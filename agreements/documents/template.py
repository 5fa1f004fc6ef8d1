"""What a kind of document is: its file, its data, its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agreements.documents import data

# The media type of every document that is written here.
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of document."""

    id: str
    title: str
    file_name: str
    model: type[data.DocumentData]
    # Fields of the data in braces: "Beschlussvorlage {body.short}.docx"
    output_pattern: str
    example: Callable[[], data.DocumentData]
    # The same document for another case: two municipalities that delegate, without a grant.
    second_example: Callable[[], data.DocumentData] | None = None

    def output_name(self, document: data.DocumentData) -> str:
        """The document's file name: German, safe on every file system."""
        values = {name: getattr(document, name) for name in type(document).model_fields}
        stem = self.output_pattern.removesuffix(".docx").format_map(values)
        return f"{_NOT_IN_FILE_NAMES.sub('-', stem).strip(' .,')[:150]}.docx"
