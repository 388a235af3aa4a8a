"""The commands that verify an export and compare two."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from segmark.cli.terminal import PATH, CommandError, checked_project, progress_bar
from segmark.core.span import Span, named
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.export.card.dataset_card import Card
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
    help="Compare the export with this project too.",
)  # fmt: skip
def verify(out: Path, project: Path | None) -> int:
    """Check every offset, label and part of the export in the folder OUT, whatever its format.

    With --project, texts and spans are compared with those of the project. Exit status: 0 if all is
    right, 1 if something is wrong, 2 if the export could not be checked.
    """
    from segmark.export.error import ExportError
    from segmark.export.reading import Export
    from segmark.export.verify import verify as verify_export

    with ExitStack() as opened:
        store = lookup = None
        article_of: Callable[[str], str] = str
        if project:
            store = opened.enter_context(Store.open(project))
        try:
            export = Export(out)
            if store:
                lookup = _Project(store, export.card)
                article_of = lookup.article_of
            pages = _counted("Checking", export.pages(), export.card.pages)
            result = verify_export(export, pages, lookup, article_of)
        except ExportError as error:
            raise CommandError(str(error)) from error
    return _report(out, result)


class _Project:
    """Looks pages up in a project, for an export with this card."""

    def __init__(self, store: Store, card: "Card") -> None:
        self._store = store
        # Labels may have been renamed since the export.
        named_there = zip(card.ids, card.labels, strict=True)
        self._label_names = {**store.label_set.renamed, **dict(named_there)}
        self._names = {"": "", **{name: name for name in store.annotators()}}
        for one in store.people.all():  # an export from before a rename or a join
            self._names |= {name: one.name for name in one.also if name not in self._names}
        if salt := store.exports.salt:
            from segmark.export.redaction import pseudonym

            self._names |= {pseudonym(name, salt): to for name, to in self._names.items()}

    def __call__(self, page: str, annotator: str) -> tuple[str, list[Span]] | None:
        """The text of a page and the spans of an annotator, who may be named by a pseudonym."""
        number, name = self._store.pages.number_of(page), self._names.get(annotator)
        if number is None or name is None:
            return None
        spans = self._store.annotations(name).get(number).spans
        return self._store.pages.get(number).text, list(named(spans, self._label_names))

    def article_of(self, page: str) -> str:
        """The id of the first page with the same article; "" if it is no longer there."""
        number = self._store.pages.number_of(page)
        first = self._store.duplicates.first_of(number) if number is not None else None
        return page if first is None else first


def _report(out: Path, result: "VerifyResult") -> int:
    for fault in result.faults:
        click.echo(f"segmark: {' '.join(fault.split())}", err=True)
    if more := result.count - len(result.faults):
        click.echo(f"segmark: and {more:,} more", err=True)
    for label, count in result.left_out.items():
        click.echo(f"not in the export: {label} ({count:,} in the project)")
    summary = f"wrong: {result.count:,}" if result.count else "all is right"
    read = f"pages {result.pages:,}, spans {result.spans:,}, rows {result.rows:,}"
    click.echo(f"{out}: {summary} ({read})")
    return 1 if result.count else 0


@click.command(epilog="Example: segmark diff training-march training-april")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if the exports differ.")
def diff(old: Path, new: Path, exit_code: bool) -> int:
    """Compare the pages, parts, texts and spans of two exports of any format.

    Exit status: 0 if they were compared, 2 if not; with --exit-code, 1 if they differ.
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
