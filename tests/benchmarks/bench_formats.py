"""How the work of other tools comes in: files tried, spans right and wrong, and what was told.

    python -m tests.benchmarks.bench_formats [PAGES]

Each format is written here after its documentation, from made-up pages with emoji and accents,
whose spans are known; every tenth page also has a span that is no place in the text. A span is
right if the page that was loaded has that label on those words, and wrong if it has a label that
nobody gave. What is told are lines about what was not taken; each should stand for a span that is
no place.
"""

import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from segmark.cli import program as cli
from segmark.store.store import Store

from tests.factories import LABELS
from tests.loading.labels.test_layers_of_labels import xmi

_WORDS = (
    "storm", "hits", "Varn", "café", "🎭", "ferry", "naïve", "漢字", "quay", "🏽", "old", "town",
    "again", "rain", "bridge",
)  # fmt: skip
_NAMES = ("headline", "body", "caption", "ticker", "comment")


@dataclass(frozen=True, slots=True)
class Made:
    """A page with its spans: start, end and label. ``astray`` is one that is no place in it."""

    text: str
    spans: Sequence[tuple[int, int, str]]
    astray: bool

    @property
    def all(self) -> list[tuple[int, int, str]]:
        """The spans with the one that is no place."""
        past = len(self.text) + 50
        return [*self.spans, *([(past, past + 5, "headline")] if self.astray else [])]

    def quote(self, start: int, end: int) -> str:
        """The text of a span."""
        return self.text[start:end]

    @property
    def tags(self) -> list[list[tuple[str, str]]]:
        """The tokens of each line with their tags in IOB2."""
        lines, at = [], 0
        for line in self.text.split("\n"):
            tagged, place = [], at
            for word in line.split(" "):
                tag = "O"
                for start, end, name in self.spans:
                    if start <= place < end:
                        tag = f"{'B' if place == start else 'I'}-{name}"
                tagged.append((word, tag))
                place += len(word) + 1
            lines.append(tagged)
            at += len(line) + 1
        return lines


def made(number: int) -> Made:
    """A page of six lines, most with a label, that no other page has."""
    chosen = random.Random(number)
    text, spans = "", list[tuple[int, int, str]]()
    for line in range(6):
        words = [f"p{number}l{line}", *chosen.choices(_WORDS, k=chosen.randrange(2, 9))]
        start = len(text)
        text += " ".join(words)
        if chosen.random() < 0.7:
            spans.append((start, len(text), _NAMES[line % len(_NAMES)]))
        text += "\n" if line < 5 else ""
    return Made(text, spans, number % 10 == 0)


def _utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 + max(0, at - len(text))


def _lines(rows: Sequence[object]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _objects(page: Made, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, span, strict=True)) for span in page.all]


def _brat(folder: Path, pages: Sequence[Made]) -> None:
    for number, page in enumerate(pages):
        (folder / f"{number}.txt").write_text(page.text, "utf-8")
        (folder / f"{number}.ann").write_text("".join(
            f"T{at}\t{name} {start} {end}\t{page.quote(start, end)}\n"
            for at, (start, end, name) in enumerate(page.all, 1)
        ), "utf-8")  # fmt: skip


def _yedda(folder: Path, pages: Sequence[Made]) -> None:
    for number, page in enumerate(pages):
        text = page.text
        for start, end, name in reversed(page.spans):
            text = f"{text[:start]}[@{text[start:end]}#{name}*]{text[end:]}"
        (folder / f"{number}.ann").write_text(text, "utf-8")


def _conll(folder: Path, pages: Sequence[Made]) -> None:
    lines = list[str]()
    for page in pages:
        lines.append("-DOCSTART- -X- O O\n")
        lines += ["\n".join(f"{word} {tag}" for word, tag in line) + "\n" for line in page.tags]
    (folder / "eng.train").write_text("\n".join(lines), "utf-8")


