"""Stand-ins for the data of a template that nobody has named: they cope with everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from jinja2 import Undefined
from jinja2.exceptions import SecurityError, UndefinedError

from agreements.documents.sandbox import Sandbox, sandbox

TEXT: Final = "Beispiel"


class Placeholder(Undefined):
    """Any attribute of it, any item and any call is one again; a loop gives two."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: object = None,
        name: str | None = None,
        exc: type[Exception] = UndefinedError,
    ) -> None:
        if exc is SecurityError:
            raise SecurityError(hint or "access to this attribute is unsafe")
        super().__init__(hint, obj, name)

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(name=name)

    def _another(self, *arguments: object, **named: object) -> Placeholder:
        return Placeholder()

    __getitem__ = __call__ = _another  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _another  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _another  # type: ignore[assignment]
    __mod__ = __rmod__ = __neg__ = __pos__ = __round__ = __abs__ = _another  # type: ignore[assignment]

    def __str__(self) -> str:
        return TEXT

    def __iter__(self) -> Iterator[Placeholder]:
        return iter((Placeholder(), Placeholder()))

    def __len__(self) -> int:
        return 2

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placeholder)

    def __hash__(self) -> int:
        return hash(TEXT)

    def __contains__(self, other: object) -> bool:
        return False

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]

    def __int__(self) -> int:  # type: ignore[override]
        return 1

    __index__ = __int__

    def __float__(self) -> float:  # type: ignore[override]
        return 1.0


def lenient_sandbox() -> Sandbox:
    """The environment of templates, in which every unknown name is a ``Placeholder``."""
    environment = sandbox(autoescape=True)
    environment.undefined = Placeholder
    environment.filters = {name: _coping(filter_) for name, filter_ in environment.filters.items()}
    return environment


def _coping(filter_: Callable[..., object]) -> Callable[..., object]:
    """The filter; where a placeholder is no money, no date and no list, its text is printed."""

    def apply(*arguments: object, **named: object) -> object:
        try:
            return filter_(*arguments, **named)
        except (TypeError, ValueError, ArithmeticError, AttributeError):
            # jinja hands some filters the environment or context first.
            if any(isinstance(argument, Placeholder) for argument in arguments[:2]):
                return TEXT
            raise

    # jinja marks there which filters get the environment.
    apply.__dict__.update(getattr(filter_, "__dict__", {}))
    return apply
