"""The labeller: equal to ``segmark suggest``, safe to load from anybody, with a card."""

import gzip
import hashlib
import json
import pickle
import random
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.page import Page
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Verdict
from segmark.jobs.labelling.labeller import Labeller
from segmark.jobs.labelling.labeller_file import LabellerError
from segmark.loading.loader import load_bytes
from segmark.loading.rejection import LoadError
from segmark.store.store import Store
from segmark.store.suggestions import JudgedSuggestion, Offer

from tests.factories import LABELS, peek
from tests.news_project import finish, gold, news_project, sure
from tests.places import SHARED
from tests.suggestion.pages import news, sentence

SITES = 7
MAGIC = b"segmark labeller 1\n"


def sites_project(path: Path) -> None:
    """Pages of seven sites, two of each finished and one not, and one of an eighth site."""
    with Store.create(path, LABELS) as store:
        examples = [news(number) for number in range(3 * SITES + 1)]
        with store.write():
            for number, example in enumerate(examples):
                page = example.page
                moved = replace(page.info, site=f"site{number % SITES}.example")
                if number == 3 * SITES:
                    moved = replace(page.info, site="unknown.example")
                added = Page.of(page.id, page.text, moved, page.anchors)
                store.pages.add(added, page.text.encode())
        for number, example in enumerate(examples[: 2 * SITES], 1):
            finish(store, number, example.spans)


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its labeller beside it."""
    folder = tmp_path_factory.mktemp("learnt")
    sites_project(folder / "news.segmark")
    Labeller.load(folder / "news.segmark").save(folder / "news.labeller")
    return folder


def suggested(project: Path, out: Path) -> dict[str, dict[str, Any]]:
    assert cli.run(["suggest", str(project), str(out), "--jobs", "1"]) == 0
    rows = [json.loads(line) for line in (out / "pages.jsonl").read_bytes().splitlines()]
    return {row["id"]: row for row in rows}


def with_scores(record: Record) -> list[dict[str, Any]]:
    return [
        {"start": span.start, "end": span.end, "label": span.label, **record.about[span.start]}
        for span in record.spans
    ]


@pytest.mark.parametrize("file", ["news.segmark", "news.labeller"])
def test_it_labels_every_page_as_segmark_suggest_does(
    learnt: Path, tmp_path: Path, file: str
) -> None:
    rows = suggested(learnt / "news.segmark", tmp_path / "out")
    labeller = Labeller.load(learnt / file)
    assert len(rows) == SITES + 1
    with Store.open_for_reading(learnt / "news.segmark") as store:
        for page_id, row in rows.items():
            page = store.pages.get(store.pages.number_of(page_id) or 0)
            record = labeller.label(page)
            assert with_scores(record) == row["spans"]
            assert (record.text, record.sha256) == (row["text"], row["meta"]["sha256"])
    assert any(row["spans"] for row in rows.values())


@pytest.mark.shared("corpus")
def test_it_labels_real_pages_from_their_bytes_as_segmark_suggest_does(tmp_path: Path) -> None:
    project = tmp_path / "real.segmark"
    sources = {}
    with gzip.open(SHARED / "corpus/gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        chosen = random.Random(4).sample([json.loads(line) for line in lines], 24)
    with Store.create(project, LABELS) as store:
        for number, row in enumerate(chosen, 1):
            source = gzip.decompress((SHARED / "corpus/pages" / row["file"]).read_bytes())
            loaded = load_bytes(source, row["file"].removesuffix(".gz"))
            with store.write():
                assert store.pages.add(loaded.page, source)
            sources[loaded.page.id] = source, loaded.page.info
            if number <= 12:
                finish(store, number, [Span(*block[:2], "body") for block in _longest(loaded.page)])
    rows = suggested(project, tmp_path / "out")
    labeller = Labeller.load(project)
    for page_id, row in rows.items():
        source, info = sources[page_id]
        record = labeller(source, info.url, site=info.site, source=info.source)
        assert with_scores(record) == row["spans"]
        assert record.id == page_id
        assert record.text == row["text"]


def _longest(page: Page) -> Sequence[tuple[int, int, Any]]:
    return sorted(sorted(page.blocks, key=lambda block: block.start - block.end)[:1])


def test_the_file_has_no_text_of_the_pages_and_no_name_of_the_annotator(learnt: Path) -> None:
    content = zlib.decompress((learnt / "news.labeller").read_bytes()[len(MAGIC) + 65 :])
    for words in ("Selwick", "lighthouse", "ada", "page1"):
        assert words.encode() not in content
    assert b"site3.example" in content


def test_it_is_the_same_after_saving_loading_learning_again_and_pickling(
    learnt: Path, tmp_path: Path
) -> None:
    once = Labeller.load(learnt / "news.labeller")
    once.save(tmp_path / "again.labeller")
    assert (tmp_path / "again.labeller").read_bytes() == (learnt / "news.labeller").read_bytes()
    copy = tmp_path / "copy.segmark"
    copy.write_bytes((learnt / "news.segmark").read_bytes())
    assert Labeller.load(copy) == once == pickle.loads(pickle.dumps(once))
    assert once.version == Labeller.load(copy).version
    assert {path.name for path in tmp_path.iterdir()} == {"again.labeller", "copy.segmark"}


def test_learning_changes_nothing_in_the_project(tmp_path: Path) -> None:
    project = tmp_path / "news.segmark"
    news_project(project, pages=3, finished=2).close()
    before = project.read_bytes()
    Labeller.load(project)
    assert project.read_bytes() == before
    assert peek(project, "SELECT count(*) FROM model") == [(0,)]


def _label(labeller: Labeller, html: str) -> list[tuple[int, int, str]]:
    return [
        (span.start, span.end, span.label)
        for span in labeller(html, "https://site1.example/x").spans
    ]


def test_another_process_labels_with_it(learnt: Path) -> None:
    labeller = Labeller.load(learnt / "news.labeller")
    story = "".join(f"<p>{sentence(random.Random(n))}</p>" for n in range(12))
    html = f"<title>Ferry sails</title><article><h1>Ferry sails</h1>{story}</article>"
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        there = pool.submit(_label, labeller, html).result()
    assert there == _label(labeller, html) != []


def test_threads_that_share_it_label_as_one_does(learnt: Path) -> None:
    labeller = Labeller.load(learnt / "news.labeller")
    pages = [news(number).page for number in range(40, 60)]
    alone = [labeller.label(page) for page in pages]
    fresh = [news(number).page for number in range(40, 60)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(Labeller.load(learnt / "news.labeller").label, fresh)) == alone


def test_the_file_is_as_readable_as_any_other_that_is_made_there(
    learnt: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.touch()
    Labeller.load(learnt / "news.labeller").save(tmp_path / "news.labeller")
    assert (tmp_path / "news.labeller").stat().st_mode == other.stat().st_mode


def test_it_names_its_labels_and_sites_and_refuses_what_is_no_page(learnt: Path) -> None:
    labeller = Labeller.load(learnt / "news.labeller")
    assert labeller.labels == tuple(label.name for label in LABELS)
    assert labeller.sites == tuple(f"site{number}.example" for number in range(SITES))
    assert (labeller.facts.pages, labeller.facts.sites) == (2 * SITES, SITES)
    with pytest.raises(LoadError, match="empty"):
        labeller(b"")


def test_without_a_finished_page_it_has_the_prior_alone(tmp_path: Path) -> None:
    project = tmp_path / "news.segmark"
    news_project(project, pages=1).close()
    labeller = Labeller.load(project)
    assert labeller.sites == ()
    assert labeller.label(news(1).page).spans


# Files of strangers


def packed(lines: Sequence[Any]) -> bytes:
    """A file with these lines and the right checksum."""
    content = zlib.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode())
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def lines_of(file: Path) -> list[Any]:
    content = zlib.decompress(file.read_bytes()[len(MAGIC) + 65 :])
    return [json.loads(line) for line in content.splitlines()]


def test_a_file_with_the_same_values_is_read(learnt: Path) -> None:
    made = Labeller(packed(lines_of(learnt / "news.labeller")))
    assert made.sites == Labeller.load(learnt / "news.labeller").sites


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda _: b"", "neither a project nor a labeller"),
        (lambda data: b"PK\x03\x04" + data, "neither a project nor a labeller"),
        (lambda data: data.replace(b"labeller 1", b"labeller 2"), "neither a project nor"),
        (lambda data: data[:-1], "its checksum is wrong"),
        (lambda data: data + b"x", "its checksum is wrong"),
        (lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "its checksum is wrong"),
    ],
)
def test_a_file_that_is_damaged_or_something_else_is_refused_with_its_name(
    learnt: Path, tmp_path: Path, damage: Callable[[bytes], bytes], why: str
) -> None:
    file = tmp_path / "bad.labeller"
    file.write_bytes(damage((learnt / "news.labeller").read_bytes()))
    with pytest.raises(LabellerError, match=rf"bad\.labeller: .*{why}"):
        Labeller.load(file)


def test_a_missing_file_and_a_folder_that_is_not_there_are_named(
    learnt: Path, tmp_path: Path
) -> None:
    with pytest.raises(LabellerError, match=r"gone\.labeller: No such file"):
        Labeller.load(tmp_path / "gone.labeller")
    labeller = Labeller.load(learnt / "news.labeller")
    with pytest.raises(LabellerError, match="could not be written"):
        labeller.save(tmp_path / "gone" / "news.labeller")


def resealed(content: bytes) -> bytes:
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not zlib", "something else than JSON"),
        (zlib.compress(b"[" * 100_000 + b"\n"), "something else than JSON"),
        (zlib.compress(b"{}\n"), "no 'models'"),
        (zlib.compress(b"\xff\n"), "something else than JSON"),
        (zlib.compress(b'{"models": NaN}\n'), "something else than JSON"),
        (zlib.compress(b" " * (40 << 20)), "too large"),
        (zlib.compress(b"{}\n")[:-3], "no 'models'|cut short"),
        (zlib.compress(b""), "fewer lines"),
    ],
)
def test_content_that_is_no_labeller_is_refused_though_its_checksum_is_right(
    content: bytes, why: str
) -> None:
    with pytest.raises(LabellerError, match=why):
        Labeller(resealed(content))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """The places of values in nested JSON; of long lists only some."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _places(inner, (*path, key))
    elif isinstance(value, list):
        for index in {0, len(value) // 2, len(value) - 1} if value else ():
            found += _places(value[index], (*path, index))
    return found


STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 0, 7, 2**70, 1e300, -100.0, 1.5, "", "x", "a\0b", "-", [], [[]], {}, [1, 2]]
)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The lines of a small labeller."""
    folder = tmp_path_factory.mktemp("small")
    news_project(folder / "news.segmark", pages=4, finished=4).close()
    Labeller.load(folder / "news.segmark").save(folder / "news.labeller")
    return lines_of(folder / "news.labeller")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_value_is_refused_or_harmless(small: list[Any], data: st.DataObject) -> None:
    changed = json.loads(json.dumps(small))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(_places(changed)))
        inner = changed
        for step in way:
            inner = inner[step]
        if data.draw(st.booleans()):
            inner[last] = deepcopy(data.draw(STRANGE))  # a later step may change it
        else:
            del inner[last]
        if not changed:
            break
    try:
        labeller = Labeller(packed(changed))
        record = labeller.label(news(9).page)
    except LabellerError:
        return
    assert all(0 <= about["score"] <= 1 for about in record.about.values())  # type: ignore[operator]


def test_weights_as_large_as_they_may_be_crash_nothing(small: list[Any]) -> None:
    for largest in (100.0, -100.0):
        changed = json.loads(json.dumps(small))
        for row in changed[0]["prior"]["plain"]["states"]:
            row[2] = largest
        for crf in ("marked", "plain"):
            for row in changed[0]["prior"][crf]["transitions"]:
                row[2] = -largest
        try:
            record = Labeller(packed(changed)).label(news(9, html=False).page)
        except LabellerError:
            continue
        assert record.text


def test_a_model_of_another_version_says_what_to_do(small: list[Any]) -> None:
    changed = [{**small[0], "models": "segmark model 0"}, *small[1:]]
    with pytest.raises(LabellerError, match="learn it again from its project"):
        Labeller(packed(changed))


def test_lines_that_are_missing_or_too_many_are_refused(small: list[Any]) -> None:
    with pytest.raises(LabellerError, match="fewer lines"):
        Labeller(packed(small[:-1]))
    with pytest.raises(LabellerError, match="more lines"):
        Labeller(packed([*small[:-1], small[-2], small[-1]]))


# The command


def test_the_command_writes_the_file_and_its_card(
    learnt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "news.labeller"
    assert cli.run(["labeller", str(learnt / "news.segmark"), str(out)]) == 0
    made = Labeller.load(out)
    assert f"version {made.version}, learnt from 14 pages of 7 sites" in capsys.readouterr().out
    card = (tmp_path / "news.labeller.md").read_text("utf-8")
    assert made.version in card
    assert "14 finished pages of 7 sites" in card
    assert "No page with suggestions was labelled blind" in card
    assert "On 14 pages of 7 sites, each labelled by models that knew no" in card
    assert "| headline | 1.000 | 1.000 |" in card
    held_out = made.facts.held_out
    assert held_out
    assert (held_out.pages, held_out.sites) == (14, 7)
    page = news(30).page
    assert made.label(page).spans == Labeller.load(learnt / "news.labeller").label(page).spans


def test_the_command_refuses_another_suffix_an_unknown_annotator_and_a_full_place(
    learnt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(learnt / "news.segmark")
    assert cli.run(["labeller", project, str(tmp_path / "news.model")]) == 2
    assert "a file ending in .labeller" in capsys.readouterr().err
    out = str(tmp_path / "x.labeller")
    assert cli.run(["labeller", project, out, "--annotator", "zoe"]) == 2
    assert "'zoe' has labelled nothing here" in capsys.readouterr().err
    assert cli.run(["labeller", project, str(tmp_path / "gone" / "x.labeller")]) == 2
    assert "could not be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_project_where_nobody_finished_a_page_gives_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "news.segmark"
    news_project(project, pages=1).close()
    assert cli.run(["labeller", str(project), str(tmp_path / "news.labeller")]) == 0
    assert "no page is finished" in capsys.readouterr().out
    assert "It was not measured" in (tmp_path / "news.labeller.md").read_text("utf-8")


def test_blind_pages_of_the_project_are_on_the_card(tmp_path: Path) -> None:
    project = tmp_path / "news.segmark"
    with news_project(project, pages=4, finished=3) as store, store.write():
        store.suggestions.keep_offer(3, "ada", Offer(sure(*gold(3)), blind=True))
        judged = [JudgedSuggestion(span, Verdict.ACCEPTED, None) for span in gold(3)]
        store.suggestions.judge(3, "ada", judged)
    assert cli.run(["labeller", str(project), str(tmp_path / "news.labeller")]) == 0
    card = (tmp_path / "news.labeller.md").read_text("utf-8")
    count = len(gold(3))
    assert f"{count} of the\n{count} suggested spans were right (100%; 95% interval" in card
    assert "By confidence, with 95% intervals; the 1 pages are the sample:" in card
    assert f"| 0.90–0.95 | {count} of {count}, 100.0% (2.5% to 100.0%) |" in card
    expected = Labeller.load(tmp_path / "news.labeller").facts.expected
    assert (expected.pages, expected.found, expected.labelled) == (1, count, count)
