"""Pipeline blocks for datatrove, which runs them on one machine, on Slurm and on Ray.

``PageReader`` reads pages as bytes from whatever ``segmark label`` reads, ``LabelPages`` labels
them, and the writers of datatrove write them, with ``as_record`` as their adapter. The extra
``segmark[crawl]`` installs datatrove. resources/help/crawl.md has complete programs.
"""

import io
from contextlib import nullcontext
from os import PathLike
from typing import Any

from segmark.environment.extras import Untyped
from segmark.export.formats.jsonl import fields as record_fields
from segmark.jobs.crawling.output_formats import arrow_schema
from segmark.jobs.crawling.pages import PAGE_SECONDS, LeftPage, PageLabelling, labelled, left_for
from segmark.jobs.labelling.labeller import Labeller
from segmark.library.tables import MissingLibraryError
from segmark.loading.contents import read_stream
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.sources import one_line

try:
    from datatrove.data import Document, Media, MediaType
    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.readers.base import BaseDiskReader
    from datatrove.utils.typeshelper import StatHints
except ImportError as missing:
    raise MissingLibraryError(
        "segmark.crawl needs datatrove, which is not installed: pip install 'segmark[crawl]' "
        "installs it"
    ) from missing

__all__ = ["LabelPages", "PageReader", "as_record", "parquet_schema"]

#: What a file says about a page, and travels with its bytes.
_DECLARED = ("folder", "title", "language", "site", "encoding", "media", "listed", "characters")
_REASON, _PASSED = "reason", "passed"


class PageReader(BaseDiskReader):
    """Reads the pages in the files of a folder, local or remote, as bytes.

    A document has the bytes of a page in ``media``, its address in ``metadata["url"]``, and no text
    yet. What can't be read is a document without media, with the reason in its metadata;
    ``LabelPages`` counts and drops it.

    Args:
        data_folder: the folder, as datatrove's readers take it, such as ``s3://bucket/crawl``.
        text_field: name of the column with the text of records; "" for the usual names.
        html_field: name of the column with their HTML.
        url_field: name of the column with their address.
        options: those of datatrove's readers: ``paths_file``, ``glob_pattern``, ``limit`` and more.
    """

    name = "🏷 Segmark pages"

    def __init__(
        self,
        data_folder: Any,  # noqa: ANN401 - a string, a pair, or a DataFolder
        *,
        text_field: str = "",
        html_field: str = "",
        url_field: str = "",
        **options: Any,  # noqa: ANN401 - those of datatrove
    ) -> None:
        super().__init__(data_folder, **options)
        self.fields = RecordFields(text_field, html_field, url_field)

    def read_file(self, filepath: str) -> Untyped:
        """Yield the documents in a file of the folder."""
        folder = self.data_folder.path.rstrip("/").rpartition("/")[2]
        name = one_line(f"{folder}/{filepath}")
        with self.data_folder.open(filepath, "rb") as file:
            sources = read_stream(io.BufferedReader(_Raw(file)), name, self.fields)
            while True:
                with self.track_time():
                    found = next(sources, None)
                if found is None:
                    return
                yield _unlabelled(found)


class LabelPages(PipelineStep):
    """Labels documents with the bytes of pages; the text of a document is then that of its page.

    ``metadata`` gets the ``spans`` and the keys of a record's ``meta``. What can't be labelled is
    dropped, and counted by datatrove.

    Args:
        labeller: a file of ``segmark labeller``, a project, or a ``Labeller``. It is loaded here
            and travels with the pipeline, so that other machines need no file.
        threshold: the lowest score of a span that is kept, 0 to 1.
        at_least_right: chooses the threshold instead, as ``--at-least-right`` of ``segmark label``:
            0.95 if 95 % of the spans are to be right.
        page_seconds: the seconds of the processor that a page may take; 0 for no limit.
        exclusion_writer: a writer of datatrove for what is dropped, with ``metadata["reason"]``.

    Raises:
        LabellerError: the labeller's blind pages do not show that so many are right.
        ValueError: both a threshold and ``at_least_right`` are given.
    """

    name = "🏷 Segmark labels"
    type = "🏷 - LABELLER"

    def __init__(
        self,
        labeller: str | PathLike[str] | Labeller,
        *,
        threshold: float = 0.0,
        at_least_right: float | None = None,
        page_seconds: float = PAGE_SECONDS,
        exclusion_writer: Any = None,  # noqa: ANN401 - a DiskWriter
    ) -> None:
        super().__init__()
        found = labeller if isinstance(labeller, Labeller) else Labeller.load(labeller)
        if at_least_right is not None:
            if threshold:
                raise ValueError("at_least_right chooses the threshold; leave out threshold")
            threshold = found.threshold_for(at_least_right)
        self.labelling = PageLabelling(found, threshold, page_seconds)
        self.exclusion_writer = exclusion_writer

    def run(self, data: Untyped, rank: int = 0, world_size: int = 1) -> Untyped:  # noqa: ARG002
        """Yield a labelled document for each document with a page."""
        with self.exclusion_writer or nullcontext() as writer:
            for document in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    made = self._labelled(document)
                if _REASON not in made.metadata:
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(made)
                    yield made
                    continue
                self.stat_update(
                    StatHints.dropped, "passed over" if made.metadata[_PASSED] else "left"
                )
                if writer:
                    writer.write(made, rank)

    def _labelled(self, document: Untyped) -> Untyped:
        if _REASON in document.metadata:
            return document
        if not document.media or document.media[0].media_bytes is None:
            reason = "it has no bytes; PageReader reads them"
            return _left(LeftPage(document.id, document.metadata.get("url", ""), reason))
        found = labelled(self.labelling, _raw_page(document))
        if isinstance(found, LeftPage):
            return _left(found)
        row = record_fields(found)
        return Document(
            text=row["text"], id=row["id"], metadata={"spans": row["spans"], **row["meta"]}
        )


def as_record(_writer: Untyped, document: Untyped) -> dict[str, Any]:
    """The row of a labelled document, as ``segmark label`` writes it: an adapter for writers."""
    meta = dict(document.metadata)
    spans = meta.pop("spans")
    return {"id": document.id, "text": document.text, "spans": spans, "meta": meta}


def parquet_schema() -> Untyped:
    """The columns of ``as_record``, for the argument ``schema`` of datatrove's ParquetWriter."""
    return arrow_schema()


class _Raw(io.RawIOBase):
    """A file of fsspec, some of which are no files of ``io``."""

    def __init__(self, file: Untyped) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _unlabelled(found: Untyped) -> Untyped:
    """The document of what was read."""
    if not isinstance(found, RawPage):
        return _left(left_for(found))
    page = Media(
        id=found.name,
        type=MediaType.DOCUMENT,
        url=found.url,
        media_bytes=found.source,
        metadata={name: getattr(found, name) for name in _DECLARED},
    )
    about = {"source": found.first_source or found.name, "url": found.url}
    return Document(text="", id=found.name, media=[page], metadata=about)


def _raw_page(document: Untyped) -> RawPage:
    page, about = document.media[0], document.metadata
    return RawPage(
        page.media_bytes,
        document.id,
        url=about.get("url") or page.url or "",
        first_source=about.get("source", ""),
        **{name: page.metadata[name] for name in _DECLARED if name in page.metadata},
    )


def _left(one: LeftPage) -> Untyped:
    about = {"source": one.source, "url": one.url, _REASON: one.reason, _PASSED: one.passed}
    return Document(text="", id=one.source, metadata=about)
