"""The command that loads pages into a project."""

from pathlib import Path
from typing import Any

import click

from segmark.cli.terminal import (
    PATH,
    CommandError,
    open_or_create,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
)
from segmark.environment import settings


def _pairs(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """The labels that are named, theirs and ours.

    Raises:
        click.BadParameter: one is no pair.
    """
    pairs = tuple((theirs.strip(), ours.strip()) for theirs, _, ours in _parted(values))
    for value, (theirs, _) in zip(values, pairs, strict=True):
        if not theirs:
            raise click.BadParameter(f"{value!r} names no two labels, as in --map Title=headline")
    return pairs


def _parted(values: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [value.rpartition("=") for value in values]


@click.command(epilog="Example: segmark load news.segmark downloads/ crawl.warc.gz dump.jsonl.zst")
@project_argument
@click.argument("paths", type=PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--labels", type=PATH, help="Label set (TOML) for a project that is made.")
@click.option("--report", type=PATH, help="Write what became of each source to this CSV file.")
@click.option("--text-field", default="", help="Column of records that holds the text.")
@click.option("--html-field", default="", help="Column of records that holds the HTML.")
@click.option("--url-field", default="", help="Column of records that holds the address.")
@click.option(
    "--match",
    multiple=True,
    help="Only pages of this host, or whose address fits this pattern with *; repeatable.",
)
@click.option("--sample", type=click.IntRange(1), help="So many pages, drawn from all.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the draw depends on.")
@click.option("--limit", type=click.IntRange(1), help="At most so many pages, the first ones.")
@click.option(
    "--map",
    "names",
    multiple=True,
    callback=_pairs,
    metavar="THEIRS=OURS",
    help="What a label of another tool is here; nothing after = leaves it out. Repeatable.",
)
@click.option("--drop-unknown", is_flag=True, help="Leave out labels that the project lacks.")
@click.option(
    "--offsets",
    type=click.Choice(["codepoint", "utf-16", "grapheme"]),
    help="What the offsets of labels count, where a file does not show it.",
)
@click.option("--done", is_flag=True, help="Labelled pages are finished where no file says it.")
@click.option("--annotator", help="Whose labels they are where no file says it; otherwise yours.")
def load(project: Path, paths: tuple[Path, ...], labels: Path | None, **options: Any) -> int:  # noqa: ANN401
    """Add pages: files, folders, patterns with *, archives, records, crawls, labelled work.

    Text and HTML (.txt .html .htm .xhtml .mhtml); archives of these (.zip .tar .tgz); one page a
    record (.jsonl .ndjson .json .csv .tsv .parquet); crawls (.warc .arc); labelled pages as
    exported by this program, Prodigy, doccano and Label Studio, and as tokens with tags (.conll
    .iob2). All of them also compressed (.gz .zst). Prints how many pages were added, already there
    and rejected; each reason goes to standard error. A PROJECT that does not exist is made.
    """
    from segmark.jobs.loading.pages import load_pages
    from segmark.jobs.loading.report import CHANGED, ReportFileError, report_file

    try:
        with (
            open_or_create(project, labels) as store,
            report_file(options["report"]) as tell,
            progress_bar("Loading", len(paths)) as bar,
        ):
            bar.show_eta = False
            refuse_unknown(store, None, filter(None, (ours for _, ours in options["names"])))

            made = load_pages(store, paths, progress_on(bar, "Loading"), _choice(**options), tell)
    except ReportFileError as error:
        raise CommandError(str(error)) from error
    for rejected in made.rejected:
        click.echo(f"segmark: rejected {' '.join(str(rejected).split())}", err=True)
    for source in made.changed:
        click.echo(f"segmark: {source} {CHANGED}", err=True)
    for passed in made.passed_over:
        click.echo(f"segmark: passed over {passed.source}: {passed.what}", err=True)
    click.echo(str(made))
    return 1 if made.rejected else 0


def _choice(**options: Any) -> Any:  # noqa: ANN401
    """The ``LoadChoice`` that the options say."""
    from segmark.loading.feed import LoadChoice
    from segmark.loading.raw import Fields
    from segmark.loading.work import LabelChoice, OffsetUnit

    fields = Fields(options["text_field"], options["html_field"], options["url_field"])
    labels = LabelChoice(
        options["names"],
        options["drop_unknown"],
        OffsetUnit(options["offsets"]) if options["offsets"] else None,
        options["annotator"] or settings.annotator_name(settings.load()),
        options["done"],
    )
    drawn = (options["sample"], options["seed"], options["limit"])
    return LoadChoice(fields, options["match"], *drawn, labels)
