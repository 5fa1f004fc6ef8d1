"""Tags as people wrote them: found per paragraph, with what is wrong in how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, TemplateSyntaxError

from agreements.documents.failures import quotes_hint, syntax_sentence
from agreements.documents.inspection import limits
from agreements.documents.inspection.findings import Finding, shortened
from agreements.documents.inspection.stories import Paragraph

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_LOOSE: Final = re.compile(r"\{\s*[{%#]|[%#}]\s*\}")
_PARTS: Final = re.compile(
    r"(?P<open>\{[{%#])(?P<rank>p|tr|tc|r)?(?P<trim>[-+]?)\s+(?P<inner>.*?)\s*[-+]?[%#}]\}", re.S
)
_WORD: Final = re.compile(r"[a-z]+")
_CLOSERS: Final = {
    "for": "{% endfor %}",
    "if": "{% endif %}",
    "set": "",
    "with": "{% endwith %}",
}
_INSIDE: Final = {"elif": "{% if x %}", "else": "{% if x %}"}
_ENDS: Final = {"endfor": "for", "endif": "if", "endwith": "with"}
_OURS: Final = {"colspan": "{{ %s }}", "cellbg": "{{ %s }}", "vm": "", "hm": ""}
_FORBIDDEN: Final = re.compile(
    r"(end)?(macro|call|block|filter|raw|autoescape|trans|include|import|from|extends|do)"
)
_RANKS: Final = {"p": "Absatz", "tr": "Tabellenzeile", "tc": "Tabellenzelle", "r": "Textstück"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in its paragraph. ``source``: as Jinja reads it, without docxtpl's rank."""

    paragraph: Paragraph
    text: str
    source: str
    word: str
    rank: str

    def finding(self, code: str, message: str) -> Finding:
        """A finding at this tag."""
        where = self.paragraph
        return Finding(code, where.part, where.place, shortened(self.text), message)


def tags_of(paragraphs: Sequence[Paragraph]) -> list[Tag]:
    """All tags in the order of the text; comments are none."""
    return [
        _tag(paragraph, text)
        for paragraph in paragraphs
        if "{" in paragraph.text or paragraph.codes
        for text in _TAG.findall(paragraph.text) + _TAG.findall(paragraph.codes)
        if not text.startswith("{#")
    ]


def _tag(paragraph: Paragraph, text: str) -> Tag:
    found = _PARTS.fullmatch(text)
    opening, inner, rank = text[:2], text[2:-2].strip(" -+\n\t"), ""
    if found is not None:
        inner, rank = found["inner"], found["rank"] or ""
    word = _WORD.match(inner)
    name = word[0] if word and opening == "{%" else ""
    source = f"{opening} {inner} {'}}' if opening == '{{' else '%}'}".replace("\n", " ")
    if name in _OURS:
        form = _OURS[name]
        source = form % inner.removeprefix(name) if "%s" in form else form
    return Tag(paragraph, text, source, name, rank)


def written_wrong(paragraphs: Sequence[Paragraph], tags: Sequence[Tag]) -> Iterator[Finding]:
    """What stands against the way tags are written; each with its paragraph."""
    yield from _loose_ends(paragraphs)
    if len(tags) > limits.TAGS:
        yield tags[0].finding(
            "tags-too-many", f"Die Vorlage hat mehr als {limits.TAGS} Platzhalter in einem Teil."
        )
        return
    environment = Environment(autoescape=True)
    for tag in tags:
        yield from _of_tag(tag, environment)
    yield from _unbalanced(tags)
    yield from _not_alone(paragraphs, tags)


