"""The commands about exports: making one, checking one, comparing two."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from app.core.annotation import Status
from app.core.record import RecordFilter
from app.core.span import Span
from app.store.store import Store
from app.terminal import (
    PATH,
    CommandError,
    checked_project,
    progress_bar,
    project_argument,
    refuse_unknown,
)

if TYPE_CHECKING:
    from app.export.verify import Verdict

_Item = TypeVar("_Item")


@click.command(epilog="Example: segmark export news.segmark training --split 80/10/10")
@project_argument
@click.argument("out", type=PATH)
@click.option(
    "--format",
    "form",
    default="jsonl",
    show_default=True,
    help="jsonl, parquet, tokens, conll, spacy, lines, prodigy, doccano or label-studio.",
)
@click.option(
    "--unit",
    default="",
    help="What makes a row: page, block, line, span, token or window.",
)
@click.option("--window", type=click.IntRange(1), help="Tokens of a window; 256 if not given.")
@click.option(
    "--stride",
    type=click.IntRange(1),
    help="Tokens from one window's start to the next one's; half a window if not given.",
)
@click.option(
    "--shard",
    type=click.IntRange(1),
    help="Text in one file of parquet or spacy, in millions of characters.",
)
@click.option("--annotator", help="Only this annotator's pages; otherwise everybody's.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    default=["done"],
    show_default=True,
    type=click.Choice([*map(str, Status), "all"]),
    help="Pages with this status; repeatable.",
)
@click.option("--site", "sites", multiple=True, help="Only pages of this site; repeatable.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Only pages worked on since this day (UTC), such as 2026-01-31.",
)
@click.option(
    "--label",
    "--only",
    "labels",
    multiple=True,
    help="Only spans of this label; repeatable.",
)
@click.option("--drop", multiple=True, help="No spans of this label; repeatable.")
@click.option("--unique", is_flag=True, help="Of pages with the same article only the first.")
@click.option("--split", help="Shares of train/dev/test by site, such as 80/10/10.")
@click.option("--seed", default="", help="Another word deals the sites out otherwise.")
@click.option("--gzip", is_flag=True, help="Compress the data files.")
@click.option(
    "--suggestions",
    is_flag=True,
    help="With what is suggested for unfinished pages, for prodigy, doccano and label-studio.",
)
@click.option(
    "--provenance",
    is_flag=True,
    help="Tell of each span where it came from: typed, accepted, changed or loaded.",
)
def export(
    project: Path, out: Path, form: str, unit: str, window: int | None, stride: int | None,
    shard: int | None, annotator: str | None, statuses: tuple[str, ...], sites: tuple[str, ...],
    since: datetime | None, labels: tuple[str, ...], drop: tuple[str, ...], unique: bool,
    split: str | None, seed: str, gzip: bool, suggestions: bool,
    provenance: bool,
) -> int:  # fmt: skip
    """Write training data to the folder OUT.

    Prints pages and spans by label, for each part of a split. What each format holds stands in
    the README.md that it writes.
    """
    from app.complete_records import complete
    from app.export import formats
    from app.export.error import ExportError
    from app.export.exporter import Options
    from app.export.split import Split

    with Store.open(project) as store:
        refuse_unknown(store, annotator, (*labels, *drop))
        try:
            chosen = RecordFilter(
                frozenset(Status) if "all" in statuses else frozenset(map(Status, statuses)),
                annotator,
                _kept_labels(store, labels, drop),
                frozenset(sites) or None,
                since.date() if since else None,
                formats.exporter_of(form).needs_anchors,
                unique,
                provenance,
            )
            options = Options(
                Split.parse(split) if split else None, seed, gzip,
                unit or ("window" if window else ""), window or 0, stride or 0, shard or 0,
                provenance, suggestions,
            )  # fmt: skip
            with (
                closing(store.records(chosen)) as records,
                closing(complete(records, project, options, chosen.labels)) as completed,
            ):
                counted = _counted("Exporting", completed, store.count_records(chosen))
                summary = formats.write(form, counted, store.label_set, out, options)
        except ExportError as error:
            raise CommandError(str(error)) from error
    click.echo(summary.text())
    return 0


def _kept_labels(
    store: Store, only: tuple[str, ...], drop: tuple[str, ...]
) -> frozenset[str] | None:
    if not only and not drop:
        return None
    kept = (frozenset(only) or store.label_set.names) - frozenset(drop)
    if not kept:
        raise CommandError("--only and --drop leave no label to export")
    return kept


def _counted(title: str, items: Iterable[_Item], total: int) -> Iterator[_Item]:
    with progress_bar(title, total) as bar:
        for item in items:
            yield item
            bar.update(1)


@click.command(epilog="Example: segmark verify training --project news.segmark")
@click.argument("out", type=PATH)
@click.option(
    "--project", type=PATH, callback=checked_project, metavar="PROJECT",
    help="Hold the export against this project as well.",
)  # fmt: skip
def verify(out: Path, project: Path | None) -> int:
    """Check every offset, label and part of the export in the folder OUT, whatever its format.

    With --project, texts and spans are held against those of the project as it is now. Exit status:
    0 all is right, 1 something is wrong, 2 it could not be checked.
    """
    from app.export.error import ExportError
    from app.export.reading import Export
    from app.export.verify import verify as verify_export

    with ExitStack() as opened:
        lookup = None
        if project:
            lookup = _Project(opened.enter_context(Store.open(project)))
        try:
            export = Export(out)
            pages = _counted("Checking", export.pages(), export.card.pages)
            verdict = verify_export(export, pages, lookup)
        except ExportError as error:
            raise CommandError(str(error)) from error
    return _told(out, verdict)


class _Project:
    """Looks pages up in a project."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = frozenset(store.annotators())

    def __call__(self, page: str, annotator: str) -> tuple[str, list[Span]] | None:
        """The text of the page and the annotator's spans on it."""
        number = self._store.pages.number_of(page)
        if number is None or annotator not in self._known | {""}:
            return None
        spans = self._store.annotations(annotator).get(number).spans
        return self._store.pages.get(number).text, list(spans)


def _told(out: Path, verdict: "Verdict") -> int:
    for fault in verdict.faults:
        click.echo(f"segmark: {' '.join(fault.split())}", err=True)
    if more := verdict.count - len(verdict.faults):
        click.echo(f"segmark: and {more:,} more", err=True)
    for label, count in verdict.left_out.items():
        click.echo(f"not in the export: {label} ({count:,} in the project)")
    result = f"wrong: {verdict.count:,}" if verdict.count else "all is right"
    read = f"pages {verdict.pages:,}, spans {verdict.spans:,}, rows {verdict.rows:,}"
    click.echo(f"{out}: {result} ({read})")
    return 1 if verdict.count else 0


@click.command(epilog="Example: segmark diff training-march training-april")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
def diff(old: Path, new: Path) -> int:
    """What changed between two exports, of whatever formats: pages, parts, texts and spans.

    Exit status: 0 nothing, 1 something, 2 they could not be compared.
    """
    from app.export.diff import difference
    from app.export.error import ExportError
    from app.export.reading import Export

    try:
        found = difference(Export(old), Export(new))
    except ExportError as error:
        raise CommandError(str(error)) from error
    for line in found.lines():
        click.echo(line)
    return 1 if found else 0
