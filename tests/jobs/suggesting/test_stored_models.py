"""Models in a project: only those that this machine stored are read."""

import shutil
from pathlib import Path

import pytest
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.suggesting.stored_models import StoredModels
from segmark.store.store import Store

from tests.factories import alter, peek
from tests.news_project import news_project


@pytest.fixture
def learnt(project: Path) -> Path:
    """A project with stored models."""
    with news_project(project, pages=4, finished=2) as store:
        learner = Learner(store, "ada")
        assert learner.suggest(3) != ()
        learner.save()
    return project


def reads_its_models(project: Path) -> bool:
    """Whether the models in a project are used; if not, they are learnt again and stored."""
    with Store.open(project) as store:
        learner = Learner(store, "ada")
        found = learner.suggest(3)
        learnt_again = learner.has_unsaved()
        learner.save()
        assert not Learner(store, "ada").has_unsaved()
    with news_project(project.with_name("other.segmark"), pages=4, finished=2) as twin:
        assert found == Learner(twin, "ada").suggest(3)
    project.with_name("other.segmark").unlink()
    return not learnt_again


def test_a_model_that_was_stored_here_is_read(learnt: Path) -> None:
    assert reads_its_models(learnt)


def test_a_changed_byte_makes_the_models_learn_again(learnt: Path) -> None:
    [(size,)] = peek(learnt, "SELECT max(length(bytes)) FROM model")
    for at in (1, 30, size // 2, size - 1):
        changed = "CAST(substr(bytes, 1, ?) || x'7e' || substr(bytes, ?) AS BLOB)"
        alter(learnt, f"UPDATE model SET bytes = {changed}", at, at + 2)
        assert not reads_its_models(learnt)
        assert reads_its_models(learnt)


def test_a_model_of_another_machine_is_learnt_again(
    learnt: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEGMARK_CONFIG", str(tmp_path / "another machine"))
    assert not reads_its_models(learnt)
    assert reads_its_models(learnt)


def test_a_model_that_was_stored_under_another_name_or_version_is_not_read(learnt: Path) -> None:
    with Store.open(learnt) as store:
        models = StoredModels(store)
        with store.write():
            models.put("one", "first", b"data")
            stored = store.suggestions.model("one", "first")
            assert stored
            store.suggestions.keep_model("two", "first", stored)
        assert models.get("one", "first") == b"data"
        assert models.get("two", "first") is None
        with store.write():
            store.suggestions.keep_model("one", "second", stored)
        assert models.get("one", "second") is None


def test_the_model_of_another_project_is_not_read(learnt: Path, tmp_path: Path) -> None:
    other = tmp_path / "swap.segmark"
    with news_project(other, pages=6, finished=3) as store:
        learner = Learner(store, "ada")
        learner.suggest(4)
        learner.save()
    rows = dict(peek(other, "SELECT name, bytes FROM model"))
    for name, data in rows.items():
        alter(learnt, "UPDATE model SET bytes = ? WHERE name = ?", data, name)
    assert not reads_its_models(learnt)


@pytest.mark.parametrize("value", [b"", b"other", b"segmark sealed model 1\n"])
def test_a_value_that_is_no_model_is_learnt_again(learnt: Path, value: bytes) -> None:
    alter(learnt, "UPDATE model SET bytes = ?", value)
    assert not reads_its_models(learnt)


def test_a_model_without_a_seal_as_older_versions_stored_it_is_learnt_again(learnt: Path) -> None:
    with Store.open(learnt) as store:
        models, rows = StoredModels(store), peek(learnt, "SELECT name, version FROM model")
        with store.write():
            for name, version in rows:
                data = models.get(name, version)
                assert data
                store.suggestions.keep_model(name, version, data)
    assert not reads_its_models(learnt)


def test_a_copy_of_a_project_keeps_its_models(learnt: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copyfile(learnt, tmp_path / "copy.segmark"))
    assert reads_its_models(copy)
