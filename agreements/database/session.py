"""A session that writes its rows in one statement.

``Session.flush`` sends a statement for every row that differs in kind and waits for each answer.
A decision changes half a dozen rows of as many tables: here they are the parts of one WITH, and
PostgreSQL checks the constraints at its end. What is more than plain rows goes the usual way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ClauseElement,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    event,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.orm import InstanceState, Mapper, Session, SessionTransaction, object_mapper
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.interfaces import RelationshipDirection

from agreements.database.prepared import Compiled

# More than that is a bulk load: an ``executemany`` for each table serves it better.
_MOST_ROWS: Final = 16

_NOTICES: Final = "notices"

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is written of a row: all of a new one, else these columns."""

    table: Table
    is_new: bool
    columns: Names
    checks_version: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One row to write, and what the object holds once that is done."""

    state: InstanceState[Any]
    kind: _Kind
    values: dict[str, Any]
    key: dict[str, Any]
    then: dict[str, Any]


class OneTripSession(Session):
    """Flushes plain rows in one statement; the same rows as ``Session`` would write."""

    _joined: tuple[SessionTransaction, Connection] | None = None

    def connection(self, *asked: Any, **options: Any) -> Connection:  # noqa: ANN401 - as there
        """The connection of the transaction, asked for once."""
        if asked or options or self.in_nested_transaction() or not self.is_active:
            return super().connection(*asked, **options)
        if self._joined is None or self._joined[0] is not self.get_transaction():
            connection, begun = super().connection(), self.get_transaction()
            assert begun is not None
            self._joined = begun, connection
        return self._joined[1]

    def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:  # noqa: ANN401 - of any class
        """The object of that key; most often it is known already."""
        known = None if options else self.identity_map.get((entity, (ident,), None))
        if known is None or _state(known).expired:
            return super().get_one(entity, ident, **options)
        return known

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write all pending changes to the database."""
        rows = None if objects is not None or self._flushing else self._plain_rows()
        if rows is None:
            super().flush(objects)
        elif rows:
            self._write([row for row in rows if row.kind.columns])
            # What ``Session.flush`` ends with: the objects are as the database has them now.
            self._register_persistent({row.state for row in rows})

    def notify(self, channel: str, payload: str) -> None:
        """Send a NOTIFY when the transaction commits, together with what is written last."""
        if not self.in_transaction():
            self.begin()
        notices: dict[tuple[str, str], None] = self.info.setdefault(_NOTICES, {})
        notices[channel, payload] = None

    def _plain_rows(self) -> list[_Row] | None:
        """The rows to write; None if there is more to do than to write rows."""
        if self._is_clean():
            return []
        if self.deleted:
            return None
        found = [*map(_new, self.new), *map(_changed, self.dirty)]
        if len(found) > _MOST_ROWS or any(row is None for row in found):
            return None
        return [row for row in found if row is not None]

    def _write(self, rows: list[_Row]) -> None:
        if not rows:
            return
        # Rows of the same kinds make the same statement, in whatever order they were changed.
        rows.sort(key=lambda row: (row.kind.table.name, row.kind.columns))
        parameters = {
            f"{name}_{number}": value
            for number, row in enumerate(rows)
            for name, value in (*row.values.items(), *row.key.items())
        }
        notices = self.info.pop(_NOTICES, {})
        parameters |= _notice_parameters(notices)
        written = self._send(tuple(row.kind for row in rows), len(notices), parameters)
        if any(count != 1 for count in written[: len(rows)]):
            raise StaleDataError("a row has been changed by another transaction meanwhile")
        for row in rows:
            row.state.dict.update(row.then)

    def _send(
        self, kinds: tuple[_Kind, ...], notices: int, parameters: Mapping[str, Any]
    ) -> Sequence[Any]:
        written = _compiled(kinds, notices).execute(self, parameters).fetchone()
        assert written is not None
        return written


def _new(instance: object) -> _Row | None:
    state, mapper = _state(instance), object_mapper(instance)
    if any(r.key in state.dict for r in _many_to_one(mapper)) or _has_expression(state):
        # Its foreign key follows from the other object, or the database computes a value.
        return None
    then = dict(state.dict)
    nothing = {}
    for key, column in _columns(mapper):
        if key not in then:
            then[key] = 1 if column is mapper.version_id_col else _default(column)
            if then[key] is None and column.type.should_evaluate_none:
                # A JSON column would take None for JSON's own null.
                nothing[key] = null()
        if then[key] is None and not column.nullable:
            return None
    values = {key: then[key] for key, _ in _columns(mapper)} | nothing
    kind = _Kind(_table(mapper), is_new=True, columns=tuple(values))
    return _Row(state, kind, values, {}, then)


