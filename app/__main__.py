"""The program ``segmark``: the command line, with the window as its default command."""

import os
import sys
from pathlib import Path

import click

from app import cli
from app.store.project_file import SUFFIX


@cli.commands.command(
    "open", hidden=True, epilog="Example: segmark news.segmark page1.html page2.txt"
)
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option("--annotator", help="Who is labelling; otherwise as in the settings.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="Label set (TOML) for a project that is made.",
)
def open_window(paths: tuple[Path, ...], annotator: str | None, labels: Path | None) -> int:
    """Open the window on a project."""
    from app.gui import startup

    project, pages = (paths[0], paths[1:]) if paths else (None, ())
    if project is not None and project.suffix != SUFFIX:
        raise click.UsageError(
            f"{project}: neither a command nor a project, which is a file ending in {SUFFIX}"
        )
    if problem := startup.display_problem():
        raise cli.CommandError(problem)
    try:
        from app.gui.application import run_window
    except ImportError as error:
        raise cli.CommandError(startup.import_problem(error)) from error
    store = cli.open_or_create(project, labels) if project else None
    return run_window(store, pages, annotator)


@cli.commands.command(epilog="Example: segmark tour exports/tour")
@click.argument("out", type=click.Path(path_type=Path))
def tour(out: Path) -> int:
    """Drive the real window through the main job on the sample page; no display is needed.

    Leaves numbered screenshots, the project and its export in the folder OUT.
    """
    from app.gui import startup

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from app.gui.tour import TourError, take_tour
    except ImportError as error:
        raise cli.CommandError(startup.import_problem(error)) from error
    try:
        for line in take_tour(out):
            click.echo(line)
    except TourError as error:
        raise cli.CommandError(str(error)) from error
    return 0


def main() -> None:
    """Run the program and exit with its status."""
    sys.exit(cli.run())


if __name__ == "__main__":
    main()
