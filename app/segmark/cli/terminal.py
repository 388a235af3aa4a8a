"""What the commands share: their error, their project, the progress bar, names checked."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segmark.core.progress import Progress
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.store.errors import StoreError
from segmark.store.file.project_file import SUFFIX
from segmark.store.store import Store

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class _NamedPath(click.Path):
    """A path with a name: an empty one, as of a variable that is not set, is not this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        if value == "":
            self.fail("it is empty", param, ctx)
        return super().convert(value, param, ctx)


#: A file or folder named on the command line.
PATH = _NamedPath(path_type=Path)


class CommandError(click.ClickException):
    """Something that could not be done, in one line; exit status 2."""

    exit_code = 2


def open_or_create(
    project: Path, labels: Path | None = None, opened: Callable[[Path], Store] = Store.open
) -> Store:
    """The project, made with the label set if it is not there yet.

    ``opened`` is how one that is there is opened.

    Raises:
        StoreError: it can't be opened or made, or it has a label set already.
    """
    if not project.exists():
        return Store.create(project, read_label_set(labels or NEWS_LABELS))
    if labels:
        raise StoreError(f"{project}: the project has its label set already; leave out --labels")
    return opened(project)


def project_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The argument PROJECT, checked to end in .segmark."""
    return click.argument("project", type=PATH, callback=checked_project)(function)


def checked_project(
    _ctx: click.Context, _param: click.Parameter, value: Path | None
) -> Path | None:
    """The project that was named.

    Raises:
        click.BadParameter: its name does not end as a project's does.
    """
    if value is not None and value.suffix != SUFFIX:
        raise click.BadParameter(f"{value}: a project is a file ending in {SUFFIX}")
    return value


def refuse_unknown(store: Store, annotator: str | None, labels: Iterable[str]) -> None:
    """Refuse names that are not in the project.

    Raises:
        CommandError: the annotator or a label is unknown; the line says who and what there is.
    """
    if annotator is not None and annotator not in store.annotators():
        known = ", ".join(store.annotators()) or "nobody yet"
        raise CommandError(f"{store.path}: {annotator!r} labelled nothing here; there is {known}")
    if unknown := sorted(set(labels) - store.label_set.names):
        known = ", ".join(label.name for label in store.label_set)
        raise CommandError(f"{store.path}: there is no label {unknown[0]!r}; there is {known}")


def refuse_unknown_sites(store: Store, sites: Iterable[str]) -> None:
    """Refuse sites that no page of the project is of.

    Raises:
        CommandError: there is one; the line says which, and what lists the others.
    """
    for site in sites:
        if not store.pages.has_site(site):
            raise CommandError(
                f'{store.path}: no page is of the site {site!r}; "segmark split" lists the sites'
            )


def progress_bar(label: str, length: int) -> "ProgressBar[int]":
    """A bar on standard error; nothing at all where that is no terminal."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
    )


def progress_on(bar: "ProgressBar[int]", label: str = "") -> Progress:
    """The callback that shows progress on a bar; ``label`` goes before the text of each report."""

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        bar.length = total
        if label:
            bar.label = f"{label} {text}"
        # Drawing the bar takes as long as exporting a tenth of a record.
        if done == total or done - bar.pos >= (total or 0) // 200:
            bar.update(done - bar.pos)

    return progress
