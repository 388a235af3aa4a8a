"""The command that shows the split of a project, and assigns sites to parts."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from segmark.cli.terminal import (
    CommandError,
    project_argument,
    refuse_unknown_sites,
    split_by_option,
)
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.exporting.forecast import SiteForecast

_PARTS = ("train", "dev", "test")


@click.command(epilog="Example: segmark split news.segmark --site example.org --to test")
@project_argument
@click.option("--site", "sites", multiple=True, help="A site to assign to a part; repeatable.")
@click.option("--to", type=click.Choice([*_PARTS, "auto"]), help="The part; auto undoes this.")
@click.option("--split", default="80/10/10", show_default=True, help="Shares of train/dev/test.")
@split_by_option
@click.option("--seed", default="", help="A different word gives a different split.")
def split(
    project: Path, sites: tuple[str, ...], to: str | None, split: str, split_by: str, seed: str
) -> int:
    """List the number of finished pages of each site, and their part of a split.

    With --site and --to, first assign sites to a part, for every later split of the project.
    """
    from segmark.export.error import ExportError
    from segmark.export.options import ExportOptions
    from segmark.export.split import Split, SplitBy
    from segmark.jobs.exporting.forecast import forecast

    if bool(sites) != bool(to):
        raise CommandError("--site and --to go together: which site, and to which part")
    with Store.open_or_read(project) as store:
        if to:
            _keep(store, sites, to)
        try:
            chosen = ExportOptions(split=Split.parse(split), split_by=SplitBy(split_by), seed=seed)
            found = forecast(store, chosen)
        except ExportError as error:
            raise CommandError(str(error)) from error
    for site in found.sites:
        click.echo(_line(site))
    click.echo(found.shares())
    return 0


def _keep(store: Store, sites: tuple[str, ...], to: str) -> None:
    refuse_unknown_sites(store, (site for site in sites if site not in store.exports.fixed_parts))
    with store.write("this was not kept"):
        for site in sites:
            store.exports.fix_part(site, None if to == "auto" else to)


def _line(site: "SiteForecast") -> str:
    name = site.site or "(no site)"
    return f"{site.records:>8,}  {site.part:<5}  {name}{'  chosen' if site.fixed else ''}"
