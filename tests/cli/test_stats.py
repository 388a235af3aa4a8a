"""The figures of a project, for people and for programs."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.reports.figures_text import as_json, as_lines, band_words, duration, largest
from segmark.store.figures.accuracy import Stamps
from segmark.store.figures.figures import AnnotatorWork, Day, Figures, PageTimes, SiteProgress
from segmark.store.figures.statistics import Statistics, StatusCounts
from segmark.store.store import Store

from tests.factories import make_project
from tests.made_figures import worked_on
from tests.news_project import news_project


def figures_of(sites: int = 0, days: int = 0, site: str = "site") -> Figures:
    """One annotator's, with so many sites and days that have one done page each."""
    by_status = dict.fromkeys(Status, 0) | {Status.DONE: 1}
    first = date(2026, 1, 30)
    total = Statistics(
        "ada",
        StatusCounts(sites, dict.fromkeys(Status, 0) | {Status.DONE: sites}),
        {"body": 3},
        61.0,
        Stamps(0, 0, 0),
    )
    work = AnnotatorWork(
        total,
        tuple(SiteProgress(f"{site}{at}", by_status) for at in range(sites)),
        tuple(Day(first + timedelta(days=at), 1, 0) for at in range(days)),
        PageTimes(((61.0, days),)) if days else PageTimes(),
    )
    return Figures(work, (work,))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.run(["stats", *arguments]) == 0
    return capsys.readouterr().out


def test_programs_get_everything(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with worked_on(project, monkeypatch) as store:
        figures = store.figures(["ada", "jan"])
    found: dict[str, Any] = json.loads(printed(capsys, str(project), "--json"))
    assert found == as_json("news.segmark", figures)
    assert list(found) == ["project", "pages", "annotators", "everybody"]
    ada, jan = found["annotators"]
    assert (ada["annotator"], jan["annotator"]) == ("ada", "jan")
    assert ada["pages"] == {"new": 1, "started": 0, "done": 3, "skipped": 1}
    assert ada["sites"][0] == {
        "site": "ferry.example", "new": 1, "started": 0, "done": 2, "skipped": 0,
    }  # fmt: skip
    assert ada["days"] == [
        {"day": "2026-03-02", "done": 2, "skipped": 0},
        {"day": "2026-03-04", "done": 1, "skipped": 1},
    ]
    per_page = ada["seconds_per_page"]
    assert (per_page["pages"], per_page["median"], per_page["quartiles"]) == (3, 40, [26, 47.5])
    assert per_page["bands"][1] == {"from": 10, "to": 20, "pages": 1}
    assert per_page["bands"][-1] == {"from": 600, "to": None, "pages": 0}
    assert found["everybody"]["sites"][0]["started"] == 1
    assert found["everybody"].keys() == ada.keys() - {"annotator"}


def test_people_get_all_together_first_and_then_each(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with worked_on(project, monkeypatch):
        pass
    lines = printed(capsys, str(project)).splitlines()
    assert lines[0] == "news.segmark: 5 pages"
    assert [line for line in lines if line in ("everybody", "ada", "jan")] == [
        "everybody", "ada", "jan",
    ]  # fmt: skip
    ada = printed(capsys, str(project), "--annotator", "ada").splitlines()
    assert "everybody" not in ada
    rows = [line.split() for line in ada]
    assert ["sites", "done", "started", "skipped", "new"] in rows
    assert ["ferry.example", "2", "0", "0", "1"] in rows
    assert ["2026-03-04", "1", "1"] in rows
    assert "active time  0:01:50" in ada
    told = "median 40 s, half of them between 26 s and 48 s (3 done pages)"
    assert f"time a page  {told}" in ada


def test_a_project_without_pages_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_project(project).close()
    out = printed(capsys, str(project))
    assert out.startswith("news.segmark: 0 pages\n")
    assert "pages a day  none is finished yet" in out
    assert "no done page has a measured time yet" in out
    found = json.loads(printed(capsys, str(project), "--json"))
    assert found["everybody"]["seconds_per_page"]["median"] is None


def test_a_project_that_can_only_be_read_has_figures(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with worked_on(project, monkeypatch):
        pass
    read = Store.open_for_reading
    monkeypatch.setattr(Store, "open_or_read", lambda path: read(path, "it lies on a CD"))
    assert "5 pages" in printed(capsys, str(project))


def test_only_the_largest_sites_and_the_last_days_are_named_in_words() -> None:
    lines = as_lines("news.segmark", figures_of(sites=30, days=20))
    assert ["20", "other", "sites", "20", "0", "0", "0"] in [line.split() for line in lines]
    assert sum(line.startswith("  site") for line in lines) == 10
    assert any(line.startswith("pages a day, the last 14 ") for line in lines)
    days = [line for line in lines if line.startswith("  2026-")]
    assert len(days) == 14
    assert days[-1].startswith("  2026-02-18 ")
    found = as_json("news.segmark", figures_of(sites=30, days=20))
    assert len(found["everybody"]["sites"]) == 30
    assert len(found["everybody"]["days"]) == 20


def test_no_site_is_summed_up_alone() -> None:
    sites = figures_of(sites=5).everybody.sites
    assert largest(sites, 4) == list(sites)
    assert [site.site for site in largest(sites, 3)] == ["site0", "site1", "site2", "2 other sites"]
    assert largest(sites, 3)[-1].pages == 2


def test_a_site_is_one_line_whatever_it_is_called() -> None:
    lines = as_lines("news.segmark", figures_of(sites=2, site="two\nlines "))
    assert any(line.startswith("  two lines 1 ") for line in lines)
    assert len(lines) == len("\n".join(lines).splitlines())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0.4 s"), (9.97, "10 s"), (59.6, "1 min"), (61, "1 min 1 s"), (7_200, "120 min")],
)
def test_a_time_is_told_as_precisely_as_it_matters(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_bands_say_from_where_to_where() -> None:
    bands = [(low, high) for low, high, _ in PageTimes().bands()]
    words = [band_words(low, high) for low, high in bands]
    assert words[0] == "under 10 s"
    assert words[4:6] == ["45–60 s", "1–2 min"]
    assert words[-1] == "10 min and more"


@pytest.mark.parametrize("seconds", ["9e999", "-9e999", "1e308", "-5", "4e9"])
def test_a_crafted_time_at_work_is_damage_and_a_repair_leaves_it_behind(
    project: Path, tmp_path: Path, seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    news_project(project, pages=2, finished=2).close()
    with closing(sqlite3.connect(project)) as database, database:
        database.execute(f"UPDATE annotation SET active_seconds = {seconds} WHERE page = 2")
    new = tmp_path / "new.segmark"
    for words in (["stats"], ["stats", "--json"], ["export", str(tmp_path / "out"), "--times"]):
        assert cli.run([words[0], str(project), *words[1:]]) == 2
        assert "the file is damaged" in capsys.readouterr().err
    assert cli.run(["check", str(project)]) == 1
    assert "is no time at work" in capsys.readouterr().out
    assert cli.run(["check", str(project), "--repair", str(new)]) == 1
    assert cli.run(["check", str(new)]) == 0
    with Store.open(new) as store:
        work = store.statistics("ada")
        assert (work.progress.by_status[Status.DONE], work.active_seconds) == (2, 0)
