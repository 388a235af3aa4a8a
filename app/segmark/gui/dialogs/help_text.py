"""HelpText: shows a help page, Markdown with comfortable spacing."""

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from segmark.gui.dialogs.help_pages import HelpPages, slug

_MARGIN = 28  # pixels around the text
_TEXT_WIDTH = 720  # the maximal width of the text in pixels
_LINE_HEIGHT = 125.0  # per cent
_ABOVE_HEADING = {1: 0, 2: 24}
_ABOVE_SMALL_HEADING = 16
_BELOW = 8


class HelpText(QTextBrowser):
    """Shows a help page; loads only images from the folder of the help."""

    def __init__(self, pages: HelpPages) -> None:
        super().__init__()
        self._pages = pages
        self._markdown = ""
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Help page")
        self.document().setDocumentMargin(_MARGIN)

    def show_markdown(self, markdown: str) -> None:
        """Show a page, scrolled to its top."""
        self._markdown = markdown
        self.setMarkdown(markdown)
        document = self.document()
        block = document.begin()
        while block.isValid():
            self._format_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._format_table(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def scroll_to(self, section: str) -> None:
        """Scroll a heading, given as in a link, to the top."""
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == section:
                self.setTextCursor(QTextCursor(block))
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + self.cursorRect().top() - _BELOW)
                return
            block = block.next()

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002
        """Load an image of the help, no wider than the text; nothing else is loaded."""
        path = self._pages.inside(QUrl(name).path())
        if type != QTextDocument.ResourceType.ImageResource.value or path is None:
            return None
        image = QImage(str(path))
        room = max(200, min(_TEXT_WIDTH, self.viewport().width() - 2 * _MARGIN))
        if image.width() > room:
            ratio = self.devicePixelRatioF()
            image = image.scaledToWidth(
                round(room * ratio), Qt.TransformationMode.SmoothTransformation
            )
            image.setDevicePixelRatio(ratio)
        return image

    def changeEvent(self, event: QEvent) -> None:
        """Use the colours of another theme; the scroll position stays the same."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            bar = self.verticalScrollBar()
            place = bar.value()
            self.show_markdown(self._markdown)
            bar.setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Limit the width of the text in a wide window."""
        spare = max(0, self.width() - _TEXT_WIDTH - 2 * _MARGIN)
        self.setViewportMargins(0, 0, spare, 0)
        super().resizeEvent(event)

    def _format_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        style = QTextBlockFormat()
        style.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        level = block.blockFormat().headingLevel()
        if level:
            style.setTopMargin(_ABOVE_HEADING.get(level, _ABOVE_SMALL_HEADING))
        in_table = cursor.currentTable() is not None
        style.setBottomMargin(0 if in_table or block.textList() else _BELOW)
        cursor.mergeBlockFormat(style)
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            if fragment.charFormat().fontFixedPitch():
                cursor.setPosition(fragment.position())
                end = fragment.position() + fragment.length()
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                code = QTextCharFormat()
                code.setBackground(self.palette().midlight())
                cursor.mergeCharFormat(code)
            fragments += 1

    def _format_table(self, table: QTextTable) -> None:
        style = table.format()
        style.setCellPadding(5)
        style.setCellSpacing(0)
        style.setBorder(1)
        style.setBorderCollapse(True)
        style.setBorderBrush(self.palette().mid())
        style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        style.setBottomMargin(_BELOW)
        table.setFormat(style)
        for column in range(table.columns()):
            cell = table.cellAt(0, column)
            bold = QTextCharFormat()
            bold.setFontWeight(QFont.Weight.DemiBold)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(
                cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor
            )
            cursor.mergeCharFormat(bold)
