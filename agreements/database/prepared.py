"""Queries that every decision asks: compiled once, and their rows made into objects at once.

SQLAlchemy looks up a statement, sets up a result and asks each mapper anew in every execution; in
a decision that took longer than PostgreSQL and the rules together. What a ``Prepared`` gives back
is what ``Session.execute`` with ``populate_existing`` would give: the session's own objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVarTuple, Unpack

import psycopg
from sqlalchemy import Connection, Dialect, Enum, Select, inspect
from sqlalchemy.orm import InstanceState, Mapper, QueryableAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Ts = TypeVarTuple("Ts")
Process = Callable[[Any], Any]
Only = Mapping[type, Sequence[QueryableAttribute[Any]]]


def execute(
    session: Session, statement: str, parameters: Mapping[str, object]
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Send a compiled statement in the session's transaction, past SQLAlchemy's layers.

    Listeners hear of it and errors are SQLAlchemy's, as ever. Nothing is flushed.
    """
    connection = session.connection()
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, psycopg.Connection)
    cursor = raw.cursor()
    _tell(connection, cursor, statement, parameters)
    try:
        return cursor.execute(statement, parameters)  # type: ignore[arg-type]  # not a literal
    except BaseException as error:
        # The one place that knows what a lost connection is, and forgets it.
        connection._handle_dbapi_exception(error, statement, dict(parameters), cursor, None)


def _tell(
    connection: Connection,
    cursor: psycopg.Cursor[tuple[Any, ...]],
    statement: str,
    parameters: Mapping[str, object],
) -> None:
    if connection._has_events or connection.engine._has_events:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, statement, parameters, None, False)


class Compiled:
    """A statement as it is sent, and how its parameters are handed over."""

    def __init__(self, compiled: SQLCompiler) -> None:
        self.text: Final = str(compiled)
        # What stands in the statement itself, and how each value is to be written.
        self._fixed: Final = dict(compiled.params)
        self._processes: Final = {
            name: process
            for bind, name in compiled.bind_names.items()
            if (process := _bind_processor(bind.type, compiled.dialect)) is not None
        }

    def parameters(self, given: Mapping[str, object]) -> dict[str, object]:
        """Everything that the statement needs; given: the values of its ``bindparam``."""
        parameters = self._fixed | given
        for name, process in self._processes.items():
            parameters[name] = process(parameters[name])
        return parameters


