"""The files of a bundle, one after the other, and at the end what lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agreements.bundles import pages
from agreements.bundles.archive import File
from agreements.bundles.contents import (
    MANIFEST,
    SUMS,
    Listed,
    contents_data,
    contents_document,
    manifest,
    sums,
)
from agreements.bundles.extras import Extra
from agreements.bundles.gathering import Bundle, Entry
from agreements.bundles.making import Maker, Unreadable
from agreements.bundles.names import Names, safe_name
from agreements.bundles.onefile import with_links
from agreements.errors import Refusal, StepFailure

_NOTE = (
    "Die Prüfsumme (SHA-256) belegt den Inhalt einer Datei; hier stehen ihre ersten zwölf Stellen, "
    "in SHA256SUMS und manifest.json alle."
)


@dataclass(slots=True)
class Making:
    """A bundle that is being made: what lies in it so far."""

    bundle: Bundle
    maker: Maker
    names: Names = field(default_factory=Names)
    listed: list[Listed] = field(default_factory=list)
    digests: list[tuple[str, str]] = field(default_factory=list)

    def made(self, path: str, content: bytes) -> File:
        """A file of the bundle, noted for the list of checksums."""
        self.digests.append((path, hashlib.sha256(content).hexdigest()))
        return File(path, content)


def bundle_files(bundle: Bundle, maker: Maker) -> Iterator[File]:
    """Every file of a bundle, the stored documents first, the lists last.

    A stored file that cannot be read is replaced by a text that says so, and named in every list.
    """
    making, total = Making(bundle, maker), len(bundle.entries)
    folders = _folders(bundle)
    for number, entry in enumerate(bundle.entries, 1):
        maker.progress(number - 1, total, entry.title)
        yield from _document(making, folders[entry.section], number, entry)
    maker.progress(total, total, "Verzeichnisse")
    there = []
    for extra in bundle.extras:
        content = extra.make(maker)
        if content is not None:
            there.append(extra)
            yield making.made(making.names.free(*_split(extra.path)), content)
    yield from _lists(making, there)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _folders(bundle: Bundle) -> dict[str, str]:
    """Section -> its folder, numbered in the order of the bundle."""
    sections = list(dict.fromkeys(entry.section for entry in bundle.entries))
    return {
        section: f"{number:02d} {safe_name(section, longest=60)}"
        for number, section in enumerate(sections, 1)
    }


def _document(making: Making, folder: str, number: int, entry: Entry) -> Iterator[File]:
    name = f"{number:02d} {entry.wanted.file_name}"
    try:
        content = making.maker.original(entry.wanted)
        pdf = making.maker.pdf(entry.wanted)
    except Unreadable as problem:
        path = making.names.free(folder, f"{number:02d} FEHLT {entry.title}.txt")
        listed = Listed(number, entry, path, "", 0, problem=str(problem))
        making.listed.append(listed)
        yield making.made(path, f"{listed.problem_in_words}\n".encode())
        return
    path = making.names.free(folder, name)
    yield making.made(path, content)
    listed = Listed(number, entry, path, making.digests[-1][1], len(content), note=pdf.reason)
    if pdf.content is not None and pdf.content != content:
        pdf_path = making.names.free(folder, f"{number:02d} {entry.wanted.pdf_name}")
        yield making.made(pdf_path, pdf.content)
        listed = Listed(
            number, entry, path, listed.digest, len(content), pdf_path, making.digests[-1][1]
        )
    making.listed.append(listed)


def _lists(making: Making, more: Sequence[Extra]) -> Iterator[File]:
    bundle, listed = making.bundle, making.listed
    data = contents_data(bundle, listed, _NOTE)
    document = contents_document(data)
    others = [making.made(making.names.free("", "Inhaltsverzeichnis.docx"), document)]
    targets = {one.number: one.pdf_path or one.path for one in listed}
    try:
        contents = with_links(making.maker.converter.convert(document), targets)
    except (Refusal, StepFailure):
        pass  # LIESMICH.txt says that there is no PDF here, and why
    else:
        others.append(making.made("Inhaltsverzeichnis.pdf", contents))
    others.append(making.made("index.html", pages.index(bundle, listed, more)))
    others.append(
        making.made("LIESMICH.txt", pages.read_me(bundle, listed, making.maker.without_pdf))
    )
    yield from others
    yield making.made(MANIFEST, manifest(bundle, listed, others))
    yield File(SUMS, sums(making.digests))
