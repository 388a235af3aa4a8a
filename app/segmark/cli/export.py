"""The commands for exports and for the export presets of a project."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from segmark.cli.interrupts import current_stop
from segmark.cli.terminal import (
    PATH,
    CommandError,
    label_ids,
    processes_option,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
    refuse_unknown_sites,
    split_by_option,
)
from segmark.core.annotation import Status
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.export.options import ExportOptions

_PUBLICATION = ("title", "authors", "version", "licence", "released", "url")


@click.command(epilog="Example: segmark export news.segmark training --split 80/10/10")
@project_argument
@click.argument("out", type=PATH, required=False)
@click.option(
    "--format",
    "form",
    default="jsonl",
    show_default=True,
    help="jsonl, parquet, tokens, conll, spacy, lines, prodigy, doccano, label-studio, html or "
    "dom.",
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
    help="Tokens from the start of a window to the start of the next; half a window if not given.",
)
@click.option(
    "--shard",
    type=click.IntRange(1),
    help="Text in one file of parquet or spacy, in millions of characters.",
)
@click.option("--annotator", help="Only this annotator's pages; otherwise everybody's.")
@click.option(
    "--adjudicated",
    is_flag=True,
    help="One record a page: the adjudicator's, else the one that all who finished it agree on.",
)
@click.option(
    "--views",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="How many people must have finished a page that --adjudicated takes as agreed; the "
    "adjudicator alone is enough.",
)
@click.option("--adjudicator", help="Who settles disagreements; the project remembers it.")
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
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out suggestions, and spans accepted as suggested, below this confidence, 0 to 1.",
)
@click.option("--unique", is_flag=True, help="Only the first page of each article.")
@click.option("--split", help="Shares of train/dev/test, such as 80/10/10.")
@split_by_option
@click.option("--seed", default="", help="A different word gives a different split.")
@click.option("--gzip", is_flag=True, help="Compress the data files.")
@click.option(
    "--suggestions",
    is_flag=True,
    help="Include suggestions for unfinished pages, in prodigy, doccano and label-studio.",
)
@click.option(
    "--provenance",
    is_flag=True,
    help="Say where each span came from: typed, accepted, changed, loaded, carried.",
)
@click.option(
    "--extra",
    is_flag=True,
    help="Add what the record brought when it was loaded, such as your own columns.",
)
@click.option("--notes", is_flag=True, help="Add the annotator's note and flag.")
@click.option(
    "--times", is_flag=True, help="Add when the page was last worked on, and for how many seconds."
)
@click.option(
    "--absent", is_flag=True, help="Add the expected labels that the page really does not have."
)
@click.option(
    "--publish",
    is_flag=True,
    help="Also write croissant.json and CITATION.cff; needs a title and an author.",
)
@click.option("--title", help="Title of the data set, for --publish; the project remembers it.")
@click.option(
    "--author",
    "authors",
    multiple=True,
    metavar="NAME",
    help="Author of the data set, as 'Family, Given', or an organisation; repeatable, remembered.",
)
@click.option("--data-version", "version", help="Version of the data set, such as 1.0; remembered.")
@click.option(
    "--licence", help="Licence of the data set, such as CC-BY-4.0, or its address; remembered."
)
@click.option(
    "--released", metavar="DAY", help="Day of publication, such as 2026-01-31; remembered."
)
@click.option("--url", help="Address of the data set; remembered.")
@click.option("--redact", is_flag=True, help="Pseudonyms in place of the annotators' names.")
@click.option("--plots", is_flag=True, help="Plots in the card; needs Pillow: segmark[plots].")
@processes_option()
@click.option("--preset", metavar="NAME", help="Use the options of this preset.")
@click.option("--save-preset", metavar="NAME", help="Save these options, and OUT, as a preset.")
@click.pass_context
def export(
    ctx: click.Context, /, project: Path, out: Path | None, adjudicator: str | None,
    preset: str | None, save_preset: str | None, processes: int, **options: Any,  # noqa: ANN401 - each option has its own type
) -> int:  # fmt: skip
    """Write training data to the folder OUT.

    Prints pages and spans by label, for each part of a split. The README.md of the export
    describes its format. Options that are given override those of --preset; "segmark presets"
    lists the presets.
    """
    from segmark.export.error import ExportError
    from segmark.export.options import PLAIN
    from segmark.jobs.exporting.exporting import export
    from segmark.jobs.exporting.presets import options_of, preset_of
    from segmark.jobs.workers import Workers

    given = {name: value for name, value in options.items() if is_given(ctx, name)}
    said = {name: given.pop(name) for name in _PUBLICATION if name in given}
    with Store.open_or_read(project) as store:
        refuse_unknown(store, given.get("annotator"))
        refuse_unknown_sites(store, options["sites"])
        try:
            kept = options_of(_preset(store, preset), project) if preset else PLAIN
            chosen = changed(kept, store, {**given, "folder": out} if out else given)
            if not chosen.folder:
                raise CommandError("name the folder OUT that the export goes to")
            _keep_adjudicator(store, adjudicator)
            _keep_publication(store, said)
            with progress_bar("Exporting", 0) as bar:
                workers = Workers(processes, current_stop().held)
                summary = export(store, chosen, progress_on(bar), workers)
            if save_preset is not None:
                with store.write("this was not kept"):
                    store.exports.keep_preset(save_preset, preset_of(chosen, project))
        except ExportError as error:
            raise CommandError(str(error)) from error
    click.echo(summary.text())
    return 0


def is_given(ctx: click.Context, name: str) -> bool:
    """Whether an option is on the command line."""
    return ctx.get_parameter_source(name) is not ParameterSource.DEFAULT


def _preset(store: Store, name: str) -> dict[str, Any]:
    presets = store.exports.presets
    if name not in presets:
        known = ", ".join(presets) or "none yet; --save-preset keeps one"
        raise CommandError(f"{store.path}: there is no preset {name!r}; there is {known}")
    return presets[name]


def _keep_adjudicator(store: Store, name: str | None) -> None:
    if name is not None:
        known = refuse_unknown(store, name)
        with store.write("this was not kept"):
            store.exports.keep_adjudicator(known or name)


def _keep_publication(store: Store, said: dict[str, Any]) -> None:
    if not said:
        return
    from segmark.export.publication import Publication

    about = Publication.of({**store.exports.publication, **said})
    if about.problem:
        raise CommandError(about.problem)
    with store.write("this was not kept"):
        store.exports.keep_publication(about.kept)


def changed(options: "ExportOptions", store: Store, given: dict[str, Any]) -> "ExportOptions":
    """The options with those given on the command line in place of their own."""
    from segmark.export.split import Split, SplitBy

    given = dict(given)
    if "labels" in given or "drop" in given:
        only = label_ids(store, given.get("labels", ())) or options.labels or store.label_set.ids
        given["labels"] = _kept_labels(only, label_ids(store, given.pop("drop", ())))
    if "statuses" in given:
        every = "all" in given["statuses"]
        given["statuses"] = frozenset(Status if every else map(Status, given["statuses"]))
    if "sites" in given:
        given["sites"] = frozenset(given["sites"])
    if given.get("since"):
        given["since"] = given["since"].date()
    if "split" in given:
        given["split"] = Split.parse(given["split"])
    if "split_by" in given:
        given["split_by"] = SplitBy(given["split_by"])
    if "window" in given:
        given.setdefault("unit", "window")
    chosen = replace(options, **given)
    if chosen.annotator is None:
        return chosen
    return replace(chosen, annotator=store.people.known_name(chosen.annotator))


def _kept_labels(only: Iterable[str], drop: Iterable[str]) -> frozenset[str]:
    kept = frozenset(only) - frozenset(drop)
    if not kept:
        raise CommandError("--only and --drop leave no label to export")
    return kept


@click.command(epilog="Example: segmark presets news.segmark --delete march")
@project_argument
@click.option("--delete", metavar="NAME", help="Delete this preset.")
def presets(project: Path, delete: str | None) -> int:
    """List the export presets of a project, each with the command that does the same."""
    from segmark.export.error import ExportError
    from segmark.jobs.exporting.presets import command_line, options_of

    if delete is not None:
        with Store.open(project) as store:
            _preset(store, delete)
            with store.write("this was not kept"):
                store.exports.keep_preset(delete, None)
        return 0
    with Store.open_or_read(project) as store:
        for name, kept in store.exports.presets.items():
            try:
                options = options_of(kept, project)
                click.echo(f"{name}: {command_line(options, project, store.label_set)}")
            except ExportError as error:
                click.echo(f"{name}: {error}")
    return 0