def _xmi(folder: Path, pages: Sequence[Made]) -> None:
    for number, page in enumerate(pages):
        spans = [
            (name, _utf16(page.text, start), _utf16(page.text, end), "")
            for start, end, name in page.all
        ]
        (folder / f"{number}.xmi").write_text(xmi(page.text, spans), "utf-8")


def _webanno(folder: Path, pages: Sequence[Made]) -> None:
    for number, page in enumerate(pages):
        lines, at = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=webanno.custom.Segment|value", "", ""], 0
        ids = {span[0]: place for place, span in enumerate(page.spans, 1)}
        for sentence, tagged in enumerate(page.tags, 1):
            lines.append(f"#Text={' '.join(word for word, _ in tagged)}")
            for token, (word, tag) in enumerate(tagged, 1):
                start, end = (_utf16(page.text, each) for each in (at, at + len(word)))
                mine = next((each[0] for each in page.spans if each[0] <= at < each[1]), None)
                value = "_" if mine is None else f"{tag[2:]}[{ids[mine]}]"
                lines.append(f"{sentence}-{token}\t{start}-{end}\t{word}\t{value}\t")
                at += len(word) + 1
            lines.append("")
        (folder / f"{number}.tsv").write_text("\n".join(lines), "utf-8")


def _spacy(folder: Path, pages: Sequence[Made]) -> None:
    import spacy
    from spacy.tokens import Doc, DocBin

    nlp, found = spacy.blank("xx"), DocBin()
    for page in pages:
        words = [word for line in page.tags for word in (*[each for each, _ in line], "\n")][:-1]
        spaces = [
            after != "\n" and word != "\n"
            for word, after in zip(words, [*words[1:], "\n"], strict=True)
        ]
        doc = Doc(nlp.vocab, words, spaces)
        marked = (doc.char_span(start, end, label=name) for start, end, name in page.spans)
        doc.ents = [span for span in marked if span]
        found.add(doc)
    found.to_disk(folder / "a.spacy")


def _table(folder: Path, pages: Sequence[Made], cell: Callable[[Made], str], column: str) -> None:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", column])
        rows.writerows([page.text, cell(page)] for page in pages)


def _json(rows_of: Callable[[Made], object]) -> Callable[[Path, Sequence[Made]], None]:
    def write(folder: Path, pages: Sequence[Made]) -> None:
        (folder / "a.jsonl").write_text(_lines([rows_of(page) for page in pages]), "utf-8")

    return write


def _label_studio(page: Made) -> dict[str, Any]:
    results = [
        {"type": "labels", "from_name": "label", "to_name": "text", "value": {
            "start": start, "end": end, "text": page.quote(start, end), "labels": [name]}}
        for start, end, name in page.all
    ]  # fmt: skip
    return {"id": 1, "data": {"text": page.text}, "annotations": [{"result": results}]}


def _argilla(page: Made) -> dict[str, Any]:
    marks = [[name, start, end] for start, end, name in page.all]
    about = {"annotation_agent": "mira", "status": "Validated", "metrics": None, "prediction": None}
    return {"text": page.text, "tokens": page.text.split(), "annotation": marks, **about}


def _lighttag(page: Made) -> dict[str, Any]:
    given = [
        {"start": start, "end": end, "tag": name, "value": page.quote(start, end)}
        for start, end, name in page.all
    ]
    return {"example_id": 1, "content": page.text, "metadata": {}, "annotations": given}


def _dataturks(page: Made) -> dict[str, Any]:
    given = [
        {"label": [name], "points": [
            {"start": start, "end": end - 1, "text": page.quote(start, end)}]}
        for start, end, name in page.all
    ]  # fmt: skip
    return {"content": page.text, "annotation": given, "extras": None}


def _gate(page: Made) -> dict[str, Any]:
    types = dict[str, list[Any]]()
    for start, end, name in page.all:
        types.setdefault(name, []).append({"indices": [start, end]})
    return {"text": page.text, "entities": types}


