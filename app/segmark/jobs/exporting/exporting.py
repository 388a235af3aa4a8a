"""Exporting: what somebody chose to export, and doing it, alike for the command and the window."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.core.record import Record, RecordFilter
from segmark.export.error import ExportError
from segmark.export.exporter import Options
from segmark.export.findings import Findings, Hits
from segmark.export.formats import registry as formats
from segmark.export.redaction import redacted, redacted_pairs
from segmark.export.split import Split, SplitBy
from segmark.export.summary import Summary
from segmark.jobs.exporting.complete_records import complete
from segmark.store.store import Store


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What somebody chose to export; a project can keep it as a preset.

    Attributes:
        folder: where the files go; None before one was ever chosen.
        form: name of the format.
        statuses: of the annotations.
        annotator: whose annotations; None for everybody's.
        adjudicated: whether only what is agreed on or settled is taken, one record a page.
        labels: names of the labels; None for all.
        sites: of the pages; None for all.
        since: the day (UTC) on or after which a page was worked on; None for all times.
        unique: whether of pages with the same article only one is taken.
        min_confidence: of suggestions that were accepted as they were, 0 to 1.
        split: shares of train, dev and test; None for one file.
        split_by: what is dealt out as one.
        seed: another one deals the pages out otherwise.
        gzip: whether the files are compressed.
        unit: what makes a row; "" for what the format does by default.
        window: tokens of a window; 0 for the usual number.
        stride: tokens from one window's start to the next one's; 0 for the usual number.
        shard: text in one file, in millions of code points; 0 for the usual number.
        provenance: whether spans tell where they came from.
        redact: whether annotators are under pseudonyms.
        plots: whether the card has plots.
        suggestions: whether unfinished pages come with what is suggested for them.
    """

    folder: Path | None = None
    form: str = "jsonl"
    statuses: frozenset[Status] = frozenset({Status.DONE})
    annotator: str | None = None
    adjudicated: bool = False
    labels: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    since: date | None = None
    unique: bool = False
    min_confidence: float = 0.0
    split: Split | None = None
    split_by: SplitBy = SplitBy.SITE
    seed: str = ""
    gzip: bool = False
    unit: str = ""
    window: int = 0
    stride: int = 0
    shard: int = 0
    provenance: bool = False
    redact: bool = False
    plots: bool = False
    suggestions: bool = False

    @property
    def options(self) -> Options:
        """How the exporter is to write the records, as far as the choice alone tells."""
        return Options(
            self.split,
            self.seed,
            self.gzip,
            self.unit,
            self.window,
            self.stride,
            self.shard,
            self.provenance,
            self.suggestions,
            self.split_by,
            least_sure=self.min_confidence,
            plots=self.plots,
        )


def record_filter(store: Store, choice: ExportChoice) -> RecordFilter:
    """Which records the project is to give.

    Raises:
        ExportError: there is no such format, or the choice contradicts itself.
    """
    if choice.adjudicated and choice.annotator is not None:
        raise ExportError("one annotator's work is not adjudicated: leave out one of the two")
    return RecordFilter(
        choice.statuses,
        choice.annotator,
        choice.labels,
        choice.sites,
        choice.since,
        formats.exporter_of(choice.form).needs_anchors,
        choice.unique,
        choice.provenance,
        choice.min_confidence,
        choice.adjudicated,
        store.exports.adjudicator if choice.adjudicated else "",
    )


def export(store: Store, choice: ExportChoice, progress: Progress) -> Summary:
    """Write what was chosen.

    Raises:
        ExportError: it could not be made; what was in the folder is unchanged.
        StoreError: a secret had to be kept in the project for pseudonyms, and could not be.
    """
    if not choice.folder:
        raise ExportError("choose a folder for the export")
    chosen = record_filter(store, choice)
    total = store.count_records(chosen)
    salt = _salt(store) if choice.redact else None
    options = replace(
        choice.options, fixed=store.exports.fixed_parts, findings=_findings(store, choice, salt)
    )
    with _records(store, choice, chosen, salt) as records:
        counted = _counted(records, total, progress)
        return formats.write(choice.form, counted, store.label_set, choice.folder, options)


def first_record(store: Store, choice: ExportChoice) -> Record | None:
    """The first record that would be written, leaving the split aside; None without any."""
    salt = _salt(store) if choice.redact else None
    with _records(store, choice, record_filter(store, choice), salt) as records:
        return next((record for record in records if not record.left_out), None)


