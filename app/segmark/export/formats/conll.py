"""The format ``conll``: one token a line in the four columns of CoNLL-2003, with IOB2 tags.

A blank line separates blocks, and ``-DOCSTART- -X- O O`` precedes each page, as spaCy's converter
expects. Programs read the first and the last column; the third has the token's offsets.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import overlapping
from segmark.export.file_set import FileSet
from segmark.export.format import CardLayout, Format
from segmark.export.formats import json_rows
from segmark.export.formats.data_files import LineFiles
from segmark.export.formats.segments import Segment, TokenRange, pieces, tags_of
from segmark.export.formats.tokens import PIECE_FIELDS, cut_spans, faults_of
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, row_from, spans_in

_START = "-DOCSTART- -X- O O"
_TOKENS, _INDEX = ".conll", ".index.jsonl"
_PREVIEW = 40  # lines

_LOADING = """\
With spaCy:

```sh
python -m spacy convert FILE . --converter conll    # makes a .spacy file beside it
```

With Python alone, block by block:

```python
def sequences(path):
    with open(path, encoding="utf-8") as lines:
        rows = []
        for line in lines:
            if line.startswith("-DOCSTART-") or not line.strip():
                if rows:
                    yield [row[0] for row in rows], [row[3] for row in rows]
                rows = []
            else:
                rows.append(line.split())
```

With `datasets`, from the same function:

```python
from datasets import Dataset

blocks = Dataset.from_list(
    [{"tokens": tokens, "ner_tags": tags} for tokens, tags in sequences("FILE")]
)
print(blocks[0])
```"""

_FIELDS = f"""\
In `.conll`, a line a token with four columns: the token, `-X-`, its offsets in the page's text as
`start:end`, and its tag. `-DOCSTART- -X- O O` begins a page (or a window of it); a blank line ends
a block, which is a line of the page's text. Tags are IOB2 within each block: a span of several
blocks has a `B-` in each of them.

In `.index.jsonl`, a line for each `-DOCSTART-`, in the same order:

{PIECE_FIELDS}"""


def _open(files: FileSet, _label_set: LabelSet, options: ExportOptions) -> LineFiles:
    def rows(record: Record) -> Iterator[tuple[bytes, bytes]]:
        for piece in pieces(record, options.unit, options.window, options.stride):
            document = _document(record.text, piece).encode()
            yield document, json_rows.line(_entry(record, piece))

    return LineFiles(files, options.parts, (_TOKENS, _INDEX), rows)


def _preview(record: Record, options: ExportOptions) -> str:
    """The first lines of the record."""
    first = next(pieces(record, options.unit, options.window, options.stride))
    lines = _document(record.text, first).split("\n")
    more = f"\n… ({len(lines) - _PREVIEW:,} more lines)" if len(lines) > _PREVIEW else ""
    return "\n".join(lines[:_PREVIEW]) + more


def _document(text: str, piece: Segment) -> str:
    lines = [_START, ""]
    for tokens in _blocks(text, piece.tokens):
        tags = tags_of(tokens, overlapping(piece.spans, tokens[0][0], tokens[-1][1]))
        lines += [
            f"{text[start:end]} -X- {start}:{end} {tag}"
            for (start, end), tag in zip(tokens, tags, strict=True)
        ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _blocks(text: str, tokens: Sequence[TokenRange]) -> Iterator[Sequence[TokenRange]]:
    first = 0
    while first < len(tokens):
        line_end = text.find("\n", tokens[first][0])
        last = bisect_left(tokens, (line_end,), first) if line_end >= 0 else len(tokens)
        yield tokens[first:last]
        first = last


def _entry(record: Record, piece: Segment) -> dict[str, Any]:
    return {
        "id": record.id,
        "start": piece.start,
        "end": piece.end,
        "spans": cut_spans(piece),
        "extra": piece.extra,
        "meta": meta(record),
    }


def _read(path: Path) -> Iterator[ExportedRow]:
    """The documents of a data file, with their lines in the index."""
    index = path.with_name(path.name.removesuffix(_TOKENS) + _INDEX)
    with path.open(encoding="utf-8", newline="\n") as lines, index.open("rb") as entries:
        for document, entry in zip_longest(_documents(path.name, lines), entries):
            if document is None or entry is None:
                yield ExportedRow(
                    index.name, faults=("it does not have one line for each -DOCSTART-",)
                )
                return
            where, blocks = document
            yield row_from(where, "document", partial(_parse, where, blocks, entry))


_Block = list[list[str]]


def _documents(file: str, lines: Iterable[str]) -> Iterator[tuple[str, list[_Block]]]:
    """Each document: its place in the file, and the columns of the lines of its blocks."""
    where, blocks = "", list[_Block]()
    for number, line in enumerate(lines, 1):
        if line.rstrip("\n") == _START:
            if where:
                yield where, [block for block in blocks if block]
            where, blocks = f"{file}, line {number:,}", [[]]
        elif line.strip():
            blocks[-1].append(line.split())
        else:
            blocks.append([])
    if where:
        yield where, [block for block in blocks if block]


def _parse(where: str, blocks: list[_Block], data: bytes) -> ExportedRow:
    entry = orjson.loads(data)
    spans = spans_in(entry)
    faults, quotes = list[str](), list[Quote]()
    for block in blocks:
        ranges = [_range(columns[2]) for columns in block]
        quotes += [Quote(at, columns[0]) for (at, _), columns in zip(ranges, block, strict=True)]
        if [quote.end for quote in quotes[-len(block) :]] != [end for _, end in ranges]:
            faults.append("a token is not as long as its offsets say")
        if [columns[3] for columns in block] != tags_of(ranges, spans):
            faults.append("its tags are not those of its spans")
    tokens = [(quote.start, quote.end) for quote in quotes]
    piece = Segment(entry["start"], entry["end"], tokens, spans, entry["extra"])
    faults += faults_of(piece, entry["spans"])
    return ExportedRow(where, entry["id"], meta_in(entry), quotes, spans, faults)


def _range(column: str) -> TokenRange:
    start, _, end = column.partition(":")
    return int(start), int(end)


CONLL = Format(
    "conll",
    f"{{part}}{_TOKENS}",
    _open,
    lambda _label_set, _options: CardLayout(_LOADING, _FIELDS),
    _preview,
    _read,
    units=("page", "window"),
)
