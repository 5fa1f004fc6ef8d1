"""What is really executed: the source that docxtpl makes of each part, judged once more.

The tags that people see and the code that runs are two readings of one file. Whatever the
second has and the first has not was hidden, and refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError
from lxml import etree

from agreements.documents import failures
from agreements.documents.inspection.expressions import Expressions
from agreements.documents.inspection.findings import Finding, shortened
from agreements.documents.inspection.package import Package
from agreements.documents.inspection.reach import Reach
from agreements.documents.inspection.stories import W, label_of

_BODY: Final = f"{{{W}}}body"


def executed(
    package: Package, rendered: Sequence[str], heard: Mapping[str, object], reach: Reach
) -> list[Finding]:
    """Objections against the executed source that the visible tags did not show."""
    found: list[Finding] = []
    for entry in rendered:
        if entry.startswith("docProps/") or entry not in heard:
            continue
        try:
            found += _judged(entry, _source(package.xml[entry]), reach)
        except (etree.XMLSyntaxError, ValueError) as problem:
            found.append(
                Finding(
                    "xml-broken",
                    label_of(entry),
                    entry,
                    shortened(str(problem)),
                    "Ein Teil der Datei lässt sich nicht lesen. Speichern Sie das Dokument in Word "
                    "neu.",
                )
            )
    return list(dict.fromkeys(found))


def _source(content: bytes) -> str:
    root = parse_xml(content)
    body = root.find(_BODY)
    text = etree.tostring(root if body is None else body, encoding="unicode")
    return str(DocxTemplate.patch_xml(DocxTemplate(""), text))


def _judged(entry: str, source: str, reach: Reach) -> Iterator[Finding]:
    lines = source.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
    found: list[Finding] = []

    def report(line: int, code: str, name: str, message: str) -> None:
        if (code, name) not in reach.known:
            found.append(_at(entry, source, line, code, name, message))

    try:
        tree = Environment().parse(lines)
    except TemplateSyntaxError as problem:
        sentence = failures.syntax_sentence(problem)
        yield _at(entry, source, problem.lineno, "tag-syntax", "", sentence)
        return
    reading = Expressions(reach.model, report)
    reading.read(tree)
    reach.used |= reading.used
    yield from found


def _at(entry: str, source: str, line: int, code: str, text: str, message: str) -> Finding:
    problem = TemplateSyntaxError("", line)
    place = failures.locate(problem, source, entry, entry)
    return Finding(code, place.part, f"Absatz: {place.paragraph}"[:200], shortened(text), message)
