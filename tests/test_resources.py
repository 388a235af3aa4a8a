"""The files in ``resources/`` are complete, and people can tell the label colours apart."""

import re
import unicodedata
from pathlib import Path
from typing import Literal, TypeAlias
from xml.etree import ElementTree

import pytest
from lxml import html
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from segmark.core.label import Label, LabelSet
from segmark.core.text.normalise import normalise
from segmark.environment.resource_path import resource_path
from segmark.gui.keys.bindings import plain_title
from segmark.gui.keys.commands import COMMANDS

from tests.colour_vision import VISIONS, Vision, ciede2000, closest, contrast, tint

Theme: TypeAlias = Literal["light", "dark"]

NEWS = LabelSet.from_toml(resource_path("labels", "news.toml").read_text("utf-8"))
HELP = sorted(resource_path("help").glob("*.md"))
ICONS = sorted(resource_path("icons").glob("*.svg"))
TEXT_PAGES = ("harbour.txt", "carnival.txt")
HTML_PAGES = ("observatory.html", "souk.html")

#: The colours of paper and ink that the labels are made for, and the share of a label in its tint.
PAPER = {"light": ("#ffffff", "#1e1f22", 0.22), "dark": ("#1e1f22", "#ececee", 0.35)}
THEMES: tuple[Theme, ...] = ("light", "dark")

each_label = pytest.mark.parametrize("label", NEWS.labels, ids=lambda label: label.name)


def colour_of(label: Label, theme: Theme) -> str:
    return label.light if theme == "light" else label.dark


def test_the_colour_difference_agrees_with_the_published_test_data() -> None:
    # Pairs 1, 7, 17 and 25 of Sharma, Wu & Dalal 2005, table 1.
    published = (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    )
    for one, other, difference in published:
        assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("vision", VISIONS)
def test_no_colour_vision_makes_colour_of_grey(vision: Vision) -> None:
    assert vision((0.4, 0.4, 0.4)) == pytest.approx((0.4, 0.4, 0.4), abs=1e-4)


def test_the_labels_are_in_the_order_of_their_digits() -> None:
    assert [(label.name, label.key) for label in NEWS] == [
        ("headline", "H"), ("caption", "C"), ("body", "B"), ("ticker", "T"), ("comment", "M"),
    ]  # fmt: skip


def test_labels_whose_spans_are_one_thing_each_do_not_join() -> None:
    assert [label.name for label in NEWS if not label.joins] == ["headline", "caption"]


@each_label
def test_a_label_explains_itself(label: Label) -> None:
    assert "\n" not in label.definition
    assert 20 <= len(label.definition) <= 100
    assert len(label.guideline) > 300
    assert label.example
    assert label.example == normalise(label.example)


def test_the_guideline_of_the_set_names_every_label() -> None:
    assert all(re.search(rf"\*\*{label.name}\*\*", NEWS.guideline) for label in NEWS)


@pytest.mark.parametrize("theme", THEMES)
@each_label
def test_a_label_is_readable_on_its_page(label: Label, theme: Theme) -> None:
    paper, ink, share = PAPER[theme]
    colour = colour_of(label, theme)
    # WCAG 2.2: 4.5 for text (1.4.3), which covers the 3 of a bar (1.4.11); 7 for text (1.4.6).
    assert contrast(colour, paper) >= 4.5
    assert contrast(tint(colour, paper, share), ink) >= 7


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("theme", "bars", "tints"), [("light", 16, 2.5), ("dark", 13, 5)])
def test_any_two_labels_look_different(
    vision: Vision, theme: Theme, bars: float, tints: float
) -> None:
    paper, _, share = PAPER[theme]
    colours = [colour_of(label, theme) for label in NEWS]
    # A difference of 1 is barely visible side by side; bars have to differ across the page.
    assert closest(colours, vision) >= bars
    assert closest([tint(colour, paper, share) for colour in colours], vision) >= tints


def sample(name: str) -> str:
    return resource_path("pages", name).read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", TEXT_PAGES)
def test_a_text_sample_needs_no_normalising(name: str) -> None:
    assert normalise(sample(name)) == sample(name)


def test_the_harbour_page_has_the_segments_that_the_help_lists() -> None:
    lesson = resource_path("help", "label-a-page.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+)(?:–(\d+))? \| `?([^|`…/]{3,15})", lesson.split("## ")[0], re.M)
    blocks = [line for line in sample("harbour.txt").split("\n") if line]
    listed = list[int]()
    for first, last, opening in rows:
        assert blocks[int(first) - 1].startswith(opening.strip()[:10])
        listed += range(int(first), int(last or first) + 1)
    # As the margin of the window counts them, and none is missing.
    assert listed == list(range(1, len(blocks) + 1))
    lines = sample("harbour.txt").split("\n")
    assert len(lines) == 32
    blank = [number for number, line in enumerate(lines, 1) if not line]
    assert blank == [3, 5, 9, *range(11, 32, 2)]
    assert lines[1].count("Read more") == 8
    assert re.search(r"\./[A-Z]+$", lines[6])
    assert "\u00a0" in lines[11]


