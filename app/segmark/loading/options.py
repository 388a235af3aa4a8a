"""The options of loading: which pages, where records have them, how labels are read."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path

from segmark.loading.html.metadata import host_of
from segmark.loading.raw import OffsetUnit


@dataclass(frozen=True, slots=True)
class RecordFields:
    """Which columns of records hold a page.

    Attributes:
        text: name of the column with the page's text; ``""`` for the usual names.
        html: name of the column with its HTML; ``""`` for the usual names.
        url: name of the column with its address; ``""`` for the usual names.
        tags: the names of tags that are numbers, in their order; for rows of tokens.
        layer: the layer of labels in formats with several, perhaps with a feature after a dot;
            ``""`` for all that are not linguistic.
        stored: finds the text of a page in the project by id or checksum (SHA-256 of the text), of
            which one may be ``""``; for records of labels without a text. Raises
            ``NotAPageError``.
        model: whose predictions the parts of pages in Segmark's own formats are, ``""`` if it has
            no name; None if they are only predictions where they have scores or name a model.
    """

    text: str = ""
    html: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    layer: str = ""
    stored: Callable[[str, str], str] | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """How the labels of other tools are read.

    Attributes:
        names: pairs of the other tool's label and the project's; ``""`` for one to leave out.
        drop_unknown: whether unknown labels are left out; otherwise their file is rejected.
        offsets: what offsets count where the file leaves it open; None to find out.
        annotator: whose labels they are where the file does not say.
        done: whether a labelled page is finished where the file does not say.
        newer: whether labels that differ from the annotator's labels in the project replace them.
        predictions: whether all spans are taken as predictions.
        model: whose predictions they are where the file does not say.
        people: pairs of the name of an annotator in a file and the name of the person here.
    """

    names: tuple[tuple[str, str], ...] = ()
    drop_unknown: bool = False
    offsets: OffsetUnit | None = None
    annotator: str = ""
    done: bool = False
    newer: bool = False
    predictions: bool = False
    model: str = ""
    people: tuple[tuple[str, str], ...] = ()


USUAL_FIELDS = RecordFields()
_USUAL_LABELS = LabelOptions()


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Which pages to load, and how.

    Attributes:
        fields: the columns of records.
        match: patterns, one of which must match the page's address. A host matches itself and its
            subdomains (``example.org``); a pattern with ``*`` or ``/`` must match the whole
            address, with or without ``https://www.`` in front.
        sample: the number of pages to draw at random; None for all.
        seed: of the random sample, which also depends on the names of the sources.
        limit: the maximum number of pages, the first ones; None for no limit.
        labels: how the labels of other tools are read.
        report: the CSV file to write the outcome of each source to; None for none.
    """

    fields: RecordFields = USUAL_FIELDS
    match: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    limit: int | None = None
    labels: LabelOptions = _USUAL_LABELS
    report: Path | None = None

    def matches(self, url: str) -> bool:
        """Whether an address matches the patterns."""
        host = host_of(url)
        return not self.match or any(_matches(pattern, url, host) for pattern in self.match)

    def sampling_key(self, name: str) -> int:
        """Return the random key of a source; the sample has the sources with the lowest keys."""
        key = blake2b(f"{self.seed}\0{name}".encode(), digest_size=8)
        return int.from_bytes(key.digest(), "big")


#: Load all pages, with the usual fields.
LOAD_ALL = LoadOptions()


def _matches(pattern: str, url: str, host: str) -> bool:
    if "*" in pattern or "/" in pattern:
        bare = url.partition("://")[2].removeprefix("www.")
        whole = fnmatchcase(url, pattern) or fnmatchcase(bare, pattern.removeprefix("www."))
        return whole or fnmatchcase(host, pattern.lower())
    domain = pattern.lower().removeprefix("www.")
    return host == domain or host.endswith(f".{domain}")
