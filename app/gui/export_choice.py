"""What a person chose to export, and what that means: filter, options, command line."""

import os
import shlex
import subprocess
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.core.annotation import Status
from app.core.record import RecordFilter
from app.export.dataset_card import files_of_export
from app.export.error import ExportError
from app.export.exporter import Options
from app.export.formats import EXPORTERS
from app.export.split import Split

_LOOKED_AT = 1000
_NAMED = 3


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the export dialog asks for; the window keeps it for the next time.

    Attributes:
        folder: where the files go; None before one was ever chosen.
        form: name of the format.
        annotator: whose annotations; None for everybody's.
        labels: names of the labels; None for all.
        split: shares of train, dev and test; None for one file.
        unit: what makes a row; "" for what the format does by default.
        window: tokens of a window; 0 for the usual number.
        stride: tokens from one window's start to the next one's; 0 for the usual number.
        suggestions: whether unfinished pages come with what is suggested for them.
    """

    folder: Path | None = None
    form: str = "jsonl"
    statuses: frozenset[Status] = frozenset({Status.DONE})
    annotator: str | None = None
    labels: frozenset[str] | None = None
    split: Split | None = None
    gzip: bool = False
    unit: str = ""
    window: int = 0
    stride: int = 0
    suggestions: bool = False

    @property
    def record_filter(self) -> RecordFilter:
        """Which records the project is to give."""
        anchors = EXPORTERS[self.form].needs_anchors
        return RecordFilter(self.statuses, self.annotator, self.labels, anchors=anchors)

    @property
    def options(self) -> Options:
        """How the exporter is to write them."""
        return Options(
            self.split, gzip=self.gzip, unit=self.unit, window=self.window, stride=self.stride,
            suggestions=self.suggestions,
        )  # fmt: skip


def command_line(choice: ExportChoice, project: Path) -> str:
    """The command that makes the same export, quoted for the shell of this system."""
    words = ["segmark", "export", str(project), str(choice.folder or "OUT")]
    if choice.form != "jsonl":
        words += ["--format", choice.form]
    for option in ("unit", "window", "stride"):
        if value := getattr(choice, option):
            words += [f"--{option}", str(value)]
    if choice.statuses == frozenset(Status):
        words += ["--status", "all"]
    elif choice.statuses != {Status.DONE}:
        for status in Status:
            words += ["--status", status] if status in choice.statuses else []
    if choice.annotator is not None:
        words += ["--annotator", choice.annotator]
    for label in sorted(choice.labels or ()):
        words += ["--label", label]
    if choice.split:
        words += ["--split", str(choice.split)]
    if choice.gzip:
        words.append("--gzip")
    if choice.suggestions:
        words.append("--suggestions")
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def folder_problem(folder: Path | None) -> str | None:
    """Why nothing can be exported to the folder, in one line; None when it can."""
    if folder is None:
        return "Choose a folder for the export."
    if not folder.is_absolute():
        return f"{folder} does not say where it is: give the whole path."
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file: choose a folder."
    try:
        files_of_export(folder)
    except ExportError as error:
        return str(error)
    except OSError as error:
        return f"{folder}: {error.strerror or error}; choose another folder."
    return None


def folder_notice(folder: Path) -> str:
    """What becomes of a folder that can be exported to; "" where there is nothing to say."""
    if not folder.exists():
        return "The folder does not exist yet; it will be made."
    return "The earlier export in it will be replaced." if files_of_export(folder) else ""


def folder_warning(folder: Path) -> str:
    """What to mind in a folder that can be exported to: files that are not ours; "" without any."""
    if not folder.exists():
        return ""
    ours = {name.partition("/")[0] for name in files_of_export(folder)}
    names = (path.name for path in islice(folder.iterdir(), _LOOKED_AT))
    foreign = sorted(name for name in names if name not in ours and not name.startswith("."))
    if not foreign:
        return ""
    more = len(foreign) - _NAMED
    named = ", ".join(foreign[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return (
        f"Careful: other files are in the folder too ({named}). "
        "One of the same name would be replaced."
    )
