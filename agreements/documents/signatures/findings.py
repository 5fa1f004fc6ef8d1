"""What the check of a signed copy has found: pure judgement, sentences for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from agreements.documents.content import short_hash
from agreements.documents.signatures.marks import PageMark
from agreements.model.enums import CopyState, FindingWeight


class Finding(BaseModel):
    """One finding. ``sheet``: which of the file's pages; ``page``: which of the print set's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    weight: FindingWeight
    sentence: str
    sheet: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of one page of a file.

    ``codes``: marks from QR codes; ``lines``: marks from its text; ``upside_down``: as scanned.
    """

    number: int
    codes: tuple[PageMark, ...] = ()
    lines: tuple[PageMark, ...] = ()
    blank: bool = False
    upside_down: bool = False

    @property
    def marks(self) -> tuple[PageMark, ...]:
        """The code counts; where none could be read, the line of text."""
        return self.codes or self.lines


@dataclass(frozen=True, slots=True)
class Expected:
    """The print set that the file has to be a copy of."""

    reference: str
    text_hash: str
    pages: int


@dataclass(slots=True)
class _Reading:
    """Which page of the print set stands on which sheet."""

    sheets: Sequence[Sheet]
    expected: Expected
    found: list[tuple[Sheet, int]] = field(default_factory=list)
    unread: list[Sheet] = field(default_factory=list)
    foreign: list[Finding] = field(default_factory=list)


def judge_sheets(sheets: Sequence[Sheet], expected: Expected) -> list[Finding]:
    """Whether the sheets are the print set: each page once, in order, of this very text."""
    # The back of a sheet that is printed on one side comes with a scan on both sides.
    reading = _Reading([s for s in sheets if s.marks or not s.blank], expected)
    for sheet in reading.sheets:
        _read_sheet(reading, sheet)
    if not reading.found:
        return (
            [*reading.foreign, _nothing_read(reading)] if not reading.foreign else reading.foreign
        )
    return [
        *reading.foreign,
        *_doubled(reading),
        *_missing_and_unread(reading),
        *_out_of_order(reading),
        *_notes(sheets, reading),
    ]


def _read_sheet(reading: _Reading, sheet: Sheet) -> None:
    marks = sheet.marks
    if not marks:
        reading.unread.append(sheet)
        return
    foreign = [m for m in marks if not _fits(m, reading.expected)]
    if foreign:
        reading.foreign.append(_of_another_text(sheet, foreign[0], reading.expected))
    elif len(marks) > 1:
        pages = " und ".join(str(mark.page) for mark in marks)
        reading.foreign.append(
            _refuse(
                "two-pages-on-a-sheet",
                f"Auf Blatt {sheet.number} stehen die Seiten {pages} zugleich. "
                "Bitte jede Seite für sich scannen.",
                sheet.number,
            )
        )
    else:
        reading.found.append((sheet, marks[0].page))


def _fits(mark: PageMark, expected: Expected) -> bool:
    return (
        mark.belongs_to(expected.reference, expected.text_hash)
        and mark.pages == expected.pages
        and 1 <= mark.page <= expected.pages
    )


def _of_another_text(sheet: Sheet, mark: PageMark, expected: Expected) -> Finding:
    if mark.reference.upper() != expected.reference.upper():
        return _refuse(
            "page-of-another-case",
            f"Blatt {sheet.number} gehört zum Vorgang {mark.reference}, nicht zu "
            f"{expected.reference}.",
            sheet.number,
            mark.page,
        )
    if not expected.text_hash.startswith(mark.digest):
        return _refuse(
            "page-of-another-version",
            f"Blatt {sheet.number} (Seite {mark.page}) gehört zu einer anderen Textfassung "
            f"(Prüfsumme {short_hash(mark.digest)}); festgeschrieben ist die Fassung mit der "
            f"Prüfsumme {short_hash(expected.text_hash)}.",
            sheet.number,
            mark.page,
        )
    return _refuse(
        "page-of-another-print",
        f"Blatt {sheet.number} stammt aus einem Druckexemplar mit {mark.pages} Seiten; dieses "
        f"hat {expected.pages}.",
        sheet.number,
        mark.page,
    )


def _nothing_read(reading: _Reading) -> Finding:
    return _refuse(
        "nothing-readable",
        "Auf keinem Blatt ist ein Code des Druckexemplars lesbar. Bitte prüfen, ob es die richtige "
        "Datei ist, und mit mindestens 150 dpi scannen, ohne die Ränder abzuschneiden.",
    )


def _doubled(reading: _Reading) -> Iterator[Finding]:
    for page, times in sorted(Counter(page for _, page in reading.found).items()):
        if times > 1:
            sheets = " und ".join(str(s.number) for s, p in reading.found if p == page)
            often = "zweimal" if times == 2 else f"{times}-mal"
            yield _refuse(
                "page-twice", f"Seite {page} ist {often} enthalten (Blatt {sheets}).", page=page
            )


def _missing_and_unread(reading: _Reading) -> Iterator[Finding]:
    """A sheet that cannot be read stands for the page that is missing at its place."""
    read = {page for _, page in reading.found}
    missing = [page for page in range(1, reading.expected.pages + 1) if page not in read]
    for sheet in reading.unread:
        place = _place_of(reading, sheet)
        if place in missing:
            missing.remove(place)
            yield Finding(
                code="code-unreadable",
                weight=FindingWeight.CONFIRM,
                sentence=f"Der Code auf Blatt {sheet.number} ist nicht lesbar; der Reihenfolge "
                f"nach ist es Seite {place}. Eine zweite Person muss das Blatt ansehen und "
                "bestätigen.",
                sheet=sheet.number,
                page=place,
            )
        else:
            yield _refuse(
                "sheet-too-many",
                f"Blatt {sheet.number} gehört nicht zum Druckexemplar: Es trägt keinen lesbaren "
                "Code, und an dieser Stelle fehlt keine Seite.",
                sheet.number,
            )
    for page in missing:
        yield _refuse("page-missing", f"Seite {page} fehlt.", page=page)


def _place_of(reading: _Reading, sheet: Sheet) -> int:
    """The page that belongs after the nearest one before this sheet that could be read."""
    position = list(reading.sheets).index(sheet)
    pages = {found.number: page for found, page in reading.found}
    for back in range(position - 1, -1, -1):
        number = reading.sheets[back].number
        if number in pages:
            return pages[number] + position - back
    return position + 1


def _out_of_order(reading: _Reading) -> Iterator[Finding]:
    last = 0
    for sheet, page in reading.found:
        if page < last:
            yield _refuse(
                "page-out-of-order",
                f"Seite {page} (Blatt {sheet.number}) steht hinter Seite {last}. Bitte in der "
                "richtigen Reihenfolge scannen.",
                sheet.number,
                page,
            )
        last = max(last, page)


def _notes(sheets: Iterable[Sheet], reading: _Reading) -> Iterator[Finding]:
    counted = {sheet.number for sheet in reading.sheets}
    for sheet in sheets:
        if sheet.number not in counted:
            yield _note("blank-sheet", f"Blatt {sheet.number} ist leer und zählt nicht mit.", sheet)
        elif sheet.upside_down:
            yield _note("upside-down", f"Blatt {sheet.number} steht auf dem Kopf.", sheet)
        if sheet.codes and any(not _same(line, sheet.codes[0]) for line in sheet.lines):
            yield Finding(
                code="text-and-code-differ",
                weight=FindingWeight.CONFIRM,
                sentence=f"Auf Blatt {sheet.number} sagt die Fußzeile etwas anderes als der Code. "
                "Eine zweite Person muss das Blatt ansehen und bestätigen.",
                sheet=sheet.number,
            )
        if sheet.lines and not sheet.codes:
            yield _note(
                "read-by-text",
                f"Blatt {sheet.number} wurde an seinem Text erkannt, nicht am Code.",
                sheet,
            )


def _same(line: PageMark, code: PageMark) -> bool:
    return code.belongs_to(line.reference, code.digest) and (
        code.digest.startswith(line.digest) and (line.page, line.pages) == (code.page, code.pages)
    )


def _refuse(code: str, sentence: str, sheet: int | None = None, page: int | None = None) -> Finding:
    return Finding(
        code=code, weight=FindingWeight.REFUSE, sentence=sentence, sheet=sheet, page=page
    )


def _note(code: str, sentence: str, sheet: Sheet) -> Finding:
    return Finding(code=code, weight=FindingWeight.NOTE, sentence=sentence, sheet=sheet.number)


def refusing(findings: Iterable[Finding]) -> list[Finding]:
    """The findings because of which the file is not taken."""
    return [finding for finding in findings if finding.weight is FindingWeight.REFUSE]


def state_of(findings: Iterable[Finding]) -> CopyState:
    """What a file with these findings is worth, once it has been taken."""
    if any(finding.weight is FindingWeight.CONFIRM for finding in findings):
        return CopyState.TO_CONFIRM
    return CopyState.ACCEPTED
