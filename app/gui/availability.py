"""What can be pressed now: it depends on what is open and on what can be undone."""

from app.gui.actions import Actions
from app.session import Session

_NEED_PAGE = frozenset({"label", "go", "page", "edit"})
_NEED_PROJECT = ("file.export", "file.saved")


def enable(actions: Actions, session: Session | None) -> None:
    """Enable what works with the page and project that are open, if any."""
    has_page = session is not None and session.open_page is not None
    for name in actions:
        if name.partition(".")[0] in _NEED_PAGE:
            actions[name].setEnabled(has_page)
    for name in _NEED_PROJECT:
        actions[name].setEnabled(session is not None)


def enable_undo(actions: Actions, session: Session | None) -> None:
    """Enable undo and redo where there is something to undo, or to do again."""
    actions["edit.undo"].setEnabled(session is not None and session.undo_title is not None)
    actions["edit.redo"].setEnabled(session is not None and session.redo_title is not None)


def name_undo(actions: Actions, session: Session | None) -> None:
    """Say in the menu what undo and redo would do; to be called before it opens.

    Not after each act: another text of an action has Qt lay out the whole window anew.
    """
    for name, word, title in (
        ("edit.undo", "Undo", session.undo_title if session else None),
        ("edit.redo", "Redo", session.redo_title if session else None),
    ):
        actions[name].setText(f"{word}: {title}" if title else word)
