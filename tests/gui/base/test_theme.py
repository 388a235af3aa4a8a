from dataclasses import asdict
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication
from segmark.core.label import LabelSet
from segmark.environment.resource_path import resource_path
from segmark.gui.base import theme as themes
from segmark.gui.base.theme import DARK, LIGHT, Theme

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
NEWS = LabelSet.from_toml(resource_path("labels", "news.toml").read_text(encoding="utf-8"))
ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))


def luminance(colour: QColor) -> float:
    """Relative luminance as in WCAG 2.2."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor | str, other: QColor | str) -> float:
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


@THEMES
def test_every_colour_is_one(theme: Theme) -> None:
    for name, value in asdict(theme).items():
        if name not in ("name", "tint"):
            assert QColor(value).name() == value, name


@THEMES
def test_text_is_readable_on_everything_that_it_stands_on(theme: Theme) -> None:
    for ground in (theme.page, theme.panel, theme.raised, theme.band, theme.hover, theme.pressed):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5, ground
    for ground in (theme.page, theme.panel, theme.raised, theme.band):
        for ink in (theme.good, theme.warning, theme.bad):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for ink, ground in (
        (theme.on_accent, theme.accent),
        (theme.on_selection, theme.selection),
        (theme.on_selection, theme.faded_selection),
        (theme.on_hit, theme.hit),
        (theme.on_hit, theme.current_hit),
    ):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


@THEMES
def test_edges_and_handles_stand_out_from_all_that_is_beside_them(theme: Theme) -> None:
    for ground in (theme.page, theme.panel, theme.raised, theme.band, theme.hover):
        assert contrast(theme.edge, ground) >= 3, ground
    for ground in (theme.page, theme.panel, theme.raised):
        assert contrast(theme.handle, ground) >= 3, ground
        assert contrast(theme.disabled, ground) >= 3, ground


@THEMES
def test_what_has_the_focus_stands_out(theme: Theme) -> None:
    for ground in (theme.page, theme.panel, theme.raised):
        assert contrast(theme.accent, ground) >= 3


@THEMES
def test_text_is_readable_over_the_tint_of_every_label_on_the_page_and_the_band(
    theme: Theme,
) -> None:
    for label in NEWS:
        for ground in (theme.page, theme.band):
            tinted = themes.over(theme.label_tint(label), QColor(ground))
            assert contrast(theme.text, tinted) >= 4.5, (label.name, ground)


@THEMES
def test_the_bar_of_every_label_stands_out_from_the_page(theme: Theme) -> None:
    for label in NEWS:
        assert contrast(theme.label_colour(label), theme.page) >= 3, label.name


def distance(one: QColor, other: QColor) -> float:
    return sum(
        abs(a - b)
        for a, b in (
            (one.redF(), other.redF()),
            (one.greenF(), other.greenF()),
            (one.blueF(), other.blueF()),
        )
    )


@THEMES
def test_selection_and_hits_are_unlike_every_tint_and_one_another(theme: Theme) -> None:
    marks = [
        QColor(colour)
        for colour in (theme.selection, theme.faded_selection, theme.hit, theme.current_hit)
    ]
    for mark in marks:
        assert all(distance(mark, theme.label_pill(label)) > 0.25 for label in NEWS)
    assert all(distance(a, b) > 0.1 for a, b in combinations(marks, 2))


@THEMES
def test_a_tint_is_the_stated_share_of_the_label_over_the_page(theme: Theme) -> None:
    label = NEWS["headline"]
    full, page, pill = theme.label_colour(label), QColor(theme.page), theme.label_pill(label)
    assert full.name() == (label.dark if theme.is_dark else label.light)
    expected = theme.tint * full.redF() + (1 - theme.tint) * page.redF()
    assert pill.redF() == pytest.approx(expected, abs=0.01)
    assert pill.alpha() == 255


def test_a_choice_dresses_the_whole_program(qapp: QApplication) -> None:
    for choice, expected in (("dark", DARK), ("light", LIGHT)):
        assert themes.apply(qapp, choice) is expected
        assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(expected.page)
        assert expected.accent in qapp.styleSheet()
        assert "$" not in qapp.styleSheet()


def test_the_system_choice_follows_the_desktop_and_tells(qapp: QApplication) -> None:
    told: list[Theme] = []
    themes.apply(qapp, "light")
    themes.apply(qapp, "system", told.append)
    hints = qapp.styleHints()
    dark = hints.colorScheme() == Qt.ColorScheme.Dark
    # The offscreen platform has no colour scheme, so the test emits the signal.
    hints.colorSchemeChanged.emit(hints.colorScheme())
    assert told == []
    assert themes.apply(qapp, "system") is (DARK if dark else LIGHT)
    themes.apply(qapp, "light")


@pytest.mark.parametrize("name", ICONS)
@THEMES
def test_every_icon_is_drawn_in_the_colours_of_the_theme(
    qapp: QApplication, name: str, theme: Theme
) -> None:
    pixmap = themes.icon(name, theme).pixmap(24, 24)
    image = QImage(pixmap.toImage())
    inked = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 0
    ]
    assert inked


def test_an_icon_is_sharp_on_a_dense_screen_and_made_once(qapp: QApplication) -> None:
    made = themes.icon(ICONS[0], LIGHT)
    assert made.pixmap(20, 20).width() == 20
    dense = made.pixmap(made.availableSizes()[0], 2.0)
    assert dense.devicePixelRatio() == 2.0
    assert themes.icon(ICONS[0], LIGHT) is made


def test_the_colour_of_an_svg_is_the_one_asked_for(qapp: QApplication) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">'
        '<rect width="4" height="4" fill="currentColor"/></svg>'
    )
    image = QImage(themes.draw_svg(svg, "#12ab34", 8, 2).toImage())
    assert (image.width(), image.devicePixelRatio()) == (16, 2.0)
    assert image.pixelColor(8, 8) == QColor("#12ab34")


def test_an_icon_that_is_not_there_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        themes.icon("no-such-icon", LIGHT)
