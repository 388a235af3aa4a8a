"""What models predict on exported tokens, lines and documents comes back to the pages."""

import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.export.formats.segments import pieces, tags_of
from segmark.loading.labels.page_parts import PagePart, joined
from segmark.loading.labels.tags import tagged_spans
from segmark.store.store import Store

from tests.export.labelled import labelled_pages
from tests.factories import LABELS, label, make_page, settle

PAGES = (
    "Storm 🎭 hits Varn\n\nIt rained. It rained on.\nAnd on.\nMenu",
    "Ferry\nsails\nPhoto: A. Okonjo\nPhoto: wire\nThe quay is closed.",
)
SPANS = (
    (Span(0, 17, "headline"), Span(19, 51, "body")),
    (
        Span(0, 11, "headline"), Span(12, 28, "caption"), Span(29, 40, "caption"),
        Span(41, 60, "body"),
    ),
)  # fmt: skip
ALL = [span for spans in SPANS for span in spans]
BY_LINE = [
    *SPANS[0],
    Span(0, 5, "headline"), Span(6, 11, "headline"), *SPANS[1][1:],
]  # fmt: skip

Row = dict[str, Any]
Change = Callable[[Row], Row]


@pytest.fixture
def news(project: Path) -> Path:
    with Store.create(project, LABELS) as store:
        for number, (text, spans) in enumerate(zip(PAGES, SPANS, strict=True), start=1):
            with store.write():
                store.pages.add(make_page(text, source=f"web/{number}.txt"), text.encode())
            for start, end, name in spans:
                label(store, "mira", number, name, start, end)
            settle(store, "mira", number, Status.DONE)
    return project


def exported(project: Path, form: str, *options: str) -> Path:
    out = project.parent / f"out-{form}"
    assert cli.run(["export", str(project), str(out), "--format", form, *options]) == 0
    return out


def rows_of(out: Path) -> list[Row]:
    return [json.loads(line) for line in (out / "pages.jsonl").read_text("utf-8").splitlines()]


def written(project: Path, rows: Iterable[Row]) -> Path:
    path = project.parent / "predicted.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def load(project: Path, path: Path, *options: str) -> int:
    return cli.run(["load", str(project), str(path), *options])


def predicted(project: Path, model: str = "m1") -> list[Suggestion]:
    with Store.open(project) as store:
        assert store.pages.count() == len(PAGES)
        both = (store.suggestions.predictions_by_model(number) for number in (1, 2))
        return [one for by_model in both for one in by_model.get(model, ())]


def spans_of(project: Path, model: str = "m1") -> list[Span]:
    return [one.span for one in predicted(project, model)]


@pytest.mark.parametrize(
    "options",
    [(), ("--window", "4"), ("--window", "4", "--stride", "4"), ("--window", "5", "--stride", "1")],
    ids=" ".join,
)
def test_tags_of_pages_and_windows_become_predictions_of_the_page(
    news: Path, options: tuple[str, ...]
) -> None:
    rows = rows_of(exported(news, "tokens", *options))
    told = [{**row, "spans": [{"start": 0, "end": 3, "label": "ticker"}]} for row in rows]
    assert load(news, written(news, told), "--model", "m1") == 0
    assert spans_of(news) == [span for spans in SPANS for span in spans]
    with Store.open(news) as store:
        assert store.annotations("mira").get(1).spans == SPANS[0]


def test_tags_of_blocks_become_a_span_a_line_unless_the_label_joins(news: Path) -> None:
    rows = rows_of(exported(news, "tokens", "--unit", "block"))
    assert load(news, written(news, rows), "--model", "m1") == 0
    assert spans_of(news) == BY_LINE


def test_a_tag_that_goes_on_at_the_start_of_a_block_is_part_of_the_span_before(
    news: Path,
) -> None:
    rows = rows_of(exported(news, "tokens", "--unit", "block"))
    for row in rows:
        if row["tokens"] == ["sails"]:
            row["ner_tags"] = ["I-headline"]
    assert load(news, written(news, rows), "--model", "m1") == 0
    assert spans_of(news) == ALL


@pytest.mark.parametrize("unit", ["line", "block", "span", "token"])
def test_labels_of_lines_become_predictions_of_the_page(news: Path, unit: str) -> None:
    rows = rows_of(exported(news, "lines", "--unit", unit))
    assert load(news, written(news, rows), "--predictions", "--model", "m1") == 0
    assert spans_of(news) == ALL


@pytest.mark.parametrize("unit", ["line", "block", "token"])
def test_without_the_column_begins_a_line_says_nothing_about_the_next(
    news: Path, unit: str
) -> None:
    rows = rows_of(exported(news, "lines", "--unit", unit))
    for row in rows:
        del row["begins"]
    wanted = BY_LINE
    assert load(news, written(news, rows), "--predictions", "--model", "m1") == 0
    assert spans_of(news) == wanted


