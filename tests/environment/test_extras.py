"""Optional libraries: how a person gets one that is not there."""

import sys

import pytest
from segmark.environment.extras import library


def _advice() -> str:
    with pytest.raises(LookupError) as raised:
        library("no_such_library.part", "parquet", "the format", LookupError)
    return str(raised.value)


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    assert _advice() == (
        "the format needs no_such_library, which is not installed: "
        "pip install 'segmark[parquet]' installs it"
    )


def test_a_bundle_cannot_be_added_to_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert _advice() == (
        "the format needs no_such_library, which this program does not include: "
        "use Segmark from pip, segmark[parquet]"
    )


def test_a_library_that_is_there_is_imported() -> None:
    assert library("json", "parquet", "the format", LookupError).dumps([1]) == "[1]"
