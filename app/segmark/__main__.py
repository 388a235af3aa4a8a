"""The program ``segmark``: the command line, with the window as its default command."""

# ruff: noqa: E402 - the imports take a while, and Ctrl+C must leave no traceback meanwhile

import sys

from segmark.cli.interrupts import current_stop, hide_traceback

sys.excepthook = hide_traceback

import gc

_collecting = gc.isenabled()
gc.disable()  # importing modules makes no garbage

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from segmark.cli import program as cli
from segmark.cli.terminal import CommandError, open_or_create
from segmark.store.errors import NotAtOnceError
from segmark.store.file.lock import holder
from segmark.store.file.project_file import SUFFIX
from segmark.store.store import Store

if _collecting:
    gc.enable()  # here, since worker processes import this module too

_STARTING = 5.0  # seconds after which a window that has a project open listens for sure


@cli.commands.command(
    "open", hidden=True, epilog="Example: segmark news.segmark page1.html page2.txt"
)
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option("--annotator", help="Name of the annotator; by default as in the settings.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="Label set (TOML) of a new project.",
)
def open_window(paths: tuple[Path, ...], annotator: str | None, labels: Path | None) -> int:
    """Open a project in the window."""
    from segmark.gui import startup

    gc.disable()  # the start makes no garbage; then the window collects it
    project, pages = (paths[0], paths[1:]) if paths else (None, ())
    if project is not None and project.suffix != SUFFIX:
        raise click.UsageError(
            f"{project}: neither a command nor a project, which is a file ending in {SUFFIX}"
        )
    if project and _hand_over(project, pages, annotator):
        click.echo(f"{project} is already open in a window, which was brought to the front")
        return 0
    if problem := startup.display_problem():
        raise CommandError(problem)
    try:
        from segmark.gui.application import run_window
    except ImportError as error:
        raise CommandError(startup.import_problem(error)) from error
    opened = partial(Store.open_or_read, at_once=True)
    store = slow = None
    try:
        store = open_or_create(project, labels, opened) if project else None
    except NotAtOnceError:
        slow = project
    try:
        return run_window(store, pages, annotator, slow)
    except startup.StartError as error:
        if store:
            store.close()
        raise CommandError(str(error)) from error


def _hand_over(project: Path, pages: Sequence[Path], annotator: str | None) -> bool:
    """Hand the project to the window that has it open; returns whether one accepted it."""
    held = holder(project)
    if held is None or not held.is_here or held.is_gone or annotator not in (None, held.annotator):
        return False
    from segmark.environment.handover import Handover, hand_over

    activation = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    named = tuple(page.absolute() for page in pages)
    age = datetime.now(UTC) - datetime.fromisoformat(held.since)
    wait = _STARTING if age.total_seconds() < _STARTING else 0.0
    return hand_over(held.process, Handover(project.absolute(), named, activation), wait=wait)


@cli.commands.command(epilog="Example: segmark tour exports/tour")
@click.argument("out", type=click.Path(path_type=Path))
def tour(out: Path) -> int:
    """Drive the real window through the main job on the sample page, without a display.

    Writes numbered screenshots, the project and its export to the folder OUT.
    """
    from segmark.gui import startup

    os.environ["QT_QPA_PLATFORM"] = startup.virtual_screens()
    try:
        from segmark.gui.tour import TourError, take_tour
    except ImportError as error:
        raise CommandError(startup.import_problem(error)) from error
    try:
        with current_stop().held() as stop_now:
            for line in take_tour(out):
                click.echo(line)
                stop_now()
    except (TourError, startup.StartError) as error:
        raise CommandError(str(error)) from error
    return 0


@cli.commands.command(epilog="Example: segmark doctor")
def doctor() -> int:
    """Print what a bug report needs: versions, folders, settings, and tests of the program.

    It contains no text of a page and no name of a person or a project. The exit status is 1 when a
    test fails, and 2 when no window can be shown on this machine.
    """
    with current_stop().held():
        return _examine()


def _examine() -> int:
    from segmark.gui import startup
    from segmark.reports.doctor import findings, store_test

    found = [*findings(), *store_test()]
    if problem := startup.display_problem():
        found.append(("Display", problem))
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    unusable = None
    try:
        from segmark.gui.self_test import view_test

        found += view_test()
    except ImportError as error:
        unusable = startup.import_problem(error)
    except startup.StartError as error:
        unusable = str(error)
    width = max(len(name) for name, _ in found)
    for name, value in found:
        click.echo(f"{name:<{width}}  {value}")
    if unusable:
        raise CommandError(unusable)
    failed = [name for name, value in found if "Test" in name and value != "all is well"]
    return 1 if failed else 0


def main() -> None:
    """Run the program and exit with its status."""
    if getattr(sys, "frozen", False):  # in a bundle, worker processes start here as well
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(cli.run())


if __name__ == "__main__":
    main()
