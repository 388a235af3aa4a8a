"""What the window says to a screen reader about labels, beside its messages."""

from collections import Counter
from collections.abc import Callable, Iterable

from segmark.core.edit import Edit, changed_blocks
from segmark.core.page import Page

#: Acts with these titles show a message, which is said anyway.
_WITH_MESSAGE = ("Clear label", "Accept all suggestions")


def act_words(page: Page, edit: Edit) -> str:
    """An act and how many blocks it changed, such as "Label body: 2 blocks"; "" to say nothing."""
    if edit.title in _WITH_MESSAGE or edit.before.note != edit.after.note:
        return ""
    if not edit.added and not edit.removed:
        return edit.title
    return f"{edit.title}: {block_words(changed_blocks(page, edit))}"


def block_words(count: int) -> str:
    """A number of blocks, such as "2 blocks"."""
    return "1 block" if count == 1 else f"{count:,} blocks"


def label_words(labels: Iterable[str]) -> str:
    """Labels with their numbers, such as "1 headline, 3 body"."""
    return ", ".join(f"{count:,} {label}" for label, count in Counter(labels).items())


class CaretSpeech:
    """Says the label of each block that the caret enters; ``say`` speaks."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last: tuple[int, int, str] | None = None

    def enter(self, number: int, block: int, words: str) -> None:
        """Note the page and the block of the caret, with its label or suggestion; "" for none."""
        now = number, block, words
        if now != self._last and words:
            self._say(words)
        self._last = now
