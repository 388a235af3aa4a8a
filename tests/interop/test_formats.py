"""Each format as the library that it is made for reads it."""

import json
import re
from pathlib import Path

import pytest
from segmark.export.formats.registry import FORMATS

from tests.export.labelled import nasty_record
from tests.export.made import LABELS, rows_of
from tests.interop.conftest import Exported, Run, needs
from tests.interop.news import PAGES, SITES

SPLIT = ("--split", "70/15/15")
EVERY = [(form, unit) for form, exporter in FORMATS.items() for unit in exporter.units]
_LIBRARIES = {"parquet": "pyarrow", "spacy": "spacy"}

_TYPES = """
import json, sys
from datasets import load_dataset
found = {}
for name, part in load_dataset(sys.argv[1]).items():
    found[name] = {"features": repr(part.features), "rows": part.num_rows, "last": part[-1]}
print(json.dumps(found))
"""


def spans_of(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """The truth: the spans of each page as jsonl has them."""
    return {
        row["id"]: [(span["start"], span["end"], span["label"]) for span in row["spans"]]
        for row in rows_of(path / "pages.jsonl")
    }


@pytest.mark.parametrize(("form", "unit"), EVERY)
def test_every_format_and_unit_is_right_beside_its_project_and_the_same_bytes_again(
    form: str, unit: str, exported: Exported, run: Run, news: Path, tmp_path: Path
) -> None:
    needs(*_LIBRARIES.get(form, "json").split())
    out = exported(form, "--unit", unit, *SPLIT)
    said = run("-m", "segmark", "verify", str(out), "--project", str(news))
    pages = PAGES // 2 if form == "dom" else PAGES + 1  # every other page is HTML
    assert f"all is right (pages {pages}," in said
    words = (str(news), str(tmp_path), "--format", form, "--unit", unit, *SPLIT)
    run("-m", "segmark", "export", *words)
    names = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize("form", ["parquet", "spacy"])
def test_a_format_whose_library_is_missing_says_what_to_install(
    form: str, run: Run, news: Path, tmp_path: Path
) -> None:
    hide = (
        f"import sys; sys.modules[{_LIBRARIES[form]!r}] = None;"
        "from segmark.cli.program import run; "
    )
    words = ["export", str(news), str(tmp_path / "out"), "--format", form]
    said = run("-c", f"{hide}sys.exit(run({words!r}))", fails=True)
    assert said.count("\n") == 1
    assert f"pip install 'segmark[{form}]'" in said
    assert not (tmp_path / "out").exists()


def test_parquet_loads_typed_with_datasets_by_folder_and_by_file(
    exported: Exported, run: Run
) -> None:
    needs("datasets", "pyarrow")
    out = exported("parquet", *SPLIT)
    found = json.loads(run("-c", _TYPES, str(out)))
    assert list(found) == ["train", "validation", "test"]
    assert sum(part["rows"] for part in found.values()) == PAGES + 1
    names = [label.name for label in LABELS]
    assert f"'label': ClassLabel(names={names})" in found["train"]["features"]
    code = (
        "from datasets import load_dataset\n"
        f"data = load_dataset('parquet', data_files={str(out / 'train-00000.parquet')!r})\n"
        "print(repr(data['train'].features), data['train'][0]['spans'][0]['label'])"
    )
    assert "'label': Value('string')}), 'meta'" in (said := run("-c", code))
    assert said.split()[-1] == "ticker"


def test_parquet_is_what_jsonl_is_in_pyarrow_and_duckdb(exported: Exported, run: Run) -> None:
    needs("pyarrow", "duckdb")
    code = (
        "import json, sys, duckdb, pyarrow.parquet as pq\n"
        "rows = pq.read_table(sys.argv[1]).to_pylist()\n"
        'said = duckdb.sql(f"SELECT id, s.label, text[s.start + 1 : s.end] FROM (SELECT id, text, '
        "unnest(spans) AS s FROM '{sys.argv[1]}') ORDER BY id, s.start\").fetchall()\n"
        "print(json.dumps([rows, said]))"
    )
    truth = rows_of(exported("jsonl") / "pages.jsonl")
    rows, said = json.loads(run("-c", code, str(exported("parquet") / "pages-00000.parquet")))
    assert rows == truth
    assert said == [
        [row["id"], span["label"], row["text"][span["start"] : span["end"]]]
        for row in sorted(truth, key=lambda row: str(row["id"]))
        for span in row["spans"]
    ]


def test_parquet_keeps_its_types_in_the_file(exported: Exported, run: Run) -> None:
    needs("pyarrow")
    code = (
        "import json, sys, pyarrow.parquet as pq\n"
        "schema = pq.read_schema(sys.argv[1] + '/pages-00000.parquet')\n"
        "print(json.dumps({k.decode(): json.loads(v) for k, v in schema.metadata.items()}))"
    )
    about = json.loads(run("-c", code, str(exported("parquet"))))
    assert about["segmark"]["labels"] == [label.name for label in LABELS]
    features = about["huggingface"]["info"]["features"]
    assert features["spans"]["_type"] == "List"
    assert features["text"] == {"dtype": "string", "_type": "Value"}


@pytest.mark.parametrize("unit", FORMATS["tokens"].units)
def test_tokens_load_typed_and_their_tags_are_strict_iob2(
    unit: str, exported: Exported, run: Run
) -> None:
    needs("datasets", "seqeval")
    out = exported("tokens", "--unit", unit, *SPLIT)
    found = json.loads(run("-c", _TYPES, str(out)))
    names = ["O", *(f"{place}-{label.name}" for label in LABELS for place in "BI")]
    for part in found.values():
        assert f"'ner_tags': List(ClassLabel(names={names}))" in part["features"]
        assert "'starts': List(Value('int64'))" in part["features"]
        assert len(part["last"]["ner_tags"]) == len(part["last"]["tokens"])
    rows = [row for name in ("train", "dev", "test") for row in rows_of(out / f"{name}.jsonl")]
    assert strict_entities(run, [row["ner_tags"] for row in rows], out) == [
        len(row["spans"]) for row in rows
    ]


def strict_entities(run: Run, tags: list[list[str]], folder: Path) -> list[int]:
    """How many entities seqeval finds in each sequence, in strict IOB2."""
    code = (
        "import json, sys\n"
        "from seqeval.metrics import f1_score\n"
        "from seqeval.scheme import IOB2, Entities\n"
        "tags = json.load(open(sys.argv[1]))\n"
        "assert f1_score(tags, tags, mode='strict', scheme=IOB2) == 1\n"
        "print(json.dumps([len(found) for found in Entities(tags, IOB2).entities]))"
    )
    path = folder.with_suffix(".json")
    path.write_text(json.dumps(tags), "utf-8")
    return list(json.loads(run("-c", code, str(path))))


def python_in_card(out: Path) -> list[str]:
    """What the card of an export says to run in Python."""
    card = (out / "README.md").read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", card, re.DOTALL)


def test_datasets_takes_conll_as_its_card_says(exported: Exported, run: Run) -> None:
    needs("datasets")
    out = exported("conll")
    code = "\n".join(python_in_card(out)).replace("FILE", "pages.conll")
    count = json.loads(run("-c", f"{code}\nprint(len(blocks))", cwd=out).splitlines()[-1])
    assert count == len(rows_of(exported("tokens", "--unit", "block") / "pages.jsonl"))


def test_the_card_of_spacy_gives_the_spans_of_the_page(exported: Exported, run: Run) -> None:
    needs("spacy")
    out = exported("spacy")
    _, code = python_in_card(out)
    printed = run("-c", code.replace("path/to/this/folder", str(out)))
    expected = spans_of(exported("jsonl"))
    assert sorted(printed.splitlines()) == sorted(
        f"{page} {spans}" for page, spans in expected.items()
    )


def test_conll_blocks_are_strict_iob2(exported: Exported, run: Run) -> None:
    needs("seqeval")
    out = exported("conll")
    code, _ = python_in_card(out)
    code += "\nimport json\nprint(json.dumps([tags for _, tags in sequences('pages.conll')]))"
    tags = json.loads(run("-c", code, cwd=out))
    blocks = rows_of(exported("tokens", "--unit", "block") / "pages.jsonl")
    assert tags == [row["ner_tags"] for row in blocks]
    assert strict_entities(run, tags, out) == [len(row["spans"]) for row in blocks]


def test_spacy_converts_conll_with_a_document_a_page_and_a_sentence_a_block(
    exported: Exported, run: Run, tmp_path: Path
) -> None:
    needs("spacy")
    out = exported("conll")
    (tmp_path / "made").mkdir()
    run("-m", "spacy", "convert", str(out / "pages.conll"), str(tmp_path / "made"),
        "--converter", "conll")  # fmt: skip
    code = (
        "import json, spacy, sys\n"
        "from spacy.tokens import DocBin\n"
        "docs = DocBin().from_disk(sys.argv[1]).get_docs(spacy.blank('xx').vocab)\n"
        "print(json.dumps([[[t.text for t in doc], [e.label_ for e in doc.ents],"
        " len(list(doc.sents))] for doc in docs]))"
    )
    found = json.loads(run("-c", code, str(tmp_path / "made" / "pages.spacy")))
    pages = rows_of(exported("tokens") / "pages.jsonl")
    blocks = rows_of(exported("tokens", "--unit", "block") / "pages.jsonl")
    assert len(found) == len(pages) == PAGES + 1
    for (tokens, labels, sentences), page in zip(found, pages, strict=True):
        own = [block for block in blocks if block["id"] == page["id"]]
        assert tokens == page["tokens"]
        assert labels == [span["label"] for block in own for span in block["spans"]]
        assert sentences == len(own)


def test_spacy_documents_have_the_spans_to_the_character(exported: Exported, run: Run) -> None:
    needs("spacy")
    code = (
        "import json, spacy, sys\n"
        "from spacy.training import Corpus\n"
        "found = {}\n"
        "for example in Corpus(sys.argv[1])(spacy.blank('xx')):\n"
        "    doc = example.reference\n"
        "    both = [[[s.start_char, s.end_char, s.label_] for s in spans]"
        " for spans in (doc.ents, doc.spans['sc'])]\n"
        "    assert both[0] == both[1]\n"
        "    found[doc.user_data['segmark']['id']] = [doc.text, both[0]]\n"
        "print(json.dumps(found))"
    )
    found = json.loads(run("-c", code, str(exported("spacy") / "pages")))
    truth = spans_of(exported("jsonl"))
    assert {page: list(map(tuple, spans)) for page, (_, spans) in found.items()} == truth
    assert nasty_record().text in [text for text, _ in found.values()]


def test_spacy_finds_no_error_in_the_data_and_trains_on_it(exported: Exported, run: Run) -> None:
    needs("spacy")
    out = exported("spacy", *SPLIT)
    said = run("-m", "spacy", "debug", "data", "config.cfg", "--no-format", cwd=out)
    assert "No entities consisting of or starting/ending with whitespace" in said
    assert "error" not in said.lower()
    said = run("-m", "spacy", "train", "config.cfg", "--training.max_steps", "30",
               "--training.eval_frequency", "15", cwd=out)  # fmt: skip
    assert "Pipeline: ['tok2vec', 'ner']" in said


def test_an_export_of_lines_knows_the_markup_and_loads_typed(exported: Exported, run: Run) -> None:
    needs("datasets")
    out = exported("lines", *SPLIT)
    found = json.loads(run("-c", _TYPES, str(out)))
    names = [*(label.name for label in LABELS), "other"]
    for part in found.values():
        assert f"'label': ClassLabel(names={names})" in part["features"]
        assert "'classes': List(Value('string'))" in part["features"]
    rows = [row for name in ("train", "dev", "test") for row in rows_of(out / f"{name}.jsonl")]
    html = [row for row in rows if row["meta"]["source"].endswith(".html")]
    assert all(row["tags"][0] == "html" for row in html)
    assert {row["tags"][-1] for row in html if row["label"] == "caption"} == {"figcaption"}
    assert any("headline" in row["classes"] for row in html)
    assert {row["meta"]["site"] for row in html} <= set(SITES)


def test_parquet_and_spacy_come_in_several_files_and_none_of_an_old_export_stays(
    run: Run, news: Path, tmp_path: Path
) -> None:
    needs("pyarrow", "spacy")
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.export.made import *\n"
        "text = 'word ' * 60_000\n"
        "def pages(count):\n"
        "    return (record(str(n), text, (Span(0, 4, 'body'),)) for n in range(count))\n"
        "for form in ('parquet', 'spacy'):\n"
        "    for count in (9, 4):\n"
        "        export_as(form, pages(count), Path(sys.argv[1]) / form, ExportOptions(shard=1))\n"
        "        print(*sorted(str(p.relative_to(sys.argv[1])) for p in"
        " (Path(sys.argv[1]) / form).rglob('*') if p.is_file()))\n"
        "        verdict = checked(Path(sys.argv[1]) / form)\n"
        "        assert (verdict.faults, verdict.pages) == ([], count)\n"
    )
    assert run("-c", code, str(tmp_path)).splitlines() == [
        "parquet/README.md parquet/pages-00000.parquet parquet/pages-00001.parquet "
        "parquet/pages-00002.parquet",
        "parquet/README.md parquet/pages-00000.parquet",
        "spacy/README.md spacy/config.cfg spacy/pages/00000.spacy spacy/pages/00001.spacy "
        "spacy/pages/00002.spacy",
        "spacy/README.md spacy/config.cfg spacy/pages/00000.spacy",
    ]