@pytest.mark.parametrize(
    "kept",
    [
        ("id", "meta", "start", "end", "label"),
        ("id", "start", "end", "text", "label"),
        ("id", "meta", "start", "end", "text", "label", "score"),
    ],
    ids=",".join,
)
def test_few_columns_are_enough(news: Path, kept: tuple[str, ...]) -> None:
    rows = [{**row, "score": 0.75} for row in rows_of(exported(news, "lines"))]
    told = [{name: row[name] for name in kept} for row in rows]
    assert load(news, written(news, told), "--model", "m1") == 0
    assert spans_of(news) == BY_LINE
    assert {one.confidence for one in predicted(news)} == {0.75 if "score" in kept else 0.5}


def test_a_table_is_read_like_json(news: Path) -> None:
    rows = rows_of(exported(news, "lines"))
    path = news.parent / "predicted.csv"
    lines = [f"{row['id']},{row['start']},{row['end']},{row['label']},0.5" for row in rows]
    sums = [row["meta"]["sha256"] for row in rows]
    path.write_text(
        "id,start,end,label,score,sha256\n"
        + "".join(f"{line},{checksum}\n" for line, checksum in zip(lines, sums, strict=True))
    )
    assert load(news, path, "--model", "m1") == 0
    assert spans_of(news) == BY_LINE


def test_numbers_are_labels_by_the_names_given(news: Path) -> None:
    names = ["other", *(each.name for each in LABELS)]
    rows = [{**row, "label": names.index(row["label"])} for row in rows_of(exported(news, "lines"))]
    assert load(news, written(news, rows), "--model", "m1", "--tags", ",".join(names)) == 0
    assert spans_of(news) == ALL


def test_the_score_of_a_span_is_the_mean_of_its_tokens(news: Path) -> None:
    rows = rows_of(exported(news, "tokens"))
    for row in rows:
        row["scores"] = [0.5 + 0.1 * (at % 2) for at in range(len(row["tokens"]))]
    assert load(news, written(news, rows)) == 0  # scores alone say that they are predictions
    first = predicted(news, "")[0]
    assert first.span == SPANS[0][0]
    assert first.confidence == pytest.approx((0.5 + 0.6 + 0.5 + 0.6) / 4)


def without_offsets(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("starts", "ends")}


def test_whole_pages_of_tokens_need_no_offsets(news: Path) -> None:
    rows = map(without_offsets, rows_of(exported(news, "tokens")))
    assert load(news, written(news, rows), "--model", "m1") == 0
    assert spans_of(news) == [span for spans in SPANS for span in spans]


def moved(row: Row) -> Row:
    return {**row, "starts": [each + 1 for each in row["starts"]], "ends": row["ends"]}


def other_page(row: Row) -> Row:
    return {**row, "id": "nobody"}


def other_text(row: Row) -> Row:
    return {**row, "meta": {**row["meta"], "sha256": "0" * 64}}


def other_words(row: Row) -> Row:
    return {**row, "tokens": ["x" * len(each) for each in row["tokens"]]}


def fewer_tags(row: Row) -> Row:
    return {**row, "ner_tags": row["ner_tags"][1:]}


def fewer_scores(row: Row) -> Row:
    return {**row, "scores": [0.5]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (other_page, "no page of the project is called 'nobody'; load the page first"),
        (other_text, "its sha256 is not that of page"),
        (other_words, "it was made from another text"),
        (fewer_tags, "'tokens' and"),
        (fewer_scores, "and 1 'scores'"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--window", "4")], ids=["pages", "windows"])
def test_what_does_not_fit_a_page_is_told_once_and_never_becomes_a_page(
    news: Path,
    change: Change,
    why: str,
    options: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = rows_of(exported(news, "tokens", *options))
    told = [change(row) if row["id"] == rows[0]["id"] else row for row in rows]
    capsys.readouterr()
    assert load(news, written(news, told), "--model", "m1") == 1
    said = capsys.readouterr()
    assert why in said.err
    assert said.out == "0 added, 1 already there, 1 rejected, 1 with predictions\n"
    assert spans_of(news) == list(SPANS[1])


def test_every_row_of_a_page_is_of_the_same_text(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "lines"))
    last = other_text({name: value for name, value in rows[-1].items() if name != "text"})
    assert load(news, written(news, [*rows[:-1], last]), "--model", "m1") == 1
    assert "its sha256 is not that of page" in capsys.readouterr().err
    assert spans_of(news) == list(SPANS[0])


def test_rows_with_neither_text_nor_checksum_prove_nothing(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "lines"))
    told = [{name: row[name] for name in ("id", "start", "end", "label")} for row in rows]
    assert load(news, written(news, told), "--model", "m1") == 1
    assert "neither a text nor the sha256" in capsys.readouterr().err


def test_rows_of_a_page_that_stand_apart_are_told(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "lines"))
    assert load(news, written(news, [*rows[1:], rows[0]]), "--model", "m1") == 1
    assert "do not stand together" in capsys.readouterr().err
    assert load(news, written(news, sorted(rows, key=lambda row: row["id"])), "--model", "m1") == 0


