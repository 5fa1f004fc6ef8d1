"""What the tags of a part reach for: fields against the model, filters, calls, loops.

Judged on Jinja's own syntax tree, against the types of the data: attributes of attributes and
loop variables too, in branches that no example ever takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from jinja2 import nodes
from pydantic import BaseModel

from agreements.documents import sandbox
from agreements.documents.failures import all_names, close_match
from agreements.documents.inspection import limits, typed
from agreements.documents.inspection.tags import forbidden_statement
from agreements.documents.inspection.typed import NUMBER, TEXT, Anything, Pair
from agreements.documents.inspection.values import filtered, list_of, turns, written

Report = Callable[[int, str, str, str], None]

_LOOP: Final[dict[str, object]] = {
    **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length"), NUMBER),
    **dict.fromkeys(("first", "last"), bool),
    **dict.fromkeys(("previtem", "nextitem", "cycle", "changed"), Anything()),
}
_STATEMENTS: Final = (
    nodes.Output,
    nodes.For,
    nodes.If,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.With,
)
_ENGINE_WORDS: Final = """
self super caller varargs kwargs lipsum dict cycler joiner namespace cycle
"""
_ENGINE: Final = frozenset(_ENGINE_WORDS.split())
_INNER: Final = ("func_", "gi_", "cr_", "ag_", "f_", "tb_", "co_", "model_")
_INNER_NAMES: Final = frozenset(["mro", "format", "format_map", "render", "environment"])
_UNSAFE: Final = (
    "Der Platzhalter greift auf „{name}“ zu, also auf das Innere des Programms. Das ist in "
    "Vorlagen aus Sicherheitsgründen nicht erlaubt. Entfernen Sie ihn."
)
_LOAD: Final = (
    "Der Platzhalter würde das Programm aufhalten oder seinen Speicher füllen ({name}). Das ist "
    "in Vorlagen nicht erlaubt. Entfernen Sie ihn."
)


@dataclass(slots=True)
class Expressions:
    """Reads a syntax tree. ``model`` None: any field is accepted and collected in ``fields``.

    ``report(line, code, name, message)`` gets each objection.
    """

    model: type[BaseModel] | None
    report: Report
    fields: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _scopes: list[dict[str, object]] = field(default_factory=lambda: [{}])
    _loops: int = 0
    _turns: int = 1

    def read(self, tree: nodes.Template) -> None:
        """Judge a whole template."""
        self._body(tree.body)

    def _body(self, body: list[nodes.Node]) -> None:
        for node in body:
            self._statement(node)

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    self._type(part)
            case nodes.For():
                self._loop(node)
            case nodes.If():
                self._type(node.test)
                for body in (node.body, node.elif_, node.else_):
                    self._body(list(body))
            case nodes.Assign():
                self._bind(node.target, self._type(node.node))
            case nodes.AssignBlock():
                self._body(node.body)
                self._bind(node.target, TEXT)
            case nodes.With():
                self._scoped(zip(node.targets, node.values, strict=True), node.body)
            case _:
                name = type(node).__name__.lower()
                sentence = forbidden_statement(name)
                self.report(node.lineno, "statement-forbidden", name, sentence)

    def _loop(self, node: nodes.For) -> None:
        over = self._type(node.iter)
        times = turns(node, over)
        too_many = self._turns * times > limits.TURNS
        if node.recursive or self._loops >= limits.LOOPS_INSIDE or too_many:
            self.report(node.lineno, "loop-too-deep", "for", _LOAD.format(name="Schleifen"))
            return
        if not typed.is_listable(over):
            self.report(
                node.lineno,
                "not-a-list",
                written(node.iter),
                f"„{written(node.iter)}“ ist keine Liste; wiederholen lässt sich nur eine Liste.",
            )
        self._loops += 1
        self._turns *= times
        self._scopes.append({"loop": None})
        self._bind(node.target, typed.item(over))
        if node.test is not None:
            self._type(node.test)
        self._body(node.body)
        self._scopes.pop()
        self._loops -= 1
        self._turns //= times
        self._body(node.else_)

    def _scoped(
        self, bound: Iterator[tuple[nodes.Expr, nodes.Expr]], body: list[nodes.Node]
    ) -> None:
        self._scopes.append({})
        for target, value in bound:
            self._bind(target, self._type(value))
        self._body(body)
        self._scopes.pop()

    def _bind(self, target: nodes.Node, kind: object) -> None:
        match target:
            case nodes.Name():
                if target.name in _ENGINE or target.name.startswith("_"):
                    self._unsafe(target.lineno, target.name)
                self._scopes[-1][target.name] = kind
            case nodes.Tuple():
                kinds = kind.items if isinstance(kind, Pair) else ()
                for position, part in enumerate(target.items):
                    self._bind(part, kinds[position] if position < len(kinds) else Anything())
            case _:
                self._unsafe(target.lineno, type(target).__name__)

    def _type(self, node: nodes.Node) -> object:
        match node:
            case nodes.TemplateData():
                return TEXT
            case nodes.Const():
                return self._constant(node)
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr():
                return self._attribute(node, self._type(node.node), node.attr)
            case nodes.Getitem():
                return self._item(node)
            case nodes.Filter():
                return self._filter(node)
            case nodes.Call():
                return self._call(node)
            case nodes.CondExpr():
                return self._choice(node)
            case nodes.Concat() | nodes.Compare() | nodes.Test() | nodes.Not():
                self._children(node)
                return TEXT if isinstance(node, nodes.Concat) else bool
            case nodes.BinExpr():
                return self._binary(node)
            case nodes.Tuple() | nodes.List():
                return Pair(tuple(self._type(part) for part in node.items))
            case _:
                self._children(node)
                return Anything()

    def _children(self, node: nodes.Node) -> None:
        for child in node.iter_child_nodes():
            self._type(child)

    def _constant(self, node: nodes.Const) -> object:
        value = node.value
        if isinstance(value, int | float) and abs(value) > limits.NUMBER:
            self._load(node.lineno, str(value)[:20])
        return Anything() if value is None else type(value)

    def _name(self, node: nodes.Name) -> object:
        for scope in reversed(self._scopes):
            if node.name in scope:
                return scope[node.name] if scope[node.name] is not None else _Loop
        if node.name in _ENGINE or node.name.startswith("_"):
            self._unsafe(node.lineno, node.name)
            return Anything()
        if node.name == "range":
            return _Range
        self.used.add(node.name)
        if self.model is None:
            self.fields.setdefault(node.name, node.lineno)
            return Anything(node.name)
        kind = typed.field_type(self.model, node.name)
        if kind is None:
            self._unknown(node.lineno, node.name, sandbox.readable_names(self.model))
            return Anything()
        return kind

    def _attribute(self, node: nodes.Node, kind: object, name: str) -> object:
        if name.startswith(("_", *_INNER)) or name in _INNER_NAMES:
            self._unsafe(node.lineno, name)
            return Anything()
        if kind is _Loop:
            found = _LOOP.get(name)
            if found is None:
                self._unknown(node.lineno, f"loop.{name}", _LOOP)
            return found or Anything()
        found = typed.attribute(kind, name)
        if found is None and name in sandbox.TEXT_METHODS and typed.is_text(kind):
            return Anything()
        if found is None:
            if any(hasattr(model, name) for model in typed.models_of(kind)):
                self._unsafe(node.lineno, name)
            else:
                self._unknown(node.lineno, name, self._names_of(kind))
            return Anything()
        if isinstance(found, Anything) and found.path and self.model is None:
            self.fields.setdefault(found.path, node.lineno)
        return found

    def _names_of(self, kind: object) -> set[str]:
        models = typed.models_of(kind) or ([self.model] if self.model else [])
        return {name for model in models for name in all_names(model)}

    def _item(self, node: nodes.Getitem) -> object:
        kind = self._type(node.node)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._attribute(node, kind, node.arg.value)
        index = self._type(node.arg)
        if isinstance(node.arg, nodes.Slice):
            return kind
        if not typed.is_number(index):
            # ``value[name]`` with a computed name is a way around every rule on names.
            self._unsafe(node.lineno, written(node))
        return typed.item(kind)

    def _choice(self, node: nodes.CondExpr) -> object:
        self._type(node.test)
        first = self._type(node.expr1)
        second = self._type(node.expr2) if node.expr2 is not None else first
        return first if repr(first) == repr(second) else Anything()

    def _binary(self, node: nodes.BinExpr) -> object:
        left, right = self._type(node.left), self._type(node.right)
        multiplies = isinstance(node, nodes.Mul) and not (
            typed.is_number(left) and typed.is_number(right)
        )
        formats = isinstance(node, nodes.Mod) and not typed.is_number(left)
        open_numbers = (typed.is_number(left) or typed.is_open(left)) and (
            typed.is_number(right) or typed.is_open(right)
        )
        if isinstance(node, nodes.Pow) or ((multiplies or formats) and not open_numbers):
            self._load(node.lineno, written(node))
        if isinstance(node, nodes.And | nodes.Or):
            return left if repr(left) == repr(right) else Anything()
        return NUMBER if typed.is_number(left) and typed.is_number(right) else Anything()

    def _call(self, node: nodes.Call) -> object:
        arguments = [*node.args, *(keyword.value for keyword in node.kwargs)]
        kinds = [self._type(argument) for argument in arguments]
        callee = node.node
        if isinstance(callee, nodes.Name) and self._name(callee) is _Range:
            self._range(node)
            return tuple[int, ...]
        if isinstance(callee, nodes.Getattr):
            owner = self._type(callee.node)
            if owner is _Loop and callee.attr in ("cycle", "changed"):
                return kinds[0] if kinds else Anything()
            if callee.attr in sandbox.TEXT_METHODS | sandbox.MAPPING_METHODS:
                self._attribute(callee, owner, callee.attr)
                return Anything()
            self._attribute(callee, owner, callee.attr)
        else:
            self._type(callee)
        self.report(
            node.lineno,
            "call-forbidden",
            written(callee),
            f"„{written(callee)}(…)“ ist in Vorlagen nicht erlaubt: Aufrufe gehören nicht in "
            "Platzhalter. Verwenden Sie ein Feld oder einen Filter.",
        )
        return Anything()

    def _range(self, node: nodes.Call) -> None:
        for argument in node.args:
            try:
                value = argument.as_const()
            except nodes.Impossible:
                continue
            if isinstance(value, int) and abs(value) > limits.RANGE:
                self._load(node.lineno, f"range({value})")

    def _filter(self, node: nodes.Filter) -> object:
        kind = self._type(node.node) if node.node is not None else TEXT
        for child in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self._type(child)
        if node.name not in sandbox.ALLOWED_FILTERS:
            self._unknown_filter(node, node.name)
            return Anything()
        if node.name in ("map", "select", "reject") and node.args:
            self._applied_filter(node, node.args[0])
        if node.name in ("map", "selectattr", "rejectattr", "groupby", "sort", "sum", "unique"):
            reached = self._filtered_attribute(node, kind)
            if node.name == "map":
                return reached if reached is not None else Anything()
        return filtered(node.name, kind)

    def _applied_filter(self, node: nodes.Filter, named: nodes.Expr) -> None:
        """``map("upper")`` names a filter, ``select("defined")`` a test."""
        if not isinstance(named, nodes.Const):
            self._unsafe(node.lineno, written(named))
        elif node.name == "map" and named.value not in sandbox.ALLOWED_FILTERS:
            self._unknown_filter(node, str(named.value))

    def _filtered_attribute(self, node: nodes.Filter, kind: object) -> object | None:
        """The list of what ``map(attribute='forms.nominative')`` and its like reach for."""
        named = [k.value for k in node.kwargs if k.key == "attribute"]
        if not named and node.name in ("selectattr", "rejectattr", "groupby") and node.args:
            named = [node.args[0]]
        if not named:
            return None
        if not isinstance(named[0], nodes.Const):
            self._unsafe(node.lineno, written(named[0]))
            return None
        reached = typed.item(kind)
        for step in str(named[0].value).split("."):
            reached = self._attribute(node, reached, step)
        return list_of(reached)

    def _unknown_filter(self, node: nodes.Filter, name: str) -> None:
        if name in sandbox.ENGINE_FILTERS:
            code = "filter-forbidden"
            sentence = f"Der Filter „{name}“ ist in Vorlagen aus Sicherheitsgründen nicht erlaubt."
        else:
            close = close_match(name, sandbox.ALLOWED_FILTERS)
            code, sentence = "filter-unknown", f"Den Filter „{name}“ gibt es nicht.{close}"
        self.report(node.lineno, code, name, sentence)

    def _unknown(self, line: int, name: str, known: object) -> None:
        names = [str(one) for one in known] if hasattr(known, "__iter__") else []
        self.report(
            line,
            "field-unknown",
            name,
            f"Das Feld „{name}“ gibt es nicht.{close_match(name.rpartition('.')[2], names)}",
        )

    def _unsafe(self, line: int, name: str) -> None:
        self.report(line, "unsafe-access", name, _UNSAFE.format(name=name))

    def _load(self, line: int, name: str) -> None:
        self.report(line, "too-expensive", name, _LOAD.format(name=name))


class _Loop:
    """The type of ``loop``."""


class _Range:
    """The type of ``range``."""
