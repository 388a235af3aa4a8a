"""What a project keeps for its exports: it lasts, is sorted, and is saved from damage."""

from pathlib import Path

import pytest
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import LABELS, alter, make_project


@pytest.fixture
def kept(project: Path) -> Path:
    with make_project(project, "Ship") as store, store.write():
        store.exports.fix_part("varn.example", "test")
        store.exports.fix_part("a.example", "dev")
        store.exports.fix_part("b.example", "dev")
        store.exports.fix_part("b.example", None)
        store.exports.keep_preset("train", {"gzip": True})
        store.exports.keep_adjudicator("mira")
        store.exports.make_salt()
    return project


def test_what_is_kept_lasts_and_the_secret_is_drawn_once(kept: Path) -> None:
    with Store.open(kept) as store:
        assert list(store.exports.fixed_parts.items()) == [
            ("a.example", "dev"), ("varn.example", "test"),
        ]  # fmt: skip
        assert store.exports.presets == {"train": {"gzip": True}}
        assert store.exports.adjudicator == "mira"
        salt = store.exports.salt
        assert salt is not None
        assert len(salt) == 64
        with store.write():
            store.exports.make_salt()
        assert store.exports.salt == salt


def test_it_is_saved_from_a_damaged_project(kept: Path, tmp_path: Path) -> None:
    with Store.open(kept) as store:
        before = (store.exports.fixed_parts, store.exports.presets, store.exports.salt)
    repair(kept, tmp_path / "saved.segmark", LABELS)
    with Store.open(tmp_path / "saved.segmark") as store:
        after = (store.exports.fixed_parts, store.exports.presets, store.exports.salt)
    assert after == before


def test_what_was_saved_and_makes_no_sense_is_as_nothing(kept: Path) -> None:
    with Store.open(kept) as store:
        alter(store.path, "UPDATE project SET value = '[7' WHERE name = 'export_presets'")
        alter(store.path, "UPDATE project SET value = '[7]' WHERE name = 'export_parts'")
        assert not store.exports.presets
        assert not store.exports.fixed_parts
