"""``make bench``: how long people wait for the machine, measured on a stack of its own."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agreements.cli.stack_supervisor import running_stack, scratch_settings
from tests.bench.handover import Measured, measure

TURNS = 20


def main() -> int:
    """Run the benchmark and print its table."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="vb-", dir="/tmp") as folder:
        settings = scratch_settings(Path(folder))
        with console.status("Der Stapel startet …"), running_stack(settings):
            results = list(measure(settings, TURNS, console))
    console.print(_table(results))
    return 0


def _table(results: list[Measured]) -> Table:
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


if __name__ == "__main__":
    sys.exit(main())
