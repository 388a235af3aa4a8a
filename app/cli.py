"""The command line: loading, exporting and counting without a window.

Exit status: 0 all went well, 1 some input was rejected and the rest is done, 2 it could not be
done. What is wrong is one line on standard error.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import __version__, log, settings
from app.core.annotation import Status
from app.core.label import LabelSetError
from app.core.record import Record, RecordFilter
from app.label_sets import NEWS_LABELS, read_label_set
from app.store.errors import StoreError
from app.store.project_file import SUFFIX
from app.store.statistics import Statistics
from app.store.store import Store

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_log = logging.getLogger(__name__)

_PATH = click.Path(path_type=Path)


class CommandError(click.ClickException):
    """Something that could not be done, in one line; exit status 2."""

    exit_code = 2


class _Commands(click.Group):
    """Subcommands; anything else is a project to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, "--help", "--version"):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[PROJECT] [PAGE...]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS...]")


@click.group(cls=_Commands, epilog="Example: segmark news.segmark page1.html page2.txt")
@click.version_option(__version__, prog_name="segmark")
def commands() -> None:
    """Label the segments of raw news pages.

    Without a command it opens the window; PROJECT is a file ending in .segmark, which is made if
    it is not there, and PAGE a file or folder to add to it.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no traceback reaches the user."""
    log.setup()
    try:
        result = commands.main(arguments, prog_name="segmark", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.Abort:
        return _fail("stopped; what was done until now is kept", 130)
    except click.ClickException as error:
        hint = ""
        if isinstance(error, click.UsageError) and error.ctx:
            hint = f"; see {error.ctx.command_path} --help"
        return _fail(f"{error.format_message().rstrip('.')}{hint}", 2)
    except (StoreError, LabelSetError) as error:
        return _fail(str(error), 2)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone; that is no error
        return 0
    except Exception as error:
        _log.exception("unforeseen")
        kind = type(error).__name__
        return _fail(f"an error that was not foreseen ({kind}); details are in {log.log_path()}", 2)


def _fail(message: str, status: int) -> int:
    click.echo(f"segmark: {' '.join(message.split())}", err=True)
    return status


def open_or_create(project: Path, labels: Path | None = None) -> Store:
    """The project, made with the label set if it is not there yet.

    Raises:
        StoreError: it can't be opened or made, or it has a label set already.
    """
    if not project.exists():
        return Store.create(project, read_label_set(labels or NEWS_LABELS))
    if labels:
        raise StoreError(f"{project}: the project has its label set already; leave out --labels")
    return Store.open(project)


def project_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The argument PROJECT, checked to end in .segmark."""

    def checked(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
        if value is not None and value.suffix != SUFFIX:
            raise click.BadParameter(f"{value}: a project is a file ending in {SUFFIX}")
        return value

    return click.argument("project", type=_PATH, callback=checked)(function)


@commands.command(epilog="Example: segmark load news.segmark downloads/ extra.html")
@project_argument
@click.argument("paths", type=_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--labels", type=_PATH, help="Label set (TOML) for a project that is made.")
def load(project: Path, paths: tuple[Path, ...], labels: Path | None) -> int:
    """Add pages: text and HTML files, also gzipped, and folders of these.

    Prints how many were added, already there and rejected; each reason goes to standard error.
    A PROJECT that does not exist is made.
    """
    from app.load_pages import load_pages  # lxml is loaded where it is used

    with (
        open_or_create(project, labels) as store,
        _progress_bar("Loading", len(paths)) as bar,
    ):

        def progress(done: int, total: int | None, _name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = load_pages(store, paths, progress)
    for rejected in report.rejected:
        click.echo(f"segmark: rejected {' '.join(str(rejected).split())}", err=True)
    click.echo(str(report))
    return 1 if report.rejected else 0


@commands.command(epilog="Example: segmark export news.segmark training --split 80/10/10")
@project_argument
@click.argument("out", type=_PATH)
@click.option("--format", "form", default="jsonl", show_default=True, help="Format of the data.")
@click.option("--annotator", help="Only this annotator's pages; otherwise everybody's.")
@click.option(
    "--status", "statuses", multiple=True, default=["done"], show_default=True,
    type=click.Choice([*map(str, Status), "all"]), help="Pages with this status; repeatable.",
)  # fmt: skip
@click.option("--label", "labels", multiple=True, help="Only spans of this label; may be repeated.")
@click.option("--split", help="Shares of train/dev/test by site, such as 80/10/10.")
@click.option("--gzip", is_flag=True, help="Compress the data files.")
def export(
    project: Path, out: Path, form: str, annotator: str | None, statuses: tuple[str, ...],
    labels: tuple[str, ...], split: str | None, gzip: bool,
) -> int:  # fmt: skip
    """Write training data to the folder OUT.

    Prints pages and spans by label, for each part of a split.
    """
    from app.export.error import ExportError
    from app.export.exporter import Options
    from app.export.formats import EXPORTERS
    from app.export.split import Split

    if form not in EXPORTERS:
        raise CommandError(f"there is no format {form!r}; there is {', '.join(EXPORTERS)}")
    chosen = RecordFilter(
        frozenset(Status) if "all" in statuses else frozenset(map(Status, statuses)),
        annotator,
        frozenset(labels) or None,
    )
    with Store.open(project) as store:
        _refuse_unknown(store, annotator, labels)
        try:
            options = Options(split=Split.parse(split) if split else None, gzip=gzip)
            with closing(store.records(chosen)) as records:
                counted = _counted(records, store.count_records(chosen))
                summary = EXPORTERS[form].write(counted, store.label_set, out, options)
        except ExportError as error:
            raise CommandError(str(error)) from error
    click.echo(summary.text())
    return 0


def _refuse_unknown(store: Store, annotator: str | None, labels: Iterable[str]) -> None:
    if annotator is not None and annotator not in store.annotators():
        known = ", ".join(store.annotators()) or "nobody yet"
        raise CommandError(f"{store.path}: {annotator!r} labelled nothing here; there is {known}")
    if unknown := sorted(set(labels) - store.label_set.names):
        known = ", ".join(label.name for label in store.label_set)
        raise CommandError(f"{store.path}: there is no label {unknown[0]!r}; there is {known}")


def _counted(records: Iterable[Record], total: int) -> Iterable[Record]:
    with _progress_bar("Exporting", total) as bar:
        for record in records:
            yield record
            bar.update(1)


@commands.command(epilog="Example: segmark stats news.segmark --json")
@project_argument
@click.option("--annotator", help="Only this annotator; otherwise everybody.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def stats(project: Path, annotator: str | None, as_json: bool) -> int:
    """Pages by status, spans by label and active time of each annotator."""
    with Store.open(project) as store:
        if annotator is not None:
            _refuse_unknown(store, annotator, ())
        names = [annotator] if annotator else store.annotators()
        names = names or [settings.annotator_name(settings.load())]
        found = [store.statistics(name) for name in names]
        pages = store.pages.count()
    if as_json:
        data = {
            "project": project.name,
            "pages": pages,
            "annotators": [_as_json(one) for one in found],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{project.name}: {pages:,} pages")
        for one in found:
            click.echo(f"\n{one.annotator}\n" + "\n".join(_as_lines(one)))
    return 0


def _as_json(found: Statistics) -> dict[str, Any]:
    return {
        "annotator": found.annotator,
        "pages": {str(status): count for status, count in found.progress.by_status.items()},
        "spans": found.spans,
        "active_seconds": round(found.active_seconds, 1),
    }


def _as_lines(found: Statistics) -> list[str]:
    minutes, seconds = divmod(round(found.active_seconds), 60)
    counts = [(str(status), count) for status, count in found.progress.by_status.items()]
    rows = [("pages", found.progress.pages), *counts, ("spans", sum(found.spans.values()))]
    rows += found.spans.items()
    width = max(len(name) for name, _ in rows)
    indented = {"pages", "spans"}
    lines = [
        f"{'' if name in indented else '  '}{name:<{width}}  {count:>8,}" for name, count in rows
    ]
    return [*lines, f"active time {minutes // 60}:{minutes % 60:02}:{seconds:02}"]


def _progress_bar(label: str, length: int) -> "ProgressBar[int]":
    """A bar on standard error; nothing at all where that is no terminal."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
    )
