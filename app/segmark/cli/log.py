"""The command that prints the log of a project."""

import json
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import click

from segmark.cli.terminal import CommandError, project_argument, refuse_unknown
from segmark.reports.day_text import day_json, day_lines
from segmark.reports.log_text import act_json, act_line
from segmark.store.log import LogFilter
from segmark.store.store import Store

_FIRST_YEAR = 1970
_TOGETHER = 500  # lines that are written together: each writing is a call of the system


class _Day(click.ParamType[date]):
    """A day as ``2026-01-31``, or ``today``."""

    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        today = datetime.now().astimezone().date()
        try:
            day = today if value == "today" else date.fromisoformat(value)
        except ValueError:
            day = date.min
        if not _FIRST_YEAR <= day.year < date.max.year:  # a day whose time in UTC is known
            self.fail(f"{value!r} is no day; write it like {today}, or today", param, ctx)
        return day


@click.command(epilog="Example: segmark log news.segmark --since today --annotator ada")
@project_argument
@click.option("--page", metavar="ID", help="Only acts on this page.")
@click.option("--since", type=_Day(), metavar="DAY", help="Only from this day on, or: today.")
@click.option("--day", type=_Day(), metavar="DAY", help="What was done on this day, page by page.")
@click.option("--today", is_flag=True, help="The same as --day today.")
@click.option("--annotator", help="Only acts of this annotator; otherwise of everybody.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, for programs.")
def log(
    project: Path,
    page: str | None,
    since: date | None,
    day: date | None,
    today: bool,
    annotator: str | None,
    as_json: bool,
) -> int:
    """Print what was done: when, by whom, on which page and what, the first act first.

    An undo and a redo are lines of their own, and an act that is undone at present is marked so.
    Times and days are in the time zone of this computer; with --json, times are in UTC.

    --day prints each page that was worked on that day, with the number of acts and the time at
    work. A time is unknown for acts that an older version of Segmark kept.
    """
    if today:
        day = datetime.now().astimezone().date()
    if day and (since or page):
        raise CommandError("a day is printed whole: leave out --since and --page, or --day")
    with Store.open_or_read(project) as store:
        annotator = refuse_unknown(store, annotator)
        if day:
            _print_day(store, day, annotator, as_json=as_json)
            return 0
        number = None if page is None else store.pages.number_of(page)
        if page is not None and number is None:
            raise CommandError(
                f'{project}: there is no page {page!r}; "segmark pages" lists the ids'
            )
        labels = store.label_set
        with closing(store.log(LogFilter(number, since, annotator))) as acts:
            lines = (
                json.dumps(act_json(act, labels), ensure_ascii=False)
                if as_json
                else act_line(act, labels)
                for act in acts
            )
            while together := list(islice(lines, _TOGETHER)):
                click.echo("\n".join(together))
    return 0


def _print_day(store: Store, day: date, annotator: str | None, *, as_json: bool) -> None:
    pages = store.day(day, annotator)
    if as_json:
        for one in pages:
            click.echo(json.dumps(day_json(day, one), ensure_ascii=False))
    else:
        click.echo("\n".join(day_lines(day, pages)))
