"""The table of all commands of the window.

Menus, tool bar, key sheet, the key settings and the help's table of keys are made from it. Keys are
written in the portable form of ``QKeySequence``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from segmark.core.label import LabelSet


class Scope(StrEnum):
    """Where a command's keys work."""

    PAGE = "page"  # while the page's text has the focus
    WINDOW = "window"  # everywhere except in text fields


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a user can do in the window.

    Attributes:
        id: a stable name, such as ``page.next``; the settings store changed keys by it.
        title: the text in the menu, with ``…`` if a dialog follows.
        keys: the default keys; the menu shows the first one.
        menu: the name of its menu; "" for none (keys only).
        icon: the name of an SVG file in ``resources/icons``; "" for none.
        hint: a description for the tooltip and the key sheet, if the title is not enough.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    menu: str
    scope: Scope = Scope.WINDOW
    icon: str = ""
    hint: str = ""


def _page(name: str, title: str, keys: str, menu: str, icon: str = "", hint: str = "") -> Command:
    return Command(name, title, tuple(keys.split()), menu, Scope.PAGE, icon, hint)


def _window(name: str, title: str, keys: str, menu: str, icon: str = "", hint: str = "") -> Command:
    return Command(name, title, tuple(keys.split()), menu, Scope.WINDOW, icon, hint)


#: The menus, in order.
MENUS = ("File", "Edit", "Label", "Suggest", "Go", "Page", "Queue", "View", "Help")

