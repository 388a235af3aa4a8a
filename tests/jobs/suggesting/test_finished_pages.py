"""The finished pages that are kept at hand: always what the project says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.jobs.suggesting.finished_pages import FinishedPages, version_of
from segmark.loading.loader import load_bytes
from segmark.store.store import Store

from tests.factories import LABELS, label, settle
from tests.news_project import gold, news_project

SITE = "news.example"


def test_the_newest_comes_first_and_older_ones_are_left_out(project: Path) -> None:
    with news_project(project, pages=4, finished=3) as store:
        pages = FinishedPages(store, "ada")
        pages.refresh()
        assert pages.newest(SITE, 2) == [(3, gold(3)), (2, gold(2))]
        assert pages.newest("other.example", 2) == []


def test_another_label_or_another_order_makes_another_version() -> None:
    one, two = (1, gold(1)), (2, gold(2))
    versions = [version_of(pages) for pages in ([one, two], [two, one], [one], [(1, gold(1)[1:])])]
    assert len(set(versions)) == 4
    assert version_of([one, two]) == versions[0]


@settings(max_examples=15)
@given(acts=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Status)), max_size=12))
def test_whatever_is_done_it_knows_what_one_that_reads_all_anew_knows(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[int, Status]]
) -> None:
    folder = tmp_path_factory.mktemp("finished")
    with news_project(folder / "news.segmark", pages=4, finished=2) as store:
        kept = FinishedPages(store, "ada")
        for number, status in acts:
            annotation = store.annotations("ada").get(number)
            if annotation.state.status is status:
                was_body = any(span.label == "body" for span in annotation.spans)
                label(store, "ada", number, "ticker" if was_body else "body")
            else:
                settle(store, "ada", number, status)
            kept.refresh()
            anew = FinishedPages(store, "ada")
            anew.refresh()
            assert kept.newest(SITE, 9) == anew.newest(SITE, 9)
            assert kept.in_order() == anew.in_order()


def test_a_page_comes_with_what_its_source_declares(project: Path) -> None:
    source = b'<head><meta property="og:title" content="Ferry sails"></head><p>It sailed.'
    page = load_bytes(source, "harbour.html").page
    with Store.create(project, LABELS) as store:
        with store.write():
            store.pages.add(page, source)
        assert FinishedPages(store, "ada").page(1).declared.titles == ("Ferry sails",)
