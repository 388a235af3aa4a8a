"""The plots of accuracy in a narrow dialog: titles, legend and names are whole."""

import pytest
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import LIGHT
from segmark.gui.suggestions.accuracy_dialog import AccuracyDialog
from segmark.store.figures.accuracy import Accuracy

from tests.factories import LABELS
from tests.gui.suggestions.test_suggestion_dialogs import judged_page


@pytest.mark.parametrize("width", [420, 640, 900, 1600])
def test_both_titles_have_room_at_every_width(qtbot: QtBot, width: int) -> None:
    dialog = AccuracyDialog(LABELS, LIGHT)
    qtbot.addWidget(dialog)
    pages = [judged_page(blind=at % 3 == 0, right=at % 4, wrong=at % 2) for at in range(12)]
    dialog.show_counts((Accuracy(pages), {}))
    dialog.resize(width, 700)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.resize(width, 700)
    plot = dialog.plot
    one = plot.sizeHint().height()
    title = plot.fontMetrics().horizontalAdvance("Precision (thick) and recall (thin) over time")
    beside = plot.heightForWidth(plot.width()) == one
    assert beside == (plot.width() / 2 > title + 4)
    # Below each other, each plot has the whole width, and its title as many lines as it needs.
    assert plot.height() >= plot.heightForWidth(plot.width())
    names = sum(plot.fontMetrics().horizontalAdvance(label.name) for label in LABELS)
    assert plot.width() / (2 if beside else 1) > names
