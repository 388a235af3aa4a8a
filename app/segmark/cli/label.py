"""The command that labels a crawl with what a project has learnt."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segmark.cli.interrupts import current_stop
from segmark.cli.terminal import (
    PATH,
    CommandError,
    at_least_right_option,
    chosen_threshold,
    processes_option,
    progress_bar,
    progress_on,
    threshold_words,
)
from segmark.store.file.project_file import SUFFIX

if TYPE_CHECKING:
    from segmark.jobs.crawling.label_crawl import CrawlReport
    from segmark.jobs.crawling.output_formats import OutputFormat
    from segmark.jobs.labelling.labeller import Labeller

_MOST_LINES = 20  # reasons, and inputs, that are named one by one


@click.command(epilog="Example: segmark label crawl/*.warc.gz labelled --labeller news.labeller")
@click.argument("inputs", type=PATH, nargs=-1, required=True, metavar="IN...")
@click.argument("out", type=PATH)
@click.option(
    "--labeller",
    type=PATH,
    required=True,
    metavar="FILE",
    help='What labels: a file of "segmark labeller", or a project, which is only read.',
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="Of the outputs.",
)
@click.option("--gzip", is_flag=True, help="Compress the outputs (.jsonl.gz).")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="The lowest score of a span that is written.",
)
@at_least_right_option
@click.option(
    "--page-seconds",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="Seconds of the processor that a page may take; one that takes longer is left. "
    "0 for no limit.",
)
@processes_option()
@click.option("--text-field", default="", help="Column of records that holds the text.")
@click.option("--html-field", default="", help="Column of records that holds the HTML.")
@click.option("--url-field", default="", help="Column of records that holds the address.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def label(
    inputs: tuple[Path, ...],
    out: Path,
    labeller: Path,
    form: str,
    gzip: bool,
    threshold: float,
    at_least_right: float | None,
    page_seconds: float,
    processes: int,
    text_field: str,
    html_field: str,
    url_field: str,
    as_json: bool,
) -> int:
    """Label every page of a crawl, without a project for it.

    IN is whatever "segmark load" reads: WARC, WACZ, Parquet, JSON lines, folders of HTML, also
    compressed. Each input file gets an output of its own in the folder OUT, called OUT/FOLDER/FILE
    with a suffix; single pages are put together, 1,000 to an output. A row has the text of the
    page, its spans with scores, its address, and the version of the labeller. Beside an output,
    FILE.left.jsonl lists what was not labelled and why.

    After an interruption, the same command goes on with the inputs that are not done.
    """
    from segmark.jobs.crawling.label_crawl import CrawlOptions, label_crawl
    from segmark.jobs.crawling.manifest import CrawlError
    from segmark.loading.options import RecordFields

    loaded = _load(labeller)
    options = CrawlOptions(
        _format(form, gzip),
        chosen_threshold(loaded.facts.expected, at_least_right, threshold),
        RecordFields(text_field, html_field, url_field),
        page_seconds,
        processes,
    )
    try:
        with progress_bar("Labelling", 1) as bar:
            shown = progress_on(bar, "Labelling")
            report = label_crawl(inputs, out, loaded, options, shown, current_stop().held)
    except CrawlError as error:
        raise CommandError(str(error)) from error
    _tell_left(report)
    click.echo(_json(report, loaded) if as_json else _text(report, loaded, out))
    if at_least_right is not None and not as_json:
        click.echo(threshold_words(loaded.facts.expected, at_least_right, options.threshold))
    return 1 if report.left or report.refused else 0


def _format(name: str, gzip: bool) -> "OutputFormat":
    """The format of the outputs.

    Raises:
        CommandError: its library is not installed, or it can't be compressed.
    """
    from segmark.export.error import ExportError
    from segmark.jobs.crawling.output_formats import JsonLines, ParquetRows, arrow_schema

    if name == "jsonl":
        return JsonLines(gzip)
    if gzip:
        raise CommandError("Parquet is compressed already; leave out --gzip")
    try:
        arrow_schema()
    except ExportError as error:
        raise CommandError(str(error)) from error
    return ParquetRows()


def _load(path: Path) -> "Labeller":
    from segmark.jobs.labelling.labeller import Labeller
    from segmark.jobs.labelling.labeller_file import LabellerError
    from segmark.jobs.labelling.learning import learn

    try:
        if path.suffix != SUFFIX:
            return Labeller.load(path)
        with progress_bar("Learning", 1) as bar:
            return Labeller.of(learn(path, progress=progress_on(bar, "Learning")))
    except LabellerError as error:
        raise CommandError(str(error)) from error


def _tell_left(report: "CrawlReport") -> None:
    """Say on standard error what was left and why."""
    for one in report.refused[:_MOST_LINES]:
        click.echo(f"segmark: left {one.source}: {one.reason}", err=True)
    if (more := len(report.refused) - _MOST_LINES) > 0:
        click.echo(f"segmark: left {more:,} more inputs", err=True)
    for one in report.ignored[:_MOST_LINES]:
        click.echo(f"segmark: passed over {one.source}: {one.reason}", err=True)
    for reason, count in report.left.most_common(_MOST_LINES):
        click.echo(f"segmark: left {count:,}: {reason}", err=True)
    if (more := len(report.left) - _MOST_LINES) > 0:
        click.echo(f"segmark: and {more:,} more reasons", err=True)


def _text(report: "CrawlReport", labeller: "Labeller", out: Path) -> str:
    from segmark.jobs.scoring.expectation import expectation_lines

    before = f" ({report.before:,} done before)" if report.before else ""
    left = report.left.total()
    text = (
        f"{report.pages:,} pages of {report.inputs:,} inputs{before} labelled, {left:,} left, "
        f"{len(report.refused):,} inputs refused; labeller {labeller.version}"
    )
    if left or report.passed:
        text += f"\nthe files *.left.jsonl in {out} list what was left, and what is no page"
    return "\n".join((text, *expectation_lines(labeller.facts.expected, report.bands)))


def _json(report: "CrawlReport", labeller: "Labeller") -> str:
    from segmark.jobs.scoring.expectation import bands_json

    return json.dumps(
        {
            "inputs": report.inputs,
            "done_before": report.before,
            "pages": report.pages,
            "left": report.left.total(),
            "reasons": dict(report.left.most_common()),
            "refused": [{"source": one.source, "reason": one.reason} for one in report.refused],
            "passed_over": report.passed,
            "labeller": labeller.version,
            "expected": bands_json(labeller.facts.expected, report.bands),
        },
        ensure_ascii=False,
        indent=2,
    )
