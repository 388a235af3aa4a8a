"""The command that draws pages to check, and says what may be concluded from them."""

import json
from pathlib import Path

import click

from segmark.cli.terminal import (
    CommandError,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown_sites,
)
from segmark.environment import settings
from segmark.store.store import Store


@click.command(epilog="Example: segmark audit news.segmark --site example.org --sample 60")
@project_argument
@click.option("--site", required=True, help="The site whose suggestions are audited.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    help="How many pages to draw; default: 60, which show at least 95% right if all are.",
)
@click.option("--seed", help="Another word draws other pages.")
@click.option("--annotator", help="Who checks the pages; by default you, as in the settings.")
@click.option("--new", is_flag=True, help="Draw again, after an audit of the site is finished.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Conclude only for suggestions with at least this confidence.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def audit(
    project: Path,
    site: str,
    sample: int | None,
    seed: str | None,
    annotator: str | None,
    new: bool,
    threshold: float,
    as_json: bool,
) -> int:
    """Draw pages of a site for a person to check, and say what may be concluded from them.

    The first time, pages are drawn at random from those that nobody has started. Label them in the
    window: their suggestions, which are made now, are not shown, so that they influence nobody.
    When all of them are done, the same command says how many of the suggested spans on all these
    pages are right at least, with 95% confidence. The pages are the sample, not their spans.
    """
    from segmark.jobs.scoring.audit_text import audit_json, audit_lines
    from segmark.jobs.scoring.audits import audit_state

    with Store.open_or_read(project) as store:
        refuse_unknown_sites(store, [site])
        _refuse_second(store, site, new=new, options=(sample, seed, annotator) != (None,) * 3)
        if new or not store.audits.of_site(site):
            who = store.people.known_name(annotator or settings.annotator_name(settings.load()))
            _draw(store, site, who, sample, seed or "")
        state = audit_state(store, store.audits.of_site(site)[-1], threshold)
    if as_json:
        click.echo(json.dumps(audit_json(state), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(audit_lines(state)))
    return 0


def _refuse_second(store: Store, site: str, *, new: bool, options: bool) -> None:
    """Refuse to draw again by accident, or before the last audit of the site is finished."""
    from segmark.jobs.scoring.audits import audit_state

    audits = store.audits.of_site(site)
    if not audits:
        return
    name = f"audit {audits[-1].number} of {site}"
    if not new and options:
        raise CommandError(
            f"{name} is drawn already; leave out --sample, --seed and --annotator to see it, or "
            "draw again with --new"
        )
    if new and (left := audit_state(store, audits[-1]).open):
        raise CommandError(
            f"{name} is not finished: {len(left):,} of its pages are still to be checked"
        )


def _draw(store: Store, site: str, annotator: str, sample: int | None, seed: str) -> None:
    from segmark.jobs.scoring.audits import SAMPLE, draw_audit
    from segmark.jobs.scoring.predictions import ScoringError

    if store.read_only:
        raise CommandError(f"{store.path}: the audit can't be kept: {store.read_only}")
    pages = sample or SAMPLE
    try:
        with progress_bar("Drawing", pages) as bar:
            draw_audit(store, site, annotator, pages, seed, progress_on(bar, "Drawing"))
    except ScoringError as error:
        raise CommandError(str(error)) from error
