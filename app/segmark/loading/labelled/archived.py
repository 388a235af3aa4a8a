"""Labels in an archive whose pages are other files in it: gold of extractors, and tagtog.

An archive is read once, in its order. The labels come before the pages in all of these, because
their folders are sorted: ``ground-truth.json`` before ``html``, ``ann.json`` before ``plain.html``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from segmark.loading.labelled import gold, tagtog
from segmark.loading.media import suffix_of
from segmark.loading.raw import RawLabels, RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

_RECORDS = (".json", ".jsonl", ".ndjson")
_PAGES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Labels whose page has not come yet: the file that they are in, and how they are made."""

    place: str
    labels: Callable[[bytes], RawLabels]
    url: str = ""


class ArchivedLabels:
    """The labels that an archive has had so far for the pages that come after them."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._legend: Mapping[str, Any] = {}
        self._size = 0

    def takes(self, name: str, head: bytes) -> bool:
        """Whether a member that begins like this has labels of other members."""
        if name.endswith(tagtog.LEGEND):
            return True
        if suffix_of(name) in _RECORDS:
            return gold.is_listed_gold(head) or tagtog.is_document(head)
        return gold.is_gold_text(name, head)

    def take(self, name: str, content: bytes) -> None:
        """Keep the labels in a member.

        Raises:
            NotAPageError: there are too many of them to be kept.
            ValueError: they are not valid JSON.
        """
        file = name.rpartition("/")[2]
        if file == tagtog.LEGEND:
            self._legend = tagtog.legend_in(content)
            return
        self._size += len(content)
        if self._size > SIZE_LIMIT:
            raise NotAPageError(
                "the archive has too many labels of pages in other files; unpack it and load the "
                "folder"
            )
        origin = f"{name.rpartition('/')[0]}/*{suffix_of(name)}"
        if file.endswith(tagtog.SUFFIX) or tagtog.is_document(content):
            page = f"{file.removesuffix(tagtog.SUFFIX)}{tagtog.PAGE}"
            made = partial(self._of_tagtog, content, origin)
            self._waiting[_bare(page)] = _Waiting(name, made)
            return
        if suffix_of(name) == ".txt":
            pages = iter([gold.article_in(content, file, origin)])
        else:
            pages = gold.listed_gold(content, None, name)
        for found in pages:
            place = name if suffix_of(name) == ".txt" else f"{name}:{found.name}"
            self._waiting[found.name] = _Waiting(place, partial(_same, found.labels), found.url)

    def _of_tagtog(self, content: bytes, origin: str, html: bytes) -> RawLabels:
        return tagtog.labels_in(content, self._legend, html, origin)

    def on(self, page: RawPage) -> RawPage:
        """Return a page with the labels that came before it, if there are any."""
        file = page.name.rpartition("/")[2]
        found = self._waiting.pop(_bare(file), None) if suffix_of(file) in _PAGES else None
        if not found:
            return page
        return replace(page, labels=found.labels(page.source), url=page.url or found.url)

    def left(self) -> Iterator[LoadError]:
        """Yield an error for the labels whose page did not come."""
        for waiting in self._waiting.values():
            yield LoadError(
                waiting.place,
                "it has the labels of a page whose HTML does not come after it in the archive; "
                "unpack the archive and load the folder",
            )


def _same(labels: RawLabels, _html: bytes) -> RawLabels:
    return labels


def _bare(file: str) -> str:
    """Return the name of a page without the suffix of HTML and of a compression."""
    for suffix in (".gz", ".zst", *_PAGES):
        file = file.removesuffix(suffix)
    return file
