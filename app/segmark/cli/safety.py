"""The commands that keep the annotations safe: backup, restore and check."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from segmark.cli.terminal import (
    PATH,
    CommandError,
    checked_project,
    progress_bar,
    progress_on,
    project_argument,
)
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.store.errors import for_shell
from segmark.store.file.backup import Backup, Reason, back_up, list_backups
from segmark.store.safety.check import ALL_PARTS
from segmark.store.safety.check import check as check_project
from segmark.store.safety.repair import STEPS, repair
from segmark.store.safety.restoring import differences
from segmark.store.safety.restoring import restore as restore_project


@click.command(epilog="Example: segmark backup news.segmark")
@project_argument
@click.option("--list", "listed", is_flag=True, help="List the backups instead, the newest first.")
def backup(project: Path, listed: bool) -> int:
    """Back up the project as it is now, also while it is open in a window.

    Backups go into a folder beside the project that has its name. Segmark makes one on every day
    with changes; of these daily backups it keeps the last ones of 7 days and of 4 weeks.
    """
    if listed:
        for each in list_backups(project):
            click.echo(_line(each))
        return 0
    click.echo(f"Backup made: {back_up(project, Reason.ASKED).path}")
    return 0


@click.command(epilog="Example: segmark restore news.segmark")
@project_argument
@click.argument("chosen", type=PATH, metavar="[BACKUP]", required=False)
@click.option("--preview", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(project: Path, chosen: Path | None, preview: bool, yes: bool) -> int:
    """Go back to a backup, by default the newest; shows first what would change.

    The present project becomes a backup itself.
    """
    if chosen is None:
        found = list_backups(project)
        if not found:
            raise CommandError(f"{project}: there is no backup; name one, or make one first")
        chosen = found[0].path
    elif not os.path.isfile(chosen):
        raise CommandError(f"{chosen}: there is no such backup")
    changes = differences(project, chosen)
    click.echo(f"{chosen}")
    for line in changes.lines():
        click.echo(line)
    if preview or changes.none:
        return 0
    if not yes:
        click.confirm("Go back to it?", abort=True)
    kept = restore_project(project, chosen)
    click.echo(f"Restored. What was there is {kept}" if kept else "Restored.")
    return 0


@click.command(epilog="Example: segmark check news.segmark --repair saved.segmark")
@project_argument
@click.option(
    "--repair", "new", type=PATH, callback=checked_project, metavar="NEW",
    help="Save the healthy part to the project NEW.",
)  # fmt: skip
def check(project: Path, new: Path | None) -> int:
    """Check the project: the file, every text, every label and every count.

    The exit status is 1 if something is damaged, and 2 if nothing can be read.
    """
    with progress_bar("Checking", ALL_PARTS) as bar:
        health = check_project(project, progress_on(bar))
    for line in health.lines():
        click.echo(line)
    if new:
        with progress_bar("Repairing", STEPS) as bar:
            rescue = repair(project, new, read_label_set(NEWS_LABELS), progress_on(bar))
        for line in rescue.lines():
            click.echo(line)
    elif not health.is_well:
        command = f"segmark check {for_shell(project)} --repair NEW.segmark"
        click.echo(f"Save the healthy part with: {command}")
    return 0 if health.is_well else 1


def _line(each: Backup) -> str:
    now = datetime.now(UTC)
    age = (now - each.made).days
    days = "today" if age == 0 else f"{age} days ago"
    if each.is_dated_ahead(now):
        days = "dated ahead"
    return f"{each.made.astimezone():%Y-%m-%d %H:%M}  {each.reason:9}  {days:>12}  {each.path}"
