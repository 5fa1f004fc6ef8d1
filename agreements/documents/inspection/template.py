"""A file judged as a template: every part, every tag, and a trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from agreements.documents.inspection import limits
from agreements.documents.inspection.findings import (
    Finding,
    Refused,
    accepted,
    hint,
    of_package,
)
from agreements.documents.inspection.package import Package, open_package
from agreements.documents.inspection.stories import Paragraph, Properties, Story, label_of
from agreements.documents.inspection.xml_reading import Silent, listen
from agreements.documents.worker import uncounted

if TYPE_CHECKING:
    from agreements.documents.inspection.reach import Reach
    from agreements.documents.template import Template

# What does not make reading the rest dangerous.
_READABLE_ON: Final = frozenset(("tracked-changes", "tag-hidden"))
_NOTES: Final = ("footnotes", "endnotes")
Heard = Mapping[str, Story | Properties]


def inspect(content: bytes, file_name: str, template_id: str | None = None) -> list[Finding]:
    """All findings about a file; raises TemplateUnknown. Never in a process that must survive."""
    with uncounted():
        template = _template(template_id)
    try:
        package = open_package(content)
        heard = _heard(package)
    except Refused as refused:
        return [refused.finding]
    findings = [
        *_structure(package, heard),
        *(finding for listener in heard.values() for finding in listener.findings()),
        *_comments(heard),
    ]
    if any(finding.refuses and finding.code not in _READABLE_ON for finding in findings):
        return findings
    return _judged(content, file_name, template, package, heard, findings)


def _judged(
    content: bytes,
    file_name: str,
    template: Template | None,
    package: Package,
    heard: Heard,
    findings: list[Finding],
) -> list[Finding]:
    with uncounted():
        from agreements.documents.inspection.reach import Reach

    rendered = _rendered_parts(package)
    reach = Reach(template.model if template else None)
    findings += _tags(heard, rendered, reach)
    if not accepted(findings):
        return _few_of_a_kind(findings)
    with uncounted():
        from agreements.documents.inspection.executed import executed
        from agreements.documents.inspection.trial import tried

        example = template.example() if template else None
    findings += executed(package, rendered, heard, reach)
    if accepted(findings):
        findings += tried(content, file_name, template, example)
    if accepted(findings):
        findings += reach.fields(file_name)
    return _few_of_a_kind(findings)


def _template(template_id: str | None) -> Template | None:
    if template_id is None:
        return None
    from agreements.documents.registry import template_by_id

    return template_by_id(template_id)


def _heard(package: Package) -> Heard:
    heard: dict[str, Story | Properties] = {}
    for entry, data in package.xml.items():
        if entry.endswith(".rels") or entry == "[Content_Types].xml":
            continue
        if entry.startswith("customXml/"):
            listen(entry, data, Silent())
            continue
        listener = Properties(entry) if entry.startswith("docProps/") else Story(entry)
        listen(entry, data, listener)
        heard[entry] = listener
    return heard


def _structure(package: Package, heard: Heard) -> Iterator[Finding]:
    """Whether the parts belong together as they say."""
    main = heard.get(package.main)
    if not isinstance(main, Story) or not main.has_body:
        yield of_package(
            "package-incomplete",
            package.main,
            package.main,
            "Der Textteil der Datei ist leer oder keiner. Speichern Sie das Dokument in Word neu.",
        )
    for entry, story in heard.items():
        if not isinstance(story, Story):
            continue
        known = {relation.id for relation in package.relations.get(entry, [])}
        for lacking in sorted(story.references - known - {""}):
            yield of_package(
                "relationship-missing",
                entry,
                lacking,
                "Der Text verweist auf ein Bild, einen Link oder eine Kopfzeile, die es in der "
                "Datei nicht gibt. Speichern Sie das Dokument in Word neu.",
            )


def _comments(heard: Heard) -> Iterator[Finding]:
    for entry, listener in heard.items():
        if label_of(entry) != "Kommentar" or not listener.paragraphs:
            continue
        for paragraph in listener.paragraphs[: limits.FINDINGS_OF_A_KIND]:
            yield hint(
                "comment",
                "Kommentar",
                paragraph.place,
                paragraph.text,
                "Die Vorlage enthält einen Kommentar; er stünde in jedem Dokument, das aus ihr "
                "entsteht. Löschen Sie ihn, wenn das nicht gewollt ist.",
            )


def _rendered_parts(package: Package) -> list[str]:
    """The parts that rendering fills: body, its headers and footers, notes, properties."""
    from agreements.documents.inspection.package import target_of

    found = [package.main]
    for relation in package.relations.get(package.main, []):
        kind = relation.kind.rpartition("/")[2]
        if kind in ("header", "footer", *_NOTES) and not relation.external:
            found.append(target_of(package.main, relation.target))
    found += sorted(entry for entry in package.xml if entry.startswith("docProps/"))
    return list(dict.fromkeys(found))


def _tags(heard: Heard, rendered: list[str], reach: Reach) -> Iterator[Finding]:
    from agreements.documents.inspection.tags import tags_of, written_wrong

    for entry, listener in heard.items():
        paragraphs: list[Paragraph] = listener.paragraphs
        tags = tags_of(paragraphs)
        if entry not in rendered:
            for tag in tags:
                yield tag.finding(
                    "tag-not-rendered",
                    "Platzhalter in diesem Teil werden nicht ausgefüllt (Kommentare, Bausteine, "
                    "Diagramme). Schreiben Sie ihn in den Text, eine Kopf- oder Fußzeile.",
                )
            continue
        wrong = list(written_wrong(paragraphs, tags))
        yield from wrong
        if accepted(wrong):
            yield from reach.judge(tags)


def _few_of_a_kind(findings: list[Finding]) -> list[Finding]:
    counts: dict[tuple[str, str], int] = {}
    kept = []
    for finding in dict.fromkeys(findings):
        key = (finding.code, finding.part)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= limits.FINDINGS_OF_A_KIND or not finding.refuses:
            kept.append(finding)
    return kept
