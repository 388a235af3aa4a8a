"""Loading into a project: what is told of each source, and what is kept when it is stopped."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.core.page_change import remove_pages
from segmark.core.queue import PageFilter
from segmark.jobs.loading.pages import FAST, GENTLE, BatchPacing, add_text, load_pages
from segmark.jobs.loading.report import LoadReport, SourceOutcome, SourceReport
from segmark.store.store import Store

from tests.articles import article, framed
from tests.factories import add_pages, make_project


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with make_project(project) as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(framed(article(1), "Sport"))
    (folder / "b.txt").write_text(framed(article(1), "Weather"))
    (folder / "c.html").write_text("<p>One page</p>")
    (folder / "d.html").write_text("<body><p>One page</p><script>now()</script>")
    (folder / "e.txt").write_bytes((folder / "a.txt").read_bytes())
    (folder / "f.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


def load(store: Store, *paths: Path) -> tuple[LoadReport, list[SourceReport]]:
    sources = list[SourceReport]()
    return load_pages(store, paths, on_source=sources.append), sources


def test_each_source_has_its_fate_and_the_reason_for_it(store: Store, folder: Path) -> None:
    report, sources = load(store, folder)
    ids = {source.source: source.page for source in sources}
    assert sorted(sources, key=lambda source: source.source) == [
        SourceReport("news/a.txt", SourceOutcome.ADDED, ids["news/a.txt"]),
        SourceReport(
            "news/b.txt", SourceOutcome.NEAR_DUPLICATE, ids["news/b.txt"], "like news/a.txt"
        ),
        SourceReport("news/c.html", SourceOutcome.ADDED, ids["news/c.html"]),
        SourceReport(
            "news/d.html", SourceOutcome.ALREADY, ids["news/c.html"], "the same text as news/c.html"
        ),
        SourceReport(
            "news/e.txt", SourceOutcome.ALREADY, ids["news/a.txt"], "the same bytes as news/a.txt"
        ),
        SourceReport(
            "news/f.png",
            SourceOutcome.REJECTED,
            why="it is a PNG image, not a page",
        ),
    ]
    assert str(report) == "3 added (1 near-duplicate), 2 already there, 1 rejected"
    assert store.pages.count() == 3
    assert report.first == ids["news/a.txt"]


def test_loading_again_adds_only_what_is_new(store: Store, folder: Path) -> None:
    load(store, folder)
    (folder / "g.txt").write_text("Something new")
    report, sources = load(store, folder)
    assert (report.added, report.already, len(report.rejected)) == (1, 5, 1)
    assert {source.source for source in sources if source.outcome is SourceOutcome.ADDED} == {
        "news/g.txt"
    }
    assert store.pages.number_of(report.first or "") == 1


def test_a_removed_page_stays_removed_and_the_report_says_so(store: Store, folder: Path) -> None:
    load(store, folder / "c.html")
    store.annotations("ada").change_pages([1], remove_pages(1, removed=True))
    _, (source,) = load(store, folder / "c.html")
    assert source.outcome is SourceOutcome.ALREADY
    assert source.why == "the same bytes as news/c.html, which was removed"
    assert store.pages.count() == 0


def test_a_source_that_changed_makes_a_new_page_linked_to_the_old_one(
    store: Store, folder: Path
) -> None:
    load(store, folder)
    (folder / "a.txt").write_text(framed(article(1), "Sport") + "\nThe last line is new.\n")
    (folder / "c.html").write_text("<p>Another page</p>")
    report, sources = load(store, folder)
    changed = [source for source in sources if source.outcome is SourceOutcome.CHANGED]
    old = [store.pages.names(number)[0] for number in (1, 3)]
    assert [source.source for source in changed] == report.changed == ["news/a.txt", "news/c.html"]
    assert [source.why for source in changed] == [
        f"new page, linked to {old[0]} (news/a.txt); like news/a.txt",
        f"new page, linked to {old[1]} (news/c.html)",
    ]
    assert str(report) == (
        "2 added (2 changed: new pages, linked to the old ones; 1 near-duplicate), "
        "3 already there, 1 rejected"
    )
    numbers = [store.pages.number_of(source.page) or 0 for source in changed]
    assert [store.versions.earlier(number) for number in numbers] == [1, 3]
    # The next load finds the bytes there, and the one after a change the last version.
    assert load(store, folder)[0].added == 0
    (folder / "c.html").write_text("<p>A third page</p>")
    sources = load(store, folder)[1]
    (third,) = (source for source in sources if source.outcome is SourceOutcome.CHANGED)
    assert store.versions.earlier(store.pages.number_of(third.page) or 0) == numbers[1]


def test_what_is_pasted_is_no_newer_version_of_anything(store: Store) -> None:
    add_text(store, "One page", "pasted text")
    assert add_text(store, "Another page", "pasted text").changed == []
    assert store.versions.earlier(2) is None


class StoppedError(BaseException):
    pass


def test_what_was_read_until_it_is_stopped_is_kept_and_told(store: Store, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps({"text": f"Row {n}"}) for n in range(1000)))
    sources = list[SourceReport]()

    def stop(done: int, total: int | None = None, text: str = "") -> None:
        if done == 450:
            raise StoppedError

    with pytest.raises(StoppedError):
        load_pages(store, [rows], stop, on_source=sources.append)
    assert store.pages.count() == len(sources) == 450
    report, _ = load(store, rows)
    assert (report.added, report.already) == (550, 450)
    numbers = list(store.pages.numbers("mira", PageFilter()))
    assert [store.pages.get(number).text for number in numbers[448:452]] == [
        "Row 448",
        "Row 449",
        "Row 450",
        "Row 451",
    ]


def test_progress_says_how_many_of_how_many_and_what(store: Store, folder: Path) -> None:
    seen = list[tuple[int, int | None, str]]()
    load_pages(store, [folder], lambda *told: seen.append(told))
    assert [(done, total) for done, total, _ in seen] == [(n, 6) for n in range(1, 7)]
    assert seen[0][2] == "news/a.txt"


def test_pages_that_were_loaded_without_comparing_are_compared_with_the_next_load(
    store: Store, folder: Path
) -> None:
    add_pages(store, framed(article(1), "Letters"), *(f"Page {n}" for n in range(450)))
    report, _ = load(store, folder)
    assert report.near == 2
    assert store.duplicates.first_of(452) == store.duplicates.first_of(453) != ""


def test_what_came_beside_the_text_is_kept(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Öl", "id": 3, "tags": ["ä", null]}')
    load(store, tmp_path / "a.jsonl")
    assert store.pages.rest(1) == {"id": 3, "tags": ["ä", None]}
    add_text(store, "Pasted", "pasted text")
    assert store.pages.rest(2) == {}


def test_pasting_a_text_that_is_there_shows_the_page_that_has_it(store: Store) -> None:
    first = add_text(store, "One\r\npage", "pasted text")
    again = add_text(store, "One\npage", "pasted text")
    assert (again.added, again.already) == (0, 1)
    assert again.first == first.first


@pytest.mark.parametrize(
    "pacing", [FAST, GENTLE, BatchPacing(1, 9.0, 0.0), BatchPacing(7, 0.0, 0.1)]
)
def test_how_it_is_written_changes_nothing(store: Store, folder: Path, pacing: BatchPacing) -> None:
    sources = list[SourceReport]()
    load_pages(store, [folder], on_source=sources.append, pacing=pacing)
    assert Counter(source.outcome for source in sources) == {
        SourceOutcome.ADDED: 2,
        SourceOutcome.NEAR_DUPLICATE: 1,
        SourceOutcome.ALREADY: 2,
        SourceOutcome.REJECTED: 1,
    }


def test_however_many_sources_are_rejected_only_so_many_are_kept(
    tmp_path: Path, project: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "One"}\n' + "x\n" * 100_500)
    with make_project(project) as store:
        report = load_pages(store, [path])
    assert (report.added, report.rejections, len(report.rejected)) == (1, 100_500, 100_000)
    assert report.left_out[-1] == ("other sources", "500 more are not shown")
    assert str(report) == "1 added, 0 already there, 100500 rejected"
