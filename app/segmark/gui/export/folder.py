"""Messages about the folder of an export."""

import os
from itertools import islice
from pathlib import Path

from segmark.export.card.dataset_card import replaced_card
from segmark.export.error import ExportError

_MOST_FILES = 1000
_NAMED = 3


def folder_problem(folder: Path | None) -> str | None:
    """Why nothing can be exported to the folder, in one line; None if it can."""
    if folder is None:
        return "Choose a folder for the export."
    if not folder.is_absolute():
        return f"{folder} is a relative path: give the whole path."
    if os.path.exists(folder) and not os.path.isdir(folder):
        return f"{folder} is a file: choose a folder."
    try:
        replaced_card(folder)
    except ExportError as error:
        return str(error)
    except OSError as error:
        return f"{folder}: {error.strerror or error}; choose another folder."
    return None


def folder_notice(folder: Path) -> str:
    """What an export does to the folder; "" if there is nothing to report."""
    if not os.path.exists(folder):
        return "The folder does not exist yet; it will be made."
    return "The earlier export in it will be replaced." if replaced_card(folder) else ""


def folder_warning(folder: Path) -> str:
    """A warning about other files in the folder; "" if there are none."""
    if not os.path.exists(folder):
        return ""
    card = replaced_card(folder)
    ours = {name.partition("/")[0] for name in card.files} if card else set()
    names = (path.name for path in islice(folder.iterdir(), _MOST_FILES))
    foreign = sorted(name for name in names if name not in ours and not name.startswith("."))
    if not foreign:
        return ""
    more = len(foreign) - _NAMED
    named = ", ".join(foreign[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return (
        f"Careful: other files are in the folder too ({named}). "
        "An export replaces files of the same name."
    )
