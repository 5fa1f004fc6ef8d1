"""Engines that tests hand on to each other: what one has compiled, the next need not compile again.

Every test has a database of its own; SQLAlchemy keeps compiled statements by engine, and compiling
those of a single case takes longer than most of the tests.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Engine, event, make_url

from agreements.database.engine import make_engine, with_driver

_free: list[Engine] = []


def borrow(url: str) -> Engine:
    """An engine on this database, to be given back."""
    engine = _free.pop() if _free else _new(url)
    engine.url = make_url(with_driver(url, "psycopg"))
    return engine


def give_back(engine: Engine) -> None:
    """Close its connections; somebody else may have it. One with listeners is used no more."""
    engine.dispose()
    if not engine.dispatch.before_cursor_execute:
        _free.append(engine)


def _new(url: str) -> Engine:
    engine = make_engine(url)

    def lead(dialect: Dialect, _: object, __: object, parameters: dict[str, Any]) -> None:
        parameters.update(dialect.create_connect_args(engine.url)[1])

    event.listen(engine, "do_connect", lead)
    return engine
