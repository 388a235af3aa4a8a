"""The command that shows and changes the people of a project."""

import json
from pathlib import Path
from typing import NamedTuple

import click

from segmark.cli.terminal import CommandError, progress_bar, progress_on, project_argument
from segmark.core.page_change import PageChange, join_people, recolour_person, rename_person
from segmark.core.people.person import Person, PersonError
from segmark.environment import settings
from segmark.reports.people_text import clash_json, clash_line, people_json, people_lines
from segmark.store.store import Store


class _Wanted(NamedTuple):
    """What the options ask for; two names each."""

    rename: tuple[str, str] | None
    colour: tuple[str, str] | None
    join: tuple[str, str] | None


@click.command(epilog='Example: segmark people news.segmark --join "ada l" ada --dry-run')
@project_argument
@click.option("--rename", nargs=2, metavar="OLD NEW", help="Show a person under another name.")
@click.option("--colour", nargs=2, metavar="NAME #RRGGBB", help="Give a person another colour.")
@click.option("--join", nargs=2, metavar="FROM INTO", help="Make two people one, named INTO.")
@click.option("--keep", metavar="NAME", help="With --join: whose labels stay on pages that clash.")
@click.option("--dry-run", is_flag=True, help="With --join: only show which pages clash.")
@click.option("--annotator", help="Who does it, in the log; by default you, as in the settings.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def people(
    project: Path,
    rename: tuple[str, str] | None,
    colour: tuple[str, str] | None,
    join: tuple[str, str] | None,
    keep: str | None,
    dry_run: bool,
    annotator: str | None,
    as_json: bool,
) -> int:
    """Print the people of a project: name, id, colour, pages, other names that lead to them.

    A name that differs in case, blanks or Unicode form alone is the same name. A change is one act
    in the log, which the one who made it can undo in the window. --join shows what both labelled
    differently, page by page; then --keep says whose labels stay there. The others stay in the log.
    """
    wanted = _Wanted(rename, colour, join)
    if sum(each is not None for each in wanted) > 1:
        raise CommandError("--rename, --colour and --join are one act each: give one of them")
    if join is None and (keep is not None or dry_run):
        raise CommandError("--keep and --dry-run belong to --join; give both names there")
    if join and dry_run:
        with Store.open_or_read(project) as store:
            one, into = _pair(store, join)
            _show_clashes(store, one, into, as_json=as_json)
        return 0
    if any(wanted):
        with Store.open(project) as store:
            _change(store, wanted, keep, settings.annotator_name(settings.load(), annotator))
            _show(store, as_json=as_json)
        return 0
    with Store.open_or_read(project) as store:
        _show(store, as_json=as_json)
    return 0


def _show(store: Store, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(people_json(store), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(people_lines(store)))


def _show_clashes(store: Store, one: Person, into: Person, *, as_json: bool) -> None:
    if as_json:
        for clash in store.people.clashes(one, into):
            click.echo(json.dumps(clash_json(clash, one, into), ensure_ascii=False))
        return
    clashing = 0
    for clash in store.people.clashes(one, into):
        click.echo(clash_line(clash, one, into))
        clashing += 1
    pages = store.people.pages_of(one)
    click.echo(f"Of {pages:,} pages of {one.name}, {clashing:,} clash with work of {into.name}.")


def _change(store: Store, wanted: _Wanted, keep: str | None, annotator: str) -> None:
    try:
        if wanted.rename:
            change, pages = rename_person(_person(store, wanted.rename[0]), wanted.rename[1]), 1
        elif wanted.colour:
            change, pages = recolour_person(_person(store, wanted.colour[0]), wanted.colour[1]), 1
        else:
            assert wanted.join
            change, pages = _joining(store, wanted.join, keep)
    except PersonError as error:
        raise CommandError(f"{store.path}: {error}") from error
    with progress_bar("Changing", pages) as bar:
        store.annotations(annotator).change_people(change, progress_on(bar))


def _joining(store: Store, names: tuple[str, str], keep: str | None) -> tuple[PageChange, int]:
    one, into = _pair(store, names)
    kept = None if keep is None else _person(store, keep)
    if kept not in (None, one, into):
        raise CommandError(f"--keep {keep}: name {one.name} or {into.name}")
    clashing = sum(1 for _ in store.people.clashes(one, into))
    if clashing and kept is None:
        raise CommandError(
            f"{store.path}: both labelled {clashing:,} pages differently; --dry-run lists them; "
            f"say whose labels stay there with --keep {one.name!r} or --keep {into.name!r}"
        )
    return join_people(one, into, keep_labels_of=kept or into), store.people.pages_of(one)


def _pair(store: Store, names: tuple[str, str]) -> tuple[Person, Person]:
    one, into = (_person(store, name) for name in names)
    if one == into:
        raise CommandError(f"{store.path}: {names[0]!r} and {names[1]!r} are one person already")
    return one, into


def _person(store: Store, name: str) -> Person:
    found = store.people.find(name)
    if found is None:
        known = ", ".join(one.name for one in store.people.all()) or "nobody yet"
        raise CommandError(f"{store.path}: there is no {name!r} here; known are: {known}")
    return found
