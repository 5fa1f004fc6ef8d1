"""The one Jinja environment for templates and clause texts: strict, sandboxed, escaping.

Each default of docxtpl that this replaces has lost text or opened a door: an unknown field
rendered as nothing, text around ``&`` and ``<`` vanished, a template reached Python's
internals.
"""

from __future__ import annotations

from functools import cache

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from agreements.documents.filters import FILTERS, binding


class Sandbox(SandboxedEnvironment):
    """Of a data model a template sees its fields and our properties, nothing of pydantic."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether a template may read ``obj.attr``."""
        if isinstance(obj, BaseModel):
            return attr in readable_names(type(obj))
        return super().is_safe_attribute(obj, attr, value)


def sandbox(*, autoescape: bool, kind: type[Sandbox] = Sandbox) -> Sandbox:
    """A fresh environment; ``autoescape`` is on for XML and off for plain text."""
    environment = kind(
        undefined=StrictUndefined,
        autoescape=autoescape,
        finalize=binding if autoescape else None,
    )
    environment.filters.update(FILTERS)
    return environment


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
