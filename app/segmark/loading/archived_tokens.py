"""Predicted tags in an archive: Segmark's own files of tokens, each with its index."""

import io
from collections.abc import Iterator

from segmark.loading.labelled.conll import INDEX, SUFFIXES, read_conll, rows_with_index
from segmark.loading.media import suffix_of
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT


class ArchivedTokens:
    """The files of tokens and the indexes that an archive has had so far, whichever comes first."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[bytes, str]] = {}
        self._size = 0

    def takes(self, name: str) -> bool:
        """Whether a member is called like one of them."""
        return name.endswith(INDEX) or suffix_of(name) in SUFFIXES

    def take(
        self, name: str, content: bytes, folder: str, fields: RecordFields
    ) -> Iterator[RawPage | LoadError]:
        """Keep a member, or yield the pages if the other file of the pair came before.

        Raises:
            NotAPageError: there are too many of them to be kept, or the two do not fit together.
        """
        from segmark.loading.containers.records import json_lines, raw_pages

        index = _index_of(name)
        other = next((one for one in self._waiting if _index_of(one) == index), "")
        if not other:
            self._size += len(content)
            if self._size > SIZE_LIMIT:
                raise NotAPageError(
                    "the archive has too many tokens that wait for their index; unpack it and load "
                    "the folder"
                )
            self._waiting[name] = content, folder
            return
        kept, _ = self._waiting.pop(other)
        self._size -= len(kept)
        if name == index:
            name, content, kept = other, kept, content
        rows = rows_with_index(_stream(content), json_lines(_stream(kept)))
        yield from raw_pages(rows, name, folder, fields)

    def left(self) -> Iterator[RawPage | LoadError]:
        """Yield what is in files whose other file did not come."""
        for name, (content, folder) in self._waiting.items():
            if name.endswith(INDEX):
                tokens = name.removesuffix(INDEX) + SUFFIXES[0]
                yield LoadError(name, f"it is an index without tokens; put {tokens} beside it")
                continue
            try:
                yield from read_conll(_stream(content), name, folder, own=False)
            except NotAPageError as error:
                yield LoadError(name, str(error))


def _index_of(name: str) -> str:
    return name if name.endswith(INDEX) else name.removesuffix(suffix_of(name)) + INDEX


def _stream(content: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(content))
