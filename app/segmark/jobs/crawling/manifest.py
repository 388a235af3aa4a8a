"""The manifest of a labelled crawl: which inputs are done, one line each, and how they were made.

The first line has the settings that all outputs share. A line follows when the output of an input
has its name; a kill in between only makes this input be labelled once more.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.jsonl"
_LINE_END = b"\n"


class CrawlError(Exception):
    """The crawl can't be labelled, or an output not be written; the message is one line."""


@dataclass(frozen=True, slots=True)
class DoneInput:
    """An input that is done.

    Attributes:
        input: its name.
        fingerprint: of its files.
        pages: the number of rows in its output; without any there is no output.
        left: how often each reason was given for what should have been a page.
        passed: the number of remarks about what is merely no page.
        bands: the number of its spans in each band of confidence.
    """

    input: str
    fingerprint: str
    pages: int
    left: Mapping[str, int]
    passed: int
    bands: Sequence[int] = ()


class Manifest:
    """The manifest of a folder, which is made if need be.

    Several runs may share a folder if they have different inputs.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """Read or make it.

        Raises:
            CrawlError: the folder holds something else, or was made with other settings.
            OSError: it can't be read or written.
        """
        self._path = folder / NAME
        self._done = dict[str, DoneInput]()
        if not self._path.exists():
            if folder.exists() and any(folder.iterdir()):
                raise CrawlError(
                    f"{folder}: it holds other files, and no {NAME}; choose a new folder"
                )
            folder.mkdir(parents=True, exist_ok=True)
            self._append(settings)
            return
        lines = [_parsed(line) for line in self._path.read_bytes().splitlines()]
        found = lines[0] if lines else None
        if not isinstance(found, dict) or found.keys() != settings.keys():
            raise CrawlError(
                f"{self._path}: it is damaged or of another program; choose a new folder"
            )
        for key, value in settings.items():
            if found[key] != value:
                raise CrawlError(
                    f"{folder}: it was made with {key} {found[key]}, not {value}; "
                    "choose a new folder"
                )
        for line in lines[1:]:
            if done := _done(line):
                self._done[done.input] = done

    def get(self, name: str) -> DoneInput | None:
        """What is known of an input; None if it is not done."""
        return self._done.get(name)

    def add(self, done: DoneInput) -> None:
        """Record that an input is done; it survives a power cut.

        Raises:
            OSError: it can't be written.
        """
        self._append(asdict(done))
        self._done[done.input] = done

    def _append(self, value: Mapping[str, Any]) -> None:
        with self._path.open("ab+") as file:
            torn = file.tell() > 0
            if torn:
                file.seek(-1, os.SEEK_END)
                torn = file.read(1) != _LINE_END  # by a kill
            line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
            file.write(_LINE_END * torn + line + _LINE_END)
            file.flush()
            os.fsync(file.fileno())


def _parsed(line: bytes) -> Any:  # noqa: ANN401 - whatever the line holds
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None  # torn by a kill: its input is labelled again


def _done(line: Any) -> DoneInput | None:  # noqa: ANN401 - whatever the line holds
    try:
        made = DoneInput(**line)
        counts = [made.pages, made.passed, *made.left.values(), *made.bands]
    except (TypeError, AttributeError):
        return None
    texts = isinstance(made.input, str) and isinstance(made.fingerprint, str)
    return made if texts and all(type(count) is int for count in counts) else None
