"""``segmark audit``: pages are drawn, labelled blind, and then something may be concluded."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.store.store import Store

from tests.factories import alter, label, peek, settle
from tests.news_project import finish, news_project, sure
from tests.working import with_suggestions

PAGES, SITE = 40, "varn.example"


@pytest.fixture
def waiting(project: Path) -> Path:
    """A project of a site with predictions for all of its pages, none of which is started."""
    with news_project(project, pages=PAGES) as store, store.write():
        for number in range(1, PAGES + 1):
            found = sure(*predicted(number))
            store.suggestions.keep_predictions(number, found, "tagger")
    alter(project, "UPDATE page SET site = ?", SITE)
    return project


def predicted(number: int) -> list[Span]:
    return [Span(0, 4, "headline"), Span(5, 9, "body")]


def audit(project: Path, *options: object, status: int = 0) -> int:
    words = ["audit", str(project), "--site", SITE, *map(str, options)]
    found = cli.run(words)
    assert found == status
    return found


def as_json(project: Path, capsys: pytest.CaptureFixture[str], *options: object) -> dict[str, Any]:
    capsys.readouterr()
    audit(project, "--json", *options)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def check(project: Path, names: Iterable[str], *, wrong: Iterable[str] = ()) -> None:
    """Label pages as they were predicted, and those that are wrong without the body."""
    with Store.open(project) as store:
        for name in names:
            number = store.pages.number_of(name) or 0
            spans = predicted(number)
            finish(store, number, spans[:1] if name in wrong else spans, "wren")


def test_a_drawn_page_is_labelled_blind_and_keeps_the_suggestions_of_the_draw(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 10, "--annotator", "wren")["pages"]
    with Store.open(waiting) as store:
        number = store.pages.number_of(drawn[0]) or 0
        kept = store.suggestions.offered(number, "wren")
        assert kept
        assert (kept.blind, len(kept.suggestions)) == (True, 2)
        session, suggesting = with_suggestions(store, "wren")
        suggesting.awaited = True
        session.open(number)
        suggesting.offer(number, kept.__class__(sure(Span(0, 1, "body"))))
        assert suggesting.open == ()
        assert store.suggestions.offered(number, "wren") == kept
        session, suggesting = with_suggestions(store, "jan")
        session.open(number)
        suggesting.offer(number, kept.__class__(sure(Span(0, 1, "body"))))
        assert len(suggesting.open) == 1


def test_the_seed_draws_the_pages_and_started_ones_are_left_out(
    waiting: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    copies = [tmp_path / f"{name}.segmark" for name in "abc"]
    with Store.open(waiting) as store:
        label(store, "ada", 7, "body", 0, 4)
        settle(store, "ada", 8, Status.SKIPPED)
    for copy in copies:
        copy.write_bytes(waiting.read_bytes())
    one, same, other = (
        as_json(copy, capsys, "--sample", 12, "--seed", seed)
        for copy, seed in zip(copies, ("x", "x", "y"), strict=True)
    )
    assert (one["population"], len(one["pages"])) == (PAGES - 2, 12)
    assert not {"page7", "page8"} & {*one["pages"]}
    assert one["pages"] == same["pages"] != other["pages"]


def test_nothing_may_be_concluded_before_all_pages_are_checked(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 10, "--annotator", "wren")["pages"]
    check(waiting, drawn[:9])
    found = as_json(waiting, capsys)
    assert (found["open"], found["conclusion"]) == (drawn[9:], None)
    assert (found["spans"]["interval"], found["spans"]["at_least"]) == (None, None)
    audit(waiting)
    printed = capsys.readouterr().out
    assert "9 of 10 pages are checked; nothing may be concluded before all of them are" in printed
    assert f"to check: {drawn[9]}" in printed


def test_what_is_right_at_least_follows_from_the_pages_and_not_from_their_spans(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 20, "--annotator", "wren")["pages"]
    check(waiting, drawn)
    found = as_json(waiting, capsys)
    assert (found["spans"]["right"], found["spans"]["suggested"]) == (40, 40)
    # All right shows no difference between pages: 20 pages count, not 40 spans. 0.05 ** (1 / 20).
    assert found["spans"]["worth"] == 20
    assert found["spans"]["at_least"] == pytest.approx(0.05 ** (1 / 20))
    assert "at least 86.0% of all spans suggested on the 40 pages" in found["conclusion"]
    assert found["right_pages"]["interval"] == pytest.approx([0.8316, 1.0], abs=1e-4)


def test_wrong_and_skipped_pages_count_against_the_suggestions(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 20, "--annotator", "wren")["pages"]
    check(waiting, drawn, wrong=drawn[:4])  # the last one is skipped with its labels on it
    with Store.open(waiting) as store:
        settle(store, "wren", store.pages.number_of(drawn[19]) or 0, Status.SKIPPED)
    found = as_json(waiting, capsys)
    assert (found["spans"]["right"], found["spans"]["suggested"]) == (34, 40)
    assert (found["skipped"], found["right_pages"]["right"], found["labelled"]) == (1, 15, 34)
    audit(waiting)
    printed = capsys.readouterr().out
    assert "skipped or removed pages: 1" in printed
    assert "34 of 40 right, 85.0%" in printed


def test_an_audit_stays_with_a_person_who_is_renamed(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 5, "--annotator", "wren")["pages"]
    check(waiting, drawn)
    assert cli.run(["people", str(waiting), "--rename", "wren", "Wren L"]) == 0
    found = as_json(waiting, capsys)
    assert (found["annotator"], found["open"], found["spans"]["right"]) == ("Wren L", [], 10)
    with Store.open(waiting) as store:
        assert store.audits.holds(drawn[0], "Wren L")


def test_an_audit_of_all_pages_is_no_sample(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 100, "--annotator", "wren")["pages"]
    check(waiting, drawn)
    found = as_json(waiting, capsys)
    assert found["conclusion"].startswith("conclusion: these are all pages, not a sample: 80 of 80")


def test_a_threshold_limits_what_is_concluded(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 5, "--annotator", "wren")["pages"]
    check(waiting, drawn)
    found = as_json(waiting, capsys, "--threshold", 0.95)
    assert (found["spans"]["suggested"], found["conclusion"]) == (0, None)


def test_an_audit_is_drawn_again_only_when_it_is_finished_and_asked_for(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = as_json(waiting, capsys, "--sample", 5, "--annotator", "wren")["pages"]
    for words, why in (
        (("--sample", 9), "audit 1 of varn.example is drawn already; leave out --sample"),
        (("--new",), "audit 1 of varn.example is not finished: 5 of its pages"),
    ):
        audit(waiting, *words, status=2)
        assert why in capsys.readouterr().err
    check(waiting, drawn)
    again = as_json(waiting, capsys, "--new", "--annotator", "wren")
    assert (again["audit"], again["population"]) == (2, PAGES - 5)
    assert not {*drawn} & {*again["pages"]}


def test_blind_pages_of_an_audit_count_for_what_is_expected(
    waiting: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    check(waiting, as_json(waiting, capsys, "--sample", 10, "--annotator", "wren")["pages"])
    assert cli.run(["suggest", str(waiting), str(tmp_path / "out"), "--annotator", "wren"]) == 0
    assert (
        "expected, by 10 blind pages, with 95% intervals; the pages are the sample"
        in capsys.readouterr().out
    )


def test_what_can_not_be_audited_says_why_and_changes_nothing(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["audit", str(waiting), "--site", "nowhere.example"]) == 2
    assert "there is no page of the site 'nowhere.example'" in capsys.readouterr().err
    with Store.open(waiting) as store:
        for number in range(1, PAGES + 1):
            settle(store, "ada", number, Status.SKIPPED)
    audit(waiting, status=2)
    assert "somebody has started every page of 'varn.example'" in capsys.readouterr().err
    assert peek(waiting, "SELECT count(*) FROM offer") == [(0,)]
    assert peek(waiting, "SELECT count(*) FROM project WHERE name = 'audits'") == [(0,)]
