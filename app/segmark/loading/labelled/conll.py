"""Tokens with tags, one per line, as in CoNLL-2003, W-NUT and IOB2.

The format has no white space, so the text is rebuilt from the tokens: a space between tokens and a
line end between sentences. If the third column has the tokens' offsets, as in Segmark's own export,
gaps have their original length. ``-DOCSTART-`` begins a page. A first column that numbers the
tokens of each sentence, as in GermEval, is left out. https://aclanthology.org/W03-0419/.
"""

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.encoding import decode
from segmark.loading.labels.tags import TAG, tagged_spans
from segmark.loading.raw import RawAnnotation, RawLabels, RawPage, RawSpan
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

#: The first token of a file or of each page in it.
START = "-DOCSTART-"
#: The suffixes of such files.
SUFFIXES = (".conll", ".iob", ".iob2", ".bio")

#: What the index of an export ends in; it has a line for each page, or each part of one.
INDEX = ".index.jsonl"
_Row = tuple[int, dict[str, Any] | NotAPageError]

_RANGE = re.compile(r"(\d{1,9}):(\d{1,9})")
_GAP = 1000  # characters; a longer gap must be a mistake
_SNIFFED = 1 << 20
_FIRST = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:-DOCSTART-|# |[^\n]*[ \t](?:O|[BIESLUM]-\S[^\n]*)[ \t\r]*(?:\n|$))"
)
_CUT = 4096  # bytes; a head of this size may end within a line
_SURE = 5  # lines that look like tokens and are no coincidence


def is_tagged(head: bytes) -> bool:
    """Whether the first bytes of a file are lines of tokens, each with a tag.

    Two lines are enough if their tags fit together or a tab separates them.
    """
    if not _FIRST.match(head):  # prose, nearly always
        return False
    text, _, rest = head.decode("utf-8", "replace").removeprefix("\ufeff").rpartition("\n")
    if len(head) < _CUT:
        text += f"\n{rest}"
    tags = list[str]()
    for line in text.split("\n"):
        columns = _columns(line)
        if not columns or line.startswith((START, "# ")):
            continue
        if len(columns) < 2 or not TAG.fullmatch(columns[-1]):
            return False
        tags.append(columns[-1])
    begun = {tag[2:] for tag in tags if tag[0] == "B"}
    fit = any(tag == "O" or (tag[0] != "B" and tag[2:] in begun) for tag in tags)
    return len(tags) > 1 and (fit or "\t" in text or len(tags) > _SURE)


@dataclass(slots=True)
class _Document:
    """The tokens of a page: sentences of lines of columns."""

    line: int
    sentences: list[list[list[str]]] = field(default_factory=lambda: [[]])
    size: int = 0
    fault: str = ""

    def add(self, columns: list[str], number: int) -> None:
        """Add the token of a line."""
        self.size += len(columns[0]) + 1
        if len(columns) < 2 or not TAG.fullmatch(columns[-1]):
            self.fault = self.fault or f"line {number} of the file is not a token with a tag"
        elif self.size > SIZE_LIMIT:
            self.fault, self.sentences = f"it is larger than {SIZE_LIMIT // 1024**2} MB", [[]]
        if not self.fault:
            self.sentences[-1].append(columns)


def index_of(path: Path) -> Path | None:
    """Return the index beside a file of tokens, as Segmark exports it; None if there is none."""
    index = path.with_suffix(INDEX)
    return index if path.suffix.lower() in SUFFIXES and index.is_file() else None


