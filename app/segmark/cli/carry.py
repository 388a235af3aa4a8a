"""The command that carries labels over to newer versions of pages."""

from collections.abc import Iterable
from pathlib import Path

import click

from segmark.cli.terminal import progress_bar, project_argument, refuse_unknown
from segmark.core.carrying import Carried, CarryOutcome
from segmark.core.span import Span
from segmark.jobs.carry_over import CarryPlan, carry_over, plan
from segmark.session.session import Session
from segmark.store.store import Store

_SHOWN = 60  # code points of a text that are shown


@click.command(epilog="Example: segmark carry news.segmark --dry-run")
@project_argument
@click.option("--annotator", help="Only this annotator's labels; by default everybody's.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("--same-text", is_flag=True, help="Leave out labels whose text has changed.")
def carry(project: Path, annotator: str | None, dry_run: bool, same_text: bool) -> int:
    """Carry labels over to newer versions of labelled pages.

    Loading a source that has changed adds a new page, linked to the old one. This command finds the
    labelled text of the old page in the new one and labels it there. The new page is then started,
    not done, and each page is one act that can be undone in the window. Pages that the annotator
    has started stay as they are. The exit status is 1 if a label could not be carried over.
    """
    opened = Store.open_or_read if dry_run else Store.open
    plans = list[CarryPlan]()
    with opened(project) as store:
        annotator = refuse_unknown(store, annotator)
        for name in [annotator] if annotator else store.annotators():
            plans += _carried(store, name, dry_run=dry_run, changed=not same_text)
    spans = [each for planned in plans for each in planned.carried]
    placed = sum(_is_placed(each, changed=not same_text) for each in spans)
    done = "would be carried over" if dry_run else "carried over"
    click.echo(f"{placed:,} of {len(spans):,} labels {done}, to {len(plans):,} pages")
    return 0 if placed == len(spans) else 1


def _carried(store: Store, annotator: str, *, dry_run: bool, changed: bool) -> Iterable[CarryPlan]:
    """Carry labels over page by page, and print the outcome."""
    waiting = list(store.versions.to_carry(annotator))
    with progress_bar("Carrying over", len(waiting)) as bar:
        for page, _ in waiting:
            planned = plan(store, annotator, page)
            if planned is None:
                continue
            if not dry_run:
                session = Session(store, annotator)
                session.open(page)
                carry_over(session, planned, changed=changed)
            _print(store, annotator, planned, changed=changed)
            bar.update(1)
            yield planned


def _print(store: Store, annotator: str, planned: CarryPlan, *, changed: bool) -> None:
    name, source = store.pages.names(planned.page)
    click.echo(f"{name}  {source}  {annotator}: {planned}")
    for each in planned.carried:
        if each.outcome is CarryOutcome.UNCHANGED:
            continue
        click.echo(
            f"  {each.outcome}  {store.label_set.name_of(each.old.label)}  "
            f"{_shown(planned.earlier_text, [each.old])}"
        )
        if each.new:
            left_out = "" if changed else " (left out)"
            click.echo(f"    now{left_out}: {_shown(planned.text, each.new)}")


def _is_placed(each: Carried, *, changed: bool) -> bool:
    return each.outcome is CarryOutcome.UNCHANGED or (
        changed and each.outcome is CarryOutcome.CHANGED
    )


def _shown(text: str, spans: Iterable[Span]) -> str:
    words = " … ".join(" ".join(text[span.start : span.end].split()) for span in spans)
    half = _SHOWN // 2
    return words if len(words) <= _SHOWN else f"{words[:half]} … {words[-half:]}"
