"""Theme: all colours of the window, light and dark, and the icons in these colours."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from string import Template

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from segmark.core.label import Label
from segmark.environment.resource_path import resource_path

ICON_SIZES = (16, 20, 24)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the window, each ``#rrggbb``.

    Attributes:
        page: the background of a page's text; ``panel`` that of everything else, ``raised`` that of
            buttons and fields on a panel.
        text: text on these backgrounds; ``muted`` less important text; ``disabled`` disabled text.
        border: the lines between areas; ``edge`` the borders of fields, buttons and the caret's
            block; ``handle`` the handles of scroll bars.
        hover: the background under the pointer; ``pressed`` that of a pressed or checked button.
        accent: the focus and default buttons; ``on_accent`` the text on it.
        selection: the background of selected text, ``on_selection`` the text on it;
            ``faded_selection`` the background without the focus.
        band: the background of the caret's block.
        hit: the background of search results, ``current_hit`` that of the current one; ``on_hit``
            the text on both.
        good, warning, bad: the text of success, warnings and errors.
        tint: the opacity of a label's colour behind the text of a span, 0 to 1.
    """

    name: str
    page: str
    panel: str
    raised: str
    text: str
    muted: str
    disabled: str
    border: str
    edge: str
    handle: str
    hover: str
    pressed: str
    accent: str
    on_accent: str
    selection: str
    on_selection: str
    faded_selection: str
    band: str
    hit: str
    current_hit: str
    on_hit: str
    good: str
    warning: str
    bad: str
    tint: float

    @property
    def is_dark(self) -> bool:
        """Whether this is the dark theme."""
        return self.name == "dark"

    def label_colour(self, label: Label) -> QColor:
        """The full colour of a label, for bars and swatches."""
        return QColor(label.dark if self.is_dark else label.light)

    def label_tint(self, label: Label) -> QColor:
        """The translucent colour behind the text of a span."""
        colour = self.label_colour(label)
        colour.setAlphaF(self.tint)
        return colour

    def label_pill(self, label: Label) -> QColor:
        """The opaque colour of the tint on the page, the background of a label's name."""
        return over(self.label_tint(label), QColor(self.page))


LIGHT = Theme(
    name="light",
    page="#fdfcf9",
    panel="#f4f2ee",
    raised="#ffffff",
    text="#22252a",
    muted="#585e67",
    disabled="#85888d",
    border="#dedad2",
    edge="#858178",
    handle="#858178",
    hover="#ebe8e1",
    pressed="#dfdbd2",
    accent="#2b63c6",
    on_accent="#ffffff",
    selection="#2b63c6",
    on_selection="#ffffff",
    faded_selection="#5c759d",
    band="#f3efe4",
    hit="#ffe58f",
    current_hit="#ffb224",
    on_hit="#22252a",
    good="#1f7a3d",
    warning="#8a5a00",
    bad="#b3261e",
    tint=0.22,
)
DARK = Theme(
    name="dark",
    page="#1d1e21",
    panel="#26282c",
    raised="#303338",
    text="#e4e3df",
    muted="#b2b6bc",
    disabled="#7d828b",
    border="#3a3d43",
    edge="#868b94",
    handle="#868b94",
    hover="#34373d",
    pressed="#40444b",
    accent="#7aa8f7",
    on_accent="#10203c",
    selection="#3f6fce",
    on_selection="#ffffff",
    faded_selection="#50627f",
    band="#2a2c31",
    hit="#8a7400",
    current_hit="#b05a00",
    on_hit="#ffffff",
    good="#7fd09a",
    warning="#e6b455",
    bad="#ff8f86",
    tint=0.35,
)


def over(top: QColor, bottom: QColor) -> QColor:
    """The opaque colour that results from a translucent one over an opaque one."""
    share = top.alphaF()
    channels = (
        (top.redF(), bottom.redF()),
        (top.greenF(), bottom.greenF()),
        (top.blueF(), bottom.blueF()),
    )
    return QColor.fromRgbF(*(share * above + (1 - share) * below for above, below in channels))


def apply(
    app: QApplication, choice: str, on_change: Callable[[Theme], None] | None = None
) -> Theme:
    """Apply the theme for a choice ("system", "light" or "dark") to the program and return it.

    If the choice is "system", ``on_change`` is called with the new theme whenever the desktop
    changes its colour scheme. The last call replaces earlier ones.
    """
    return _follower(app).choose(choice, on_change)


