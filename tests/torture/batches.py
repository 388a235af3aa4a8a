"""Many altered things, some at a time in a process of its own: no crash or hang ends the run."""

import subprocess
import sys
from collections.abc import Iterator

from tests.places import ROOT

_BATCH = 50
_PATIENCE = 300.0  # seconds for a batch


def run_batches(
    module: str, place: object, times: int, seed: int, wrong: list[str]
) -> Iterator[str]:
    """Run a module so many times in all, and yield the lines that it prints: one each time.

    It gets the place, how many times, and a seed of its own. What crashes, hangs or prints more or
    less is added to ``wrong``.
    """
    for first in range(0, times, _BATCH):
        count = min(_BATCH, times - first)
        words = [sys.executable, "-m", module, str(place), str(count), str(seed + first)]
        try:
            done = subprocess.run(
                words, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            wrong.append(f"{module}: {first} to {first + count} did not end")
            continue
        lines = done.stdout.splitlines()
        yield from lines
        if done.returncode or len(lines) != count:
            wrong.append(
                f"{module}, from {first}: status {done.returncode}, "
                f"{done.stdout[-60:]!r} {done.stderr[-200:]!r}"
            )
