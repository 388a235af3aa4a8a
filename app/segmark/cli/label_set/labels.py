"""The command that changes the label set of a running project."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from segmark.cli.terminal import (
    PATH,
    CommandError,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown_sites,
)
from segmark.core.guideline import examples_toml
from segmark.core.history import History
from segmark.core.label import Expected, LabelSet
from segmark.core.label_acts import acts
from segmark.core.label_acts.acts import LabelMeaning
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.label_acts.toml import to_toml
from segmark.core.page_change import PageField
from segmark.core.text.counts import count_words
from segmark.environment import settings
from segmark.environment.label_sets import read_label_file
from segmark.session.guideline_work import GuidelineWork
from segmark.session.session import Session
from segmark.store.annotations import ManyAct
from segmark.store.store import Store

_ACT = "segmark labels news.segmark"
_EXPECTED = {"none": Expected.ANY, "one": Expected.ONE, "some": Expected.SOME}


@dataclass(frozen=True, slots=True)
class _Request:
    """What every act is called with."""

    project: Path
    annotator: str
    dry_run: bool


_Chosen = Callable[[LabelSet], LabelSetChange]


def _acting(function: Callable[..., int]) -> Callable[..., int]:
    """Options of an act; the function gets a ``_Request`` before its own arguments."""

    @click.option("--annotator", help="Who acts, and can undo it; by default you.")
    @click.option("--dry-run", is_flag=True, help="Only say what the act would do.")
    @click.pass_obj
    @wraps(function)
    def command(project: Path, /, annotator: str | None, dry_run: bool, **given: Any) -> int:  # noqa: ANN401
        name = settings.annotator_name(settings.load(), annotator)
        return function(_Request(project, name, dry_run), **given)

    return command


@click.group(invoke_without_command=True, epilog=f"Example: {_ACT} rename caption legend")
@project_argument
@click.pass_context
def labels(ctx: click.Context, project: Path) -> int | None:
    """List or change the label set of a project, also while others label in it.

    Each act says what it does to the spans that are there, and how many. It is one line in the log,
    and "undo" takes it back, here or in the window. A name that a label had before still finds it.
    """
    ctx.obj = project
    return ctx.invoke(list_labels) if ctx.invoked_subcommand is None else None


@labels.command("list", epilog=f"Example: {_ACT} list --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, for programs.")
@click.pass_obj
def list_labels(project: Path, as_json: bool = False) -> int:
    """List the labels in their order, with their keys, rules and spans."""
    with Store.open_or_read(project) as store:
        for label, spans in store.count_spans().items():
            found = store.label_set[label]
            if as_json:
                about = {
                    "id": found.id, "name": found.name, "former": list(found.former),
                    "key": found.key, "light": found.light, "dark": found.dark,
                    "joins": found.joins, "expected": _expected_word(found.expected),
                    "inside": found.inside, "definition": found.definition,
                    "guideline": found.guideline, "example": found.example, "spans": spans,
                }  # fmt: skip
                click.echo(json.dumps(about, ensure_ascii=False))
                continue
            rules = [
                "joins" if found.joins else "",
                f"expected: {_expected_word(found.expected)}" if found.expected else "",
                "" if found.inside else "whole blocks",
                f"once {', '.join(found.former)}" if found.former else "",
            ]
            click.echo(
                f"{found.name:<16} {found.key.upper()}  {found.light} {found.dark}  "
                f"{spans:>9,} spans  {'; '.join(filter(None, rules))}".rstrip()
            )
    return 0


def _expected_word(expected: Expected) -> str:
    return str(expected) or "none"


@labels.command(epilog=f"Example: {_ACT} add quote --key q --reopen-words said")
@_acting
@click.argument("name")
@click.option("--key", default="", help="Its letter key; by default a free one.")
@click.option("--light", metavar="#RRGGBB", help="Its colour on light pages.")
@click.option("--dark", metavar="#RRGGBB", help="Its colour on dark pages.")
@click.option("--definition", help="What it is, in one line.")
@click.option("--joins/--no-joins", default=None, help="Whether touching spans are one.")
@click.option("--expected", type=click.Choice([*_EXPECTED]), help="Spans on a finished page.")
@click.option("--inside/--whole-blocks", default=None, help="Whether it may lie inside a block.")
@click.option("--reopen-all", is_flag=True, help="Set all finished pages back to started.")
@click.option("--reopen-site", "sites", multiple=True, help="Only finished pages of this site.")
@click.option("--reopen-words", "words", default="", help="Only finished pages with these words.")
def add(
    request: _Request, /, name: str, key: str, light: str | None, dark: str | None,
    reopen_all: bool, sites: tuple[str, ...], words: str, **rules: Any,  # noqa: ANN401
) -> int:  # fmt: skip
    """Add a label; finished pages that could hold it can be set back to started."""

    def chosen(there: LabelSet) -> LabelSetChange:
        free = acts.add(there, name, key=key, meaning=_meaning(rules))
        if not light and not dark:
            return free
        label = free.after.labels[-1]
        colours = light or label.light, dark or label.dark
        return acts.add(there, name, key=key, colours=colours, meaning=_meaning(rules))

    def pages(store: Store) -> list[int]:
        refuse_unknown_sites(store, sites)
        return store.finished_pages(sites, words) if reopen_all or sites or words else []

    return _act(request, chosen, pages)


@labels.command(epilog=f"Example: {_ACT} rename caption legend")
@_acting
@click.argument("old")
@click.argument("new")
def rename(request: _Request, old: str, new: str) -> int:
    """Rename a label; its spans keep their place, and work with the old name still loads."""
    return _act(request, lambda there: acts.rename(there, old, new))


@labels.command(epilog=f"Example: {_ACT} recolour caption --light '#0072b2'")
@_acting
@click.argument("name")
@click.option("--light", metavar="#RRGGBB", help="The colour on light pages.")
@click.option("--dark", metavar="#RRGGBB", help="The colour on dark pages.")
def recolour(request: _Request, name: str, light: str | None, dark: str | None) -> int:
    """Give a label other colours; says if they are hard to see or to tell from others."""
    return _act(request, lambda there: acts.recolour(there, name, light, dark))


@labels.command(epilog=f"Example: {_ACT} key caption l")
@_acting
@click.argument("name")
@click.argument("letter")
def key(request: _Request, name: str, letter: str) -> int:
    """Give a label another letter key."""
    return _act(request, lambda there: acts.set_key(there, name, letter))


@labels.command(epilog=f"Example: {_ACT} merge caption body --dry-run")
@_acting
@click.argument("gone", metavar="FROM")
@click.argument("into", metavar="INTO")
def merge(request: _Request, gone: str, into: str) -> int:
    """Give all spans of a label another one, and take the first out of the set.

    If the other label joins, touching spans become one.
    """
    return _act(request, lambda there: acts.merge(there, gone, into))


@labels.command(epilog=f"Example: {_ACT} delete ticker --clear")
@_acting
@click.argument("name")
@click.option("--into", metavar="LABEL", help="The label that its spans get.")
@click.option("--clear", is_flag=True, help="Clear its spans; finished pages are started again.")
def delete(request: _Request, name: str, into: str | None, clear: bool) -> int:
    """Take a label out of the set; one that is in use needs --into or --clear."""
    if into is not None and clear:
        raise CommandError("--into and --clear can't be combined")
    return _act(
        request, lambda there: acts.delete(there, name, into), may_clear=clear or into is not None
    )


@labels.command(epilog=f"Example: {_ACT} reorder body headline")
@_acting
@click.argument("names", nargs=-1, required=True)
def reorder(request: _Request, names: tuple[str, ...]) -> int:
    """Put labels first, in this order; the others follow. The order gives the digit keys."""
    return _act(request, lambda there: acts.reorder(there, names))


@labels.command(epilog=f"Example: {_ACT} define caption --expected some --joins")
@_acting
@click.argument("name")
@click.option("--definition", help="What it is, in one line.")
@click.option("--guideline", help="A paragraph or two for annotators, in Markdown.")
@click.option("--example", help="A short text with this label.")
@click.option("--joins/--no-joins", default=None, help="Whether touching spans are one.")
@click.option("--expected", type=click.Choice([*_EXPECTED]), help="Spans on a finished page.")
@click.option("--inside/--whole-blocks", default=None, help="Whether it may lie inside a block.")
def define(request: _Request, /, name: str, **rules: Any) -> int:  # noqa: ANN401
    """Change what a label means and how it behaves."""
    return _act(request, lambda there: acts.define(there, name, _meaning(rules)))


@labels.command("import", epilog=f"Example: {_ACT} import labels.toml")
@_acting
@click.argument("file", type=PATH)
def import_(request: _Request, file: Path) -> int:
    """Take over the labels of a TOML file, and its examples; no label is deleted.

    A label of the file is one of the project's if they share a name, an id or a former name.
    """
    other, examples = read_label_file(file)
    status = _act(request, lambda there: acts.bring_in(there, other))
    if request.dry_run or not examples:
        return status
    with Store.open(request.project) as store:
        taken = GuidelineWork(Session(store, request.annotator)).take_in(examples)
    for line in taken.reasons():
        click.echo(f"segmark: {line}", err=True)
    click.echo(str(taken))
    return 1 if taken.refused else status


@labels.command(epilog=f"Example: {_ACT} export labels.toml")
@click.argument("file", type=PATH)
@click.pass_obj
def export(project: Path, file: Path) -> int:
    """Write the label set and its examples to a TOML file, for "import" or a new project."""
    with Store.open_or_read(project) as store:
        text = f"{to_toml(store.label_set)}{examples_toml(store.guideline.examples())}"
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}; choose another place") from None
    return 0


@labels.command(epilog=f"Example: {_ACT} undo")
@_acting
def undo(request: _Request) -> int:
    """Undo your last act, if it is one on the label set."""
    return _replay(request, "Undone", lambda history: history.undo, Session.undo)


@labels.command(epilog=f"Example: {_ACT} redo")
@_acting
def redo(request: _Request) -> int:
    """Redo the act on the label set that you have undone last."""
    return _replay(request, "Redone", _next_redo, Session.redo)


def _meaning(rules: dict[str, Any]) -> LabelMeaning:
    expected = rules.pop("expected", None)
    return LabelMeaning(**rules, expected=None if expected is None else _EXPECTED[expected])


def _act(
    request: _Request,
    chosen: _Chosen,
    pages: Callable[[Store], list[int]] = lambda _store: [],
    *,
    may_clear: bool = True,
) -> int:
    """Say what an act does, and do it."""
    opened = Store.open_or_read if request.dry_run else Store.open
    with opened(request.project) as store:
        change, reopen = chosen(store.label_set), pages(store)
        forecast = store.forecast_labels(change, request.annotator, reopen)
        if forecast.spans and not may_clear:
            spans = count_words(forecast.spans, "span")
            raise CommandError(
                f"{request.project}: the label has {spans}; give them another one with --into "
                "LABEL, or clear them with --clear"
            )
        click.echo("\n".join(_told(forecast.lines(), forecast.reopened)))
        if request.dry_run:
            click.echo("Nothing was changed.")
        else:
            _session(store, request).change_labels(change, reopen)
    return 0


def _session(store: Store, request: _Request) -> Session:
    """A session whose acts on many pages show a bar on the terminal."""

    def run(_pages: int, act: ManyAct, _labels: bool) -> int:
        with progress_bar("Changing pages", 0) as bar:
            return act(store.annotations(request.annotator), progress_on(bar))

    return Session(store, request.annotator, run_bulk=run)


def _told(lines: list[str], reopened: tuple[str, ...]) -> Iterator[str]:
    yield from lines
    yield from (f"  {page}" for page in reopened)


def _next_redo(history: History) -> int | None:
    return history.redo[-1] if history.redo else None


def _replay(
    request: _Request,
    word: str,
    number_of: Callable[[History], int | None],
    replay: Callable[[Session], object],
) -> int:
    with Store.open(request.project) as store:
        session = _session(store, request)
        number = number_of(session.history)
        if number is None:
            who = store.people.known_name(request.annotator)
            joined = " and ".join(store.people.joined_since(who, 0))
            why = f"; what {joined} did before the join can't be undone here" if joined else ""
            raise CommandError(f"{request.project}: {request.annotator} has no such act{why}")
        annotations = store.annotations(request.annotator)
        title, change = annotations.title(number), annotations.change_of(number)
        if change is None or change.field is not PageField.LABELS:
            raise CommandError(
                f"{request.project}: the last act of {request.annotator} is “{title}”, not one on "
                "the label set; the window undoes and redoes it"
            )
        if request.dry_run:
            click.echo(f"{word} would be: {title}")
            return 0
        replay(session)
    click.echo(f"{word}: {title}")
    return 0
