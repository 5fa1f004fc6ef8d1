"""How large a Word file and its parts may be, and how much its inspection may cost.

A template of a legal document has a few hundred entries at most, parts of at most a few
megabytes and a compression of about 1:20; the limits leave room for ten times that.
"""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1024 * 1024

FILE_BYTES: Final = 25 * MEGABYTE
ENTRIES: Final = 1000
DIRECTORY_BYTES: Final = 512 * 1024
ENTRY_BYTES: Final = 20 * MEGABYTE
XML_BYTES: Final = 8 * MEGABYTE
ALL_XML_BYTES: Final = 24 * MEGABYTE
TOTAL_BYTES: Final = 60 * MEGABYTE
# Below this size no ratio is dangerous: short repetitive parts compress well.
RATIO_FROM_BYTES: Final = 512 * 1024
RATIO: Final = 120

XML_DEPTH: Final = 200
XML_ELEMENTS: Final = 100_000
ATTRIBUTES: Final = 200
ATTRIBUTE_CHARACTERS: Final = 1 * MEGABYTE
IMAGE_PIXELS: Final = 100_000_000

TAGS: Final = 5000
TAG_CHARACTERS: Final = 2000
LOOPS_INSIDE: Final = 4
RANGE: Final = 1000
LIST: Final = 20
# Four lists inside each other; a range of a thousand in one of them is too much.
TURNS: Final = 200_000
# A number beyond this has no meaning in a document, only as a multiplier.
NUMBER: Final = 10**15

FINDINGS_OF_A_KIND: Final = 20
