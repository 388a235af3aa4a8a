"""The commands that check an export and compare two."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from segmark.cli.terminal import PATH, CommandError, checked_project, progress_bar
from segmark.core.span import Span
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.export.verify import VerifyResult

_Item = TypeVar("_Item")


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
    from segmark.export.error import ExportError
    from segmark.export.reading import Export
    from segmark.export.verify import verify as verify_export

    with ExitStack() as opened:
        lookup = None
        article_of: Callable[[str], str] = str
        if project:
            lookup = _Project(opened.enter_context(Store.open(project)))
            article_of = lookup.article_of
        try:
            export = Export(out)
            pages = _counted("Checking", export.pages(), export.card.pages)
            verdict = verify_export(export, pages, lookup, article_of)
        except ExportError as error:
            raise CommandError(str(error)) from error
    return _told(out, verdict)


class _Project:
    """Looks pages up in a project."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = {"": "", **{name: name for name in store.annotators()}}
        if salt := store.exports.salt:
            from segmark.export.redaction import pseudonym

            self._names |= {pseudonym(name, salt): name for name in self._names.values()}

    def __call__(self, page: str, annotator: str) -> tuple[str, list[Span]] | None:
        """The text of the page and the annotator's spans on it, also by pseudonym."""
        number, name = self._store.pages.number_of(page), self._names.get(annotator)
        if number is None or name is None:
            return None
        spans = self._store.annotations(name).get(number).spans
        return self._store.pages.get(number).text, list(spans)

    def article_of(self, page: str) -> str:
        """The id of the first page with the page's article; "" where that one is gone."""
        number = self._store.pages.number_of(page)
        first = self._store.duplicates.first_of(number) if number is not None else None
        return page if first is None else first


def _told(out: Path, verdict: "VerifyResult") -> int:
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
@click.option("--exit-code", is_flag=True, help="End with 1 where something changed.")
def diff(old: Path, new: Path, exit_code: bool) -> int:
    """What changed between two exports, of whatever formats: pages, parts, texts and spans.

    Exit status: 0 they were compared, 2 they could not be; with --exit-code 1 where they differ.
    """
    from segmark.export.diff import difference
    from segmark.export.error import ExportError
    from segmark.export.reading import Export

    try:
        found = difference(Export(old), Export(new))
    except ExportError as error:
        raise CommandError(str(error)) from error
    for line in found.lines():
        click.echo(line)
    return 1 if exit_code and found else 0
