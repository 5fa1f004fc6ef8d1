"""Queries that every decision asks: compiled once, and their rows made into objects at once.

SQLAlchemy looks up a statement, sets up a result and asks each mapper anew in every execution; in
a decision that took longer than PostgreSQL and the rules together. What a ``Prepared`` gives back
is what ``Session.execute`` with ``populate_existing`` would give, the session's own objects; only
relationships that an object has loaded already stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVarTuple, cast

import psycopg
from sqlalchemy import ClauseElement, Connection, Dialect, Enum, Select, inspect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import InstanceState, Mapper, QueryableAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Ts = TypeVarTuple("Ts")
Process = Callable[[Any], Any]
Cursor = psycopg.RawCursor[tuple[Any, ...]]
Reader = Callable[[Session, Sequence[Any]], Any]
Only = Mapping[type, Sequence[QueryableAttribute[Any]]]

# Parameters by number: the server's own form, which nobody has to translate.
_DIALECT: Final[Dialect] = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Compiled:
    """A statement as the server reads it, and how its parameters are handed over."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        self.text: Final = str(compiled)
        # What stands in the statement itself, and how each value is to be written.
        self._fixed: Final = dict(compiled.params)
        processes = {name: _bind_processor(bind.type) for bind, name in compiled.bind_names.items()}
        self._handed_over: Final = [(name, processes[name]) for name in compiled.positiontup]

    def execute(self, session: Session, given: Mapping[str, object]) -> Cursor:
        """Send it in the session's transaction, past SQLAlchemy's layers; nothing is flushed.

        given: the values of its ``bindparam``. Listeners hear of it, errors are SQLAlchemy's.
        """
        connection = session.connection()
        raw = connection.connection.dbapi_connection
        cursor: Cursor = psycopg.RawCursor(cast(psycopg.Connection, raw))
        values = {**self._fixed, **given}
        parameters = [
            values[name] if process is None else process(values[name])
            for name, process in self._handed_over
        ]
        _tell(connection, cursor, self.text, parameters)
        try:
            return cursor.execute(self.text.encode(), parameters)
        except psycopg.Error as error:
            # The one place that knows what a lost connection is, and forgets it.
            connection._handle_dbapi_exception(
                error, self.text, tuple(parameters), cast(DBAPICursor, cursor), None
            )


def _tell(connection: Connection, cursor: Cursor, statement: str, parameters: list[Any]) -> None:
    if connection._has_events or connection.engine._has_events:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, statement, parameters, None, False)


def _bind_processor(type_: TypeEngine[Any]) -> Process | None:
    return type_.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _result_processor(type_: TypeEngine[Any], code: object) -> Process | None:
    if isinstance(type_, Enum) and type_.enum_class is not None:
        # Stored by its value: ``agreements.model.base.stored``.
        members: dict[str | None, Any] = {member.value: member for member in type_.enum_class}
        return (members | {None: None}).__getitem__
    return type_.dialect_impl(_DIALECT).result_processor(_DIALECT, code)


class _Entity:
    """An object's place in a row, and what is read of it."""

    def __init__(
        self, mapper: Mapper[Any], start: int, wanted: Sequence[QueryableAttribute[Any]] | None
    ) -> None:
        every = [attribute.key for attribute in mapper.column_attrs]
        keys = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
        self.names = every if wanted is None else [*keys, *(column.key for column in wanted)]
        self._mapper, self._start, self._stop = mapper, start, start + len(self.names)
        self._keys = [start + self.names.index(key) for key in keys]
        self._left_out = frozenset(every) - set(self.names)

    def reader(self, processes: Mapping[int, Process]) -> Reader:
        """Finds or makes the session's object; None where an outer join has found nothing."""
        class_, start, stop = self._mapper.class_, self._start, self._stop
        own = [(n - start, process) for n, process in processes.items() if start <= n < stop]

        def values_of(row: Sequence[Any]) -> Iterable[tuple[str, Any]]:
            values = list(row[start:stop])
            for position, process in own:
                values[position] = process(values[position])
            return zip(self.names, values, strict=True)

        def read(session: Session, row: Sequence[Any]) -> Any:  # noqa: ANN401 - of any class
            identity = tuple([row[position] for position in self._keys])
            if identity[0] is None:
                return None
            key = (class_, identity, None)
            known = session.identity_map.get(key)
            if known is None:
                return self._new(session, key, values_of(row))
            state: InstanceState[Any] = known._sa_instance_state
            if not state.modified:
                state.dict.update(values_of(row))
                state.expired_attributes.difference_update(self.names)
            return known

        return read

    def _new(self, session: Session, key: Any, values: Iterable[tuple[str, Any]]) -> Any:  # noqa: ANN401
        instance = self._mapper.class_manager.new_instance()
        state: InstanceState[Any] = instance._sa_instance_state
        state.key, state.session_id = key, session.hash_key
        state.dict.update(values)
        # Read when somebody asks for it, as with ``load_only``.
        state.expired_attributes.update(self._left_out)
        session.identity_map.add(state)
        return instance


