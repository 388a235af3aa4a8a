"""The command that writes what a project has learnt to a file."""

from pathlib import Path

import click

from segmark.cli.terminal import (
    PATH,
    CommandError,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
)
from segmark.store.store import Store


@click.command(epilog="Example: segmark labeller news.segmark news.labeller")
@project_argument
@click.argument("out", type=PATH)
@click.option(
    "--annotator",
    help="Whose finished pages to learn from; default: whoever finished the most.",
)
def labeller(project: Path, out: Path, annotator: str | None) -> int:
    """Write what the project has learnt, without its pages, to the file OUT.

    The file ends in .labeller. It labels pages as "segmark suggest" does, in your own programs and
    on other machines. Its card, with .md added to the name, says what it was learnt from and how
    good it is, on blind pages and on sites that were left out. The project is only read.
    """
    from segmark.jobs.labelling.facts import card_text
    from segmark.jobs.labelling.labeller import Labeller
    from segmark.jobs.labelling.labeller_file import SUFFIX, LabellerError, write_beside
    from segmark.jobs.labelling.learning import learn

    if out.suffix != SUFFIX:
        raise CommandError(f"{out}: a labeller is a file ending in {SUFFIX}")
    if annotator is not None:
        with Store.open_for_reading(project) as store:
            annotator = refuse_unknown(store, annotator)
    with progress_bar("Learning", 1) as bar:
        learnt = learn(project, annotator, measure=True, progress=progress_on(bar, "Learning"))
    made = Labeller.of(learnt)
    card = out.with_name(f"{out.name}.md")
    try:
        made.save(out)
        text = card_text(out.name, made.version, made.facts, made.labels)
        write_beside(card, text.encode())
    except LabellerError as error:
        raise CommandError(str(error)) from error
    facts = made.facts
    click.echo(
        f"{out}: {out.stat().st_size:,} bytes, version {made.version}, learnt from "
        f"{facts.pages:,} pages of {facts.sites:,} sites; its card is {card}"
    )
    if not facts.pages:
        click.echo("warning: no page is finished, so nothing was learnt from this project")
    return 0
