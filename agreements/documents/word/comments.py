"""Comments of a document: who, when, on which words, and which answers which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agreements.documents.word.names import WORD_2010, WORD_2012, Element, local, w
from agreements.documents.word.package import Package
from agreements.documents.word.reading import author_name, moment

_MOST: Final = 1000
_LONGEST: Final = 4000
_NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. key: by which the text refers to it; answers: the key of the one before."""

    key: str
    author: str
    at: datetime | None
    text: str
    answers: str | None = None


def comments(package: Package) -> list[Comment]:
    """The comments in the order of the document's list, without empty ones."""
    if package.comments is None:
        return []
    elements = list(package.comments.iter(w("comment")))[:_MOST]
    parents = _parents(package.comments_extended)
    keys = {
        paragraph: element.get(w("id"), "")
        for element in elements
        if (paragraph := _paragraph_id(element)) != _NONE
    }
    found = []
    for element in elements:
        if text := _text(element):
            found.append(
                Comment(
                    key=element.get(w("id"), ""),
                    author=author_name(element.get(w("author"), "")),
                    at=moment(element.get(w("date"), "")),
                    text=text[:_LONGEST],
                    answers=keys.get(parents.get(_paragraph_id(element), _NONE)),
                )
            )
    return found


def _parents(extended: Element | None) -> dict[str, str]:
    """For each answer the paragraph of the comment that it answers."""
    if extended is None:
        return {}
    name = f"{{{WORD_2012}}}"
    return {
        entry.get(f"{name}paraId", ""): parent
        for entry in extended.iter(f"{name}commentEx")
        if (parent := entry.get(f"{name}paraIdParent"))
    }


def _paragraph_id(comment: Element) -> str:
    """A comment is known to the list of answers by its last paragraph."""
    last = [p.get(f"{{{WORD_2010}}}paraId", "") for p in comment.iter(w("p"))]
    return (last[-1] if last else "") or _NONE


def _text(comment: Element) -> str:
    rows = []
    for paragraph in comment.iter(w("p")):
        words = [
            (element.text or "") if local(element) == "t" else " "
            for element in paragraph.iter(w("t"), w("tab"), w("br"))
        ]
        rows.append(_row("".join(words)))
    return "\n".join(row for row in rows if row)


def _row(text: str) -> str:
    """Without signs that nothing can print."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign == "\t").split())
