"""The format ``spacy``: documents for spaCy, their spans in ``doc.ents`` and ``doc.spans["sc"]``.

A document is cut into tokens by spaCy's own rules for every language, as a model that is trained on
it will cut the pages it meets; a token in which a span begins or ends is cut there as well.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.card import dataset_card
from segmark.export.card.dataset_card import CardLayout
from segmark.export.exporter import WHOLE, Options, new_summary, vetted
from segmark.export.extras import Untyped, library
from segmark.export.file_set import FileSet, file_set
from segmark.export.formats import json_rows
from segmark.export.formats.segments import Segment, pieces
from segmark.export.formats.tokens import PIECE_FIELDS, cut_spans, facts_of
from segmark.export.row import ExportedRow, Quote, meta_of, spans_in
from segmark.export.summary import PartSummary, Summary

name = "spacy"
units: tuple[str, ...] = ("page", "block", "window")
compressible = False
sharded = True
needs_anchors = False
needs_markup = False
suggestible = False
suffixes: tuple[str, ...] = (".spacy",)

_MILLION = 1_000_000
_SHARD = 2  # millions of code points in a file, all of which are held in memory
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


def write(
    records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write a folder of ``.spacy`` files for each part, ``config.cfg``, and the card.

    Raises:
        ExportError: as ``Exporter.write`` says, or spaCy is not installed.
    """
    library("spacy", name)
    summary = new_summary(label_set, options)
    with file_set(folder) as files:
        files.discard(dataset_card.files_of_export(folder))
        limit = (options.shard or _SHARD) * _MILLION
        shards = {part: _Shards(files, part, limit) for part in summary.parts}
        for part, record in vetted(records, label_set, options, summary):
            shards[part].add(record, options, summary.parts[part])
        for each in shards.values():
            each.close()
        names = [file for each in shards.values() for file in each.names]
        files.open(_CONFIG).write(_config(summary).encode())
        names.append(_CONFIG)
        shape = CardLayout(_LOADING, _FIELDS, facts=facts_of(name, options))
        places = {part: f"{part}/*.spacy" for part in summary.parts}
        dataset_card.write_card(files, summary, label_set, shape, places, names)
    return summary


@dataclass(slots=True)
class _Shards:
    """The files of one part, one after the other."""

    files: FileSet
    part: str
    limit: int
    names: list[str] = field(default_factory=list)
    _nlp: Untyped = None
    _bin: Untyped = None
    _held: int = 0

    def add(self, record: Record, options: Options, counted: PartSummary) -> None:
        """Add the documents of a record, which begins a new file when the one before is full."""
        if self._held >= self.limit:
            self.close()
        if not self._bin:
            spacy = library("spacy", name)
            # A new one for each file, for it remembers every word that it has met.
            self._nlp = spacy.blank("xx")
            attributes = ["ENT_IOB", "ENT_TYPE"]
            self._bin = library("spacy.tokens", name).DocBin(attributes, store_user_data=True)
        for piece in pieces(record, options.unit, options.window, options.stride):
            self._bin.add(_document(self._nlp, record, piece, options.unit))
            counted.rows += 1
        self._held += len(record.text)

    def close(self) -> None:
        """Write what is held."""
        if self._bin:
            self.names.append(f"{self.part}/{len(self.names):05}.spacy")
            stream = self.files.open(self.names[-1])
            stream.write(self._bin.to_bytes())
            self.files.finish(stream)
            self._nlp, self._bin, self._held = None, None, 0


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
        "meta": json_rows.meta(record),
    }
    return document


def _cut_at_edges(document: Untyped, spans: Sequence[Span]) -> Untyped:
    """The document with a token edge at each edge of a span."""
    # Not token by token: spaCy makes an object of each, which takes longer than all else here.
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
    return library("spacy.tokens", name).Doc(document.vocab, words, spaces)


def _train_and_dev(summary: Summary) -> tuple[str, str]:
    """The folders to train on and to score on, which are the same where there is nothing else."""
    filled = [part for part in summary.parts if summary.parts[part].rows]
    train = next((part for part in (WHOLE, "train") if part in filled), filled[0])
    return train, "dev" if "dev" in filled else train


def _config(summary: Summary) -> str:
    train, dev = _train_and_dev(summary)
    made = library("spacy.cli.init_config", name).init_config(
        lang="xx", pipeline=["ner"], optimize="efficiency"
    )
    made["paths"]["train"], made["paths"]["dev"] = train, dev
    alone = "# The same pages train and score, so the scores say nothing: export with --split.\n"
    return (alone if train == dev else "") + str(made.to_str()) + "\n"


def preview(record: Record, options: Options) -> str:
    """The first document's text and entities."""
    piece = next(pieces(record, options.unit, options.window, options.stride))
    text = record.text[piece.start : piece.end]
    inside = [piece.inside(text, span) for span in piece.spans]
    ents = [{"start_char": s.start, "end_char": s.end, "label_": s.label} for s in inside]
    return json_rows.shown({"text": text, "ents": ents})


def read(path: Path) -> Iterator[ExportedRow]:
    """The documents of a data file."""
    vocab = library("spacy", name).blank("xx").vocab
    found = library("spacy.tokens", name).DocBin().from_disk(path)
    for number, document in enumerate(found.get_docs(vocab), 1):
        where = f"{path.parent.name}/{path.name}, document {number:,}"
        try:
            yield _parse(where, document)
        except (KeyError, TypeError, AttributeError) as error:
            reason = f"{type(error).__name__} {error}"
            yield ExportedRow(where, faults=(f"it is no document of this format: {reason}",))


def _parse(where: str, document: Untyped) -> ExportedRow:
    said = document.user_data[_KEY]
    spans, text, start = spans_in(said), document.text, said["start"]
    piece = Segment(start, said["end"], (), spans)
    faults = []
    if start + len(text) != said["end"]:
        faults.append("its text is not as long as its offsets say")
    if [span["cut"] for span in said["spans"]] != [piece.cuts(span) for span in spans]:
        faults.append("a span is marked as cut and is whole, or the other way round")
    wanted = [piece.inside(text, span) for span in spans]
    for kind, found in (("ents", document.ents), ("spans", document.spans[_SPANS])):
        if [Span(span.start_char, span.end_char, span.label_) for span in found] != wanted:
            faults.append(f"doc.{kind} are not the spans that it names")
    quote, whole = Quote(start, text), said["unit"] == "page"
    return ExportedRow(where, said["id"], meta_of(said), (quote,), spans, faults, whole)
