"""Whether this machine can run the tests at all, for one clear line where it can't."""

import shutil
import tempfile

from segmark.gui import startup

#: What the files of a run take, with room to spare.
_ROOM = 500_000_000


def tests_problem() -> str | None:
    """Why no test could pass here and what to do, in one line; None if nothing is in the way."""
    return _qt_problem() or _room_problem()


def _qt_problem() -> str | None:
    if problem := startup.display_problem():
        return f"{problem.partition(';')[0]}; the tests need no display: unset QT_QPA_PLATFORM"
    try:
        from segmark.gui.application import make_application

        make_application()
    except ImportError as error:
        return startup.import_problem(error)
    except startup.StartError as error:
        return str(error)
    return None


def _room_problem() -> str | None:
    try:
        folder = tempfile.gettempdir()
    except OSError as error:
        return f"{error.strerror}; name a folder with room: TMPDIR=FOLDER make test"
    free = shutil.disk_usage(folder).free
    if free > _ROOM:
        return None
    return (
        f"{folder} has {free // 1_000_000} MB free and the tests need {_ROOM // 1_000_000}; "
        "name a folder with more: TMPDIR=FOLDER make test"
    )