def _loose_ends(paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
    for paragraph in paragraphs:
        if "{" not in paragraph.text and "}" not in paragraph.text:
            continue
        rest = _LOOSE.search(_TAG.sub("", paragraph.text))
        if rest is not None:
            around = paragraph.text[max(0, paragraph.text.find(rest[0])) :]
            text = around[:60]
            yield Finding(
                "tag-unclosed",
                paragraph.part,
                paragraph.place,
                shortened(text),
                "Ein Platzhalter beginnt oder endet hier, sein Gegenstück fehlt. Jeder Platzhalter "
                "steht ganz in einem Absatz: {{ feld }} oder {% anweisung %}." + quotes_hint(text),
            )


def _of_tag(tag: Tag, environment: Environment) -> Iterator[Finding]:
    if len(tag.text) > limits.TAG_CHARACTERS:
        yield tag.finding("tag-too-long", "Der Platzhalter ist zu lang. Teilen Sie ihn auf.")
        return
    if sentence := quotes_hint(tag.text):
        yield tag.finding("typographic-quotes", sentence.strip())
        return
    if _FORBIDDEN.fullmatch(tag.word):
        yield tag.finding("statement-forbidden", forbidden_statement(tag.word))
        return
    if tag.word in _ENDS or not tag.source:
        return
    try:
        environment.parse(_complete(tag))
    except TemplateSyntaxError as problem:
        yield tag.finding("tag-syntax", syntax_sentence(problem))
    except RecursionError:
        yield tag.finding("tag-syntax", "Der Platzhalter ist zu tief verschachtelt.")


def forbidden_statement(name: str) -> str:
    """Why a statement is refused."""
    return (
        f"Die Anweisung „{name}“ ist in Vorlagen nicht erlaubt (Makros, Einbindungen und "
        "Vererbung). Erlaubt sind if, for und set."
    )


def _complete(tag: Tag) -> str:
    """The tag with what it needs around itself to be a template of its own."""
    before = _INSIDE.get(tag.word, "")
    after = _CLOSERS["if"] if before else _CLOSERS.get(tag.word, "")
    if tag.word == "set" and "=" not in tag.source:
        after = "{% endset %}"
    return f"{before}{tag.source}{after}"


def _unbalanced(tags: Sequence[Tag]) -> Iterator[Finding]:
    open_tags: list[Tag] = []
    for tag in tags:
        if tag.word in ("for", "if", "with"):
            open_tags.append(tag)
        elif tag.word in ("elif", "else"):
            if not open_tags:
                yield _lonely(tag, "if" if tag.word == "elif" else "if“ oder „for")
            elif open_tags[-1].rank != tag.rank:
                yield _other_rank(tag, open_tags[-1])
        elif tag.word in _ENDS:
            if not open_tags or open_tags[-1].word != _ENDS[tag.word]:
                yield _lonely(tag, _ENDS[tag.word])
                return
            opened = open_tags.pop()
            if opened.rank != tag.rank:
                yield _other_rank(tag, opened)
    for tag in open_tags:
        yield tag.finding(
            "tag-unbalanced",
            f"Zu „{tag.word}“ fehlt das Ende: {{%{tag.rank} end{tag.word} %}} im selben Teil des "
            "Dokuments.",
        )


def _lonely(tag: Tag, wanted: str) -> Finding:
    return tag.finding(
        "tag-unbalanced",
        f"Zu „{tag.word}“ fehlt davor das passende „{wanted}“ im selben Teil des Dokuments.",
    )


def _other_rank(tag: Tag, opened: Tag) -> Finding:
    return tag.finding(
        "tag-rank",
        f"{shortened(opened.text)} und {shortened(tag.text)} gehören zusammen, gelten aber "
        f"für Verschiedenes ({_RANKS.get(opened.rank, 'Text')} und "
        f"{_RANKS.get(tag.rank, 'Text')}). Schreiben Sie beide gleich, etwa "
        f"{{%{opened.rank} {tag.word} … %}}.",
    )


def _not_alone(paragraphs: Sequence[Paragraph], tags: Sequence[Tag]) -> Iterator[Finding]:
    """Text beside a tag that stands for its paragraph or row would be lost without a word."""
    rows: dict[int, str] = {}
    for paragraph in paragraphs:
        if paragraph.row is not None:
            rows[paragraph.row] = rows.get(paragraph.row, "") + paragraph.text
    for tag in tags:
        around = None
        if tag.rank == "p":
            around = tag.paragraph.text
        elif tag.rank == "tr":
            around = rows.get(tag.paragraph.row or 0)
        if tag.rank == "tr" and around is None:
            yield tag.finding("tag-rank", "{%tr …%} wirkt nur in einer Tabellenzeile.")
        elif around is not None and around.replace(tag.text, "", 1).strip():
            yield tag.finding(
                "tag-not-alone",
                f"Neben diesem Platzhalter steht noch etwas; es ginge verloren. Er muss allein in "
                f"{'einem Absatz' if tag.rank == 'p' else 'einer Tabellenzeile'} stehen.",
            )
