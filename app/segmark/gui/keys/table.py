"""The tables of keys: the rows of the key sheet and the table in the help.

``python -m segmark.gui.keys.table resources/help/keys.md`` updates the table in the help page.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from segmark.core.label import LabelSet
from segmark.environment.resource_path import resource_path
from segmark.gui.keys.bindings import Overrides, bind, key_text, plain_title
from segmark.gui.keys.commands import MENUS, Command, all_commands

BEGIN = "<!-- keys -->"
END = "<!-- /keys -->"

#: The mouse actions and their effects.
MOUSE: tuple[tuple[str, str], ...] = (
    ("Click", "Move the caret there"),
    ("Drag", "Select by words; with Ctrl or Alt by characters"),
    ("Double click", "Select a word"),
    ("Triple click", "Select a block"),
    ("Shift+click", "Extend the selection to there"),
    ("Margin: click", "Select the block"),
    ("Margin: drag", "Select a range of blocks"),
    ("Margin: Shift+click", "Extend the selection by blocks"),
    ("Label button", "Label the selection; without one, use the label as a brush until Esc"),
    ("Ctrl+wheel", "Larger or smaller text"),
)

#: Keys that move the caret as in any text field; no command uses them.
CARET: tuple[tuple[str, str], ...] = (
    ("Left, Right", "Move the caret by a character; with Ctrl by a word"),
    ("Home, End", "Move to the start or end of the line; with Ctrl of the page"),
    ("Page Up, Page Down", "Move the caret by a screen"),
    ("Shift with these", "Select"),
    ("Esc", "Put the brush away, or else clear the selection"),
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A command with its current keys and title as shown to the user."""

    command: Command
    keys: tuple[str, ...]
    text: str


def key_rows(
    commands: Iterable[Command], overrides: Overrides, name: Callable[[str], str] = key_text
) -> dict[str, list[KeyRow]]:
    """The commands that have keys, grouped by menu in the order of the menus.

    ``name`` returns how a key is shown.
    """
    commands = tuple(commands)
    keys = bind(commands, overrides).keys
    sections: dict[str, list[KeyRow]] = {menu: [] for menu in MENUS}
    for command in commands:
        if keys[command.id]:
            names = tuple(map(name, keys[command.id]))
            section = sections.setdefault(command.menu, [])
            section.append(KeyRow(command, names, plain_title(command)))
    return {menu: found for menu, found in sections.items() if found}


def keys_markdown(commands: Iterable[Command], overrides: Overrides) -> str:
    """The current keys as Markdown: a heading and a table for each menu."""
    parts = []
    for menu, found in key_rows(commands, overrides).items():
        lines = [f"## {menu}", "", "| Keys | What it does |", "|---|---|"]
        for row in found:
            caps = " ".join(f"`{key}`" for key in row.keys)
            lines.append(f"| {caps} | {row.text} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def with_table(page: str, table: str) -> str:
    """A help page with the table inserted between its two markers.

    Raises:
        ValueError: the page lacks a marker.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    return f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}"


def main(path: Path) -> None:
    """Update the table in a help page with the default keys and labels."""
    labels = LabelSet.from_toml(resource_path("labels", "news.toml").read_text(encoding="utf-8"))
    page = path.read_text(encoding="utf-8")
    table = keys_markdown(all_commands(labels), {})
    path.write_text(with_table(page, table), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