def begin(app: QApplication, choice: str) -> Theme:
    """Set the palette for a choice, without the style sheet until ``apply``; return the theme.

    A program starts faster when it sets the style sheet once, after all widgets were created.
    """
    return _follower(app).begin(choice)


# Cached: searching the application's children would wrap each of them, which takes 10 ms.
@cache
def _follower(app: QApplication) -> "_Follower":
    return _Follower(app)


class _Follower(QObject):
    """Keeps the program in the chosen theme when the desktop changes its colour scheme."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = "system"
        self._theme: Theme | None = None
        self._on_change: Callable[[Theme], None] | None = None
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def begin(self, choice: str) -> Theme:
        self._choose(choice)
        theme = self._chosen()
        if self._theme is None:
            self._app.setPalette(palette(theme))
        return theme

    def choose(self, choice: str, on_change: Callable[[Theme], None] | None) -> Theme:
        self._choose(choice)
        self._on_change = on_change
        return self._apply()

    def _choose(self, choice: str) -> None:
        self._choice, self._on_change = choice, None
        # On some platforms this also changes the window's frame.
        self._app.styleHints().setColorScheme(
            {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(
                choice, Qt.ColorScheme.Unknown
            )
        )

    def _chosen(self) -> Theme:
        scheme = self._app.styleHints().colorScheme()
        dark = self._choice == "dark" or (
            self._choice == "system" and scheme == Qt.ColorScheme.Dark
        )
        return DARK if dark else LIGHT

    def _apply(self) -> Theme:
        theme = self._chosen()
        if theme is not self._theme:
            self._theme = theme
            self._app.setPalette(palette(theme))
            self._app.setStyleSheet(style_sheet(theme))
        return theme

    def _scheme_changed(self) -> None:
        before = self._theme
        theme = self._apply()
        if theme is not before and self._on_change:
            self._on_change(theme)


def palette(theme: Theme) -> QPalette:
    """The palette of a theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.page,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.on_selection,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.border,
        role.Dark: theme.handle,
        role.Shadow: theme.border,
    }
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    made.setColor(group.Inactive, role.Highlight, QColor(theme.faded_selection))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, each, QColor(theme.disabled))
    return made


def style_sheet(theme: Theme) -> str:
    """The style sheet of a theme, from ``resources/themes/window.qss``."""
    sheet = resource_path("themes", "window.qss")
    names = {key: str(value) for key, value in asdict(theme).items()}
    return Template(sheet.read_text(encoding="utf-8")).substitute(
        names, folder=sheet.parent.as_posix()
    )


@cache
def icon(name: str, theme: Theme) -> QIcon:
    """The icon of an SVG file in ``resources/icons``, sharp at every size and density.

    ``currentColor`` in the file becomes the theme's text colour, or the colour of disabled text.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    svg = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QIcon(_SvgEngine(svg, theme))


class _SvgEngine(QIconEngine):
    """Draws an icon only in the requested sizes; drawing all would slow the start."""

    def __init__(self, svg: str, theme: Theme) -> None:
        super().__init__()
        self._svg = svg
        self._theme = theme
        self._drawn: dict[tuple[int, str], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """The icon in device pixels."""
        colour = self._theme.disabled if mode == QIcon.Mode.Disabled else self._theme.text
        key = min(size.width(), size.height()), colour
        if key not in self._drawn:
            self._drawn[key] = draw_svg(self._svg, colour, key[0])
        return self._drawn[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon where no style requests a pixmap."""
        size = rect.size() * painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def availableSizes(
        self, _mode: QIcon.Mode = QIcon.Mode.Normal, _state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        """The most common sizes."""
        return [QSize(size, size) for size in ICON_SIZES]

    def clone(self) -> QIconEngine:
        """A copy of the icon."""
        return _SvgEngine(self._svg, self._theme)


def draw_svg(svg: str, colour: str, size: int, ratio: int = 1) -> QPixmap:
    """A square pixmap of an SVG with ``currentColor`` replaced; size in logical pixels."""
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
    pixmap = QPixmap(size * ratio, size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
