"""The garbage collector: it runs in the window's thread, and in no other."""

import gc
import threading

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from segmark.core.progress import Progress
from segmark.gui.base.tasks import Task

from tests.gui.robot import Robot


class _Leftover(QWidget):
    """A widget that only the garbage collector can destroy."""

    ended_in: list[threading.Thread]

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        super().__init__()
        self.ended_in, self.me = ended_in, self

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread())


def _allocate(_progress: Progress) -> list[list[int]]:
    return [[number] for number in range(20 * sum(gc.get_threshold()))]


def test_widgets_left_behind_are_destroyed_in_the_window_s_thread(qtbot: QtBot) -> None:
    robot, ended_in, kept = Robot(qtbot), list[threading.Thread](), list[object]()
    for _ in range(30):
        _Leftover(ended_in)
    task = Task("Allocating", _allocate)
    task.finished.connect(kept.append)  # what is freed again makes no collection due
    with qtbot.waitSignal(task.ended):
        robot.window.background.start(task)
    qtbot.waitUntil(lambda: len(ended_in) == 30)
    assert set(ended_in) == {threading.main_thread()}