def _value(position: int, process: Process | None) -> Reader:
    def read(_session: Session, row: Sequence[Any]) -> Any:  # noqa: ANN401 - of any type
        return row[position]

    def read_processed(_session: Session, row: Sequence[Any]) -> Any:  # noqa: ANN401 - of any type
        return process(row[position])  # type: ignore[misc]  # not None here

    return read if process is None else read_processed


class _Plan:
    """A compiled query, and how its rows are read."""

    def __init__(self, query: Select[*tuple[Any, ...]], only: Only) -> None:
        self._columns: list[Any] = []
        self._parts: list[int | _Entity] = []
        for described in query.column_descriptions:
            found = described["expr"]
            self._add(found, only, is_entity=found is described.get("entity"))
        if any(isinstance(part, _Entity) for part in self._parts):
            query = query.with_only_columns(*self._columns)
        self.compiled = Compiled(query)
        self._readers: list[Reader] | None = None

    def _add(self, found: Any, only: Only, *, is_entity: bool) -> None:  # noqa: ANN401
        start = len(self._columns)
        if not is_entity:
            self._parts.append(start)
            self._columns.append(found)
            return
        entity = _Entity(inspect(found), start, only.get(found))
        self._parts.append(entity)
        self._columns += [getattr(found, name) for name in entity.names]

    def readers(self, cursor: Cursor) -> list[Reader]:
        """What makes a row's parts; found out by the first result."""
        if self._readers is None:
            described = zip(self._columns, cursor.description or (), strict=True)
            processes = {
                position: process
                for position, (column, result) in enumerate(described)
                if (process := _result_processor(column.type, result.type_code))
            }
            self._readers = [
                _value(part, processes.get(part))
                if isinstance(part, int)
                else part.reader(processes)
                for part in self._parts
            ]
        return self._readers


class Prepared(Generic[*Ts]):
    """A query with its parameters left open, compiled when it is first asked.

    only: what is read of an entity; the rest is read when somebody asks for it.
    """

    def __init__(self, make: Callable[[], Select[*Ts]], only: Only | None = None) -> None:
        self._make, self._only = make, only or {}
        self._plan: _Plan | None = None

    def all(self, session: Session, /, **parameters: object) -> list[tuple[*Ts]]:
        """The rows for these parameters; what the session has changed is written before.

        Objects that it has already are read anew, unless they are changed and not yet written.
        """
        if session.autoflush:
            session.flush()
        plan = self._plan
        if plan is None:
            plan = self._plan = _Plan(self._make(), self._only)
        cursor = plan.compiled.execute(session, parameters)
        readers: list[Any] = plan.readers(cursor)
        return [tuple([read(session, row) for read in readers]) for row in cursor.fetchall()]

    def first(self, session: Session, /, **parameters: object) -> tuple[*Ts] | None:
        """The first row; None if there is none."""
        rows = self.all(session, **parameters)
        return rows[0] if rows else None


def prepared(make: Callable[[], Select[*Ts]]) -> Prepared[*Ts]:
    """Decorates a function that makes a query which many requests ask."""
    return Prepared(make)
