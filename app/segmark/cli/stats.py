"""The command that prints the figures of a project."""

import json
from pathlib import Path

import click

from segmark.cli.terminal import project_argument, refuse_unknown
from segmark.environment import settings
from segmark.reports.figures_text import as_json, as_lines
from segmark.store.store import Store


@click.command(epilog="Example: segmark stats news.segmark --json")
@project_argument
@click.option("--annotator", help="Only this annotator; otherwise everybody.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON, for programs.")
def stats(project: Path, annotator: str | None, json_wanted: bool) -> int:
    """Print pages by status, site and day, spans by label, and the time of each annotator.

    Days are in the time zone of this computer. Idle time does not count.

    For pages with suggestions: how many were accepted whole, and a warning about those that were
    accepted faster than anyone can read, in less than half a second for each suggestion.
    """
    with Store.open_or_read(project) as store:
        one = refuse_unknown(store, annotator)
        names = [one] if one else store.annotators()
        figures = store.figures(names or [settings.annotator_name(settings.load())])
    if json_wanted:
        click.echo(json.dumps(as_json(project.name, figures), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_lines(project.name, figures)))
    return 0
