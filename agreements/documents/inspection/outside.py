"""What reaches outside a document when somebody opens it: links, field codes."""

from __future__ import annotations

import re
from typing import Final

_LINK: Final = re.compile(r"https://[^\s\\]+|mailto:[^\s\\]+", re.I)

# Fields that compute from the document itself. What is not listed here loads from elsewhere
# (INCLUDETEXT, DDE, LINK, DATABASE …), starts something (MACROBUTTON) or is unknown.
_HARMLESS_FIELDS_WORDS: Final = """
= ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BIBLIOGRAPHY CITATION COMMENTS COMPARE
CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE
FORMCHECKBOX FORMDROPDOWN FORMTEXT HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM
MERGEFIELD NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE PRIVATE REF REVNUM
SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME
TITLE TOA TOC USERADDRESS USERINITIALS USERNAME XE
"""
HARMLESS_FIELDS: Final = frozenset(_HARMLESS_FIELDS_WORDS.split())


def is_allowed_link(target: str) -> bool:
    """Whether a hyperlink goes to https, mailto or a bookmark of the same document."""
    return target.startswith("#") or bool(_LINK.fullmatch(target.strip()))


def forbidden_field(code: str) -> str | None:
    """The keyword of a field that must not be in a template; None if it is harmless."""
    words = code.split(maxsplit=1)
    if not words:
        return None
    keyword = "=" if words[0].startswith("=") else words[0].upper()
    if keyword not in HARMLESS_FIELDS:
        return keyword
    if keyword != "HYPERLINK":
        return None
    # Switches such as \\l "Textmarke" have no target outside.
    argument = re.match(r'\s*(\\l\s+)?("(?P<quoted>[^"]*)"|(?P<plain>\S+))', [*words, ""][1])
    if argument is None:
        return None
    if argument[1]:
        return keyword if re.search(r"\w+://|\\\\\\\\", code) else None
    target = argument["quoted"] if argument["quoted"] is not None else argument["plain"]
    return None if is_allowed_link(target) else keyword
