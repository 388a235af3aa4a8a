"""The format ``spacy``: documents for spaCy with spans in ``doc.ents`` and ``doc.spans["sc"]``.

Documents are tokenized by spaCy's rules for every language, as a trained model will tokenize pages.
A token in which a span begins or ends is split there.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.environment.extras import Untyped, library
from segmark.export.error import ExportError
from segmark.export.file_set import FileSet
from segmark.export.format import Capability, CardLayout, Format
from segmark.export.formats import json_rows
from segmark.export.formats.data_files import ShardedFiles
from segmark.export.formats.segments import Segment, pieces
from segmark.export.formats.tokens import PIECE_FIELDS, cut_spans, faults_of_cuts
from segmark.export.options import WHOLE, ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, row_from, spans_in

_MILLION = 1_000_000
_SHARD = 2  # millions of code points in a file, held in memory as a whole
_CONFIG = "config.cfg"
_SPANS = "sc"  # the key that spaCy's own span categoriser looks under
_KEY = "segmark"

_LOADING = """\
With the command line of spaCy:

```sh
cd path/to/this/folder
python -m spacy debug data config.cfg
python -m spacy train config.cfg --output model
```

As examples to train on, in Python:

```python
import spacy
from spacy.training import Corpus

nlp = spacy.blank("xx")
for example in Corpus("path/to/this/folder/PART")(nlp):
    print([(span.label_, span.text) for span in example.reference.ents])
```

As plain values with offsets into the page's text, for any other program:

```python
from pathlib import Path

import spacy
from spacy.tokens import DocBin

vocabulary = spacy.blank("xx").vocab
for file in sorted(Path("path/to/this/folder/PART").glob("*.spacy")):
    for doc in DocBin().from_disk(file).get_docs(vocabulary):
        at = doc.user_data["segmark"]["start"]
        spans = [(at + span.start_char, at + span.end_char, span.label_) for span in doc.ents]
        print(doc.user_data["segmark"]["id"], spans)
```

`config.cfg` trains a recogniser of entities (`ner`), which finds spans of any length. A span
categoriser (`spancat`) looks at spans of a few tokens unless its suggester is told otherwise."""

_FIELDS = f"""\
Each document is a page, or the block or window of it that `unit` in the head of this card names.
Its text is the page's text from `start` to `end`, to the character. Its spans stand in `doc.ents`
and, the same, in `doc.spans["sc"]`. `doc.user_data["segmark"]` says where it comes from; beside
`unit` there are:

