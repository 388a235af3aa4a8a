"""Start of the bundle beside that of the installed program, and the size of the bundle.

Usage: python -m tests.benchmarks.bench_bundle [STARTS]

Builds the bundle a second time with ``first_paint`` as the script that it starts with, and starts
both in turn on the same project.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks import made_projects
from tests.places import ROOT

_BUNDLE = ROOT / "dist" / "segmark"
_FIRST_PAINT = ROOT / "tests" / "benchmarks" / "first_paint.py"


@dataclass(frozen=True, slots=True)
class BundleStart:
    """One start: milliseconds until the page was painted, and of processor time in all."""

    painted: float
    cpu: float


def measure(starts: int, folder: Path) -> dict[str, list[BundleStart]]:
    """Start both programs in turn, after one start each that does not count."""
    _build(folder)
    project = folder / "start.segmark"
    with made_projects.new_store(project) as store:
        made_projects.add(store, made_projects.text(4_000))
    commands = {
        "installed": [sys.executable, str(_FIRST_PAINT), str(project)],
        "bundle": [str(folder / "segmark" / "segmark"), str(project)],
    }
    found: dict[str, list[BundleStart]] = {name: [] for name in commands}
    for number in range(starts + 1):
        for name, command in commands.items():
            started = _started(command, folder)
            if number:
                found[name].append(started)
    return found


def _build(folder: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
            "--distpath", folder, "--workpath", folder / "build",
            ROOT / "resources" / "bundle" / "segmark.spec",
        ],
        env=os.environ | {"SEGMARK_ENTRY": str(_FIRST_PAINT)}, check=True,
    )  # fmt: skip


def _started(command: Sequence[str], folder: Path) -> BundleStart:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "SEGMARK_CONFIG": str(folder / "settings"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.time()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    painted = float(output.split()[0]) - begun
    return BundleStart(1e3 * painted, 1e3 * (used.ru_utime + used.ru_stime))


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


def main() -> None:
    """Print the sizes, the medians and the median of the ratios, pair by pair."""
    with TemporaryDirectory(prefix="segmark-bench-") as name:
        folder = Path(name)
        if _BUNDLE.exists():
            packed = shutil.make_archive(str(folder / "bundle"), "xztar", _BUNDLE.parent, "segmark")
            sizes = _megabytes(_BUNDLE), Path(packed).stat().st_size / 1e6
            print(f"dist/segmark  {sizes[0]:.0f} MB, as tar.xz {sizes[1]:.0f} MB")
        found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 15, folder)
        for which, starts in found.items():
            painted = median(start.painted for start in starts)
            cpu = median(start.cpu for start in starts)
            print(f"{which:<12}  first page painted after {painted:.0f} ms, cpu {cpu:.0f} ms")
        pairs = zip(found["bundle"], found["installed"], strict=True)
        ratio = median(bundle.painted / installed.painted for bundle, installed in pairs)
        print(f"ratio         {ratio:.2f}")


if __name__ == "__main__":
    main()
