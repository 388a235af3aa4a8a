"""A second start and the window that has the project open: between real processes."""

import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Client
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from segmark.environment.handover import Handover, HandoverListener, hand_over

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the pipe has no folder")

_PAGES = (Path("/pages/a b.txt"), Path("/pages/ü.html"))
_HANDOVER = Handover(Path("/news.segmark"), _PAGES, "token")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the user's own, with a path short enough for a socket."""
    with TemporaryDirectory(prefix="segmark-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def received() -> Iterator[list[Handover]]:
    """What this process receives; it accepts what is for the project ``/news.segmark``."""
    found: list[Handover] = []

    def accept(handover: Handover) -> bool:
        found.append(handover)
        return handover.project == Path("/news.segmark")

    listener = HandoverListener(accept)
    yield found
    listener.close()


def _folder(runtime: Path) -> Path:
    return runtime / "segmark" / str(os.getpid())


def test_the_window_receives_all_that_the_second_start_was_given(received: list[Handover]) -> None:
    assert hand_over(os.getpid(), _HANDOVER)
    assert hand_over(os.getpid(), Handover(Path("/news.segmark")))
    assert received == [_HANDOVER, Handover(Path("/news.segmark"))]


def test_a_window_on_another_project_refuses(received: list[Handover]) -> None:
    assert not hand_over(os.getpid(), Handover(Path("/other.segmark")))
    assert [handover.project for handover in received] == [Path("/other.segmark")]


def test_where_no_window_listens_nothing_is_handed_over(runtime: Path) -> None:
    assert not hand_over(os.getpid(), _HANDOVER)
    assert list(runtime.iterdir()) == []


def test_what_a_window_leaves_when_it_closes_is_nothing(runtime: Path) -> None:
    listener = HandoverListener(lambda _: True)
    assert hand_over(os.getpid(), _HANDOVER)
    listener.close()
    assert list((runtime / "segmark").iterdir()) == []
    assert not hand_over(os.getpid(), _HANDOVER)


def test_what_a_crashed_window_of_this_process_number_left_is_replaced(runtime: Path) -> None:
    folder = _folder(runtime)
    folder.parent.mkdir(mode=0o700)
    folder.mkdir(mode=0o700)
    for name in ("key", "key.part", "socket"):
        (folder / name).write_text("{}")
    assert not hand_over(os.getpid(), _HANDOVER)
    listener = HandoverListener(lambda _: True)
    assert hand_over(os.getpid(), _HANDOVER)
    listener.close()


def test_nobody_else_can_enter_the_folder_or_read_the_key(
    runtime: Path, received: list[Handover]
) -> None:
    folder = _folder(runtime)
    for place, mode in ((folder.parent, 0o700), (folder, 0o700), (folder / "key", 0o600)):
        assert stat.S_IMODE(place.stat().st_mode) == mode


def test_without_the_key_nothing_can_be_said_and_the_window_listens_on(
    runtime: Path, received: list[Handover]
) -> None:
    place = json.loads((_folder(runtime) / "key").read_text())
    with pytest.raises(Exception, match="digest"):
        Client(place["address"], authkey=b"guessed")
    assert received == []
    assert hand_over(os.getpid(), _HANDOVER)


@pytest.mark.parametrize(
    "message", [b"", b"{", b"[]", b'"text"', b'{"project": 1}', b'{"project": "/a", "pages": 3}']
)
def test_nonsense_is_refused_and_the_window_listens_on(
    runtime: Path, received: list[Handover], message: bytes
) -> None:
    place = json.loads((_folder(runtime) / "key").read_text())
    with Client(place["address"], authkey=bytes.fromhex(place["key"])) as stranger:
        stranger.send_bytes(message)
        assert stranger.recv_bytes() == b"refused"
    assert received == []
    assert hand_over(os.getpid(), _HANDOVER)


def test_a_folder_that_others_can_enter_is_not_used(runtime: Path) -> None:
    (runtime / "segmark").mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        HandoverListener(lambda _: True)


def test_a_second_start_does_not_talk_to_a_window_in_an_open_folder(
    runtime: Path, received: list[Handover]
) -> None:
    _folder(runtime).chmod(0o755)
    assert not hand_over(os.getpid(), _HANDOVER)
    assert received == []


def test_a_path_too_long_for_a_socket_is_an_error_of_the_system(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = runtime / ("d" * 120)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(OSError, match="too long"):
        HandoverListener(lambda _: True)


@pytest.mark.parametrize("session", ["", "relative", "/nonexistent/session", __file__])
def test_without_a_folder_of_the_session_the_temporary_folder_serves(
    runtime: Path, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", session)
    monkeypatch.setattr(tempfile, "tempdir", str(runtime))
    listener = HandoverListener(_HANDOVER.__eq__)
    assert hand_over(os.getpid(), _HANDOVER)
    listener.close()
