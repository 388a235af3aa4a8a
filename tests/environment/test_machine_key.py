"""The key of this machine: made once, secret, and never an obstacle."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from segmark.environment.machine_key import machine_key
from segmark.environment.settings import data_folder


@pytest.fixture
def key_file() -> Path:
    return data_folder() / "machine.key"


def test_the_key_is_made_once_and_is_its_owners_alone(key_file: Path) -> None:
    key = machine_key()
    assert len(key) == 32
    assert machine_key() == key == key_file.read_bytes()
    assert [path.name for path in key_file.parent.iterdir()] == ["machine.key"]
    if os.name == "posix":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_programs_that_start_at_the_same_time_have_one_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len({*pool.map(lambda _: machine_key(), range(64))}) == 1


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_file_that_is_no_key_is_replaced(key_file: Path, content: bytes) -> None:
    machine_key()
    key_file.write_bytes(content)
    key = machine_key()
    assert len(key) == 32
    assert key_file.read_bytes() == key


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_key_that_others_may_have_read_is_replaced(key_file: Path) -> None:
    key = machine_key()
    key_file.chmod(0o644)
    assert machine_key() != key
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_without_a_place_for_it_the_key_lasts_as_long_as_the_program(key_file: Path) -> None:
    key_file.parent.parent.mkdir(parents=True, exist_ok=True)
    key_file.parent.write_bytes(b"a file where the folder should be")
    assert machine_key() == machine_key()
    assert len(machine_key()) == 32
