"""``python -m tests.bench.waiting``: how many bytes a waiting case takes in the database.

Cases of the sample region that lie before the councils, one half with two parties and then one
with eleven, made through the use cases and the machine's part. Shown is what each table grows by
for one more case: its rows alone, and table and indexes together. Documents and journal do not
count; the wording of the agreement and of what is to be resolved on it is a document that the
database keeps. What people are told of it by mail is not part of it, nor are stored answers to
HTTP requests. Prefect has been told of everything, as a conductor does after every commit.

Two goals: a case of two parties takes at most 4 kB in all, and whatever the number of parties,
what is there only because the case waits takes no more.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session, sessionmaker

from agreements import acts, cases, outbox
from agreements.database import administration, schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.model.base import Base
from agreements.model.enums import KreistagOrder, VersionKind
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.machine import drive
from tests.story import KREIS, PARTIES, SCHWERTE, Story, actor, agreement, statement

CASES: Final = 60
LIMIT: Final = 4096
# What the goals leave out: documents (of which the wording is one), journal and its checkpoints.
NOT_COUNTED: Final = ("documents", "journal", "checkpoints", "text_versions")
# What is there because somebody is waited for: gone, or no longer counted, when nobody is.
_WAITING: Final = """
SELECT coalesce(sum(bytes), 0) FROM (
    SELECT pg_column_size(t.*) AS bytes FROM tasks t WHERE state = 'open'
    UNION ALL
    SELECT pg_column_size(s.*) FROM stages s WHERE state IN ('ready', 'open', 'blocked')
    UNION ALL
    SELECT pg_column_size(o.*) FROM outbox o
) AS rows
"""
_START: Final = cases.StartCase(
    title="Smart Region Kreis Unna",
    subject="Gemeinsame digitale Entwicklung des Kreises und seiner Städte und Gemeinden",
    parties=(SCHWERTE, KREIS),
    lead=SCHWERTE,
    applicant=KREIS,
    kreistag_order=KreistagOrder.BEFORE_COUNCILS,
    programme="ikz-nrw",
    started_on=date(2021, 4, 12),
    retrospective=True,
)


@dataclass
class Waiting(Story):
    """A case that is led before the councils, without documents."""

    def drive(self) -> None:
        """Let the machine do its part."""
        drive(self.sessions, self.store, writing=False)

    def lead_to_councils(self, parties: tuple[str, ...]) -> None:
        """From the start to the councils' turn."""
        start = _START.model_copy(update={"parties": parties})
        with transaction(self.sessions) as session:
            self.case_id = cases.start(session, actor(session, "recht.schwerte"), start).id
        self.drive()
        self.write(agreement())
        self.act("recht.schwerte", acts.SubmitDraft(submitted_on=date(2021, 5, 14)))
        for ags in parties:
            self.act(f"sb.{PARTIES[ags]}", statement(1, date(2021, 6, 1)))
        self.act("recht.schwerte", acts.FreezeVersion(version=1, frozen_on=date(2021, 6, 10)))
        for day in (date(2021, 6, 14), date(2021, 6, 22)):
            self.resolve(KREIS, self.text_hash(VersionKind.AGREEMENT), day)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a table: rows, their bytes, and the bytes of table and indexes."""

    rows: int
    row_bytes: int
    table: int
    indexes: int

    def since(self, before: Size, cases: int) -> tuple[float, float, float, float]:
        """What one case has added."""
        return (
            (self.rows - before.rows) / cases,
            (self.row_bytes - before.row_bytes) / cases,
            (self.table - before.table) / cases,
            (self.indexes - before.indexes) / cases,
        )


def sizes(connection: psycopg.Connection) -> dict[str, Size]:
    """The size of every table, without what updates have left behind."""
    connection.execute("VACUUM (FULL)")
    found: dict[str, Size] = {}
    for table in Base.metadata.sorted_tables:
        row = connection.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(pg_column_size(t.*)), 0), pg_table_size({name}), "
                "pg_indexes_size({name}) FROM {table} t"
            ).format(name=sql.Literal(table.name), table=sql.Identifier(table.name))
        ).fetchone()
        assert row is not None
        found[table.name] = Size(*(int(number) for number in row))
    return found


def waiting_bytes(connection: psycopg.Connection) -> int:
    """The rows that are there because somebody is waited for: open tasks and stages, outbox."""
    row = connection.execute(_WAITING).fetchone()
    assert row is not None
    return int(row[0])


def row_bytes(found: Mapping[str, Size]) -> int:
    """The rows of all tables that count."""
    return sum(size.row_bytes for name, size in found.items() if name not in NOT_COUNTED)


def tell_prefect(sessions: sessionmaker[Session]) -> None:
    """What a conductor does after every commit, without Prefect: the outbox is carried out."""
    with transaction(sessions) as session:
        while entries := outbox.waiting(session):
            outbox.carried_out(session, [entry.id for entry in entries])


def grow(sessions: sessionmaker[Session], folder: Path, parties: tuple[str, ...], n: int) -> None:
    """So many more cases with these parties."""
    for _ in range(n):
        Waiting(sessions, DocumentStore(folder)).lead_to_councils(parties)
    tell_prefect(sessions)


def run(n: int = CASES) -> tuple[list[Table], Mapping[str, float]]:
    """Measure; a table for each number of parties, and the bytes of rows, of those that are
    there because the case waits, and in all."""
    totals: dict[str, float] = {}
    tables: list[Table] = []
    with (
        tempfile.TemporaryDirectory(prefix="vb-", dir="/tmp") as folder,
        EmbeddedPostgres(Path(folder) / "pg", options={"fsync": "off"}) as server,
    ):
        server.ensure_database("waiting")
        url = server.url("waiting")
        schema.upgrade(url)
        engine = make_engine(url)
        sessions = session_factory(engine)
        with transaction(sessions) as session:
            add_region(session, sample_region())
        for parties in ((SCHWERTE, KREIS), tuple(PARTIES)):
            # The first pages of empty tables are no growth.
            grow(sessions, Path(folder), parties, 5)
            with administration.connect(url) as connection:
                before, waited = sizes(connection), waiting_bytes(connection)
                grow(sessions, Path(folder), parties, n)
                after, waits = sizes(connection), (waiting_bytes(connection) - waited) / n
            table, rows, whole = _table(before, after, n, len(parties))
            table.add_row("davon, weil er wartet", "", f"{waits:.0f}", "", "")
            tables.append(table)
            totals |= {
                f"{len(parties)} rows": rows,
                f"{len(parties)} waiting": waits,
                f"{len(parties)} whole": whole,
            }
        engine.dispose()
    return tables, totals


def _table(
    before: Mapping[str, Size], after: Mapping[str, Size], n: int, parties: int
) -> tuple[Table, float, float]:
    table = Table(
        "Tabelle", "Zeilen", "Zeilen (Byte)", "Tabelle (Byte)", "Indizes (Byte)",
        title=f"Ein wartender Vorgang mit {parties} Beteiligten ({n} Vorgänge)",
    )  # fmt: skip
    rows = whole = 0.0
    grown = {name: size.since(before[name], n) for name, size in after.items()}
    for name, (count, row_bytes, heap, indexes) in sorted(grown.items(), key=lambda e: -e[1][1]):
        if count:
            counted = name not in NOT_COUNTED
            rows, whole = rows + row_bytes * counted, whole + (heap + indexes) * counted
            shown = name if counted else f"({name})"
            table.add_row(
                shown, f"{count:.1f}", f"{row_bytes:.0f}", f"{heap:.0f}", f"{indexes:.0f}"
            )
    table.add_row("zusammen", "", f"{rows:.0f}", f"mit Indizes {whole:.0f}", "")
    return table, rows, whole


def goals(totals: Mapping[str, float]) -> list[tuple[str, bool]]:
    """The goals in words, and whether they hold."""
    waits = max(found for name, found in totals.items() if name.endswith("waiting"))
    return [
        (f"Vorgang mit zwei Beteiligten: {totals['2 rows']:.0f} von höchstens {LIMIT} Byte",
         totals["2 rows"] <= LIMIT),
        (f"weil ein Vorgang wartet: {waits:.0f} von höchstens {LIMIT} Byte", waits <= LIMIT),
    ]  # fmt: skip


def report(console: Console, n: int = CASES) -> bool:
    """Run the benchmark and print its tables; whether the goals hold."""
    tables, totals = run(n)
    for table in tables:
        console.print(table)
    for words, holds in goals(totals):
        console.print(f"{'gehalten' if holds else 'verfehlt'}: {words}")
    return all(holds for _, holds in goals(totals))


def main() -> int:
    """Run the benchmark."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    return 0 if report(Console(width=120), n) else 1


if __name__ == "__main__":
    sys.exit(main())
