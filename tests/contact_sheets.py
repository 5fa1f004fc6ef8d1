"""Lay the pages of every document out on sheets for the docs: ``python -m tests.contact_sheets``.

Renders the example of each template and, where there is one, the second example, converts them
and writes ``docs/images/vorlagen`` with the page ``docs/dokumente-ansicht.md``. Needs LibreOffice
and pdftoppm. Run by hand after a template has changed.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image
from rich.progress import track

from agreements.documents.data import DocumentData
from agreements.documents.pdf import Converter, missing
from agreements.documents.registry import TEMPLATES, Template
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT

FOLDER: Final = PROJECT_ROOT / "docs" / "images" / "vorlagen"
PAGE: Final = PROJECT_ROOT / "docs" / "dokumente-ansicht.md"
TEMPLATES_DIR: Final = PROJECT_ROOT / "templates"
DPI: Final = 40
COLUMNS: Final = 4
MOST_PAGES: Final = 12
GAP: Final = 8
QUALITY: Final = 42
_HEAD: Final = """\
# Die Dokumente im Bild

Jede Vorlage mit ihrem vollständigen Beispiel (Smart Region Kreis Unna), wo es eines gibt auch mit
dem zweiten. Alle Namen von Personen sind erfunden. Erzeugt mit `python -m tests.contact_sheets`
aus dem, was in `templates/` liegt.
"""


def main() -> int:
    """Write every sheet and the page that shows them."""
    reason = missing()
    if reason is not None:
        print(reason, file=sys.stderr)  # noqa: T201  (a script for people)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    converter, shown = Converter(1), []
    try:
        for template, suffix, data in track(list(_examples()), "Dokumente"):
            pdf = converter.convert(render(template, data, TEMPLATES_DIR))
            target = FOLDER / f"{template.id}{suffix}.jpg"
            count = _sheet(pdf, target)
            shown.append((template, suffix, target, count))
    finally:
        converter.close()
    PAGE.write_text(_page(shown), encoding="utf-8")
    return 0


def _examples() -> Iterator[tuple[Template, str, DocumentData]]:
    for template in TEMPLATES:
        yield template, "", template.example()
        if template.second_example is not None:
            yield template, "-2", template.second_example()


def _sheet(pdf: bytes, target: Path) -> int:
    """Lay the first pages of a PDF out on one picture; how many pages the PDF has."""
    pages = _pictures(pdf)
    shown = pages[:MOST_PAGES]
    columns = min(COLUMNS, len(shown))
    width = max(page.width for page in shown) + GAP
    height = max(page.height for page in shown) + GAP
    rows = math.ceil(len(shown) / columns)
    sheet = Image.new("L", (columns * width + GAP, rows * height + GAP), 138)
    for number, page in enumerate(shown):
        sheet.paste(page, (number % columns * width + GAP, number // columns * height + GAP))
    sheet.save(target, "JPEG", quality=QUALITY, optimize=True)
    return len(pages)


def _pictures(pdf: bytes) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(DPI), "-", f"{folder}/page"], input=pdf, check=True)
        return [Image.open(path).convert("L") for path in sorted(Path(folder).glob("*.ppm"))]


def _page(shown: list[tuple[Template, str, Path, int]]) -> str:
    parts = [_HEAD]
    for template, suffix, target, count in shown:
        which = " (zweites Beispiel)" if suffix else ""
        pages = "1 Seite" if count == 1 else f"{count} Seiten"
        cut = f", die ersten {MOST_PAGES}" if count > MOST_PAGES else ""
        parts.append(
            f"## {template.title}{which}\n\n`{template.file_name}`, {pages}{cut}\n\n"
            f"![{template.title}{which}]({target.relative_to(PAGE.parent)})\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