def _bind_processor(type_: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _result_processor(type_: TypeEngine[Any], dialect: Dialect, code: object) -> Process | None:
    if isinstance(type_, Enum) and type_.enum_class is not None:
        # Stored by its value: ``agreements.model.base.stored``.
        members: dict[str | None, Any] = {member.value: member for member in type_.enum_class}
        return (members | {None: None}).__getitem__
    return type_.dialect_impl(dialect).result_processor(dialect, code)


@dataclass(frozen=True, slots=True)
class _Entity:
    """Where in a row an object stands, and what is read of it."""

    mapper: Mapper[Any]
    start: int
    names: tuple[str, ...]
    keys: tuple[int, ...]
    left_out: frozenset[str]

    def of(self, session: Session, row: Sequence[Any]) -> Any:  # noqa: ANN401 - of any class
        """The session's object; None where an outer join has found nothing."""
        identity = tuple([row[position] for position in self.keys])
        if identity[0] is None:
            return None
        key = (self.mapper.class_, identity, None)
        known = session.identity_map.get(key)
        values = zip(self.names, row[self.start : self.start + len(self.names)], strict=True)
        if known is None:
            return self._new(session, key, values)
        state: InstanceState[Any] = inspect(known)
        if not state.modified:
            state.dict.update(values)
            state.expired_attributes.difference_update(self.names)
        return known

    def _new(self, session: Session, key: Any, values: Iterable[tuple[str, Any]]) -> Any:  # noqa: ANN401
        instance = self.mapper.class_manager.new_instance()
        state: InstanceState[Any] = instance._sa_instance_state
        state.key, state.session_id = key, session.hash_key
        state.dict.update(values)
        # Read when somebody asks for it, as with ``load_only``.
        state.expired_attributes.update(self.left_out)
        session.identity_map.add(state)
        return instance


class Prepared(Generic[Unpack[Ts]]):
    """A query with its parameters left open, made when it is first asked.

    only: what is read of an entity; the rest is read when somebody asks for it.
    """

    def __init__(self, make: Callable[[], Select[Unpack[Ts]]], only: Only | None = None) -> None:
        self._make, self._only = make, only or {}
        self._processes: list[tuple[int, Process]] | None = None

    def all(self, session: Session, /, **parameters: object) -> list[tuple[Unpack[Ts]]]:
        """The rows for these parameters; what the session has changed is written before.

        Objects that it has already are read anew, unless they are changed and not yet written.
        """
        if session.autoflush:
            session.flush()
        compiled = self._compiled(session)
        cursor = execute(session, compiled.text, compiled.parameters(parameters))
        processes = self._processes or self._find_processes(session, cursor)
        return [self._row(session, list(row), processes) for row in cursor.fetchall()]

    def first(self, session: Session, /, **parameters: object) -> tuple[Unpack[Ts]] | None:
        """The first row; None if there is none."""
        rows = self.all(session, **parameters)
        return rows[0] if rows else None

    def _row(self, session: Session, row: list[Any], processes: Iterable[tuple[int, Process]]) -> Any:  # noqa: ANN401, E501
        for position, process in processes:
            row[position] = process(row[position])
        return tuple(
            [
                row[part] if isinstance(part, int) else part.of(session, row)
                for part in self._parts[1]
            ]
        )

    @cached_property
    def _query(self) -> Select[Unpack[Ts]]:
        return self._make()

    @cached_property
    def _parts(self) -> tuple[list[Any], list[int | _Entity]]:
        """The columns to select, and what a row is made of: their positions, or entities."""
        columns: list[Any] = []
        parts: list[int | _Entity] = []
        for described in self._query.column_descriptions:
            expression = described["expr"]
            if expression is not described["entity"]:
                parts.append(len(columns))
                columns.append(expression)
                continue
            entity = self._entity(inspect(expression), len(columns))
            columns += [getattr(expression, name) for name in entity.names]
            parts.append(entity)
        return columns, parts

    def _entity(self, mapper: Mapper[Any], start: int) -> _Entity:
        every = [attribute.key for attribute in mapper.column_attrs]
        keys = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
        wanted = self._only.get(mapper.class_)
        names = every if wanted is None else [*keys, *(attribute.key for attribute in wanted)]
        positions = tuple(start + names.index(key) for key in keys)
        return _Entity(mapper, start, tuple(names), positions, frozenset(every) - set(names))

    @cached_property
    def _text(self) -> dict[str, Compiled]:
        return {}

    def _compiled(self, session: Session) -> Compiled:
        dialect = session.get_bind().dialect
        found = self._text.get(dialect.name)
        if found is None:
            columns, parts = self._parts
            has_entities = any(isinstance(part, _Entity) for part in parts)
            query = self._query.with_only_columns(*columns) if has_entities else self._query
            compiled = query.compile(dialect=dialect)
            assert isinstance(compiled, SQLCompiler)
            found = self._text[dialect.name] = Compiled(compiled)
        return found

    def _find_processes(
        self, session: Session, cursor: psycopg.Cursor[tuple[Any, ...]]
    ) -> list[tuple[int, Process]]:
        assert cursor.description is not None
        dialect = session.get_bind().dialect
        types = [column.type for column in self._parts[0]]
        self._processes = [
            (position, process)
            for position, (type_, column) in enumerate(zip(types, cursor.description, strict=True))
            if (process := _result_processor(type_, dialect, column.type_code)) is not None
        ]
        return self._processes


def prepared(make: Callable[[], Select[Unpack[Ts]]]) -> Prepared[Unpack[Ts]]:
    """Decorates a function that makes a query which many requests ask."""
    return Prepared(make)
