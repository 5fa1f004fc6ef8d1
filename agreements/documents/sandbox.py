"""The one Jinja environment for templates and clause texts: strict, sandboxed, escaping.

Each default of docxtpl that this replaces has lost text or opened a door: an unknown field
rendered as nothing, text around ``&`` and ``<`` vanished, a template reached Python's
internals.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache, lru_cache
from typing import Final

import jinja2
from jinja2 import StrictUndefined, nodes, runtime
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from agreements.documents.filters import FILTERS, binding

# Jinja's own filters that neither reach for attributes by name nor grow what they get.
ENGINE_FILTERS: Final = frozenset(SandboxedEnvironment().filters)
_GENTLE_FILTERS_WORDS: Final = """
abs batch capitalize count d default dictsort e escape first float groupby int join last
length list lower map max min reject rejectattr replace reverse round select selectattr
slice sort string sum title trim truncate unique upper wordcount
"""
_GENTLE_FILTERS: Final = frozenset(_GENTLE_FILTERS_WORDS.split())
ALLOWED_FILTERS: Final = _GENTLE_FILTERS | FILTERS.keys()
_TEXT_METHODS_WORDS: Final = """
capitalize count endswith isdigit lower lstrip removeprefix removesuffix rstrip split
splitlines startswith strip title upper
"""
TEXT_METHODS: Final = frozenset(_TEXT_METHODS_WORDS.split())
MAPPING_METHODS: Final = frozenset(("items", "keys", "values", "get"))
_LONGEST_RANGE: Final = 1000
_SEQUENCES: Final = (str, bytes, list, tuple)


class Sandbox(SandboxedEnvironment):
    """Of a data model a template sees its fields and our properties, nothing of pydantic.

    The engine's own guards stop escapes; what would only cost time or memory (a text times a
    billion, a power, a printf width) is stopped here, the rest by the limits of the child
    process that renders.
    """

    intercepted_binops = frozenset(("*", "**", "%"))

    def call_binop(
        self, context: runtime.Context, operator: str, left: object, right: object
    ) -> object:
        """Numbers may be multiplied; nothing else, and nothing to the power of anything."""
        if operator == "**" or isinstance(left, _SEQUENCES) or isinstance(right, _SEQUENCES):
            raise SecurityError(f"operator {operator!r} is not allowed here")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether a template may read ``obj.attr``."""
        if isinstance(obj, BaseModel):
            return attr in readable_names(type(obj))
        if isinstance(obj, str):
            return attr in TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)


def sandbox(*, autoescape: bool, kind: type[Sandbox] = Sandbox) -> Sandbox:
    """A fresh environment; ``autoescape`` is on for XML and off for plain text."""
    environment = kind(
        undefined=StrictUndefined,
        autoescape=autoescape,
        finalize=binding if autoescape else None,
    )
    environment.filters = {
        name: filter_ for name, filter_ in environment.filters.items() if name in _GENTLE_FILTERS
    } | FILTERS
    environment.globals = {"range": _short_range}
    return environment


class _Keeping(Sandbox):
    """The sandbox; what it has compiled it does not compile again."""

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, object] | None = None,
        template_class: type[jinja2.Template] | None = None,
    ) -> jinja2.Template:
        if not isinstance(source, str) or globals or template_class:
            return super().from_string(source, globals, template_class)
        return _compiled(self, source)


@lru_cache(maxsize=1024)
def _compiled(environment: _Keeping, source: str) -> jinja2.Template:
    return Sandbox.from_string(environment, source)


@cache
def keeping(*, autoescape: bool) -> Sandbox:
    """This process's environment for what is filled again and again."""
    return sandbox(autoescape=autoescape, kind=_Keeping)


def _short_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise SecurityError(f"range of more than {_LONGEST_RANGE}")
    return found


@cache
def readable_names(model: type[BaseModel]) -> frozenset[str]:
    """The names that a template may read of a model: fields and declared properties."""
    own = {
        name
        for parent in model.__mro__
        if parent is not BaseModel and issubclass(parent, BaseModel)
        for name, member in vars(parent).items()
        if isinstance(member, property)
    }
    return frozenset(own | set(model.model_fields))


def context_of(data: BaseModel) -> dict[str, object]:
    """The top-level names of a template: the model's fields and properties."""
    return {name: getattr(data, name) for name in readable_names(type(data))}
