"""The command that loads pages into a project."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.terminal import PATH, CommandError, open_or_create, progress_bar, project_argument

if TYPE_CHECKING:
    from app.load_pages import Fate


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
def load(
    project: Path,
    paths: tuple[Path, ...],
    labels: Path | None,
    report: Path | None,
    text_field: str,
    html_field: str,
    url_field: str,
    match: tuple[str, ...],
    sample: int | None,
    seed: int,
    limit: int | None,
) -> int:
    """Add pages: files, folders, patterns with *, archives, records and crawls.

    Text and HTML (.txt .html .htm .xhtml .mhtml); archives of these (.zip .tar .tgz); one page a
    record (.jsonl .ndjson .json .csv .tsv .parquet); crawls (.warc .arc). All of them also
    compressed (.gz .zst). Prints how many pages were added, already there and rejected; each
    reason goes to standard error. A PROJECT that does not exist is made.
    """
    from app.load_pages import CHANGED, load_pages  # lxml is loaded where it is used
    from app.loading.feed import Choice
    from app.loading.raw import Fields

    choice = Choice(Fields(text_field, html_field, url_field), match, sample, seed, limit)
    with (
        open_or_create(project, labels) as store,
        _report_file(report) as tell,
        progress_bar("Loading", len(paths)) as bar,
    ):
        bar.show_eta = False

        def progress(done: int, total: int | None, text: str) -> None:
            bar.length, bar.label = total, f"Loading {text}"
            bar.update(done - bar.pos)

        made = load_pages(store, paths, progress, choice, tell)
    for rejected in made.rejected:
        click.echo(f"segmark: rejected {' '.join(str(rejected).split())}", err=True)
    for source in made.changed:
        click.echo(f"segmark: {source} {CHANGED}", err=True)
    for passed in made.passed_over:
        click.echo(f"segmark: passed over {passed.source}: {passed.what}", err=True)
    click.echo(str(made))
    return 1 if made.rejected else 0


@contextmanager
def _report_file(path: Path | None) -> Iterator["Callable[[Fate], None] | None"]:
    """What is to be told of each source, so that it stands in the file at once."""
    if path is None:
        yield None
        return

    def tell(fate: "Fate") -> None:
        with _told(path):
            rows.writerow([fate.source, fate.outcome, fate.page, fate.why])

    with _told(path):
        file = path.open("w", encoding="utf-8", newline="")
    with file:
        rows = csv.writer(file)
        rows.writerow(["source", "outcome", "page", "why"])
        yield tell


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(
            f"{path}: the report can't be written: {error.strerror}; choose another place"
        ) from error
