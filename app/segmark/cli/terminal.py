"""Shared by the commands: their error, arguments and options, name checks, the progress bar."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segmark.core.label import LabelSetError
from segmark.core.progress import Progress
from segmark.environment.label_sets import NEWS_LABELS, read_label_file
from segmark.store.errors import StoreError
from segmark.store.file.project_file import SUFFIX
from segmark.store.store import Store

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from segmark.jobs.scoring.expectation import Expectation


class _NamedPath(click.Path):
    """A path that is not empty: an unset variable of a script does not mean this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        if value == "":
            self.fail("it is empty", param, ctx)
        return super().convert(value, param, ctx)


class _Share(click.ParamType[float]):
    """A share of more than nothing and less than all, such as ``95%`` or ``0.95``."""

    name = "share"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        text, share = str(value).strip(), 0.0
        with suppress(ValueError):
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        if not 0 < share < 1:
            self.fail(f"{text!r} is no share such as 95% or 0.95", param, ctx)
        return share


#: A file or folder named on the command line.
PATH = _NamedPath(path_type=Path)


class CommandError(click.ClickException):
    """A one-line error message; exit status 2."""

    exit_code = 2


def open_or_create(
    project: Path, labels: Path | None = None, opened: Callable[[Path], Store] = Store.open
) -> Store:
    """Open the project, or create it with the label set if it does not exist.

    ``opened`` opens an existing project.

    Raises:
        StoreError: it can't be opened or created, or it has a label set already.
    """
    if not os.path.lexists(project):
        label_set, examples = read_label_file(labels or NEWS_LABELS)
        store = Store.create(project, label_set)
        if examples:
            from segmark.session.guideline_work import keep_waiting

            keep_waiting(store, examples)
        return store
    if labels:
        raise StoreError(f"{project}: the project already has a label set; leave out --labels")
    return opened(project)


def project_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The argument PROJECT, checked to end in .segmark."""
    return click.argument("project", type=PATH, callback=checked_project)(function)


def checked_project(
    _ctx: click.Context, _param: click.Parameter, value: Path | None
) -> Path | None:
    """The project argument.

    Raises:
        click.BadParameter: its suffix is wrong.
    """
    if value is not None and value.suffix != SUFFIX:
        raise click.BadParameter(f"{value}: a project is a file ending in {SUFFIX}")
    return value


def refuse_unknown(store: Store, annotator: str | None) -> str | None:
    """Refuse an annotator that the project does not have; returns the display name.

    Raises:
        CommandError: the annotator is unknown; the message lists the known ones.
    """
    person = None if annotator is None else store.people.find(annotator)
    if annotator is not None and person is None:
        known = ", ".join(store.annotators()) or "nobody yet"
        raise CommandError(
            f"{store.path}: {annotator!r} has labelled nothing here; known are: {known}"
        )
    return person.name if person else None


def label_ids(store: Store, names: Iterable[str]) -> list[str]:
    """The ids of the labels with these names, also with names that they had before.

    Raises:
        CommandError: a label is unknown; the message lists the known ones.
    """
    from segmark.core.label_acts.acts import label_named

    try:
        return [label_named(store.label_set, name).id for name in names]
    except LabelSetError as error:
        raise CommandError(f"{store.path}: {error}") from None


def refuse_unknown_sites(store: Store, sites: Iterable[str]) -> None:
    """Refuse sites that have no page in the project.

    Raises:
        CommandError: a site is unknown; the message names it and the command that lists the sites.
    """
    for site in sites:
        if not store.pages.has_site(site):
            raise CommandError(
                f"{store.path}: there is no page of the site {site!r}; "
                f'"segmark split" lists the sites'
            )


def progress_bar(label: str, length: int) -> "ProgressBar[int]":
    """A progress bar on standard error; hidden if that is not a terminal."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
    )


def progress_on(bar: "ProgressBar[int]", label: str = "") -> Progress:
    """The callback that moves a bar; ``label`` goes before the text of each report."""

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        bar.length = total
        if label:
            bar.label = f"{label} {text}"
        # Drawing the bar takes as long as exporting a tenth of a record.
        if done == total or done - bar.pos >= (total or 0) // 200:
            bar.update(done - bar.pos)

    return progress


def processes_option(name: str = "--processes") -> Callable[[Callable[..., Any]], Any]:
    """The option for the number of processes; its value is one per core if it is not given."""
    return click.option(
        name,
        type=click.IntRange(1),
        callback=lambda _ctx, _param, given: given or os.cpu_count() or 1,
        help="Number of processes; default: one per core.",
    )


def split_by_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--split-by``."""
    return click.option(
        "--split-by",
        type=click.Choice(["site", "page", "near-duplicate"]),
        default="site",
        show_default=True,
        help="What is kept together in one part.",
    )(function)


def at_least_right_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--at-least-right``."""
    return click.option(
        "--at-least-right",
        type=_Share(),
        metavar="SHARE",
        help="Choose the threshold so that at least this share is right, such as 95%, by the pages "
        "that were labelled blind; refused if they do not show it.",
    )(function)


def chosen_threshold(expected: "Expectation", wanted: float | None, given: float) -> float:
    """The threshold above which enough spans are right, or the given one if nothing is wanted.

    Raises:
        CommandError: both are given, or the blind pages do not show that any threshold is enough.
    """
    from segmark.jobs.scoring.expectation import ExpectationError

    if wanted is None:
        return given
    if given:
        raise CommandError("--at-least-right chooses the threshold; leave out --threshold")
    try:
        return expected.threshold_for(wanted)
    except ExpectationError as error:
        raise CommandError(f"--at-least-right: {error}") from error


def threshold_words(expected: "Expectation", wanted: float, threshold: float) -> str:
    """What holds for the chosen threshold."""
    return (
        f"threshold {threshold:g}: at least {wanted:.1%} of what is written is right, with 95% "
        f"confidence, on pages like the {expected.pages:,} blind ones"
    )