@contextmanager
def _records(
    store: Store, choice: ExportChoice, chosen: RecordFilter, salt: bytes | None
) -> Iterator[Iterator[Record]]:
    """The records that the choice asks for, with all that its format writes of them."""
    with (
        closing(store.records(chosen)) as records,
        closing(
            complete(records, store.path, choice.form, choice.options, chosen.labels)
        ) as completed,
    ):
        yield redacted(completed, salt) if salt else completed


def _counted(records: Iterator[Record], total: int, progress: Progress) -> Iterator[Record]:
    for done, record in enumerate(records):
        progress(done, total)
        yield record
    progress(total, total, "writing to disk")


def _salt(store: Store) -> bytes:
    if not store.exports.salt:
        if store.read_only:
            raise ExportError(
                f"{store.path}: pseudonyms need a secret that the project keeps, and it can't be "
                f"written: {store.read_only}"
            )
        with store.write("this was not kept"):
            store.exports.make_salt()
    return store.exports.salt or b""


def _findings(store: Store, choice: ExportChoice, salt: bytes | None) -> Findings:
    pairs = store.agreement()
    if choice.annotator is not None:
        pairs = {names: found for names, found in pairs.items() if choice.annotator in names}
    totals = store.suggestion_totals()
    blind, shown = (Hits(totals[key].suggested, totals[key].right) for key in (True, False))
    return Findings(redacted_pairs(pairs, salt) if salt else pairs, blind, shown)


_SWITCHES = ("adjudicated", "unique", "gzip", "provenance", "suggestions", "redact", "plots")
_VALUES = ("seed", "unit", "window", "stride", "shard", "since")


def command_line(choice: ExportChoice, project: Path) -> str:
    """The command that makes the same export, quoted for the shell of this system."""
    words = ["segmark", "export", str(project), str(choice.folder or "OUT")]
    if choice.form != "jsonl":
        words += ["--format", choice.form]
    if choice.statuses == frozenset(Status):
        words += ["--status", "all"]
    elif choice.statuses != {Status.DONE}:
        for status in Status:
            words += ["--status", status] if status in choice.statuses else []
    if choice.annotator is not None:
        words += ["--annotator", choice.annotator]
    for option, names in (("--label", choice.labels), ("--site", choice.sites)):
        for name in sorted(names or ()):
            words += [option, name]
    if choice.min_confidence:
        words += ["--min-confidence", f"{choice.min_confidence:g}"]
    if choice.split:
        words += ["--split", str(choice.split)]
        if choice.split_by is not SplitBy.SITE:
            words += ["--split-by", choice.split_by]
    for option in _VALUES:
        if value := getattr(choice, option):
            words += [f"--{option}", str(value)]
    words += [f"--{switch}" for switch in _SWITCHES if getattr(choice, switch)]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def preset_of(choice: ExportChoice, project: Path) -> dict[str, Any]:
    """The choice as the project keeps it: what is not usual, and folders beside it by their way."""
    usual = asdict(ExportChoice())
    kept = {name: value for name, value in asdict(choice).items() if value != usual[name]}
    if choice.folder:
        kept["folder"] = _way(choice.folder, project)
    if choice.split:
        kept["split"] = str(choice.split)
    return {name: _plain(value) for name, value in kept.items()}


def _way(folder: Path, project: Path) -> str:
    home, whole = project.absolute().parent, folder.absolute()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


_READ: dict[str, Callable[[Any], object]] = {
    "statuses": lambda words: frozenset(map(Status, words)),
    "labels": frozenset,
    "sites": frozenset,
    "since": date.fromisoformat,
    "split": Split.parse,
    "split_by": SplitBy,
}


def choice_of(preset: Mapping[str, Any], project: Path) -> ExportChoice:
    """The choice that a project keeps.

    Raises:
        ExportError: another version kept something in it that this one does not know.
    """
    known = {field.name for field in fields(ExportChoice)}
    try:
        if unknown := sorted(preset.keys() - known):
            raise ValueError(unknown[0])
        read: dict[str, Any] = {
            name: _READ.get(name, _same)(value) for name, value in preset.items()
        }
        if "folder" in read:
            read["folder"] = project.absolute().parent / read["folder"]
        return ExportChoice(**read)
    except (ValueError, TypeError, ExportError) as error:
        raise ExportError(
            f"the preset can't be read, perhaps as another version kept it ({error}): "
            "delete it and keep it again"
        ) from error


def _same(value: object) -> object:
    return value
