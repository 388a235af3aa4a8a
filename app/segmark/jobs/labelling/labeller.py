"""The labeller: labels any page with what a project has learnt, without the project."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from segmark.core.page import Page
from segmark.core.record import Record
from segmark.jobs.labelling.facts import LabellerFacts
from segmark.jobs.labelling.labelled_page import page_of, record_of
from segmark.jobs.labelling.labeller_file import (
    MAGIC,
    MOST_BYTES,
    LabellerError,
    Learnt,
    read,
    write_beside,
    written,
)
from segmark.jobs.labelling.learning import learn
from segmark.jobs.scoring.expectation import ExpectationError
from segmark.suggestion.serialisation import ModelError

_PROJECT = b"SQLite format 3\0"


class Labeller:
    """Labels pages as ``segmark suggest`` does in the project that it was learnt from.

    It does not change, the same page always gives the same record, threads may share it, and it
    can be pickled for other processes. A pickle, unlike the file of ``save``, is only
    for your own processes.
    """

    def __init__(self, data: bytes) -> None:
        """Read the bytes of a file.

        Raises:
            LabellerError: they are not those of a labeller of this version.
        """
        self._data = data
        self._lock = Lock()
        try:
            learnt = read(data)
        except ModelError as error:
            raise LabellerError(str(error)) from None
        self._labels, self._facts = learnt.labels, learnt.facts
        self._names = learnt.names
        self._sites, self._others = MappingProxyType(dict(learnt.sites)), learnt.others

    @classmethod
    def of(cls, learnt: Learnt) -> "Labeller":
        """Return the labeller with these models."""
        return cls(written(learnt))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Labeller":
        """Load a labeller from its file, or learn it from a project, which is only read.

        A file may come from a stranger: nothing in it is run, and every value is checked. Learning
        takes as long as ``segmark suggest`` does before its first page.

        Raises:
            LabellerError: the file is missing, damaged, too large or of another version.
            StoreError: the project can't be read.
        """
        try:
            with Path(path).open("rb") as stream:
                start = stream.read(len(_PROJECT))
                if start != _PROJECT:
                    data = start + stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise LabellerError(f"{path}: {error.strerror or error}") from None
        if start == _PROJECT:
            return cls.of(learn(Path(path)))
        try:
            return cls(data)
        except LabellerError as error:
            raise LabellerError(f"{path}: {error}") from None

    def save(self, path: str | PathLike[str]) -> None:
        """Write the labeller to a file, in place of an earlier one; ``load`` reads it.

        Equal labellers give equal bytes.

        Raises:
            LabellerError: it could not be written.
        """
        write_beside(Path(path), self._data)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels, in the order of the project."""
        return self._labels

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that have a model of their own, in alphabetical order."""
        return tuple(self._sites)

    @property
    def facts(self) -> LabellerFacts:
        """What it was learnt from, and how good it is."""
        return self._facts

    @property
    def version(self) -> str:
        """Twelve digits that name these models: the beginning of the checksum of the file."""
        return self._data[len(MAGIC) :][:12].decode()

    def __call__(
        self,
        html: bytes | str,
        url: str = "",
        *,
        site: str = "",
        source: str = "page",
        threshold: float = 0.0,
    ) -> Record:
        """Label a page of HTML.

        Args:
            html: the bytes as they were received, or decoded characters.
            url: of the page; by default the one that the page itself names.
            site: of the page; by default the host of the URL without ``www.``.
            source: what messages and the record call the page.
            threshold: the lowest score of a span that is kept.

        Returns:
            A record with the spans; the score of each, 0 to 1, is in ``about`` at its start.

        Raises:
            LoadError: it can't be a page.
        """
        return self.label(page_of(html, url, site=site, source=source), threshold)

    def label(self, page: Page, threshold: float = 0.0) -> Record:
        """Label a page that was read before, such as by ``segmark.read_html``.

        Raises:
            LabellerError: the weights of the labeller overflow on this page.
        """
        with self._lock:  # CRFsuite holds the page that it is asked about
            found = self._sites.get(page.info.site, self._others).suggest(page)
        if any(not 0 <= one.confidence <= 1 for one in found):
            raise LabellerError(f"{page.info.source}: the labeller's weights overflow on this page")
        return record_of(page, found, self._names, threshold)

    def threshold_for(self, at_least_right: float) -> float:
        """The lowest threshold above which at least this share of the spans is right.

        The pages that were labelled blind must show it, with 95 % confidence: see the help on what
        nobody checked.

        Raises:
            LabellerError: they do not; the message says why, and what to do.
        """
        try:
            return self._facts.expected.threshold_for(at_least_right)
        except ExpectationError as error:
            raise LabellerError(str(error)) from None

    def __reduce__(self) -> tuple[Callable[[bytes], "Labeller"], tuple[bytes]]:
        return Labeller, (self._data,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Labeller) and self._data == other._data

    def __hash__(self) -> int:
        return hash(self._data)
