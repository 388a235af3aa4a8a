"""The command that lists likely mistakes on finished pages, and texts labelled in two ways."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segmark.cli.terminal import (
    CommandError,
    label_ids,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
    refuse_unknown_sites,
)
from segmark.core.span import Span
from segmark.core.text.counts import count_words
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.second_look.review import Review
    from segmark.suggestion.second_look.consistency import DifferingText
    from segmark.suggestion.second_look.finding import Finding, FindingGroup

_LIMIT = 30
_PLACES = 3  # of a group that are printed
_NO_LABEL = "-"
_SHOWN = 70  # code points of a text that are printed


@click.command(epilog="Example: segmark review news.segmark --site bbc.co.uk --limit 10")
@project_argument
@click.option("--annotator", help="Only this annotator's pages; by default everybody's.")
@click.option("--site", help="Only pages of this site.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    help=f"Most groups and most texts; default: {_LIMIT}, and all with --json.",
)
@click.option(
    "--alike",
    nargs=2,
    metavar="ID LABEL",
    help=f"Give the text with this id this label wherever it is; {_NO_LABEL} for no label.",
)
@click.option(
    "--right",
    "right",
    multiple=True,
    metavar="ID",
    help="Remember that the labels of the group with this id are right. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, for programs.")
def review(
    project: Path,
    annotator: str | None,
    site: str | None,
    limit: int | None,
    alike: tuple[str, str] | None,
    right: tuple[str, ...],
    as_json: bool,
) -> int:
    """List likely mistakes on finished pages, the most surprising first.

    Each page is compared with what the other finished pages of its site, and of the project, teach.
    Places of one kind at one place of a site's template are a group, with the reason. Then follow
    texts that have different labels on pages of a site. Nothing is changed; "Second look" in the
    window walks through the places, and what is called right there is left out here. The exit
    status is 1 if a page could not be read.

    With --alike, nothing is listed: one text is made alike, in one act that can be undone in the
    window. With --right, all places of a group are called right, also in one act.
    """
    if alike and right:
        raise CommandError("--alike and --right can't be combined")
    most = limit or (None if as_json else _LIMIT)
    damaged = 0
    with (Store.open if alike or right else Store.open_or_read)(project) as store:
        annotator = refuse_unknown(store, annotator)
        if site is not None:
            refuse_unknown_sites(store, [site])
        names = [annotator] if annotator else store.annotators()
        if alike:
            return _made_alike(store, names, site, *alike, as_json=as_json)
        reviews = [found for name in names if (found := _reviewed(store, name, site)).pages]
        if not reviews:
            raise CommandError(f"{project}: no page is done; finish some pages first")
        if right:
            return _called_right(store, reviews, right, as_json=as_json)
        for found in reviews:
            lines = _json_lines(store, found, most) if as_json else _lines(store, found, most)
            click.echo("\n".join(lines))
            for number in found.damaged:
                click.echo(f"{': '.join(store.pages.names(number))}: it can't be read", err=True)
            damaged += len(found.damaged)
    return 1 if damaged else 0


def _reviewed(store: Store, annotator: str, site: str | None) -> "Review":
    from segmark.jobs.second_look.review import review as review_pages

    with progress_bar(f"Reviewing {annotator}", 0) as bar:
        return review_pages(store, annotator, site, progress_on(bar))


def _made_alike(
    store: Store, names: Sequence[str], site: str | None, name: str, label: str, *, as_json: bool
) -> int:
    from segmark.jobs.second_look.alike import differing_texts, make_alike
    from segmark.session.session import Session

    wanted = "" if label == _NO_LABEL else label_ids(store, [label])[0]
    done = False
    for annotator in names:
        with progress_bar(f"Reading {annotator}", 0) as bar:
            texts = differing_texts(store, annotator, site, progress_on(bar))
        shown = store.label_set.name_of(wanted)
        for text in (one for one in texts if one.id == name):
            done, changed = True, make_alike(Session(store, annotator), text, wanted)
            row = {"what": "alike", "annotator": annotator, "id": name, "label": shown}
            line = f"{annotator}: {shown or 'no label'} on {count_words(changed, 'page')}"
            click.echo(_encoded(row | {"pages": changed}) if as_json else line)
    if not done:
        raise CommandError(
            f"{store.path}: no text with the id {name!r} is labelled differently; "
            f'"segmark review" lists the ids'
        )
    return 0


def _called_right(
    store: Store, reviews: Sequence["Review"], ids: Sequence[str], *, as_json: bool
) -> int:
    from segmark.jobs.second_look.walk import call_right
    from segmark.session.session import Session

    groups = {(found.annotator, each.id): each for found in reviews for each in found.groups}
    if unknown := [name for name in ids if name not in {one for _, one in groups}]:
        raise CommandError(
            f'{store.path}: no group has the id {unknown[0]!r}; "segmark review" lists the ids'
        )
    for (annotator, name), group in groups.items():
        if name in ids:
            changed = call_right(Session(store, annotator), group.places)
            row = {"what": "right", "annotator": annotator, "id": name, "pages": changed}
            line = f"{annotator}: {name} is right on {count_words(changed, 'page')}"
            click.echo(_encoded(row) if as_json else line)
    return 0


def _lines(store: Store, found: "Review", most: int | None) -> Iterator[str]:
    places = sum(len(group.places) for group in found.groups)
    yield (
        f"{found.annotator}: {found.pages:,} pages looked at, {places:,} likely mistakes "
        f"in {len(found.groups):,} groups, {len(found.texts):,} texts labelled differently"
    )
    for number, group in enumerate(found.groups[:most], 1):
        one, count = group.first, len(group.places)
        places_words = count_words(count, "place")
        yield f"\n{number}. {group.id}  {group.site}  {one.template}  {places_words}"
        yield f"   {one.reason}"
        for place in group.places[:_PLACES]:
            span = place.finding.span
            yield (
                f"   {_page(store, place.page)}  {span.start}–{span.end}  "
                f"“{_text(store, place.page, span)}”"
            )
        if (more := count - _PLACES) > 0:
            yield f"   and {more:,} more"
    yield from _more(len(found.groups), most, "groups")
    for text in found.texts[:most]:
        labels = ", ".join(
            f"{store.label_set.name_of(label) or 'no label'} on {pages:,}"
            for label, pages in text.labels.items()
        )
        yield f"\n{text.id}  {text.site}  {labels}\n   “{_shortened(text.text)}”"
    yield from _more(len(found.texts), most, "texts")


def _more(count: int, most: int | None, what: str) -> Iterator[str]:
    if most is not None and count > most:
        yield f"\nand {count - most:,} more {what}; --limit shows more"


def _page(store: Store, number: int) -> str:
    return "  ".join(store.pages.names(number))


def _text(store: Store, number: int, span: Span) -> str:
    return _shortened(" ".join(store.pages.get(number).text[span.start : span.end].split()))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _json_lines(store: Store, found: "Review", most: int | None) -> Iterator[str]:
    for group in found.groups[:most]:
        yield _encoded(_group_json(store, found.annotator, group))
    for text in found.texts[:most]:
        yield _encoded(_text_json(store, found.annotator, text))


def _encoded(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _group_json(store: Store, annotator: str, group: "FindingGroup") -> dict[str, Any]:
    one = group.first
    return {
        "what": "mistakes",
        "id": group.id,
        "annotator": annotator,
        "site": group.site,
        "kind": str(one.kind),
        "template": one.template,
        "label": store.label_set.name_of(one.span.label),
        "likely": store.label_set.name_of(one.likely),
        "surprise": one.surprise,
        "reason": one.reason,
        "places": [
            _place_json(store, place.page, place.finding.span)
            | {
                "text": store.pages.get(place.page).text[
                    place.finding.span.start : place.finding.span.end
                ],
                "surprise": place.finding.surprise,
                "reason": place.finding.reason,
                "instead": _instead_json(store, place.finding),
            }
            for place in group.places
        ],
    }


def _instead_json(store: Store, one: "Finding") -> list[dict[str, Any]]:
    return [_span_json(store, one.instead)] if one.instead else []


def _text_json(store: Store, annotator: str, text: "DifferingText") -> dict[str, Any]:
    return {
        "what": "text",
        "annotator": annotator,
        "site": text.site,
        "id": text.id,
        "text": text.text,
        "labels": {store.label_set.name_of(label): pages for label, pages in text.labels.items()},
        "places": [_place_json(store, page, span) for page, span in text.places],
    }


def _place_json(store: Store, number: int, span: Span) -> dict[str, Any]:
    page, source = store.pages.names(number)
    return {"page": page, "source": source, **_span_json(store, span)}


def _span_json(store: Store, span: Span) -> dict[str, Any]:
    return span._asdict() | {"label": store.label_set.name_of(span.label)}
