"""Projects and pages that the benchmarks work on, made up and always the same."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from segmark.core.annotation import State, Status
from segmark.core.edit import Edit
from segmark.core.page import Page, PageInfo
from segmark.core.span import Span
from segmark.core.text.normalise import trim
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.loading.feed import Feed
from segmark.loading.loader import LoadedPage, load_bytes
from segmark.loading.options import LOAD_ALL
from segmark.loading.sources import SourceFiles
from segmark.store.store import Store

LABELS = ("headline", "caption", "body", "ticker", "comment")
ANNOTATOR = "bench"
WORKED_ON = State(Status.STARTED)

_VOCABULARY = """
the ferry harbour council said on Monday after a long debate that of and to in old quay storm
winter “nobody” — island’s 1,900 people three weeks café lighthouse keeper would sail again Read
more volunteers counted toads road Velland railways night train tram line open vote
"""
_WORDS = _VOCABULARY.split()
_SHORT = 48  # code points of a line of which ten thousand make 500 KB
_LONG = 200


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page of a project with its spans, one to a block from the top down."""

    number: int
    page: Page
    spans: int


def text(characters: int, *, line: int = _LONG, seed: int = 0) -> str:
    """A text of about so many characters, in paragraphs of about ``line`` with a blank between."""
    chosen = random.Random(seed)
    paragraphs, length = [f"Page {seed}: {' '.join(chosen.choices(_WORDS, k=6))}"], 0
    while length < characters:
        words = " ".join(chosen.choices(_WORDS, k=max(4, line // 6)))[:line].strip()
        paragraphs.append(words)
        length += len(words) + 2
    return "\n\n".join(paragraphs)[:characters].rstrip()


def lines(count: int, *, seed: int = 0) -> str:
    """A text of so many short lines without blank ones between."""
    chosen = random.Random(seed)
    made = (" ".join(chosen.choices(_WORDS, k=9))[:_SHORT].strip() for _ in range(count))
    return "\n".join(made)


def page_of(content: str) -> Page:
    """A page with this text."""
    name = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Page.of(name, content, PageInfo(f"bench/{name}.txt", site="bench.example"))


def add(store: Store, content: str, spans: int = 0) -> MadePage:
    """Add a page with a span on each of its first blocks, made in one act."""
    page = page_of(content)
    with store.write():
        store.pages.add(page, content.encode())
    number = store.pages.number_of(page.id)
    if number is None:
        raise LookupError(page.id)
    if spans:
        store.annotations(ANNOTATOR).save(number, _labelled(page, spans))
    return MadePage(number, page, spans)


def _labelled(page: Page, spans: int, status: Status = Status.STARTED) -> Edit:
    added = tuple(
        Span(*trim(page.text, block.start, block.end), LABELS[index % len(LABELS)])
        for index, block in enumerate(page.blocks[:spans])
    )
    return Edit("Label blocks", added=added, after=State(status))


def new_store(path: Path) -> Store:
    """A new project with the news labels."""
    return Store.create(path, read_label_set(NEWS_LABELS))


def finished_project(path: Path, pages: int) -> None:
    """A project of finished pages of 4 KB with five spans each."""
    with new_store(path) as store:
        store.write_in_bulk()
        annotations = store.annotations(ANNOTATOR)
        for seed in range(pages):
            page = page_of(text(4_000, seed=seed))
            with store.write():
                store.pages.add(page, page.text.encode())
            number = store.pages.number_of(page.id) or 0
            annotations.save(number, _labelled(page, 5, Status.DONE))


def finished_web_project(path: Path, pages: int) -> None:
    """The same, of pages from HTML with a paragraph for each of the text's."""
    with new_store(path) as store:
        store.write_in_bulk()
        annotations = store.annotations(ANNOTATOR)
        for seed in range(pages):
            paragraphs = "\n".join(f"<p>{one}</p>" for one in text(4_000, seed=seed).split("\n\n"))
            head = f"<!doctype html><title>Page {seed}</title>"
            loaded = load_bytes(f"{head}<body>{paragraphs}</body>".encode(), f"{seed}.html")
            with store.write():
                store.pages.add(loaded.page, loaded.source)
            number = store.pages.number_of(loaded.page.id) or 0
            annotations.save(number, _labelled(loaded.page, 5, Status.DONE))


def finished_corpus_project(path: Path, corpus: Path) -> int:
    """A project of the texts of real pages, finished, with five spans each; how many there are."""
    with new_store(path) as store:
        store.write_in_bulk()
        annotations = store.annotations(ANNOTATOR)
        for loaded in Feed(SourceFiles([corpus]), LOAD_ALL):
            if not isinstance(loaded, LoadedPage) or loaded.page.info.media != "html":
                continue
            page = page_of(loaded.page.text)
            with store.write():
                if not store.pages.add(page, page.text.encode()):
                    continue
            number = store.pages.number_of(page.id) or 0
            annotations.save(number, _labelled(page, 5, Status.DONE))
        return store.pages.count()


def multiply(path: Path, times: int) -> None:
    """Make each page of a project so many, with a number and an id of their own.

    Text, source, anchors and labels are copied, and counted by the triggers; the log of edits and
    the sketches of near-duplicates are not.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for setting in ("foreign_keys = OFF", "synchronous = OFF", "journal_mode = MEMORY"):
            database.execute(f"PRAGMA {setting}")
        last = int(database.execute("SELECT max(number) FROM page").fetchone()[0])
        database.execute("BEGIN")
        for copy in range(1, times):
            ours = {"number": f"number + {copy * last}", "page": f"page + {copy * last}"}
            ours["id"] = f"printf('%016x', number + {copy * last})"
            for table in ("page", "page_text", "page_source", "page_anchors", "annotation", "span"):
                names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                values = ", ".join(ours.get(name, f'"{name}"') for name in names)
                key = "number" if table == "page" else "page"
                database.execute(
                    f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {key} <= {last}"
                )
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")


def text_files(folder: Path, pages: int) -> None:
    """A folder of text files of 4 KB."""
    folder.mkdir()
    for seed in range(pages):
        (folder / f"{seed:06}.txt").write_text(text(4_000, seed=seed), encoding="utf-8")


#: One of the sites of very many pages.
MILLION_SITE = "site-7.example"


def site_of(number: int) -> str:
    """The site of one of very many pages, of about a thousand."""
    return f"site-{number * 7919 % 997}.example"


def million_rows(pages: int) -> Iterator[tuple[int, str, str, str]]:
    """Number, id, first line and text of very many short pages, from the second on."""
    for number in range(2, pages + 1):
        line = f"Page {number}: {_WORDS[number % len(_WORDS)]} {_WORDS[number % 37]}"
        yield number, f"{number:016x}", line, f"{line}\n\nNothing more to say."
