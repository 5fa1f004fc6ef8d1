"""Documents as PDF/A-3 and PDF/UA: converted by LibreOffice, finished and checked by pikepdf."""

from agreements.documents.pdf.conformity import findings
from agreements.documents.pdf.converter import ConversionFailed, Converter, PdfBusy, converter
from agreements.documents.pdf.programs import PdfNotAvailable, missing

__all__ = [
    "ConversionFailed",
    "Converter",
    "PdfBusy",
    "PdfNotAvailable",
    "converter",
    "findings",
    "missing",
]
