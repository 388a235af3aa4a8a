"""Figures: what was measured, held against its budget, as a table and as JSON."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from statistics import median

#: Which megabyte is meant: that of the budgets.
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A median held against its budget.

    Attributes:
        what: was measured.
        unit: of all the numbers: ms, s, MB or × (times another figure).
        measured: the median, without what the budget leaves out.
        budget: None for a figure that has none and only explains another.
        cpu: median of the processor time, which other programs disturb less; None if not taken.
        beside: what else was measured in the same run.
    """

    what: str
    unit: str
    measured: float
    budget: float | None = None
    cpu: float | None = None
    beside: str = ""

    @property
    def ratio(self) -> float | None:
        """Of the measured to the budget; over 1 is a miss."""
        return self.measured / self.budget if self.budget else None


def middle(samples: Iterable[float], factor: float = 1.0) -> float:
    """The median of the samples, times a factor (1000 for seconds in milliseconds)."""
    return median(samples) * factor


def table(figures: Sequence[Figure]) -> str:
    """The figures for people, a line each."""
    rows = [("", "budget", "measured", "ratio", "cpu", "")]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}{'  !' * (figure.ratio > 1)}"
        rows.append(
            (
                figure.what,
                "" if figure.budget is None else f"{figure.budget:,g} {figure.unit}",
                f"{figure.measured:,.2f} {figure.unit}",
                ratio,
                "" if figure.cpu is None else f"{figure.cpu:,.2f}",
                figure.beside,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}"
        f"  {row[3]:<{widths[3]}}  {row[4]:>{widths[4]}}  {row[5]}".rstrip()
        for row in rows
    )


def as_json(figures: Sequence[Figure], machine: Mapping[str, object]) -> str:
    """The figures for programs."""
    rows = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
    return json.dumps({"machine": machine, "figures": rows}, indent=2) + "\n"


def machine_facts() -> dict[str, object]:
    """What the figures depend on; the load is of the last minute, None where nobody counts it."""
    return {
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "qt": version("PySide6-Essentials"),
        "sqlite": sqlite3.sqlite_version,
    }
