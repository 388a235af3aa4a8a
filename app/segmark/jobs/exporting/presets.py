"""Export options as a preset that a project keeps, and as a command line."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.export.error import ExportError
from segmark.export.options import PLAIN, ExportOptions
from segmark.export.split import Split, SplitBy

#: Options that the project and the format add.
_ADDED = ("adjudicator", "anchors", "extra_columns", "fixed_parts", "publication")
#: Options that a person chooses, switches last.
_CHOSEN = sorted(
    (field.name for field in fields(ExportOptions) if field.name not in _ADDED),
    key=lambda name: isinstance(getattr(PLAIN, name), bool),
)
#: Options whose name on the command line is not their own.
_NAMES = {"form": "format", "labels": "label", "sites": "site", "statuses": "status"}
#: Makes a value of what a preset keeps.
_READ: dict[str, Callable[[Any], object]] = {
    "statuses": lambda words: frozenset(map(Status, words)),
    "labels": frozenset,
    "sites": frozenset,
    "since": date.fromisoformat,
    "split": Split.parse,
    "split_by": SplitBy,
}


def command_line(options: ExportOptions, project: Path, labels: LabelSet) -> str:
    """The command that makes the same export, quoted for the shell of this system."""
    words = ["segmark", "export", str(project), str(options.folder or "OUT")]
    if options.labels is not None:
        names = labels.names_of(labels.present(options.labels))
        options = replace(options, labels=frozenset(names))
    for name, value in _changed(options).items():
        if name != "folder" and (name != "split_by" or options.split):
            words += _words(f"--{_NAMES.get(name, name).replace('_', '-')}", value)
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _words(option: str, value: object) -> Iterator[str]:
    if value is True:
        yield option
    elif value == frozenset(Status):
        yield from (option, "all")
    elif isinstance(value, frozenset):
        order = list(Status) if option == "--status" else []
        for each in sorted(value, key=order.index if order else None):
            yield from (option, each)
    else:
        yield from (option, f"{value:g}" if isinstance(value, float) else str(value))


def preset_of(options: ExportOptions, project: Path) -> dict[str, Any]:
    """The options as a project keeps them: those that are not default, folders relative to it."""
    kept = {name: _plain(value) for name, value in _changed(options).items()}
    if options.folder:
        home, folder = project.absolute().parent, options.folder.absolute()
        below = folder.is_relative_to(home)
        kept["folder"] = folder.relative_to(home).as_posix() if below else str(folder)
    return kept


def _changed(options: ExportOptions) -> dict[str, object]:
    values = {name: getattr(options, name) for name in _CHOSEN}
    return {name: value for name, value in values.items() if value != getattr(PLAIN, name)}


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Split):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def options_of(preset: Mapping[str, Any], project: Path) -> ExportOptions:
    """The options of a preset.

    Raises:
        ExportError: another version of the program wrote something in it that this one can't read.
    """
    try:
        if unknown := sorted(preset.keys() - set(_CHOSEN)):
            raise ValueError(unknown[0])
        read: dict[str, Any] = {
            name: _READ[name](value) if name in _READ else value for name, value in preset.items()
        }
        if "folder" in read:
            read["folder"] = project.absolute().parent / read["folder"]
        return ExportOptions(**read)
    except (ValueError, TypeError, ExportError) as error:
        raise ExportError(
            f"the preset can't be read, perhaps because another version wrote it ({error}): "
            "delete it and save it again"
        ) from error
