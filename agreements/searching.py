"""Full-text search in tasks: words in any order, parts of words, German spellings.

Case does not matter, nor whether an umlaut is written out ("Luenen" finds "Lünen"). A whole file
reference is meant exactly. Everything else is text, whatever signs it has.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from agreements.model.bodies import Body
from agreements.model.cases import Case, Task

LONGEST: Final = 200
# More words than these hardly narrow a search any further, but each costs.
_MOST_WORDS: Final = 8
_REFERENCE: Final = re.compile(r"[a-z]{2,10}-\d{4}-\d{4,}", re.IGNORECASE)
_UMLAUTS: Final = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))


def matches(search: str, *, few: bool) -> ColumnElement[bool]:
    """The open tasks in which every word of the search occurs, as a condition on ``Task``.

    few: so few tasks are to be searched that it is quicker to read them all than to ask the index
    over everybody's.
    """
    return and_(true(), *(_occurs(word, few) for word in words_of(search)))


def words_of(search: str) -> list[str]:
    """The words of a search: composed signs, no control characters, each once."""
    plain = unicodedata.normalize("NFC", search[:LONGEST])
    visible = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in plain)
    return list(dict.fromkeys(visible.lower().split()))[:_MOST_WORDS]


def _occurs(word: str, few: bool) -> ColumnElement[bool]:
    if _REFERENCE.fullmatch(word):
        # An alias: the query around it may show the case.
        meant = aliased(Case)
        return Task.case_id == (
            select(meant.id).where(meant.reference == word.upper()).scalar_subquery()
        )
    # An expression that the index does not know.
    searched = Task.search_text.concat("") if few else Task.search_text
    return or_(*(searched.ilike(_containing(spelt)) for spelt in spellings(word)))


def spellings(word: str) -> list[str]:
    """The word as it stands, with its umlauts written out, and with those that may be meant."""
    written_out = composed = word
    for sign, letters in _UMLAUTS:
        written_out, composed = (
            written_out.replace(sign, letters),
            composed.replace(letters, sign),
        )
    return list(dict.fromkeys((word, written_out, composed)))


def _containing(word: str) -> str:
    return "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def text_of(case_id: UUID, body_id: UUID, title: str, details: str) -> ColumnElement[str]:
    """What the search looks through in a task, computed by the statement that writes it.

    ``title`` and ``details`` are what everybody may read to whom the task is shown.
    """
    case = select(Case.reference + " " + Case.title).where(Case.id == case_id).scalar_subquery()
    short = select(Body.forms["short"].astext).where(Body.id == body_id).scalar_subquery()
    return func.concat_ws(" ", title, case, short, details or None)
