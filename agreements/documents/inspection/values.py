"""What values become: by a filter, in a loop; and how an expression is written."""

from __future__ import annotations

from typing import Final

from jinja2 import nodes

from agreements.documents.inspection import limits, typed
from agreements.documents.inspection.typed import NUMBER, TEXT, Anything

_SAME_WORDS: Final = """
sort reverse unique list select reject selectattr rejectattr
"""
_SAME: Final = frozenset(_SAME_WORDS.split())
_ONE: Final = frozenset(["first", "last", "min", "max"])
_COUNTS: Final = frozenset(["length", "count", "int", "abs", "round", "sum", "float", "wordcount"])


def turns(node: nodes.For, over: object) -> int:
    """How often a loop turns, at a guess: a list of the data is short, a range need not be."""
    ranges = [
        call
        for call in (node.iter, *node.iter.find_all(nodes.Call))
        if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name)
    ]
    if not ranges:
        return limits.RANGE if over == tuple[int, ...] else limits.LIST
    counts = [
        argument.value
        for argument in ranges[0].args
        if isinstance(argument, nodes.Const) and isinstance(argument.value, int)
    ]
    known = len(counts) == len(ranges[0].args) == 1
    return max(1, min(limits.RANGE, counts[0])) if known else limits.RANGE


def list_of(kind: object) -> object:
    """The type of a list of such values."""
    if isinstance(kind, type):
        return tuple[kind, ...]  # type: ignore[valid-type]
    return Anything()


def filtered(name: str, kind: object) -> object:
    """The type of what a filter makes of a value."""
    if name in _SAME:
        return kind
    if name in _ONE:
        return typed.item(kind)
    if name in _COUNTS:
        return NUMBER
    return Anything() if name in ("default", "d", "groupby", "batch", "map", "dictsort") else TEXT


def written(node: nodes.Node) -> str:
    """An expression as a person would write it, as far as it is a path."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{written(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{written(node.node)}[…]"
        case nodes.Const():
            return repr(node.value)[:40]
        case nodes.BinExpr():
            return f"{written(node.left)} {node.operator} {written(node.right)}"
        case nodes.Filter() if node.node is not None:
            return f"{written(node.node)}|{node.name}"
        case nodes.Call():
            return f"{written(node.node)}(…)"
    return type(node).__name__.lower()
