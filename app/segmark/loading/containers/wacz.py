"""Crawls as Browsertrix and ArchiveWeb.page pack them: Web Archive Collection Zipped 1.1."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from segmark.loading.containers.archives import Member, in_zip
from segmark.loading.rejection import NotAPageError
from segmark.loading.sources import one_line

_DESCRIPTION = "datapackage.json"
_CRAWLS, _PAGES = "archive/", "pages/"
_LONGEST_LINE = 1 << 20
_MOST_TITLES = 1_000_000


def is_wacz(file: BinaryIO) -> bool:
    """Whether a ZIP archive is a crawl."""
    names = {member.name for member in _members(file)}
    return _DESCRIPTION in names and any(name.startswith(_CRAWLS) for name in names)


def crawls_in(file: BinaryIO) -> Iterator[Member]:
    """Yield the WARC files of a crawl."""
    return (member for member in _members(file) if member.name.startswith(_CRAWLS))


def titles_in(file: BinaryIO) -> Mapping[str, str]:
    """Return the titles of the pages of a crawl by their addresses; none of a damaged list."""
    titles = dict[str, str]()
    for member in _members(file):
        if member.name.startswith(_PAGES) and member.name.endswith(".jsonl"):
            try:
                with member.open() as lines:
                    while len(titles) < _MOST_TITLES and (line := lines.readline(_LONGEST_LINE)):
                        _note(line, titles)
            except NotAPageError:
                continue
    return titles


def _note(line: bytes, titles: dict[str, str]) -> None:
    try:
        page = json.loads(line)
    except (ValueError, RecursionError):
        return
    if isinstance(page, dict):
        url, title = page.get("url"), page.get("title")
        if isinstance(url, str) and isinstance(title, str) and title.strip():
            titles[url] = one_line(" ".join(title.split()))


def _members(file: BinaryIO) -> Iterator[Member]:
    return (member for member in in_zip(file) if isinstance(member, Member))