def test_a_span_over_indented_blocks_has_no_white_space_at_its_edges_in_any_of_them(
    run: Run, tmp_path: Path
) -> None:
    needs("spacy")
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.export.made import *\n"
        "page = record(text='  One\\n\\t Two \\n Three', spans=(Span(2, 19, 'body'),))\n"
        "export_as('spacy', [page], Path(sys.argv[1]), ExportOptions(unit='block'))\n"
        "assert checked(Path(sys.argv[1])).faults == []\n"
        "from spacy.training import Corpus; import spacy\n"
        "for example in Corpus(sys.argv[1] + '/pages')(spacy.blank('xx')):\n"
        "    print([ent.text for ent in example.reference.ents])\n"
    )
    assert run("-c", code, str(tmp_path)).splitlines() == ["['One']", "['Two']", "['Three']"]


def test_label_studios_own_check_finds_nothing_wrong_with_its_tasks(
    exported: Exported, run: Run
) -> None:
    needs("label_studio_sdk")
    code = (
        "import json, sys; from pathlib import Path\n"
        "from label_studio_sdk.label_interface import LabelInterface\n"
        "config, tasks = (Path(path).read_text('utf-8') for path in sys.argv[1:])\n"
        "interface = LabelInterface(config)\n"
        "interface.validate()\n"
        "results = [one for task in json.loads(tasks) for one in task['annotations']]\n"
        "assert all(map(interface.validate_annotation, results))\n"
        "results[0]['result'][0]['value']['labels'] = ['advert']\n"
        "assert not interface.validate_annotation(results[0])\n"
        "print(len(results))"
    )
    out = exported("label-studio")
    paths = (str(out / name) for name in ("labeling_config.xml", "pages.json"))
    assert run("-c", code, *paths) == f"{PAGES + 1}\n"


def test_places_in_the_html_load_typed(exported: Exported, run: Run) -> None:
    needs("datasets")
    found = json.loads(run("-c", _TYPES, str(exported("dom", *SPLIT))))
    names = [label.name for label in LABELS]
    for part in found.values():
        assert f"'label': ClassLabel(names={names})" in part["features"]
        assert "'source': List(Value('int64'))" in part["features"]
        places = [place for span in part["last"]["spans"] for place in span["places"]]
        assert all(place["path"].startswith("/html/body/div[") for place in places)
