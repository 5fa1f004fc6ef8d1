"""The dossier: which documents a stage needs, from which data, and where they are kept.

``due`` says what is to be written now, ``data_for`` gathers it, ``file`` keeps the result.
Each of the three may run again: the same state gives the same jobs and the same data, and a
document is filed once.
"""

from agreements.dossier.building import data_for
from agreements.dossier.filing import documents_of, file, read_document
from agreements.dossier.jobs import DocumentJob, Purpose, due

__all__ = [
    "DocumentJob",
    "Purpose",
    "data_for",
    "documents_of",
    "due",
    "file",
    "read_document",
]
