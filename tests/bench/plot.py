"""The picture beside the table: how long an answer takes under how much load."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.bench.decisions import Measured, Report

# The same picture from the same figures, byte for byte.
mpl.rcParams["svg.hashsalt"] = "vereinbar"


def draw(report: Report, target: Path) -> None:
    """Write the picture; the format follows from the file's ending."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for name, measured in (("Entscheidung", report.ours), ("bloßer Endpunkt", report.bare)):
        _line(axes, name, [m for m in measured if not m.load.same_case])
    for one in report.ours:
        if one.load.same_case:
            _point(axes, one)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("Clients zugleich")
    axes.set_ylabel("Antwortzeit in ms")
    axes.set_title("Antwortzeit über der Last: Median bis 99. Perzentil")
    ticks = [m.load.clients for m in report.ours if not m.load.same_case]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Date": None})


def _line(axes: Axes, name: str, measured: list[Measured]) -> None:
    clients = [m.load.clients for m in measured]
    middle = [m.percentile(50) for m in measured]
    (line,) = axes.plot(clients, middle, marker="o", label=f"{name}, Median")
    highest = [m.percentile(99) for m in measured]
    axes.plot(clients, highest, marker="v", linestyle=":", color=line.get_color())
    axes.fill_between(clients, middle, highest, color=line.get_color(), alpha=0.15)


def _point(axes: Axes, measured: Measured) -> None:
    label = f"{measured.load.title} (Median, p99)"
    values = [measured.percentile(share) for share in (50, 99)]
    axes.plot([measured.load.clients] * 2, values, marker="s", linestyle="--", label=label)
