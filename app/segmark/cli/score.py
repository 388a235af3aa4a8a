"""The command that compares predictions with the labels of a project."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segmark.cli.load import label_pairs, tag_names
from segmark.cli.terminal import (
    PATH,
    CommandError,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
    refuse_unknown_sites,
    split_by_option,
)
from segmark.core.record import Record
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.scoring.predictions import ReadFiles, Reading
    from segmark.jobs.scoring.scoring import ScoreOptions


@click.command(epilog="Example: segmark score news.segmark predicted.jsonl --adjudicated --json")
@project_argument
@click.argument("predictions", nargs=-1, required=True, metavar="PREDICTIONS...")
@click.option("--annotator", help="Compare with the finished pages of this annotator.")
@click.option(
    "--adjudicated",
    is_flag=True,
    help="Compare with the adjudicator's labels, or else those that all who finished agree on.",
)
@click.option(
    "--views",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="How many people must have finished a page that --adjudicated takes as agreed.",
)
@click.option("--gold", type=PATH, help="Compare with the labels in this file or folder.")
@click.option("--site", "sites", multiple=True, help="Only pages of this site; repeatable.")
@click.option("--split", help="Also score each part of this split, such as 80/10/10.")
@split_by_option
@click.option(
    "--part", type=click.Choice(["train", "dev", "test"]), help="Only pages of this part."
)
@click.option(
    "--predicted-only",
    is_flag=True,
    help="Leave out labelled pages that no model has a prediction for; they count as not found.",
)
@click.option("--seed", default="", help="Another word gives another split and other draws.")
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="How many of the worst pages are listed.",
)
@click.option(
    "--map",
    "names",
    multiple=True,
    callback=label_pairs,
    metavar="THEIRS=OURS",
    help="Map a label in the files to the project's; nothing after = leaves it out. Repeatable.",
)
@click.option("--drop-unknown", is_flag=True, help="Leave out labels that are not in the project.")
@click.option(
    "--tags",
    default="",
    callback=tag_names,
    metavar="NAMES",
    help="Names of tags that are numbers.",
)
@click.option("--html", "report", type=PATH, help="Also write a report to this file; no scripts.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON, for programs.")
def score(
    project: Path,
    predictions: tuple[str, ...],
    annotator: str | None,
    report: Path | None,
    json_wanted: bool,
    **options: Any,  # noqa: ANN401 - each option has its own type
) -> int:
    """Compare the PREDICTIONS of one or several models with the labels of finished pages.

    PREDICTIONS is a file or folder that "segmark load" takes: records with spans and scores, tokens
    with tags, DocBin; or the name of a model whose predictions are in the project. Nothing is
    written to the project.

    For each label: precision, recall and F1 of exact spans, of spans that overlap, of characters
    and of lines, with 95% intervals; the expected calibration error; F1 of the words of the body;
    the worst sites and pages; and for several models their differences and the pages where they
    part. Exit status: 1 if some predictions could not be used.
    """
    from segmark.export.error import ExportError
    from segmark.jobs.scoring.predictions import Reading, ScoringError, chosen_models
    from segmark.jobs.scoring.score_html import score_html, write_score_html
    from segmark.jobs.scoring.score_json import score_json
    from segmark.jobs.scoring.score_text import score_lines
    from segmark.jobs.scoring.scoring import score as score_models
    from segmark.jobs.scoring.spool import Spool
    from segmark.loading.options import LabelOptions, RecordFields

    with Store.open_for_reading(project) as store, closing(Spool()) as spool:
        annotator = refuse_unknown(store, annotator)
        refuse_unknown_sites(store, options["sites"])
        reading = Reading(
            store,
            spool,
            options=LabelOptions(options["names"], options["drop_unknown"]),
            fields=RecordFields(tags=options["tags"]),
        )
        try:
            chosen = _score_options(store, options)
            with progress_bar("Reading", 0) as bar:
                models = chosen_models(reading, predictions, progress_on(bar, "Reading"))
            with (
                progress_bar("Scoring", 0) as bar,
                _labels(reading, annotator, options) as (gold, whose),
            ):
                found = score_models(gold, models, chosen, progress_on(bar))
            if report:
                write_score_html(report, score_html(project.name, whose, found))
        except (ExportError, ScoringError) as error:
            raise CommandError(str(error)) from error
    if json_wanted:
        click.echo(json.dumps(score_json(project.name, whose, found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(score_lines(project.name, whose, found)))
    return _report(reading.found)


def _score_options(store: Store, options: dict[str, Any]) -> "ScoreOptions":
    from segmark.export.split import Split, SplitBy, Splitter
    from segmark.jobs.scoring.scores import BODY
    from segmark.jobs.scoring.scoring import ScoreOptions

    splitter = None
    if options["split"]:
        splitter = Splitter(
            Split.parse(options["split"]), SplitBy(options["split_by"]), options["seed"],
            store.exports.fixed_parts,
        )  # fmt: skip
    elif options["part"]:
        raise CommandError("--part needs --split: the shares of the parts")
    return ScoreOptions(
        splitter, options["part"] or "", options["predicted_only"], options["seed"],
        options["worst"], store.label_set.name_of(BODY),
    )  # fmt: skip


@contextmanager
def _labels(
    reading: "Reading", annotator: str | None, options: dict[str, Any]
) -> Iterator[tuple[Iterable[Record], str]]:
    """The labels that are compared with, and whose they are."""
    from segmark.jobs.scoring.predictions import labels_in
    from segmark.jobs.scoring.scoring import labels_of

    gold: Path | None = options["gold"]
    if sum((annotator is not None, options["adjudicated"], gold is not None)) > 1:
        raise CommandError("choose one of --annotator, --adjudicated and --gold")
    if gold is not None:
        sites = options["sites"]
        found = labels_in(reading, gold)
        yield (one for one in found if not sites or one.site in sites), f"labels in {gold.name}"
        return
    store = reading.store
    chosen = labels_of(
        store, annotator, adjudicated=options["adjudicated"], views=options["views"],
        sites=options["sites"],
    )  # fmt: skip
    whose = "adjudicated labels" if chosen.adjudicated else f"labels of {chosen.annotator}"
    with closing(store.records(chosen)) as records:
        yield records, whose


def _report(found: "ReadFiles") -> int:
    """Say what could not be used; the exit status."""
    for line in found.lines:
        click.echo(f"segmark: {line}", err=True)
    if (more := found.count - len(found.lines)) > 0:
        click.echo(f"segmark: and {more:,} more", err=True)
    return 1 if found.errors else 0
