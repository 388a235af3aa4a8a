"""The command that lists the pages of a project."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from segmark.cli.terminal import (
    CommandError,
    label_ids,
    progress_bar,
    progress_on,
    project_argument,
    refuse_unknown,
)
from segmark.core.annotation import Status
from segmark.core.guideline import Question
from segmark.core.queue import Asked, PageFilter, PageOrder, PageWork, Sort, Strategy
from segmark.environment import settings
from segmark.jobs.index_words import index_words
from segmark.store.pages import PageRow
from segmark.store.store import Store

_READ_TOGETHER = 500
_SHOWN_TITLE = 60


def _choices(
    kind: type[Asked] | type[Status] | type[PageWork] | type[Sort] | type[Strategy],
) -> click.Choice[str]:
    return click.Choice([*map(str, kind)])


@click.command(epilog="Example: segmark pages news.segmark --site example.org --status done --json")
@project_argument
@click.option("--site", help="Only pages of this site.")
@click.option("--status", type=_choices(Status), help="Only with this status.")
@click.option("--language", help="Only in this language, as named by the pages.")
@click.option("--source", help="Only from this file or folder.")
@click.option("--label", help="Only with a span of this label.")
@click.option("--flagged/--not-flagged", default=None, help="Only with or without a flag.")
@click.option("--noted/--not-noted", default=None, help="Only with or without a note.")
@click.option(
    "--near-duplicates/--no-near-duplicates",
    default=None,
    help="Only pages that repeat the article of an earlier page, or all others.",
)
@click.option("--suggested/--not-suggested", default=None, help="Only with or without suggestions.")
@click.option("--work", type=_choices(PageWork), help="Only pages on which you did this.")
@click.option(
    "--questions",
    type=_choices(Asked),
    is_flag=False,
    flag_value="open",
    help="Only pages with an open question of anybody, or with an answered one, and the questions.",
)
@click.option("--removed", is_flag=True, help="Only removed pages.")
@click.option("--words", default="", help="Only with these words in title, site, source or note.")
@click.option(
    "--text", default="", help="Only with words that begin with these in title, source or text."
)
@click.option("--order", type=_choices(Sort), default="loaded", help="Sort order.")
@click.option("--strategy", type=_choices(Strategy), default="in-order", help="How to mix sites.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="For shuffled order.")
@click.option("--annotator", help="Whose status and spans; by default yours, as in the settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, for programs.")
def pages(project: Path, annotator: str | None, as_json: bool, **chosen: Any) -> int:  # noqa: ANN401
    """List pages with id, status, spans, site and title, by default in load order."""
    with Store.open_or_read(project) as store:
        named = refuse_unknown(store, annotator)
        if chosen["label"]:
            chosen["label"] = label_ids(store, [chosen["label"]])[0]
        name = named or store.people.known_name(settings.annotator_name(settings.load()))
        order = PageOrder(Sort(chosen["order"]), Strategy(chosen["strategy"]), chosen["seed"])
        shown = _filter(chosen)
        if shown.whole_text:
            _index_words(store)
        for row in _rows(store, name, store.pages.queue(name, shown, order)):
            first = store.duplicates.first_of(row.number)
            asked = store.guideline.questions(row.number)
            if as_json:
                click.echo(_as_json(store, row, first, asked))
                continue
            click.echo(_as_line(row, first, asked))
            if shown.asked is not None:
                for question in asked:
                    click.echo(f"    {_question_line(question)}")
    return 0


def _filter(chosen: dict[str, Any]) -> PageFilter:
    if chosen["words"] and chosen["text"]:
        raise CommandError("--words and --text can't be combined: --text also searches titles")
    return PageFilter(
        status=Status(chosen["status"]) if chosen["status"] else None,
        words=chosen["words"] or chosen["text"],
        site=chosen["site"],
        language=chosen["language"],
        source=chosen["source"],
        flagged=chosen["flagged"],
        noted=chosen["noted"],
        near=chosen["near_duplicates"],
        suggested=chosen["suggested"],
        label=chosen["label"],
        work=PageWork(chosen["work"]) if chosen["work"] else None,
        asked=Asked(chosen["questions"]) if chosen["questions"] else None,
        removed=chosen["removed"],
        whole_text=bool(chosen["text"]),
    )


def _index_words(store: Store) -> None:
    """Complete the word index before it is searched."""
    missing = store.words.missing()
    if not missing and store.words.wanted:
        return
    if store.read_only:
        raise CommandError(
            f"{store.path}: there is no word index yet, and it can't be built: "
            f"{store.read_only}; use --words, or work on a copy"
        )
    with progress_bar("Indexing words", missing) as bar:
        index_words(store, progress_on(bar))


def _rows(store: Store, annotator: str, numbers: Sequence[int]) -> Iterator[PageRow]:
    for start in range(0, len(numbers), _READ_TOGETHER):
        together = numbers[start : start + _READ_TOGETHER]
        found = {row.number: row for row in store.pages.rows(annotator, together)}
        yield from (found[number] for number in together if number in found)


def _as_json(store: Store, row: PageRow, first: str | None, asked: Sequence[Question]) -> str:
    earlier = store.versions.earlier(row.number)
    data: dict[str, Any] = {
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "site": row.site,
        "language": row.language,
        "source": row.source,
        "status": row.status,
        "flagged": row.flagged,
        "note": row.note,
        "questions": [_question_data(question) for question in asked],
        "spans": row.spans,
        "predicted_by": list(store.suggestions.predictions_by_model(row.number)),
        "near_duplicate": first is not None,
        "like": first or "",
        "earlier": store.pages.names(earlier)[0] if earlier else "",
        "rest": store.pages.rest(row.number),
    }
    return json.dumps(data, ensure_ascii=False)


def _question_data(question: Question) -> dict[str, Any]:
    return {
        "annotator": question.asker,
        "question": question.text,
        "start": question.start,
        "end": question.end,
        "answer": question.answer,
        "answered_by": question.answered_by,
    }


def _question_line(question: Question) -> str:
    answer = f"  → {question.answered_by}: {question.answer}" if question.answer else ""
    return " ".join(f"{question.asker}: {question.text}{answer}".split())


def _as_line(row: PageRow, first: str | None, asked: Sequence[Question]) -> str:
    marks = f"{' flagged' if row.flagged else ''}{' near-duplicate' if first is not None else ''}"
    marks += " question" * any(question.open for question in asked)
    title = " ".join(row.title.split())[:_SHOWN_TITLE]
    return f"{row.id}  {row.status:<7}  {row.spans:>4}  {row.site}  {title}{marks}"
