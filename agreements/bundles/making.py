"""The means of making a bundle: store, converter, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, sessionmaker

from agreements.documents import pdf
from agreements.documents.pdf import Converter
from agreements.documents.store import DocumentCorrupted, DocumentMissing, DocumentStore
from agreements.dossier import pdfs
from agreements.dossier.pdfs import Wanted
from agreements.errors import Refusal, StepFailure

# (done, of how many, what is next)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Pdf:
    """The PDF of a file; without content ``reason`` says why, or is empty: there is none of it."""

    content: bytes | None
    reason: str


class Unreadable(Exception):
    """A stored file is not there, or not what it was; the sentence is for the reader."""


def _silent(done: int, total: int, what: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Maker:
    """What bundles are made with."""

    sessions: sessionmaker[Session]
    store: DocumentStore
    converter: Converter
    progress: Progress = field(default=_silent)

    @property
    def without_pdf(self) -> str | None:
        """Why no PDF can be made now; None: nothing stands against it."""
        return pdf.missing()

    def original(self, wanted: Wanted) -> bytes:
        """The stored file; Unreadable says what is wrong with it."""
        try:
            return self.store.read(wanted.content_hash)
        except DocumentMissing:
            raise Unreadable(
                "liegt nicht in der Dokumentenablage; bitte aus einer Sicherung zurückspielen "
                f"(Prüfsumme {wanted.content_hash})"
            ) from None
        except DocumentCorrupted:
            raise Unreadable(
                "ist in der Dokumentenablage verändert oder beschädigt; bitte aus einer Sicherung "
                f"zurückspielen (Prüfsumme {wanted.content_hash})"
            ) from None

    def pdf(self, wanted: Wanted) -> Pdf:
        """Its PDF, made now if need be. Unreadable as ``original``."""
        self.original(wanted)  # a PDF must not hide that the original is lost
        if wanted.media_type != pdfs.PDF and not wanted.convertible:
            return Pdf(None, "")
        try:
            return Pdf(pdfs.pdf_of(self.sessions, self.store, self.converter, wanted)[0], "")
        except (Refusal, StepFailure) as problem:
            return Pdf(None, str(problem))
