"""What councils get."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("paper", "Beschlussvorlage",
             "Beschlussvorlage.docx", data.PaperData,
             "Beschlussvorlage {body.short}, {round_label}.docx",
             examples.paper),
    Template("matrix", "Beschlussmatrix",
             "Beschlussmatrix.docx", data.MatrixData,
             "Beschlussmatrix {round_label}.docx",
             examples.matrix),
    Template("synopsis", "Synopse",
             "Synopse.docx", data.SynopsisData,
             "Synopse Textfassungen {earlier.version} und {text.version}.docx",
             examples.synopsis),
)
# fmt: on
