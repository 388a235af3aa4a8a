"""The reading view of a help page: Qt's Markdown with room around what it shows."""

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
_TEXT_WIDTH = 720  # pixels, for lines that are easy to read
_LINE_HEIGHT = 125.0  # per cent
_ABOVE_HEADING = {1: 0, 2: 24}
_ABOVE_SMALL_HEADING = 16
_BELOW = 8


class HelpText(QTextBrowser):
    """Shows a help page; gets nothing but pictures from the help's own folder."""

    def __init__(self, pages: HelpPages) -> None:
        super().__init__()
        self._pages = pages
        self._markdown = ""
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Help page")
        self.document().setDocumentMargin(_MARGIN)

    def show_markdown(self, markdown: str) -> None:
        """Show a page from its top."""
        self._markdown = markdown
        self.setMarkdown(markdown)
        document = self.document()
        block = document.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def scroll_to(self, section: str) -> None:
        """Bring a heading, named as in a link, to the top."""
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == section:
                self.setTextCursor(QTextCursor(block))
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + self.cursorRect().top() - _BELOW)
                return
            block = block.next()

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002
        """A picture of the help, no wider than the text; nothing from anywhere else."""
        path = self._pages.inside(QUrl(name).path())
        if type != QTextDocument.ResourceType.ImageResource.value or path is None:
            return None
        picture = QImage(str(path))
        room = max(200, min(_TEXT_WIDTH, self.viewport().width() - 2 * _MARGIN))
        if picture.width() > room:
            ratio = self.devicePixelRatioF()
            picture = picture.scaledToWidth(
                round(room * ratio), Qt.TransformationMode.SmoothTransformation
            )
            picture.setDevicePixelRatio(ratio)
        return picture

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme, at the same place."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            bar = self.verticalScrollBar()
            place = bar.value()
            self.show_markdown(self._markdown)
            bar.setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lines short in a wide window."""
        spare = max(0, self.width() - _TEXT_WIDTH - 2 * _MARGIN)
        self.setViewportMargins(0, 0, spare, 0)
        super().resizeEvent(event)

    def _dress_block(self, block: QTextBlock) -> None:
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

    def _dress_table(self, table: QTextTable) -> None:
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
