"""The command that lists the pages of a project."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from app import settings
from app.core.annotation import Status
from app.store.pages import PageFilter, PageRow
from app.store.store import Store
from app.terminal import project_argument, refuse_unknown

_READ_TOGETHER = 500
_SHOWN_TITLE = 60


@click.command(epilog="Example: segmark pages news.segmark --site example.org --status done --json")
@project_argument
@click.option("--site", help="Only pages of this site.")
@click.option("--status", type=click.Choice([*map(str, Status)]), help="Only with this status.")
@click.option("--words", default="", help="Only with these in title, first line, site or source.")
@click.option("--annotator", help="Whose status and spans; otherwise yours, as in the settings.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for programs.")
def pages(
    project: Path,
    site: str | None,
    status: str | None,
    words: str,
    annotator: str | None,
    as_json: bool,
) -> int:
    """List the pages in load order: id, status, spans, site and title."""
    with Store.open_or_read(project) as store:
        if annotator is not None:
            refuse_unknown(store, annotator, ())
        name = annotator or settings.annotator_name(settings.load())
        shown = PageFilter(Status(status) if status else None, words, site)
        numbers = store.pages.numbers(name, shown)
        for row in _rows(store, name, numbers):
            first = store.duplicates.first_of(row.number)
            click.echo(_as_json(store, row, first) if as_json else _as_line(row, first))
    return 0


def _rows(store: Store, annotator: str, numbers: Sequence[int]) -> Iterator[PageRow]:
    for start in range(0, len(numbers), _READ_TOGETHER):
        yield from store.pages.rows(annotator, numbers[start : start + _READ_TOGETHER])


def _as_json(store: Store, row: PageRow, first: str | None) -> str:
    data: dict[str, Any] = {
        "id": row.id,
        "title": row.title,
        "site": row.site,
        "source": row.source,
        "status": row.status,
        "flagged": row.flagged,
        "spans": row.spans,
        "near_duplicate": first is not None,
        "like": first or "",
        "rest": store.pages.rest(row.number),
    }
    return json.dumps(data, ensure_ascii=False)


def _as_line(row: PageRow, first: str | None) -> str:
    marks = f"{' flagged' if row.flagged else ''}{' near-duplicate' if first is not None else ''}"
    title = " ".join(row.title.split())[:_SHOWN_TITLE]
    return f"{row.id}  {row.status:<7}  {row.spans:>4}  {row.site}  {title}{marks}"
