"""``make torture``: inject every fault many times, and update the table in the help.

``python -m tests.torture [KILLS]``; other faults are injected in proportion.
"""

import platform
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from segmark.core.carrying import CarryOutcome
from segmark.environment.resource_path import resource_path

from tests.torture.changes import change_pages
from tests.torture.containers import alter_containers
from tests.torture.copies import kill_copies
from tests.torture.crashes import kill_the_window
from tests.torture.damage import DAMAGES, cut_logs, damage_copies
from tests.torture.exports import kill_exports
from tests.torture.faults import back_up_under_work, fill_the_disk
from tests.torture.labelling import kill_labelling
from tests.torture.logs import alter_logs
from tests.torture.models import alter_models
from tests.torture.stops import stop_commands

_SEED = 20_26
_TABLE = re.compile(r"(<!-- torture -->\n).*?(<!-- end of torture -->)", re.DOTALL)
_HEAD = "| Fault | Times | Saved before it | Lost | Time |\n|---|---|---|---|---|\n"


class _Tally:
    """Everything that went wrong, over all faults."""

    def __init__(self) -> None:
        self.wrong: list[str] = []


def _rows(folder: Path, kills: int, tally: _Tally) -> Iterator[str]:
    crashes = kill_the_window(folder, kills, _SEED)
    tally.wrong += crashes.lost
    yield _row(
        "the window is killed while keys are pressed", crashes.kills,
        f"{crashes.acknowledged:,} key presses", len(crashes.lost), crashes.seconds,
    )  # fmt: skip
    full = fill_the_disk(folder, max(5, kills // 10), _SEED)
    tally.wrong += full.lost
    yield _row(
        "the disk is full while labelling", full.tried,
        f"{full.acknowledged:,} acts", len(full.lost), full.seconds,
    )  # fmt: skip
    busy = back_up_under_work(folder, max(3, kills // 20))
    tally.wrong += busy.lost
    yield _row(
        f"a backup runs while labelling (slowest act: {busy.slowest * 1000:.0f} ms)",
        busy.tried, f"{busy.acknowledged:,} acts", len(busy.lost), busy.seconds,
    )  # fmt: skip
    logs = cut_logs(folder, kills, _SEED)
    if logs.wrong:
        tally.wrong.append(f"{logs.wrong} of {logs.kind}")
    yield _row(logs.kind, logs.tried, "up to 100 acts", f"{logs.wrong} mixed", logs.seconds)
    moved = change_pages(folder, kills, _SEED)
    tally.wrong += moved.lost
    placed = moved.labels - moved.outcomes[CarryOutcome.MISSING]
    yield _row(
        f"a page changes in ten places and its labels are carried over: {placed:,} placed, "
        f"{moved.outcomes[CarryOutcome.CHANGED]:,} of them shown as changed, the others listed as "
        "not found",
        moved.tried, f"{moved.labels:,} labels", len(moved.lost), moved.seconds,
    )  # fmt: skip
    for kind in DAMAGES:
        found = damage_copies(folder, kind, max(5, kills // 5), _SEED)
        tally.wrong += found.words
        share = 100 * found.saved_spans / found.spans
        yield _row(
            f"{kind}: {found.harmed:,} times with damage, {found.named:,} of them reported",
            found.tried, f"{found.spans:,} spans", f"{100 - share:.1f} %", found.seconds,
        )  # fmt: skip

    exports = kill_exports(folder, max(10, kills // 10), _SEED)
    tally.wrong += exports.wrong
    yield _row(
        f"an export is killed, {exports.between:,} times while its files are renamed",
        exports.kills, "the export before it", len(exports.wrong), exports.seconds,
    )  # fmt: skip
    models = alter_models(folder, max(12, 2 * kills // 5), _SEED)
    tally.wrong += models.wrong
    yield _row(
        "the stored models of suggestions are altered or crafted; crashes, hangs and wrong "
        "suggestions count as lost",
        models.tried, "the suggestions", len(models.wrong), models.seconds,
    )  # fmt: skip
    yield from _more_rows(folder, kills, tally)


def _more_rows(folder: Path, kills: int, tally: _Tally) -> Iterator[str]:
    copies = kill_copies(folder, max(8, 2 * kills // 5), _SEED)
    tally.wrong += copies.wrong
    yield _row(
        f"a repair, a copy, a backup or a restore is killed: {copies.there:,} times when the new "
        "file had its name; half a file counts as lost",
        copies.kills, "the project", len(copies.wrong), copies.seconds,
    )  # fmt: skip
    crawls = kill_labelling(folder / "labelling", max(10, kills // 50), _SEED)
    tally.wrong += crawls.wrong
    yield _row(
        "the labelling of a crawl is killed and goes on; a page that is missing or there twice "
        "counts as lost",
        crawls.kills, "whole inputs", len(crawls.wrong), crawls.seconds,
    )  # fmt: skip
    stops = stop_commands(folder / "stops", max(30, kills // 5), _SEED)
    tally.wrong += stops.wrong
    yield _row(
        "a command is stopped by SIGTERM or Ctrl+C; a traceback, a worker that is left and "
        "anything half done count as lost",
        stops.tried, "the project", len(stops.wrong), stops.seconds,
    )  # fmt: skip
    acts = 1_000 * max(1, kills)
    log = alter_logs(folder, acts, _SEED)
    tally.wrong += log.wrong
    yield _row(
        f"one act is altered in a log of {acts:,} acts (slowest check: {log.slowest:.0f} s); "
        "a check that does not report it counts as lost",
        log.tried, f"{acts:,} acts", len(log.wrong), log.seconds,
    )  # fmt: skip
    packed = alter_containers(folder, max(12, 2 * kills), _SEED)
    tally.wrong += packed.wrong
    yield _row(
        f"archives, crawls and tables are altered: {packed.refused:,} times something was refused; "
        "crashes, hangs and pages beside them that are not loaded count as lost",
        packed.tried, "the pages beside them", len(packed.wrong), packed.seconds,
    )  # fmt: skip


def _row(what: str, tried: int, saved: str, lost: object, seconds: float) -> str:
    return f"| {what} | {tried:,} | {saved} | {lost} | {seconds:.0f} s |\n"


def main(kills: int) -> int:
    """Inject all faults, print the table and store it; 1 if anything was lost that must not be."""
    tally = _Tally()
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in _rows(Path(folder), kills, tally):
            print(row, end="", flush=True)
            rows.append(row)
    page = resource_path("help", "safety.md")
    where = f"Measured with Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
    table = f"{_HEAD}{''.join(rows)}\n{where}"
    kept = _TABLE.sub(lambda found: found[1] + table + found[2], page.read_text("utf-8"))
    page.write_text(kept, "utf-8")
    print(*tally.wrong, sep="\n", file=sys.stderr)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