def test_a_page_without_a_prediction_is_one_where_nothing_was_found(news: Path) -> None:
    rows = rows_of(exported(news, "lines"))
    assert load(news, written(news, rows), "--model", "m1") == 0
    nothing = [{**row, "label": "other"} for row in rows]
    assert load(news, written(news, nothing), "--model", "m1") == 0
    assert spans_of(news) == []


def test_labels_of_lines_are_still_refused_as_labels(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(news, exported(news, "lines") / "pages.jsonl") == 1
    assert "--model" in capsys.readouterr().err


@pytest.mark.parametrize("options", [(), ("--window", "4")], ids=["pages", "windows"])
@pytest.mark.parametrize("columns", [4, 2])
def test_tagged_tokens_in_columns_come_back_by_their_index(
    news: Path, options: tuple[str, ...], columns: int
) -> None:
    out = exported(news, "conll", *options)
    lines = (out / "pages.conll").read_text("utf-8").split("\n")
    if columns == 2:
        lines = [
            f"{line.split()[0]}\t{line.split()[-1]}" if line and line[:1] != "-" else line
            for line in lines
        ]
        (out / "pages.conll").write_text("\n".join(lines), "utf-8")
    assert load(news, out, "--model", "m1") == 0
    assert spans_of(news) == BY_LINE


def test_tagged_tokens_need_their_whole_index(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(news, "conll")
    index = out / "pages.index.jsonl"
    first = index.read_bytes().splitlines(keepends=True)[0]
    index.write_bytes(first)
    assert load(news, out / "pages.conll", "--model", "m1") == 1
    assert "for each line of its index: they part at number 2" in capsys.readouterr().err
    index.unlink()
    assert load(news, out / "pages.conll", "--model", "m1") == 1
    assert "its index pages.index.jsonl is not beside it" in capsys.readouterr().err
    (out / "pages.conll").unlink()
    index.write_bytes(first)
    assert load(news, index, "--model", "m1") == 1
    assert "it is an index without tokens" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["zip", "tar", "gztar"])
@pytest.mark.parametrize("first", ["pages.conll", "pages.index.jsonl"])
def test_tagged_tokens_in_an_archive_come_back_whichever_file_is_first(
    news: Path, form: str, first: str
) -> None:
    out = exported(news, "conll")
    packed = out.parent / "packed"
    for name in ("pages.conll", "pages.index.jsonl"):
        folder = packed / ("1" if name == first else "2")
        folder.mkdir(parents=True)
        # Members of an archive lie in one folder; the order of writing is theirs.
        (out / name).rename(folder / name)
    archive = out.parent / f"predicted.{form}"
    members = [packed / "1" / first, *(packed / "2").iterdir()]
    if form == "zip":
        with zipfile.ZipFile(archive, "w") as made:
            for member in members:
                made.write(member, f"out/{member.name}")
    else:
        with tarfile.open(archive, "w:gz" if form == "gztar" else "w") as made_tar:
            for member in members:
                made_tar.add(member, f"out/{member.name}")
    assert load(news, archive, "--model", "m1") == 0
    assert spans_of(news) == BY_LINE


def test_half_of_a_pair_in_an_archive_is_told(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(news, "conll")
    for name, said in (
        ("pages.conll", "its index pages.index.jsonl is not beside it"),
        ("pages.index.jsonl", "it is an index without tokens"),
    ):
        archive = news.parent / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as made:
            made.write(out / name, name)
        assert load(news, archive, "--model", "m1") == 1
        assert said in capsys.readouterr().err
    assert predicted(news) == []


def documents(out: Path, change: Callable[[Any], Any]) -> Path:
    spacy, tokens = pytest.importorskip("spacy"), pytest.importorskip("spacy.tokens")
    nlp = spacy.blank("xx")
    (path,) = (out / "pages").glob("*.spacy")
    found = [change(doc) for doc in tokens.DocBin().from_disk(path).get_docs(nlp.vocab)]
    tokens.DocBin(docs=found, store_user_data=True).to_disk(path)
    return path


@pytest.mark.parametrize(
    "options", [(), ("--window", "4"), ("--unit", "block")], ids=["pages", "windows", "blocks"]
)
def test_entities_of_documents_become_predictions_of_the_page(
    news: Path, options: tuple[str, ...]
) -> None:
    def as_predicted(doc: Any) -> Any:  # noqa: ANN401
        doc.user_data["._.", "seen", None, None] = 1  # as extensions of spaCy do
        doc.spans["sc"] = []
        return doc

    path = documents(exported(news, "spacy", *options), as_predicted)
    assert load(news, path, "--model", "m1") == 0
    blocks = "--unit" in options
    assert spans_of(news) == (BY_LINE if blocks else [span for spans in SPANS for span in spans])


def test_spans_with_scores_count_for_more_than_entities(news: Path) -> None:
    numpy = pytest.importorskip("numpy")

    def as_categorised(doc: Any) -> Any:  # noqa: ANN401
        scores = numpy.full(len(doc.spans["sc"]), 0.75, "float32")
        doc.spans["sc"].attrs["scores"] = scores
        doc.ents = []
        return doc

    path = documents(exported(news, "spacy"), as_categorised)
    assert load(news, path, "--model", "m1") == 0
    assert {one.confidence for one in predicted(news)} == {0.75}
    assert spans_of(news) == [span for spans in SPANS for span in spans]


def parts(record: Record, window: int, stride: int) -> Iterator[PagePart]:
    for piece in pieces(record, "window", window, stride):
        tags = tags_of(piece.tokens, piece.spans)
        tagged = ((*each, tag) for each, tag in zip(piece.tokens, tags, strict=True))
        yield PagePart(piece.start, piece.end, tuple(tagged_spans(tagged)))


def seen(record: Record, spans: Iterable[Span]) -> dict[int, str]:
    """The label of each character that is no white space."""
    return {
        at: span.label
        for span in spans
        for at in range(span.start, span.end)
        if not record.text[at].isspace()
    }


@given(labelled_pages(), st.integers(1, 12), st.data())
def test_windows_that_overlap_give_back_every_span(
    record: Record, window: int, data: st.DataObject
) -> None:
    stride = data.draw(st.integers(1, max(1, window - 1)))
    found = joined(record.text, parts(record, window, stride))
    got = [Span(one.start, one.end, one.label) for one in found]
    if window > stride:
        assert got == list(record.spans)
    else:
        assert seen(record, got) == seen(record, record.spans)


def test_windows_are_scored_by_page_as_they_are_loaded(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "tokens", "--window", "4"))
    capsys.readouterr()
    assert cli.run(["score", str(news), str(written(news, rows)), "--json"]) == 0
    (scored,) = json.loads(capsys.readouterr().out)["models"]
    exact = scored["total"]["exact"]
    assert (exact["predicted"], exact["right"], exact["wanted"]) == (6, 6, 6)


@pytest.mark.parametrize("options", [("--model", "m1"), ("--predictions",), ()], ids=" ".join)
def test_a_page_record_with_another_text_is_told_and_becomes_no_second_page(
    news: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "jsonl"))
    for row in rows:
        row["spans"] = [{**span, "score": 0.9} for span in row["spans"]]
    rows[0]["text"] = rows[0]["text"].replace("rained", "snowed")
    del rows[0]["meta"]
    assert load(news, written(news, rows), *options) == 1
    said = f"its text is not that of page {rows[0]['id']}: it was made from another text"
    assert said in capsys.readouterr().err
    model = "m1" if "m1" in options else ""
    assert spans_of(news, model) == list(SPANS[1])


def test_a_page_record_whose_checksum_is_not_that_of_its_text_is_told(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(exported(news, "jsonl"))
    rows[1]["meta"]["sha256"] = "0" * 64
    assert load(news, written(news, rows), "--predictions", "--model", "m1") == 1
    assert "its sha256 is not that of its text" in capsys.readouterr().err
    assert spans_of(news) == list(SPANS[0])


def test_a_page_record_of_no_page_here_becomes_one_with_its_predictions(news: Path) -> None:
    rows = rows_of(exported(news, "jsonl"))
    spans = [{"start": 0, "end": 3, "label": "headline"}]
    new = {"id": "0123456789abcdef", "text": "New here.", "spans": spans}
    assert load(news, written(news, [*rows, new]), "--predictions", "--model", "m1") == 0
    with Store.open(news) as store:
        assert store.pages.count() == len(PAGES) + 1
        (found,) = store.suggestions.predictions_by_model(len(PAGES) + 1)["m1"]
        assert found.span == Span(0, 3, "headline")