def test_the_carnival_page_has_characters_that_are_hard_for_offsets() -> None:
    text = sample("carnival.txt")
    for hard in ("👨‍👩‍👧‍👦", "👋🏽", "🏳️‍🌈", "🇧🇷", "3️⃣", "\u200b", "\u00a0", "\t"):
        assert hard in text
    assert any(unicodedata.combining(char) for char in text)
    assert unicodedata.normalize("NFC", text) != text


@pytest.mark.parametrize("name", HTML_PAGES)
def test_an_html_sample_names_its_language_and_address(name: str) -> None:
    tree = html.fromstring(sample(name).encode())
    assert tree.get("lang")
    assert tree.xpath("count(//link[@rel='canonical'][contains(@href, '.example/')])") == 1
    assert tree.xpath("count(//h1)") == 1
    assert tree.findtext(".//title")


def test_the_observatory_page_has_the_mess_of_a_real_one() -> None:
    tree = html.fromstring(sample("observatory.html").encode())
    for part in (
        "//nav", "//header", "//*[@class='breadcrumb']", "//*[@id='breaking-news']", "//h1/br",
        "//*[@class='byline']", "//figcaption/*[@class='credit']", "//h2", "//table", "//aside",
        "//form[@class='newsletter']", "//*[@id='comments']", "//footer", "//script", "//style",
        "//noscript", "//template", "//*[@hidden]", "//*[@style='display:none']", "//comment()",
    ):  # fmt: skip
        assert tree.xpath(f"boolean({part})"), part
    assert tree.xpath("count(//figure)") == 2


def test_the_souk_page_runs_from_right_to_left_with_latin_names_inside() -> None:
    tree = html.fromstring(sample("souk.html").encode())
    story = str(tree.xpath("string(//article)"))
    assert tree.get("dir") == "rtl"
    letters = [unicodedata.bidirectional(char) for char in story if char.isalpha()]
    assert letters.count("AL") > 0.8 * len(letters)
    assert letters.count("L") > 20
    assert any(char.isdigit() for char in story)


def test_every_icon_of_the_window_exists() -> None:
    assert {path.stem for path in ICONS} == {
        "app", "open", "new", "load", "paste", "export", "undo", "redo", "find", "next-page",
        "previous-page", "done", "skip", "flag", "note", "clear", "zoom-in", "zoom-out", "help",
        "settings", "guideline", "theme", "brush", "close", "up", "down", "filter",
    }  # fmt: skip


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_every_icon_has_the_same_style_and_needs_no_other_file(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text("utf-8"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "path", "rect", "circle"}
    if path.stem != "app":
        assert root.get("viewBox") == "0 0 24 24"
        assert (root.get("stroke"), root.get("stroke-width")) == ("currentColor", "1.75")
        assert (root.get("stroke-linecap"), root.get("stroke-linejoin")) == ("round", "round")
        assert "#" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("side", [16, 24, 48])
def test_an_icon_renders_inside_its_square(path: Path, side: int) -> None:
    renderer = QSvgRenderer(QByteArray(path.read_bytes()))
    assert renderer.isValid()
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    inked = sum(image.pixelColor(x, y).alpha() > 64 for x in range(side) for y in range(side))
    assert inked > 0.08 * side * side
    corners = ((0, 0), (side - 1, 0), (0, side - 1), (side - 1, side - 1))
    assert not any(image.pixelColor(x, y).alpha() > 128 for x, y in corners)


@pytest.mark.parametrize("path", HELP, ids=lambda path: path.stem)
def test_a_help_page_has_a_title_and_working_links(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("# ")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (path.parent / target).is_file(), target


def test_the_index_of_the_help_links_every_page() -> None:
    linked = set(
        re.findall(r"\]\(([^)]+\.md)\)", resource_path("help", "index.md").read_text("utf-8"))
    )
    assert linked == {path.name for path in HELP} - {"index.md"}


def test_the_help_names_menu_entries_that_exist() -> None:
    entries = {(command.menu, plain_title(command)) for command in COMMANDS}
    entries.add(("View", "Panels"))  # a menu in a menu
    text = " ".join(path.read_text("utf-8") for path in HELP).replace("\n", " ")
    named = {(menu, title.rstrip("…")) for menu, title in re.findall(r"\*(\w+) › ([^*]+)\*", text)}
    assert named - entries == set()
    assert named


def test_the_help_has_a_place_for_the_table_of_keys() -> None:
    text = resource_path("help", "keys.md").read_text("utf-8")
    assert text.count("<!-- keys -->") == text.count("<!-- /keys -->") == 1
    assert text.index("<!-- keys -->") < text.index("<!-- /keys -->")


def test_the_label_set_that_the_help_shows_can_be_loaded() -> None:
    text = resource_path("help", "projects.md").read_text("utf-8")
    example = text.split("```")[1]
    assert LabelSet.from_toml(example).names == {"ingredients"}