{PIECE_FIELDS}"""


_library = partial(library, extra="spacy", needed_by="the format spacy", error=ExportError)


class _DocFiles(ShardedFiles):
    """Writes a folder of ``.spacy`` files for each part, and ``config.cfg``."""

    def __init__(self, files: FileSet, _label_set: LabelSet, options: ExportOptions) -> None:
        _library("spacy")
        limit = (options.shard or _SHARD) * _MILLION
        places = SPACY.places(options)
        super().__init__(files, places, limit, lambda stream: _Shard(stream, options))
        self._files = files

    def finish(self) -> list[str]:
        """End the files, and write the configuration."""
        names = super().finish()
        filled = [part for part, rows in self.rows.items() if rows]
        self._files.open(_CONFIG).write(_config(filled).encode())
        return [*names, _CONFIG]


class _Shard:
    """A file; all its documents are in memory until it ends."""

    def __init__(self, stream: BinaryIO, options: ExportOptions) -> None:
        self._stream, self._options = stream, options
        # One for each file, since it keeps every word that it has met.
        self._nlp = _library("spacy").blank("xx")
        attributes = ["ENT_IOB", "ENT_TYPE"]
        self._bin = _library("spacy.tokens").DocBin(attributes, store_user_data=True)

    def add(self, record: Record) -> int:
        """Add the documents of a record."""
        count, options = len(self._bin), self._options
        for piece in pieces(record, options.unit, options.window, options.stride):
            self._bin.add(_document(self._nlp, record, piece, options.unit))
        return len(self._bin) - count

    def end(self) -> None:
        """Write the documents."""
        self._stream.write(self._bin.to_bytes())


def _document(nlp: Untyped, record: Record, piece: Segment, unit: str) -> Untyped:
    text = record.text[piece.start : piece.end]
    spans = [piece.inside(text, span) for span in piece.spans]
    document = _cut_at_edges(nlp.tokenizer(text), spans)
    found = [document.char_span(span.start, span.end, label=span.label) for span in spans]
    document.ents = found
    document.spans[_SPANS] = found
    document.user_data[_KEY] = {
        "id": record.id,
        "unit": unit,
        "start": piece.start,
        "end": piece.end,
        "spans": cut_spans(piece),
        "extra": piece.extra,
        "meta": meta(record),
    }
    return document


def _cut_at_edges(document: Untyped, spans: Sequence[Span]) -> Untyped:
    """The document with its tokens split at the edges of the spans."""
    # Not token by token: spaCy makes an object of each, which would be the slowest step.
    starts, lengths = document.to_array(["IDX", "LENGTH"]).T
    starts, ends = starts.tolist(), (starts + lengths).tolist()
    wanted = {edge for span in spans for edge in (span.start, span.end)}
    cuts = sorted(wanted - {*starts, *ends})
    if not cuts:
        return document
    words = list[str]()
    spaces = list[bool]()
    for token in document:
        first = bisect_left(cuts, token.idx)
        last = bisect_left(cuts, token.idx + len(token))
        edges = [0, *(cut - token.idx for cut in cuts[first:last]), len(token)]
        words += [token.text[start:end] for start, end in pairwise(edges)]
        spaces += [False] * (len(edges) - 2) + [bool(token.whitespace_)]
    return _library("spacy.tokens").Doc(document.vocab, words, spaces)


def _config(filled: Sequence[str]) -> str:
    """The configuration, which trains and scores on the same part if there is only one."""
    train = next((part for part in (WHOLE, "train") if part in filled), filled[0])
    dev = "dev" if "dev" in filled else train
    made = _library("spacy.cli.init_config").init_config(
        lang="xx", pipeline=["ner"], optimize="efficiency"
    )
    made["paths"]["train"], made["paths"]["dev"] = train, dev
    alone = "# The same pages train and score, so the scores say nothing: export with --split.\n"
    return (alone if train == dev else "") + str(made.to_str()) + "\n"


def _preview(record: Record, options: ExportOptions) -> str:
    """The first document's text and entities."""
    piece = next(pieces(record, options.unit, options.window, options.stride))
    text = record.text[piece.start : piece.end]
    inside = [piece.inside(text, span) for span in piece.spans]
    ents = [{"start_char": s.start, "end_char": s.end, "label_": s.label} for s in inside]
    return json_rows.shown({"text": text, "ents": ents})


def _read(path: Path) -> Iterator[ExportedRow]:
    """The documents of a data file."""
    vocab = _library("spacy").blank("xx").vocab
    found = _library("spacy.tokens").DocBin().from_disk(path)
    for number, document in enumerate(found.get_docs(vocab), 1):
        where = f"{path.parent.name}/{path.name}, document {number:,}"
        yield row_from(where, "document", partial(_parse, where, document))


def _parse(where: str, document: Untyped) -> ExportedRow:
    said = document.user_data[_KEY]
    spans, text, start = spans_in(said), document.text, said["start"]
    piece = Segment(start, said["end"], (), spans)
    faults = faults_of_cuts(piece, said["spans"])
    if start + len(text) != said["end"]:
        faults.append("its text is not as long as its offsets say")
    wanted = [piece.inside(text, span) for span in spans]
    for kind, found in (("ents", document.ents), ("spans", document.spans[_SPANS])):
        if [Span(span.start_char, span.end_char, span.label_) for span in found] != wanted:
            faults.append(f"doc.{kind} are not the spans that it names")
    quote, whole = Quote(start, text), said["unit"] == "page"
    return ExportedRow(where, said["id"], meta_in(said), (quote,), spans, faults, whole)


SPACY = Format(
    "spacy",
    "{part}/*.spacy",
    _DocFiles,
    lambda _label_set, _options: CardLayout(_LOADING, _FIELDS),
    _preview,
    _read,
    units=("page", "block", "window"),
    can=frozenset({Capability.SHARD}),
)