#: All commands except those of labels.
COMMANDS: tuple[Command, ...] = (
    _window("file.new", "New project…", "Ctrl+N", "File", "new"),
    _window("file.open", "Open project…", "Ctrl+Shift+O", "File", "open"),
    _window("file.load", "Load pages…", "Ctrl+O", "File", "load"),
    _window("file.load_folder", "Load folder…", "Ctrl+Shift+L", "File", "load"),
    _window(
        "file.load_options", "Load with options…", "", "File", "",
        "Choose pages, columns and how to read labels of other tools, then choose files",
    ),
    _window("file.paste", "Paste text as a page…", "Ctrl+V", "File", "paste"),
    _window("file.samples", "Try the sample pages", "", "File"),
    _window("file.export", "Export…", "Ctrl+E", "File", "export"),
    _window("file.saved", "Is everything saved?", "Ctrl+S", "File"),
    _window("file.back_up", "Back up now", "", "File"),
    _window("file.restore", "Restore a backup…", "", "File"),
    _window("file.copy", "Work on a copy…", "", "File"),
    _window(
        "file.people", "Manage people…", "", "File", "",
        "Names and colours of the people of this project; rename them, or join two",
    ),
    _window("file.settings", "Settings…", "Ctrl+,", "File", "settings"),
    _window("file.quit", "Quit", "Ctrl+Q", "File"),
    _window("edit.undo", "Undo", "Ctrl+Z", "Edit", "undo"),
    _window("edit.redo", "Redo", "Ctrl+Shift+Z Ctrl+Y", "Edit", "redo"),
    _page("edit.copy", "Copy", "Ctrl+C", "Edit"),
    _page("edit.select_all", "Select the whole page", "Ctrl+A", "Edit"),
    _window("edit.find", "Find in page…", "Ctrl+F", "Edit", "find"),
    _window("edit.find_next", "Find next", "F3", "Edit"),
    _window("edit.find_previous", "Find previous", "Shift+F3", "Edit"),
    _window(
        "project.labels", "Label set…", "", "Label", "",
        "Add, rename, recolour, merge and delete labels, and change what they mean",
    ),
    _page(
        "label.clear", "Clear label", "Delete 0", "Label", "clear",
        "Clear the label of the selection, or of the block at the caret",
    ),
    _page(
        "label.clear_span", "Clear the whole span", "Shift+Delete Shift+0", "Label", "",
        "Clear the span at the caret, however many blocks it has",
    ),
    _page("label.start_back", "Move start of span back a word", "[", "Label"),
    _page("label.start_forward", "Move start of span forward a word", "]", "Label"),
    _page("label.end_back", "Move end of span back a word", "{", "Label"),
    _page("label.end_forward", "Move end of span forward a word", "}", "Label"),
    _page(
        "label.example", "Add to the guideline…", "G", "Label", "",
        "Add the selection, or the span or block at the caret, to the guideline as an example",
    ),
    _page(
        "suggest.accept", "Accept suggestion", "Space", "Suggest", "",
        "Accept the suggestion at the caret and go to the next",
    ),
    _page(
        "suggest.reject", "Reject suggestion", "X", "Suggest", "",
        "Reject the suggestion at the caret and go to the next",
    ),
    _page("suggest.accept_all", "Accept all on the page", "Ctrl+Space", "Suggest"),
    _window("suggest.settings", "Suggestions of this project…", "", "Suggest"),
    _window("suggest.accuracy", "How good are they?…", "", "Suggest"),
    _window(
        "suggest.compare", "Compare models…", "", "Suggest", "",
        "Hold the loaded predictions of models against labels, and see where models part",
    ),
    _window(
        "suggest.audit", "Show the pages to audit", "", "Suggest", "",
        "Show only the pages that were drawn for you to check, until the filter is cleared",
    ),
    _page("go.next_block", "Next block", "Down J", "Go", "down"),
    _page("go.previous_block", "Previous block", "Up K", "Go", "up"),
    _page("go.extend_next", "Extend selection to next block", "Shift+Down Shift+J", "Go"),
    _page("go.extend_previous", "Extend selection to previous block", "Shift+Up Shift+K", "Go"),
    _page(
        "go.next_unlabelled", "Next block without a label", "Tab", "Go", "",
        "Go to the next suggestion, or text without a label; menus and the like are left out",
    ),
    _page("go.previous_unlabelled", "Previous block without a label", "Shift+Tab", "Go"),
    _page("go.next_likely", "Next paragraph or caption", "P", "Go"),
    _page("go.previous_likely", "Previous paragraph or caption", "Shift+P", "Go"),
    _page(
        "page.done", "Page done, open the next", "Return Enter", "Page", "done",
        "Mark the page done and open the next one that is not",
    ),
    _page(
        "page.done_all", "Accept all, page done", "Ctrl+Return Ctrl+Enter", "Page", "",
        "Accept all suggestions, mark the page done and open the next one that is not",
    ),
    _page(
        "page.absent", "Really none", "E", "Page", "",
        "Record that the page really does not have the labels that are expected and missing",
    ),
    _window("page.next", "Next page", "D Alt+Right", "Page", "next-page"),
    _window("page.previous", "Previous page", "A Alt+Left", "Page", "previous-page"),
    _window(
        "page.next_unfinished", "Next unfinished page", "Ctrl+Shift+D Ctrl+Shift+Alt+Right", "Page"
    ),
    _window(
        "page.previous_unfinished", "Previous unfinished page",
        "Ctrl+Shift+A Ctrl+Shift+Alt+Left", "Page",
    ),
    _window(
        "page.skip", "Skip the page", "S", "Page", "skip",
        "Mark the page skipped and open the next one that is not done",
    ),
    _window(
        "page.reopen", "Reopen the page", "R", "Page", "",
        "Take a finished or skipped page back to started",
    ),
    _window("page.flag", "Flag the page", "F", "Page", "flag"),
    _window("page.note", "Write a note", "N", "Page", "note"),
    _window(
        "page.question", "The note is a question", "Shift+N", "Page", "",
        "Mark your note as a question about the guideline, or take the mark off again",
    ),
    _window(
        "page.questions", "Questions…", "", "Page", "",
        "Show what was asked about the guideline on all pages, and answer it",
    ),
    _window(
        "page.history", "History…", "Ctrl+H", "Page", "",
        "Show every act on this page, and what the page was at that moment; go back to it",
    ),
    _window(
        "view.day", "What I did today…", "Ctrl+Shift+H", "Page", "",
        "Show the pages that you worked on today or on another day, each with its time",
    ),
    _window(
        "page.carry", "Carry labels over…", "", "Page", "",
        "Copy the labels that you gave an earlier version of this page",
    ),
    _window("list.search", "Search pages", "Ctrl+Shift+F", "Queue", "find"),
    _window("list.filter", "Filter pages…", "", "Queue", "filter"),
    _window("list.order", "Order of the pages", "", "Queue"),
    _window(
        "review.begin", "Second look: likely mistakes", "", "Queue", "",
        "Compare your finished pages with each other, and walk through what surprises",
    ),
    _page(
        "review.next", "Next likely mistake", "F8", "Queue", "",
        "Go to the next place of the second look; begin one if there is none",
    ),
    _page("review.previous", "Previous likely mistake", "Shift+F8", "Queue"),
    _page(
        "review.right", "It is right", "F9", "Queue", "",
        "Remember that the labels at this place of the second look are right, and go to the next",
    ),
    _page(
        "review.right_group", "It is right in the whole group", "Shift+F9", "Queue", "",
        "Remember that the labels are right at all places of this group, and go to the next",
    ),
    _window(
        "review.texts", "Texts labelled differently…", "", "Queue", "",
        "Find texts that have different labels on pages of a site, and make them alike",
    ),
    _window("list.skip", "Skip the selected pages", "Ctrl+Shift+S", "Queue", "skip"),
    _window(
        "list.reopen", "Reopen the selected pages", "", "Queue", "",
        "Take the finished and skipped pages among those selected in the list back to started",
    ),
    _window(
        "list.flag", "Flag the selected pages", "Ctrl+Shift+G", "Queue", "flag",
        "Flag the pages that are selected in the list, or remove their flags if all are flagged",
    ),
    _window("list.unflag", "Remove the flags of the selected pages", "", "Queue"),
    _window("list.site", "Set the site of the selected pages…", "", "Queue"),
    _window(
        "list.remove", "Remove the selected pages", "Ctrl+Shift+Delete", "Queue", "",
        "Remove the selected pages from the project; they can be restored",
    ),
    _window("list.restore", "Restore removed pages", "", "Queue"),
    _window(
        "list.copy_names", "Copy file names", "", "Queue", "",
        "Copy the names of the files of the selected pages, or of the open page",
    ),
    _page(
        "view.fold", "Fold or unfold the page", "Z", "View", "",
        "Show runs of lines without a label, and the inside of long spans, as one line each",
    ),
    _page(
        "view.fold_here", "Fold or unfold here", "Shift+Z", "View", "",
        "Open the fold at the caret, or fold again what was opened there",
    ),
    _window("view.zoom_in", "Larger text", "Ctrl++ Ctrl+=", "View", "zoom-in"),
    _window("view.zoom_out", "Smaller text", "Ctrl+-", "View", "zoom-out"),
    _window("view.zoom_reset", "Normal text size", "Ctrl+0", "View"),
    _window("view.theme", "Light or dark", "Ctrl+Shift+T", "View", "theme"),
    _window("view.full_screen", "Full screen", "F11", "View"),
    _window(
        "view.figures", "Project in numbers…", "Ctrl+I", "View", "",
        "Progress by site, spans by label, pages per day, time per page",
    ),
    _window(
        "view.look", "Page as it looked", "Ctrl+B", "View", "",
        "Show the page with its labels in your browser, without anything that loads or runs",
    ),
    _window(
        "view.palette", "All commands…", "Ctrl+K", "View", "",
        "Find a command, a page, a site or a help page by its name",
    ),
    _window(
        "view.guideline", "Guideline of this label", "F2", "View", "guideline",
        "Show what the guideline says on the label at the caret, and find hard cases",
    ),
    _window("view.next_panel", "Go to the next panel", "F6", "View"),
    _window("view.previous_panel", "Go to the previous panel", "Shift+F6", "View"),
    _window("help.keys", "Keys", "F1 ?", "Help", "help"),
    _window("help.contents", "Help", "Shift+F1", "Help"),
    _window("help.log", "Show the log file", "", "Help"),
    _window("help.about", "About Segmark", "", "Help"),
)  # fmt: skip


def label_commands(labels: LabelSet) -> Iterator[Command]:
    """The two commands of each label: label a block, and label from the span above to here."""
    for position, label in enumerate(labels, start=1):
        digit = (str(position),) if position <= 9 else ()
        yield Command(
            f"label.as.{label.id}", f"Label {label.name}", (*digit, label.key.upper()), "Label",
            hint=label.definition,
        )  # fmt: skip
        yield Command(
            f"label.fill.{label.id}", f"Label {label.name} from the one above",
            (f"Shift+{label.key.upper()}",), "Label", Scope.PAGE,
            hint=f"Label {label.name} from the end of the nearest {label.name} above to here",
        )  # fmt: skip


def all_commands(labels: LabelSet) -> tuple[Command, ...]:
    """All commands for a project with these labels, in the order of the menus."""
    at = next(i for i, command in enumerate(COMMANDS) if command.menu == "Label")
    return (*COMMANDS[:at], *label_commands(labels), *COMMANDS[at:])
