"""Tokens with tags, one a line, as in CoNLL-2003 and IOB2: pages whose text is made of the tokens.

The format keeps no white space, so that the text is built anew: a space between tokens and a line
end between sentences. Where the third column tells the tokens' offsets, as in this program's own
export, gaps are as long as they were. ``-DOCSTART-`` begins a page; ``B-`` begins a span, and so
does an ``I-`` that continues none (IOB1), ``S-`` and ``U-``. https://aclanthology.org/W03-0419/.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from segmark.core.annotation import Status
from segmark.loading.encoding import decode
from segmark.loading.raw import Known, Raw
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT
from segmark.loading.work import LabelledPage, LabelWork, Mark

#: How a file of this kind begins, or each page in it.
START = "-DOCSTART-"
#: What such files are called.
SUFFIXES = (".conll", ".iob", ".iob2", ".bio")

_TAG = re.compile(r"O|[BIESLU]-(.+)")
_RANGE = re.compile(r"(\d{1,9}):(\d{1,9})")
_GOES_ON, _ENDS = frozenset("IEL"), frozenset("ESLU")
_GAP = 1000  # characters; a longer one is not believed
_SNIFFED = 1 << 20


@dataclass(slots=True)
class _Document:
    """The tokens of a page: sentences of the columns of lines."""

    line: int
    sentences: list[list[list[str]]] = field(default_factory=lambda: [[]])
    size: int = 0
    fault: str = ""

    def add(self, columns: list[str], number: int) -> None:
        """Add the token of a line."""
        self.size += len(columns[0]) + 1
        if len(columns) < 2 or not _TAG.fullmatch(columns[-1]):
            self.fault = self.fault or f"line {number} of the file is no token with a tag"
        elif self.size > SIZE_LIMIT:
            self.fault, self.sentences = f"it is larger than {SIZE_LIMIT // 1024**2} MB", [[]]
        if not self.fault:
            self.sentences[-1].append(columns)


def read_conll(stream: io.BufferedReader, name: str, folder: str) -> Iterator[Raw | LoadError]:
    """The pages of a file of tokens, counted from 1.

    Raises:
        NotAPageError: there is no token in it.
    """
    number = 0
    for number, document in enumerate(_documents(stream), start=1):
        place = f"{name}:{number}"
        if document.fault:
            yield LoadError(place, document.fault)
            continue
        text, marks = _built([block for block in document.sentences if block])
        labelled = LabelledPage(name, (LabelWork(tuple(marks), status=Status.DONE),))
        known = Known(media="text")
        yield Raw(text.encode(), place, folder, known, characters=True, labelled=labelled)
    if not number:
        raise NotAPageError("it has no token in it")


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
            elif not (line.startswith("#") and not _TAG.fullmatch(columns[-1])):
                document.add(columns, number)
        if document.size:
            yield document
    finally:
        with suppress(ValueError):  # the stream is closed where nobody reads on
            lines.detach()  # closing it is not this one's business


def _columns(line: str) -> list[str]:
    """The columns of a line; a token may hold any white space but the one between columns."""
    line = line.strip("\r\n")
    apart = line.split("\t") if "\t" in line else line.split(" ")
    return [column for column in apart if column]


def _built(sentences: list[list[list[str]]]) -> tuple[str, list[Mark]]:
    """The text of a page, and its marks."""
    placed = _ranges(sentences)
    pieces, marks = list[str](), list[Mark]()
    at = 0
    for number, sentence in enumerate(sentences):
        label, begun, end = "", 0, at
        for place, columns in enumerate(sentence):
            gap = 1 if placed is None else placed[number][place]
            filler = (" " if place else "\n") * gap if pieces else ""
            token, tag = columns[0], columns[-1]
            kind, _, named = tag.partition("-")
            if label and (kind not in _GOES_ON or named != label):
                marks.append(Mark(begun, end, label))
                label = ""
            at += len(filler)
            if named and not label:
                label, begun = named, at
            pieces += (filler, token)
            at = end = at + len(token)
            if label and kind in _ENDS:
                marks.append(Mark(begun, end, label))
                label = ""
        if label:
            marks.append(Mark(begun, end, label))
    return "".join(pieces), marks


def _ranges(sentences: list[list[list[str]]]) -> list[list[int]] | None:
    """How much is before each token, where the third column of all of them tells."""
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
