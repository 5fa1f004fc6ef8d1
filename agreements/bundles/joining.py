"""Joining PDFs so that tags, bookmarks and inner links of each go on to work."""

from __future__ import annotations

import io
from types import TracebackType
from typing import Self

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, String

from agreements.documents.pdf.finishing import About, describe


class Joined:
    """A PDF that others are appended to."""

    def __init__(self) -> None:
        self.document = pikepdf.new()
        self._bookmarks: list[OutlineItem] = []
        self._elements = Array()
        self._parents = Array()
        self._roles = Dictionary()
        self._intents: Object | None = None
        self._next_key = 0
        self._sources: list[pikepdf.Pdf] = []
        self._top = self.document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for source in self._sources:
            source.close()
        self.document.close()

    def append(self, pdf: bytes, title: str) -> int:
        """Append a PDF under a bookmark of that title; how many pages it has."""
        # Streams are copied when the whole is saved: the source stays open until then.
        source = pikepdf.open(io.BytesIO(pdf))
        self._sources.append(source)
        before, structure = len(self.document.pages), source.Root.get("/StructTreeRoot")
        bookmark = OutlineItem(title, before)
        bookmark.children.extend(_bookmarks(source, before))
        if structure is not None:
            self._renumber(source)
        self.document.pages.extend(source.pages)
        self._bookmarks.append(bookmark)
        if isinstance(structure, Dictionary):
            self._take_structure(structure, title)
        intents = source.Root.get("/OutputIntents")
        if self._intents is None and intents is not None:
            self._intents = self.document.copy_foreign(source.make_indirect(intents))
        return len(self.document.pages) - before

    def complete(self, described: About) -> None:
        """Add what belongs to the whole: bookmarks, structure, colours, metadata."""
        document, root = self.document, self.document.Root
        with document.open_outline() as outline:
            outline.root.extend(self._bookmarks)
        self._top.K = self._elements
        root.StructTreeRoot = document.make_indirect(
            Dictionary(
                Type=Name.StructTreeRoot,
                K=self._top,
                ParentTree=document.make_indirect(Dictionary(Nums=self._parents)),
                ParentTreeNextKey=self._next_key,
                RoleMap=self._roles,
            )
        )
        self._top.P = root.StructTreeRoot
        root.MarkInfo = Dictionary(Marked=described.tagged)
        root.PageMode = Name.UseOutlines
        if self._intents is not None:
            root.OutputIntents = self._intents
        describe(document, described)

    def _renumber(self, source: pikepdf.Pdf) -> None:
        """Keys into the tree of parents are unique in the whole file."""
        highest = -1
        for page in source.pages:
            holders: list[tuple[Object, str]] = [(page.obj, "/StructParents")]
            holders += [(a, "/StructParent") for a in page.obj.get("/Annots", Array())]
            for holder, key in holders:
                if key in holder:
                    highest = max(highest, int(holder[key]))
                    holder[key] = int(holder[key]) + self._next_key
        self._highest = highest

    def _take_structure(self, structure: Dictionary, title: str) -> None:
        taken = self.document.copy_foreign(structure)
        kids = taken.get("/K", Array())
        for element in kids if isinstance(kids, Array) else [kids]:
            if isinstance(element, Dictionary):
                element.P = self._top
                if element.get("/S") == Name.Document:
                    element.S, element.T = Name.Part, String(title)
                self._elements.append(element)
        for key, parents in _numbers(taken.get("/ParentTree", Dictionary())):
            if key <= self._highest:
                self._parents.append(key + self._next_key)
                self._parents.append(parents)
        for role, meaning in taken.get("/RoleMap", Dictionary()).items():
            self._roles[role] = meaning
        self._next_key += self._highest + 1


def _numbers(tree: Object) -> list[tuple[int, Object]]:
    """The entries of a number tree, in order."""
    found = []
    flat = list(tree.get("/Nums", Array()))
    found += [(int(flat[i]), flat[i + 1]) for i in range(0, len(flat) - 1, 2)]
    for kid in tree.get("/Kids", Array()):
        found += _numbers(kid)
    return sorted(found, key=lambda entry: entry[0])


def _bookmarks(source: pikepdf.Pdf, before: int) -> list[OutlineItem]:
    places = {page.obj.objgen: number for number, page in enumerate(source.pages)}
    with source.open_outline() as outline:
        return [made for item in outline.root if (made := _moved(item, places, before))]


def _moved(item: OutlineItem, places: dict[tuple[int, int], int], before: int) -> OutlineItem:
    target: object = item.destination
    if target is None and item.action is not None:
        target = item.action.get("/D")
    page, top = 0, None
    if isinstance(target, Array) and len(target) and isinstance(target[0], Dictionary):
        page = places.get(target[0].objgen, 0)
        if len(target) > 3 and target[1] == Name.XYZ and target[3] is not None:
            top = float(target[3])
    moved = (
        OutlineItem(item.title, page + before, "XYZ", top=top)
        if top is not None
        else OutlineItem(item.title, page + before)
    )
    moved.children.extend(_moved(child, places, before) for child in item.children)
    return moved
