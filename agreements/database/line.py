"""A connection as the server sees it: statements that it knows by name, and their rows.

psycopg's cursors translate, count and wait in Python; for statements of a tenth of a millisecond
that took longer than the statements. Here libpq itself sends them and waits, through psycopg's own
adapters, in the transaction that psycopg has begun or would begin.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, ParamSpec, Self, cast

import psycopg
from psycopg.abc import Buffer, Query
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, Engine

Row = tuple[Any, ...]
P = ParamSpec("P")
Values = Sequence[Buffer]
Formats = Sequence[Format] | None
_Known = tuple[bytes, tuple[int, ...]]

# The server keeps a plan for each of them.
_MOST_NAMES: Final = 200
# The words with which a server answers what may make psycopg forget all names.
_MAY_LOSE_NAMES: Final = ("ROLLBACK", "DROP ", "ALTER ")
_DONE: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a statement has given."""

    rows: list[Row]
    _result: PGresult

    def types(self) -> list[int]:
        """The server's number for the type of each column."""
        return [self._result.ftype(n) for n in range(self._result.nfields)]


class Line:
    """What was sent over a connection before, and how values are written and read on it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection, self._pgconn = connection, connection.pgconn
        self._transformer = Transformer(connection)
        # A statement that comes a second time will come a third: then it gets its name.
        self._names: OrderedDict[_Known, bytes | None] = OrderedDict()
        self._count = 0

    @classmethod
    def of(cls, connection: Connection) -> Line:
        """That of a connection of the pool, for as long as that is open."""
        raw: object = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        return raw.line if isinstance(raw, LineConnection) else cls(raw)

    def execute(self, statement: bytes, parameters: Sequence[Any]) -> Rows:
        """Send a statement with numbered parameters and wait for its rows."""
        self._begin()
        formats = [PyFormat.AUTO] * len(parameters)
        # Before the types: it finds them out.
        # None stands for NULL, whatever psycopg's signatures say.
        values = cast(Values, self._transformer.dump_sequence(parameters, formats))
        types = self._transformer.types or ()
        result = self._send(statement, types, values, self._transformer.formats)
        self._transformer.set_pgresult(result)
        rows = self._transformer.load_rows(0, result.ntuples, cast(Any, tuple))
        return Rows(rows, result)

    def _begin(self) -> None:
        """What psycopg does before the first statement."""
        known = self._connection
        if self._pgconn.transaction_status == TransactionStatus.IDLE and not known.autocommit:
            self._ask(self._pgconn.exec_, _beginning(known))

    def _send(
        self, statement: bytes, types: tuple[int, ...], values: Values, formats: Formats
    ) -> PGresult:
        name = self._name(statement, types)
        if name is None:
            return self._ask(self._pgconn.exec_params, statement, values, types, formats)
        return self._ask(self._pgconn.exec_prepared, name, values, formats)

    def _name(self, statement: bytes, types: tuple[int, ...]) -> bytes | None:
        key = statement, types
        if key not in self._names:
            self._names[key] = None
            if len(self._names) > _MOST_NAMES:
                self._forget_oldest()
            return None
        name = self._names[key]
        if name is None:
            self._count += 1
            name = b"line_%d" % self._count
            self._ask(self._pgconn.prepare, name, statement, types)
            self._names[key] = name
        self._names.move_to_end(key)
        return name

    def _forget_oldest(self) -> None:
        _, name = self._names.popitem(last=False)
        if name is not None:
            self._ask(self._pgconn.exec_, b"DEALLOCATE " + name)

    def commit(self) -> None:
        """End the transaction that is under way."""
        self._ask(self._pgconn.exec_, b"COMMIT")

    def look_after_names(self) -> None:
        """Forget the names if the server does not know them any more.

        psycopg lets it forget all names, ours too, after a rollback (also one to a savepoint) or a
        change of the schema, if it has named a statement itself.
        """
        name = next(filter(None, self._names.values()), None)
        if name is not None:
            ask = b"SELECT FROM pg_prepared_statements WHERE name = '%b'" % name
            if not self._ask(self._pgconn.exec_, ask).ntuples:
                self._names.clear()

    def _ask(self, send: Callable[P, PGresult], *given: P.args, **named: P.kwargs) -> PGresult:
        try:
            result = send(*given, **named)
        except MemoryError:  # what psycopg takes it for when libpq could not even send
            if self._pgconn.status == ConnStatus.BAD:
                raise self._lost() from None
            raise
        if result.status in _DONE:
            return result
        if self._pgconn.status == ConnStatus.BAD:
            raise self._lost()
        raise error_from_result(result, encoding=self._connection.info.encoding)

    def _lost(self) -> psycopg.OperationalError:
        return psycopg.OperationalError(self._pgconn.error_message.decode(errors="replace"))


def _beginning(connection: psycopg.Connection) -> bytes:
    level, read_only = connection.isolation_level, connection.read_only
    begin = ["BEGIN"]
    if level is not None:
        begin.append(f"ISOLATION LEVEL {level.name.replace('_', ' ')}")
    if read_only is not None:
        begin.append("READ ONLY" if read_only else "READ WRITE")
    return " ".join(begin).encode()


class _Cursor(psycopg.Cursor[Row]):
    def execute(self, query: Query, *args: Any, **options: Any) -> Self:  # noqa: ANN401 - psycopg's
        super().execute(query, *args, **options)
        if (self.statusmessage or "").startswith(_MAY_LOSE_NAMES):
            assert isinstance(self.connection, LineConnection)
            self.connection.line.look_after_names()
        return self


class LineConnection(psycopg.Connection[Row]):
    """A connection that keeps its line."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg's
        super().__init__(*args, **options)
        self.cursor_factory = _Cursor

    @cached_property
    def line(self) -> Line:
        """Its line, for as long as it is open."""
        return Line(self)

    def commit(self) -> None:
        """Make lasting what was done since the transaction began."""
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            self.line.commit()
        else:
            super().commit()

    def rollback(self) -> None:
        """Undo what was done since the transaction began."""
        is_begun = self.pgconn.transaction_status != TransactionStatus.IDLE
        super().rollback()
        if is_begun:
            self.line.look_after_names()


def keep_lines(engine: Engine) -> None:
    """Let the engine's connections be of the class ``LineConnection``."""
    # Not by the event for it: whoever else listens to that would no longer be heard.
    engine.dialect.connect = LineConnection.connect  # type: ignore[method-assign, assignment]
