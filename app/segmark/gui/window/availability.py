"""Which actions are enabled: it depends on what is open and on what can be undone."""

from segmark.core.history import History
from segmark.gui.keys.actions import Actions
from segmark.session.session import Session

_NEED_PAGE = frozenset({"label", "suggest", "go", "page", "edit", "review"})
_PAGE_VIEW = ("view.fold", "view.fold_here", "view.look")
_NEED_PROJECT = (
    "file.export", "file.saved", "file.copy", "suggest.settings", "suggest.accuracy",
    "suggest.compare", "suggest.audit", "view.figures", "view.day", "file.people",
    "project.labels",
)  # fmt: skip
_WRITE = ("file.load", "file.load_folder", "file.paste")
_LISTED = ("list.search", "list.filter", "list.order", "list.copy_names")
_BACKUPS = ("file.back_up", "file.restore")
_WRITE_ON_PAGE = frozenset(
    {
        "page.done",
        "page.done_all",
        "page.skip",
        "page.reopen",
        "page.flag",
        "page.note",
        "page.absent",
        "review.right",
        "review.right_group",
        "page.question",
    }
    | {"suggest.accept", "suggest.reject", "suggest.accept_all"}
)


def enable(actions: Actions, session: Session | None) -> None:
    """Enable the actions that work with the open page and project, if any."""
    has_page = session is not None and session.open_page is not None
    read_only = session is not None and session.store.read_only != ""
    for name in actions:
        if name.partition(".")[0] in _NEED_PAGE:
            writes = name in _WRITE_ON_PAGE or name.startswith("label.")
            actions[name].setEnabled(has_page and not (writes and read_only))
    for name in _PAGE_VIEW:
        actions[name].setEnabled(has_page)
    for name in _NEED_PROJECT:
        actions[name].setEnabled(session is not None)
    for name in actions:
        if name.startswith("list."):
            usable = name in _LISTED or not read_only
            actions[name].setEnabled(session is not None and usable)
    for name in _WRITE:
        actions[name].setEnabled(not read_only)
    for name in _BACKUPS:
        actions[name].setEnabled(session is not None and not read_only)


def enable_undo(actions: Actions, session: Session | None) -> None:
    """Enable undo and redo if there is something to undo or redo.

    Undo is also enabled where it says why it ends at a join with another person.
    """
    can_write = session is not None and not session.store.read_only
    history = session.history if session and can_write else History()
    undoes = history.undo is not None
    if session and can_write and not undoes:
        undoes = bool(session.store.people.joined_since(session.annotator, 0))
    actions["edit.undo"].setEnabled(undoes)
    actions["edit.redo"].setEnabled(bool(history.redo))


def name_undo(actions: Actions, session: Session | None) -> None:
    """Show in the menu what undo and redo would do; call it before the menu opens.

    Not after each act: a new text of an action makes Qt lay out the whole window.
    """
    for name, word, title in (
        ("edit.undo", "Undo", session.undo_title if session else None),
        ("edit.redo", "Redo", session.redo_title if session else None),
    ):
        text = f"{word}: {title.replace('&', '&&')}" if title else word
        key = actions[name].text().partition("\t")[1:]
        actions[name].setText("".join(["&", text, *key]))
