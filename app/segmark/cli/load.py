"""The command that loads pages into a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segmark.cli.interrupts import current_stop
from segmark.cli.terminal import (
    PATH,
    CommandError,
    label_ids,
    open_or_create,
    processes_option,
    progress_bar,
    progress_on,
    project_argument,
)
from segmark.core.people.person import PersonError, checked_name
from segmark.environment import settings

if TYPE_CHECKING:
    from segmark.loading.options import LoadOptions


def label_pairs(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return values as pairs: what the other tool calls a label or a person, and the project.

    Raises:
        click.BadParameter: a value is not a pair.
    """
    parts = (value.rpartition("=") for value in values)
    pairs = tuple((theirs.strip(), ours.strip()) for theirs, _, ours in parts)
    for value, (theirs, _) in zip(values, pairs, strict=True):
        if not theirs:
            raise click.BadParameter(
                f"{value!r} does not name two, as in --map Title=headline or --people user=ada"
            )
    return pairs


def tag_names(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    """Return the value of --tags, with commas between, as names."""
    return tuple(name.strip() for name in value.split(",") if value)


def person_pairs(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return the values of --people as pairs: the annotator of the files, the person here.

    Raises:
        click.BadParameter: a value is not a pair of names.
    """
    try:
        return tuple(
            (theirs, checked_name(ours)) for theirs, ours in label_pairs(ctx, param, values)
        )
    except PersonError as error:
        raise click.BadParameter(str(error)) from error


@click.command(epilog="Example: segmark load news.segmark downloads/ crawl.warc.gz dump.jsonl.zst")
@project_argument
@click.argument("paths", type=PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--labels", type=PATH, help="Label set (TOML) for a new project.")
@click.option("--report", type=PATH, help="Write the outcome of each source to this CSV file.")
@click.option("--text-field", default="", help="Column of records that holds the text.")
@click.option("--html-field", default="", help="Column of records that holds the HTML.")
@click.option("--url-field", default="", help="Column of records that holds the address.")
@click.option(
    "--tags",
    default="",
    callback=tag_names,
    metavar="NAMES",
    help="Names of tags that are numbers, from 0 on, as in O,B-headline,I-headline.",
)
@click.option(
    "--layer",
    default="",
    metavar="LAYER[.FEATURE]",
    help="The layer of labels in WebAnno TSV and UIMA; default: all that are not linguistic.",
)
@click.option(
    "--match",
    multiple=True,
    help="Only pages of this host, or whose address matches this pattern with *; repeatable.",
)
@click.option("--sample", type=click.IntRange(1), help="Load this many pages, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random sample.")
@click.option("--limit", type=click.IntRange(1), help="Load at most this many pages.")
@click.option(
    "--map",
    "names",
    multiple=True,
    callback=label_pairs,
    metavar="THEIRS=OURS",
    help="Map a label of another tool to the project's; nothing after = leaves it out. Repeatable.",
)
@click.option("--drop-unknown", is_flag=True, help="Leave out labels that are not in the project.")
@click.option(
    "--offsets",
    type=click.Choice(["codepoint", "utf-16", "grapheme"]),
    help="What the offsets of labels count, if a file does not show it.",
)
@click.option("--done", is_flag=True, help="Labelled pages are done if the file does not say.")
@click.option("--annotator", help="Whose labels they are if no file says so; default: you.")
@click.option(
    "--people",
    multiple=True,
    callback=person_pairs,
    metavar="THEIRS=OURS",
    help="Who an annotator of the files is here, such as another person of that name. Repeatable.",
)
@click.option(
    "--newer",
    is_flag=True,
    help="Labels that differ from what the same annotator labelled here replace it.",
)
@click.option("--predictions", is_flag=True, help="All spans are predictions, none are labels.")
@processes_option()
@click.option(
    "--model",
    default="",
    help="Which model predicted them if no file says so; rows that Segmark exported are then its "
    "predictions for pages of the project.",
)
def load(
    project: Path,
    paths: tuple[Path, ...],
    labels: Path | None,
    processes: int,
    **options: Any,  # noqa: ANN401
) -> int:
    """Add pages from files, folders, patterns with *, archives, records and crawls.

    Text and HTML (.txt .html .htm .xhtml .mhtml); mails (.eml .mbox); archives of these (.zip .tar
    .tgz); one page per record (.jsonl .ndjson .json .csv .tsv .parquet); crawls (.warc .arc .wacz);
    labelled pages of Segmark, Prodigy, doccano, Label Studio, Argilla, brat, INCEpTION, spaCy and
    others, or as tokens with tags. All of these may be compressed (.gz .zst). Prints how many pages
    were added, already there and rejected; the reasons go to standard error. A PROJECT that does
    not exist is created.
    """
    from segmark.jobs.loading.pages import FAST, load_pages
    from segmark.jobs.loading.report import CHANGED, ReportFileError, capped, report_file
    from segmark.jobs.workers import Workers
    from segmark.session.guideline_work import GuidelineWork
    from segmark.session.session import Session

    chosen = _options(**options)
    try:
        with (
            open_or_create(project, labels) as store,
            report_file(chosen.report) as on_source,
            progress_bar("Loading", len(paths)) as bar,
        ):
            bar.show_eta = False
            label_ids(store, filter(None, (ours for _, ours in options["names"])))
            shown = progress_on(bar, "Loading")
            workers = Workers(processes, current_stop().held)
            report = load_pages(store, paths, shown, chosen, on_source, FAST, workers)
            session = Session(store, settings.annotator_name(settings.load()))
            taken = GuidelineWork(session).take_in_waiting()
    except ReportFileError as error:
        raise CommandError(str(error)) from error
    rejected = ((source, f"{source}: {reason}") for source, reason in report.folded)
    changed = ((source, f"{source} {CHANGED}") for source in report.changed)
    passed = ((each.source, f"{each.source}: {each.what}") for each in report.passed_over)
    for what, sources in (("rejected ", rejected), ("", changed), ("passed over ", passed)):
        for line in capped(sources):
            click.echo(f"segmark: {what}{' '.join(line.split())}", err=True)
    if report.rejected_more:
        click.echo(f"segmark: rejected {report.rejected_more:,} more", err=True)
    for note in report.notes:
        click.echo(f"segmark: {note}", err=True)
    click.echo(str(report))
    for line in (*taken.reasons(), str(taken)) if taken else ():
        click.echo(f"segmark: {line}", err=True)
    return 1 if report.rejected else 0


def _options(**options: Any) -> "LoadOptions":  # noqa: ANN401
    """Return the options of the command as ``LoadOptions``."""
    from segmark.loading.options import LabelOptions, LoadOptions, RecordFields
    from segmark.loading.raw import OffsetUnit

    return LoadOptions(
        RecordFields(
            options["text_field"],
            options["html_field"],
            options["url_field"],
            options["tags"],
            options["layer"].strip(),
        ),
        options["match"],
        options["sample"],
        options["seed"],
        options["limit"],
        LabelOptions(
            options["names"],
            options["drop_unknown"],
            OffsetUnit(options["offsets"]) if options["offsets"] else None,
            options["annotator"] or settings.annotator_name(settings.load()),
            options["done"],
            options["newer"],
            options["predictions"],
            " ".join(options["model"].split()),
            options["people"],
        ),
        options["report"],
    )
