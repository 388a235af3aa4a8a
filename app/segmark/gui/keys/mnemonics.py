"""Mnemonics: the letters that choose an entry of an open menu."""

from collections.abc import Sequence

from PySide6.QtWidgets import QMenu


def give_mnemonics(menu: QMenu) -> None:
    """Give each entry of a menu a unique letter, as far as possible."""
    actions = [action for action in menu.actions() if not action.isSeparator()]
    titles = with_mnemonics([action.text().replace("&", "") for action in actions])
    for action, title in zip(actions, titles, strict=True):
        action.setText(title)


def with_mnemonics(titles: Sequence[str]) -> list[str]:
    """The titles with ``&`` before a unique letter, if possible the first of a word."""
    taken, marked = set[str](), []
    for title in titles:
        firsts = [at for at, _ in enumerate(title) if at == 0 or title[at - 1] == " "]
        places = (*firsts, *range(len(title)))
        at = next(
            (at for at in places if title[at].isalnum() and title[at].lower() not in taken), None
        )
        if at is None:
            marked.append(title)
        else:
            taken.add(title[at].lower())
            marked.append(f"{title[:at]}&{title[at:]}")
    return marked