def _tokens(page: Made) -> dict[str, Any]:
    tagged = [each for line in page.tags for each in line]
    words, tags = zip(*tagged, strict=True)
    return {"text": page.text, "tokens": words, "ner_tags": tags}


_JSON_ROWS: dict[str, Callable[[Made], object]] = {
    "spans in records": lambda page: {
        "text": page.text, "spans": _objects(page, "start", "end", "label")},
    "Prodigy": lambda page: {
        "text": page.text, "_input_hash": 1, "_task_hash": 2, "answer": "accept",
        "spans": _objects(page, "start", "end", "label")},
    "doccano": lambda page: {"id": 1, "text": page.text, "label": page.all, "Comments": []},
    "Label Studio": _label_studio,
    "Argilla 1": _argilla,
    "LightTag": _lighttag,
    "Dataturks": _dataturks,
    "GATE as JSON": _gate,
    "tokens and ner_tags": _tokens,
}  # fmt: skip
_FORMATS: dict[str, Callable[[Path, Sequence[Made]], object]] = {
    "brat": _brat, "YEDDA": _yedda, "CoNLL-2003": _conll, "WebAnno TSV 3": _webanno,
    "UIMA CAS XMI": _xmi, "spaCy's DocBin": _spacy,
    **{name: _json(rows_of) for name, rows_of in _JSON_ROWS.items()},
    "spaCy's training pairs": lambda folder, pages: (folder / "a.json").write_text(
        json.dumps([[page.text, {"entities": page.all}] for page in pages]), "utf-8"),
    "CSV with JSON": lambda folder, pages: _table(
        folder, pages, lambda page: json.dumps(page.all), "label"),
    "CSV with Python lists": lambda folder, pages: _table(
        folder, pages, lambda page: repr(page.all), "entities"),
}  # fmt: skip


def _found(project: Path) -> Counter[tuple[str, str]]:
    """The labels of everybody on all pages, each with its words without white space."""
    counted = Counter[tuple[str, str]]()
    with Store.open(project) as store:
        for who in store.annotators():
            for number in range(1, store.pages.count() + 1):
                text = store.pages.get(number).text
                counted.update(
                    (span.label, "".join(text[span.start : span.end].split()))
                    for span in store.annotations(who).get(number).spans
                )
    return counted


def _measure(name: str, pages: Sequence[Made], home: Path) -> str:
    folder, project = home / "files", home / "made.segmark"
    folder.mkdir()
    try:
        _FORMATS[name](folder, pages)
    except ImportError as error:
        return f"{name:26}{error}"
    Store.create(project, LABELS).close()
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        words = ["load", str(project), str(folder), "--annotator", "mira"]
        cli.run([*words, "--offsets", "codepoint", "--report", str(home / "report.csv")])
    with (home / "report.csv").open(encoding="utf-8", newline="") as file:
        told = sum(row["outcome"] == "rejected" for row in csv.DictReader(file))
    wanted = Counter(
        (label, "".join(page.quote(start, end).split()))
        for page in pages
        for start, end, label in page.spans
    )
    found = _found(project)
    right = (found & wanted).total()
    files = len(list(folder.iterdir()))
    return f"{name:26}{files:6}{wanted.total():8,}{right:8,}{(found - wanted).total():8,}{told:8,}"


def main() -> None:
    """Measure and print."""
    pages = [made(number) for number in range(int(sys.argv[1]) if sys.argv[1:] else 100)]
    astray = sum(page.astray for page in pages)
    print(f"{len(pages)} pages, of which {astray} have a span that is no place in the text")
    print(f"{'':26}{'files':>6}{'spans':>8}{'right':>8}{'wrong':>8}{'told':>8}")
    for name in _FORMATS:
        with TemporaryDirectory() as folder:
            print(_measure(name, pages, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
