"""The log: quiet, small, and without a word of any page."""

import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest
from segmark.environment import log
from segmark.environment.log import Unforeseen, describe

_SECRET = "The mayor's own words"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SEGMARK_CONFIG", str(tmp_path))
    monkeypatch.delenv(log.LEVEL_VARIABLE, raising=False)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = list(logging.getLogger("segmark").handlers)
    yield tmp_path / "log"
    for handler in list(logging.getLogger("segmark").handlers):
        if handler not in before:
            logging.getLogger("segmark").removeHandler(handler)
            handler.close()


def _raise(error: Exception) -> None:
    raise error


def _raised(error: Exception) -> Exception:
    with pytest.raises(type(error)) as caught:
        _raise(error)
    return caught.value


def _throw(error: Exception) -> None:
    caught = _raised(error)
    sys.excepthook(type(caught), caught, caught.__traceback__)


def test_where_nothing_goes_wrong_there_is_no_file(folder: Path) -> None:
    path = log.setup()
    logging.getLogger("segmark.store").info("opened")
    assert path == folder / "segmark.log"
    assert not folder.exists()


def test_a_level_that_is_asked_for_goes_to_the_file_and_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = log.setup("info")
    logging.getLogger("segmark.store").info("opened")
    logging.getLogger("segmark.store").debug("a detail")
    for written in (path.read_text("utf-8"), capsys.readouterr().err):
        assert "INFO segmark.store: opened" in written
        assert "a detail" not in written


def test_a_worker_process_logs_at_the_level_that_it_inherits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(log.LEVEL_VARIABLE, "debug")
    path = log.setup()
    logging.getLogger("segmark.jobs").debug("a detail")
    assert "a detail" in path.read_text("utf-8")


def test_the_log_on_standard_error_holds_no_text_of_a_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.setup("debug")
    logging.getLogger("segmark").error("failed", exc_info=_raised(ValueError(_SECRET)))
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert _SECRET not in written


def test_a_warning_is_written_once_however_often_the_log_is_set_up() -> None:
    log.setup()
    path = log.setup()
    logging.getLogger("segmark.store").warning("the disk is slow")
    assert path.read_text(encoding="utf-8").count("the disk is slow") == 1


def test_the_log_stays_below_three_files_of_one_megabyte(folder: Path) -> None:
    log.setup()
    for _ in range(50):
        logging.getLogger("segmark").warning("x" * 100_000)
    files = sorted(path.name for path in folder.iterdir())
    assert files == [
        "segmark.log",
        "segmark.log.1",
        "segmark.log.2",
    ]
    assert all(path.stat().st_size <= log.MAX_BYTES for path in folder.iterdir())


def test_a_folder_that_cannot_be_written_stops_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file stands where the folder should be")
    log.setup()
    logging.getLogger("segmark").warning("the disk is slow")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_stops_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    (folder / "segmark.log").symlink_to("/dev/full")
    log.setup()
    logging.getLogger("segmark").warning("the disk is slow")
    assert capsys.readouterr().err == ""


def test_an_unforeseen_error_is_logged_and_told() -> None:
    told: list[Unforeseen] = []
    path = log.setup()
    log.install_excepthook(told.append)
    _throw(AttributeError("'Page' object has no attribute 'txet'"))
    assert told[0].summary.startswith("AttributeError: 'Page' object has no attribute 'txet'")
    assert "test_log.py, line" in told[0].summary
    written = path.read_text(encoding="utf-8")
    assert "in _raised" in written
    assert "AttributeError: 'Page' object has no attribute 'txet'" in written


def test_an_unforeseen_error_of_another_thread_is_told_too() -> None:
    told: list[Unforeseen] = []
    log.setup()
    log.install_excepthook(told.append)
    thread = threading.Thread(target=lambda: _raise(KeyError("key")))
    thread.start()
    thread.join()
    assert told[0].summary.startswith("KeyError: 'key'")


@pytest.mark.parametrize(
    "error",
    [
        KeyError(_SECRET),
        ValueError(f"bad page {_SECRET}"),
        FileNotFoundError(2, "No such file or directory", f"/home/ana/{_SECRET}.html"),
        UnicodeEncodeError("ascii", _SECRET, 0, 3, "ordinal not in range"),
        OSError(_SECRET),
    ],
)
def test_no_page_text_and_no_name_goes_to_the_log(error: Exception) -> None:
    path = log.setup()
    log.install_excepthook(lambda _: None)
    try:
        raise RuntimeError(_SECRET) from _raised(error)
    except RuntimeError as caught:
        sys.excepthook(RuntimeError, caught, caught.__traceback__)
        logging.getLogger("segmark.loading").warning("not loaded", exc_info=True)
    written = path.read_text(encoding="utf-8")
    assert _SECRET not in written
    assert type(error).__name__ in written
    assert "which caused:" in written
    assert "RuntimeError" in written


def test_what_the_database_says_is_kept() -> None:
    details = describe(_raised(sqlite3.OperationalError("database is locked"))).details
    assert details.endswith("OperationalError: database is locked")


def test_an_error_while_another_is_handled_shows_both_the_first_first() -> None:
    try:
        try:
            raise KeyError
        except KeyError:
            raise TypeError from None
    except TypeError as error:
        alone = describe(error).details
    try:
        try:
            raise KeyError
        except KeyError:
            raise TypeError  # noqa: B904
    except TypeError as error:
        both = describe(error).details
    assert "KeyError" not in alone
    assert both.index("KeyError") < both.index("while this was handled") < both.index("TypeError:")


def test_an_error_in_telling_is_logged_and_told_no_more() -> None:
    calls: list[str] = []

    def tell(error: Unforeseen) -> None:
        calls.append(error.summary)
        _throw(ValueError("inside"))
        raise RuntimeError

    path = log.setup()
    log.install_excepthook(tell)
    _throw(KeyError("first"))
    assert len(calls) == 1
    written = path.read_text(encoding="utf-8")
    assert "error while reporting an error" in written


def test_an_interrupt_from_the_terminal_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[Unforeseen] = []
    path = log.setup()
    log.install_excepthook(told.append)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert not path.exists()
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_a_long_message_is_told_in_one_short_line() -> None:
    summary = describe(ValueError("a\nb " + "x" * 500)).summary
    assert len(summary) < 200
    assert "\n" not in summary


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes there")
def test_only_its_owner_can_read_the_log() -> None:
    path = log.setup()
    logging.getLogger("segmark").warning("something")
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700