def _changed(instance: object) -> _Row | None:
    state, mapper = _state(instance), object_mapper(instance)
    if any(_moves(state, r.key) for r in mapper.relationships) or _has_expression(state):
        return None
    columns = _table(mapper).columns
    values = {
        key: state.dict.get(key)
        for key, before in state.committed_state.items()
        if key in columns and not columns[key].type.compare_values(before, state.dict.get(key))
    }
    primary = {column.name for column in mapper.primary_key}
    if not primary.isdisjoint(values):
        return None
    key = {f"old_{name}": state.dict[name] for name in sorted(primary)}
    version = mapper.version_id_col
    if version is not None and values:
        key[f"old_{version.name}"] = state.dict[version.name]
        values[version.name] = state.dict[version.name] + 1
    kind = _Kind(
        _table(mapper), is_new=False, columns=tuple(values), checks_version=version is not None
    )
    return _Row(state, kind, values, key, values)


def _has_expression(state: InstanceState[Any]) -> bool:
    """Whether a value is one of SQL's (``null()``, a function), and so not to be compared here."""
    return any(map(_is_expression, set(map(type, state.dict.values()))))


@cache
def _is_expression(type_: type) -> bool:
    return issubclass(type_, ClauseElement)


def _moves(state: InstanceState[Any], relationship: str) -> bool:
    """Whether a change of a relationship may change a foreign key that nobody has set."""
    if relationship not in state.committed_state:
        return False
    is_list = state.mapper.relationships[relationship].uselist
    return not is_list or bool(state.attrs[relationship].history.deleted)


def _state(instance: object) -> InstanceState[Any]:
    state: InstanceState[Any] = instance._sa_instance_state  # type: ignore[attr-defined]
    return state


def _table(mapper: Mapper[Any]) -> Table:
    table = mapper.local_table
    assert isinstance(table, Table)
    return table


@lru_cache
def _columns(mapper: Mapper[Any]) -> list[tuple[str, Column[Any]]]:
    # Attributes are named as their columns: nothing here says otherwise.
    return [(column.name, column) for column in _table(mapper).columns]


@lru_cache
def _many_to_one(mapper: Mapper[Any]) -> list[Any]:
    return [r for r in mapper.relationships if r.direction is RelationshipDirection.MANYTOONE]


def _default(column: Column[Any]) -> Any:  # noqa: ANN401 - of any type
    default = column.default
    if default is None:
        return None
    if default.is_callable:
        return default.arg(None)  # type: ignore[attr-defined]
    return default.arg  # type: ignore[attr-defined]


def _notice_parameters(notices: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {
        f"{name}_{number}": value
        for number, notice in enumerate(notices)
        for name, value in zip(("channel", "payload"), notice, strict=True)
    }


def _send_left_notices(session: OneTripSession) -> None:
    session.flush()
    if notices := session.info.pop(_NOTICES, {}):
        session._send((), len(notices), _notice_parameters(notices))


def _forget_notices(session: OneTripSession, ended: SessionTransaction) -> None:
    session.info.pop(_NOTICES, None)


event.listen(OneTripSession, "before_commit", _send_left_notices)
event.listen(OneTripSession, "after_soft_rollback", _forget_notices)


@lru_cache(maxsize=500)
def _compiled(kinds: tuple[_Kind, ...], notices: int) -> Compiled:
    return Compiled(_statement(kinds, notices))


def _statement(kinds: tuple[_Kind, ...], notices: int) -> Select[*tuple[Any, ...]]:
    """One statement for rows of these kinds and so many notices.

    It answers how many of each row were written.
    """
    parts = [
        _part(kind, number).returning(literal(1).label("written")).cte(f"part_{number}")
        for number, kind in enumerate(kinds)
    ]
    return select(
        *(select(func.count()).select_from(part).scalar_subquery() for part in parts),
        *(
            func.pg_notify(bindparam(f"channel_{n}", type_=String), bindparam(f"payload_{n}"))
            for n in range(notices)
        ),
    )


def _part(kind: _Kind, number: int) -> Insert | Update:
    columns = kind.table.columns
    values = {
        name: bindparam(f"{name}_{number}", type_=columns[name].type) for name in kind.columns
    }
    if kind.is_new:
        return insert(kind.table).values(values)
    return update(kind.table).values(values).where(and_(*_conditions(kind, number)))


def _conditions(kind: _Kind, number: int) -> Iterable[ColumnElement[bool]]:
    names = [column.key for column in kind.table.primary_key]
    if kind.checks_version:
        names.append("version")
    for name in names:
        column = kind.table.columns[name]
        yield column == bindparam(f"old_{name}_{number}", type_=column.type)
