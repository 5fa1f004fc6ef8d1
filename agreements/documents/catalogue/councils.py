"""What councils get, what they decided, and what was decided in their place."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.examples import councils, councils_second
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("paper", "Beschlussvorlage",
             "Beschlussvorlage.docx", data.PaperData,
             "Beschlussvorlage {body.short}, {round_label}.docx",
             councils.paper, councils_second.paper),
    Template("matrix", "Beschlussmatrix",
             "Beschlussmatrix.docx", data.MatrixData,
             "Beschlussmatrix {round_label}.docx",
             examples.matrix, councils_second.matrix),
    Template("synopsis", "Synopse",
             "Synopse.docx", data.SynopsisData,
             "Synopse Textfassungen {earlier.version} und {text.version}.docx",
             examples.synopsis, councils_second.synopsis),
    Template("extract", "Auszug aus der Niederschrift",
             "Auszug aus der Niederschrift.docx", data.ExtractData,
             "Auszug aus der Niederschrift {body.short}, {held_on:%Y-%m-%d}.docx",
             councils.extract, councils_second.extract),
    Template("urgent_decision", "Dringlichkeitsentscheidung",
             "Dringlichkeitsentscheidung.docx", data.UrgentDecisionData,
             "Dringlichkeitsentscheidung {body.short}, {dated_on:%Y-%m-%d}.docx",
             councils.urgent_decision, councils_second.urgent_decision),
)
# fmt: on
