"""Hands what a second start was given to the window that already has the project open.

Each window listens on a local socket, on Windows on a named pipe. Its address and a random key are
in a folder that only the user can enter. Both sides prove that they know the key before anything is
sent, so no other user of the computer can talk to a window.
"""

import json
import os
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

_PATIENCE = 5.0  # seconds that a second start waits for an answer
_BETWEEN_LOOKS = 0.02
_MOST_BYTES = 1_000_000
_ACCEPTED, _REFUSED = b"accepted", b"refused"
#: What goes wrong when the other side is gone, is a stranger, or sends nonsense.
_FAULTS = (OSError, EOFError, AuthenticationError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Handover:
    """What a second start was asked to open.

    Attributes:
        project: the project that the window has open.
        pages: absolute paths of the pages to add.
        activation: the token with which the desktop lets the window come to the front.
    """

    project: Path
    pages: tuple[Path, ...] = ()
    activation: str = ""


class HandoverListener:
    """Receives what second starts hand over to this process.

    ``accept`` is called in another thread and returns whether this process has the project open.

    Raises:
        OSError: there is no private folder, or no socket can be made in it.
    """

    def __init__(self, accept: Callable[[Handover], bool]) -> None:
        self._accept = accept
        self._closed = False
        self._folder = _private(_folder(os.getpid()))
        self._key = os.urandom(32)
        self._remove_files()
        self._listener = Listener(_new_address(self._folder), authkey=self._key)
        _write_key(self._folder, str(self._listener.address), self._key)
        threading.Thread(target=self._listen, name="handover", daemon=True).start()

    def close(self) -> None:
        """Stop listening; the thread waits in vain until the process ends."""
        self._closed = True
        with suppress(OSError):
            self._listener.close()
        self._remove_files()
        with suppress(OSError):
            self._folder.rmdir()

    def _listen(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
            except (EOFError, ConnectionError, AuthenticationError):
                continue  # a stranger, or one that has gone
            except OSError:
                return  # it can't listen any more
            with connection:
                self._answer(connection)

    def _answer(self, connection: Connection) -> None:
        accepted = False
        with suppress(*_FAULTS):
            if connection.poll(_PATIENCE):
                accepted = self._accept(_decoded(connection.recv_bytes(_MOST_BYTES)))
        with suppress(OSError):
            connection.send_bytes(_ACCEPTED if accepted else _REFUSED)

    def _remove_files(self) -> None:
        for name in ("key", "key.part", "socket"):
            (self._folder / name).unlink(missing_ok=True)


def hand_over(process: int, handover: Handover, *, wait: float = 0.0) -> bool:
    """Hand something to the window of a process; returns whether it was accepted.

    ``wait`` is how many seconds that process may take until it listens.
    """
    answers: list[bytes] = []
    # In a thread: a window that is frozen must not keep the second start waiting for ever.
    talk = threading.Thread(target=_talk, args=(process, handover, wait, answers), daemon=True)
    talk.start()
    talk.join(wait + _PATIENCE)
    return answers == [_ACCEPTED]


def _talk(process: int, handover: Handover, wait: float, answers: list[bytes]) -> None:
    folder, deadline = _folder(process), time.monotonic() + wait
    while not (folder / "key").exists() and time.monotonic() < deadline:
        time.sleep(_BETWEEN_LOOKS)
    with suppress(*_FAULTS):
        if not _is_private(folder):
            return
        place = json.loads((folder / "key").read_text("utf-8"))
        with Client(place["address"], authkey=bytes.fromhex(place["key"])) as window:
            window.send_bytes(_encoded(handover))
            answers.append(window.recv_bytes(_MOST_BYTES))


def _encoded(handover: Handover) -> bytes:
    content = {
        "project": str(handover.project),
        "pages": [str(page) for page in handover.pages],
        "activation": handover.activation,
    }
    return json.dumps(content).encode()


def _decoded(message: bytes) -> Handover:
    content = json.loads(message)
    pages = tuple(Path(page) for page in content["pages"])
    return Handover(Path(content["project"]), pages, str(content["activation"]))


def _folder(process: int) -> Path:
    """Where a window's key is: in the folder that the desktop gives each session, if it does.

    After ``su``, and in a container, the variable may name a folder of another user or none at all.
    """
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(session) and os.access(session, os.W_OK | os.X_OK):
        return Path(session, "segmark", str(process))
    user = getattr(os, "geteuid", lambda: "windows")()
    return Path(tempfile.gettempdir(), f"segmark-{user}", str(process))


def _private(folder: Path) -> Path:
    """The folder, made so that only this user can enter it.

    Raises:
        OSError: it can't be made, or is someone else's.
    """
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_private(folder):
        raise PermissionError(f"{folder} is not a private folder")
    return folder


def _is_private(folder: Path) -> bool:
    """Whether this user alone can enter the folder and the one around it."""
    if sys.platform == "win32":
        return True  # the folder for temporary files is the user's own there
    for place in (folder.parent, folder):
        found = place.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        if stat.S_IMODE(found.st_mode) & 0o077:
            return False
    return True


def _new_address(folder: Path) -> str:
    if sys.platform == "win32":
        return rf"\\.\pipe\segmark-{os.urandom(16).hex()}"
    return str(folder / "socket")


def _write_key(folder: Path, address: str, key: bytes) -> None:
    part = folder / "key.part"
    part.touch(mode=0o600)
    part.write_text(json.dumps({"address": address, "key": key.hex()}), "utf-8")
    part.replace(folder / "key")
