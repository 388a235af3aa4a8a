"""Invented crawls in files of each kind, and a labeller for them."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

from segmark.core.suggestion import Suggestion
from segmark.jobs.labelling.labeller import Labeller
from segmark.store.suggestions import Offer

from tests.factories import alter
from tests.news_project import finish, gold, news_project
from tests.suggestion.pages import sentence, title

#: The pages that ``learn_from_blind_pages`` learns from.
BLIND = 30

#: The address of a page, and its HTML.
CrawledPage = tuple[str, bytes]


def crawled(number: int) -> CrawledPage:
    """An invented page of one of seven sites; each number has its own."""
    chosen = random.Random(number)
    body = "".join(f"<p class=text>{sentence(chosen)}</p>" for _ in range(4))
    html = (
        f"<!doctype html><meta charset=utf-8><title>Story {number}</title><nav><a>Home</a></nav>"
        f"<main><article><h1 class=head>{title(chosen)} – {number}</h1>{body}"
        "<div class=share>Share this story</div></article></main>"
    )
    return f"https://www.site{number % 7}.example/{number}", html.encode()


def pages(count: int, start: int = 0) -> list[CrawledPage]:
    """So many pages."""
    return [crawled(number) for number in range(start, start + count)]


def warc(found: Iterable[CrawledPage], *, compressed: bool = True) -> bytes:
    """A WARC file; each record is a gzip member of its own, as in Common Crawl."""
    records = []
    for url, html in found:
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2026-05-06T07:08:09Z\r\nContent-Type: application/http\r\n"
            f"Content-Length: {len(response)}\r\n\r\n"
        )
        records.append(head.encode() + response + b"\r\n\r\n")
    return b"".join(gzip.compress(one, 1, mtime=0) if compressed else one for one in records)


def wacz(found: Iterable[CrawledPage]) -> bytes:
    """A crawl as Browsertrix packs it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", warc(found))
    return made.getvalue()


def lines(found: Iterable[CrawledPage]) -> bytes:
    """Records with HTML, a line each."""
    return b"".join(
        json.dumps({"url": url, "html": html.decode()}).encode() + b"\n" for url, html in found
    )


def learn_labeller(folder: Path) -> Path:
    """Learn a labeller from a few finished pages, and return its file."""
    news_project(folder / "learnt.segmark", pages=12, finished=12).close()
    Labeller.load(folder / "learnt.segmark").save(folder / "news.labeller")
    return folder / "news.labeller"


def learn_from_blind_pages(folder: Path, labeller: Path) -> Path:
    """Learn a labeller from blind pages of as many sites: what is unsure is wrong there."""
    project = folder / "blind.segmark"
    with news_project(project, pages=BLIND) as store:
        for number in range(1, BLIND + 1):
            first, *others = gold(number)
            wrong = others[0]._replace(label="comment")
            found = Suggestion(first, 0.97, ""), Suggestion(wrong, 0.6, "")
            with store.write():
                store.suggestions.keep_offer(number, "ada", Offer(found, blind=True))
            finish(store, number, gold(number))
    alter(project, "UPDATE page SET site = 'site' || number || '.example'")
    Labeller.load(project).save(labeller)
    return labeller


def write_crawl(folder: Path, files: int, each: int) -> None:
    """WARC files with so many pages each."""
    folder.mkdir()
    for number in range(files):
        found = pages(each, number * each)
        (folder / f"part-{number:02}.warc.gz").write_bytes(warc(found))
