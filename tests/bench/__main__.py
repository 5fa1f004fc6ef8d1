"""``make bench``: how long people wait for the machine, and what their work costs it.

Each part on servers of its own; ``python -m tests.bench decisions`` runs one of them alone.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from agreements.cli.stack_supervisor import running_stack, scratch_settings
from agreements.settings import get_settings
from tests.bench import decisions, documents, inbox, plot, waiting
from tests.bench.decisions import Report
from tests.bench.handover import Measured, measure

TURNS = 20


def main() -> int:
    """Run the benchmarks that are asked for and print their tables."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("only", nargs="?", choices=PARTS, help="only this part")
    chosen = parser.parse_args().only
    for name, part in PARTS.items():
        if chosen in (None, name):
            with tempfile.TemporaryDirectory(prefix="vb-", dir="/tmp") as folder:
                # Tables stay whole in a file too.
                part(Path(folder), Console(width=None if sys.stdout.isatty() else 140))
    return 0


def _handover(folder: Path, console: Console) -> None:
    settings = scratch_settings(folder)
    with console.status("Der Stapel startet …"), running_stack(settings):
        results = list(measure(settings, TURNS, console))
    console.print(_handovers(results))


def _handovers(results: list[Measured]) -> Table:
    table = Table(
        "Übergabe", "Läufe", "kleinste", "Median", "größte", title=f"{platform.machine()}, Sekunden"
    )
    for result in results:
        table.add_row(
            result.title,
            str(len(result.seconds)),
            f"{min(result.seconds):.2f}",
            f"{result.median:.2f}",
            f"{max(result.seconds):.2f}",
        )
    return table


def _decisions(folder: Path, console: Console) -> None:
    report = decisions.measure(folder, console, decisions.all_loads())
    console.print(_costs(report))
    console.print(
        f"{report.statements:.1f} Anweisungen je Entscheidung (ohne BEGIN und COMMIT); "
        f"{report.people} Anmeldungen in {report.sign_in:.1f} s."
    )
    target = get_settings().data_dir / "bench" / "decisions.svg"
    plot.draw(report, target)
    console.print(f"Antwortzeit über der Last: {target}")


def _costs(report: Report) -> Table:
    title = f"{platform.machine()}, {decisions.TURNS} Läufe, im Median; Antwortzeiten in ms"
    table = Table(
        "Last", "Entsch./s", "p50", "p95", "p99", "bloß/s", "bloß p99", "Anteil", title=title
    )
    for ours, bare in zip(report.ours, report.bare, strict=True):
        table.add_row(
            ours.load.title,
            f"{ours.per_second:.1f}",
            *(f"{ours.percentile(share):.1f}" for share in (50, 95, 99)),
            f"{bare.per_second:.1f}",
            f"{bare.percentile(99):.1f}",
            f"{decisions.ratio(ours, bare):.2f}",
        )
    return table


def _inbox(_folder: Path, console: Console) -> None:
    console.print(inbox.run()[0])


def _waiting(_folder: Path, console: Console) -> None:
    waiting.report(console)


def _documents(_folder: Path, console: Console) -> None:
    table, fine = documents.measure(console)
    console.print(table)
    if not fine:
        console.print("Ein Ziel ist verfehlt.")


PARTS: Final[Mapping[str, Callable[[Path, Console], None]]] = {
    "handover": _handover,
    "decisions": _decisions,
    "inbox": _inbox,
    "waiting": _waiting,
    "documents": _documents,
}


if __name__ == "__main__":
    sys.exit(main())