def read_conll(
    stream: io.BufferedReader, name: str, folder: str, *, own: bool = True
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of a file of tokens, counted from 1.

    ``own`` is whether pages are made of the tokens of Segmark's own export, which have offsets.

    Raises:
        NotAPageError: there is no token in the file.
    """
    number = 0
    for number, document in enumerate(_documents(stream), start=1):
        place = f"{name}:{number}"
        if document.fault:
            yield LoadError(place, document.fault)
            continue
        blocks = [block for block in document.sentences if block]
        if not own and _gaps(blocks) is not None:
            index = Path(name).with_suffix(INDEX).name
            yield LoadError(place, f"its index {index} is not beside it, so its page is not known")
            continue
        text, spans = _rebuild(blocks)
        labels = RawLabels(name, (RawAnnotation(tuple(spans), status=Status.DONE),))
        source = text.encode()
        yield RawPage(source, place, folder, media="text", characters=True, labels=labels)
    if not number:
        raise NotAPageError("it has no token in it")


def rows_with_index(stream: io.BufferedReader, index: Iterable[_Row]) -> Iterator[_Row]:
    """Yield the documents of Segmark's own export as rows of tokens, with their lines in the index.

    Their tags may be predicted, and other columns may be gone.

    Raises:
        NotAPageError: the file has not one document for each line of the index.
    """
    number = 0
    for number, (document, entry) in enumerate(zip_longest(_documents(stream), index), start=1):
        if document is None or entry is None:
            break
        if document.fault:
            yield number, NotAPageError(document.fault)
            continue
        found = entry[1]
        if isinstance(found, NotAPageError):
            yield number, found
            continue
        tokens = [columns for sentence in document.sentences for columns in sentence]
        row = {"tokens": [each[0] for each in tokens], "ner_tags": [each[-1] for each in tokens]}
        ranges = [_RANGE.fullmatch(each[2]) if len(each) > 3 else None for each in tokens]
        offsets = [(int(each[1]), int(each[2])) for each in ranges if each]
        about: dict[str, Any] = {key: found.get(key) for key in ("id", "meta", "start", "model")}
        if len(offsets) == len(tokens):
            starts, ends = zip(*offsets, strict=True)
            about |= {"starts": list(starts), "ends": list(ends)}
        yield number, {**about, **row}
    else:
        return
    raise NotAPageError(
        f"it has not one {START} for each line of its index: they part at number {number}"
    )


def _documents(stream: io.BufferedReader) -> Iterator[_Document]:
    head = stream.peek(_SNIFFED)
    encoding = decode(head[: head.rfind(b"\n") + 1] or head)[1]
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    lines = io.TextIOWrapper(stream, encoding, errors="replace")
    document = _Document(1)
    try:
        number = 0
        while line := lines.readline(SIZE_LIMIT):
            number += 1
            columns = _columns(line)
            if line.startswith(START):
                if document.size:
                    yield document
                document = _Document(number)
            elif not columns:
                document.sentences += [[]] if document.sentences[-1] else []
            elif not (line.startswith("#") and not TAG.fullmatch(columns[-1])):
                document.add(columns, number)
        if document.size:
            yield document
    finally:
        with suppress(ValueError):  # the stream may be closed already
            lines.detach()  # the caller closes the stream


def _columns(line: str) -> list[str]:
    """Return the columns of a line; a token may contain white space other than the separator."""
    line = line.strip("\r\n")
    apart = line.split("\t") if "\t" in line else line.split(" ")
    return [column for column in apart if column]


def _rebuild(sentences: list[list[list[str]]]) -> tuple[str, list[RawSpan]]:
    """Return the text of a page and its spans."""
    sentences = [_without_numbers(sentence) for sentence in sentences]
    gaps = _gaps(sentences)
    pieces, spans = list[str](), list[RawSpan]()
    at = 0
    for number, sentence in enumerate(sentences):
        tokens = list[tuple[int, int, object]]()
        for place, columns in enumerate(sentence):
            gap = 1 if gaps is None else gaps[number][place]
            filler = (" " if place else "\n") * gap if pieces else ""
            start = at + len(filler)
            at = start + len(columns[0])
            pieces += (filler, columns[0])
            tokens.append((start, at, columns[-1]))
        spans += tagged_spans(tokens)
    return "".join(pieces), spans


def _without_numbers(sentence: list[list[str]]) -> list[list[str]]:
    """Return the tokens of a sentence without a first column that counts them.

    If two layers of tags follow, as in GermEval, the first holds the longer spans.
    """
    counted = [columns[0] for columns in sentence] == [*map(str, range(1, len(sentence) + 1))]
    if not counted or any(len(columns) < 3 for columns in sentence):
        return sentence
    nested = all(TAG.fullmatch(columns[2]) for columns in sentence)
    return [columns[1:3] if nested else columns[1:] for columns in sentence]


def _gaps(sentences: list[list[list[str]]]) -> list[list[int]] | None:
    """Return the gap before each token; None unless the third column has all offsets."""
    gaps, last = list[list[int]](), None
    for sentence in sentences:
        gaps.append([])
        for columns in sentence:
            found = _RANGE.fullmatch(columns[2]) if len(columns) > 3 else None
            if not found or int(found[2]) - int(found[1]) != len(columns[0]):
                return None
            start = int(found[1])
            gap = 0 if last is None else start - last
            if not 0 <= gap <= _GAP:
                return None
            gaps[-1].append(gap)
            last = int(found[2])
    return gaps
