"""The format ``html``: what was labelled, to be looked at; nothing in it loads or runs."""

import json
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from lxml import etree
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.exporter import preview
from segmark.export.options import ExportOptions
from segmark.export.split import Split
from segmark.html_tree import parse

from tests.export.labelled import labelled_pages, nasty_record
from tests.export.made import checked, export_as, many, record
from tests.export.web import every_line, in_html, web_record
from tests.places import ROOT

FERRY = """<!doctype html><html lang="en"><head><title>Ferry</title></head><body>
<h1>Ferry <em>returns</em></h1>
<div>The night&nbsp;ferry
   is <b>back</b>.<br>It <i>left</i> on Monday.</div>
<pre>  one
   two</pre><p style="display:none">secret</p>
</body></html>"""

HOSTILE = """<!doctype html><html onload="run()"><head>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">
<link rel="stylesheet" href="https://evil.example/a.css"><script src="https://evil.example/a.js">
</script><style>body{background:url(https://evil.example/b.png)} p{display:none}</style></head>
<body background="https://evil.example/c.png" style="background:url(https://evil.example/d.png)">
<h1 onclick="run()" id="x" class="label-body">Ferry <script>run()</script>returns</h1>
<p>See <a href="javascript:run()">this</a> <img src="https://evil.example/e.png" onerror="run()">
<svg onload="run()"><text>drawn</text></svg><iframe src="https://evil.example"></iframe>
<math><mtext><style><img src=x onerror=run()></style></mtext></math>
<noscript><p title="</noscript><img src=x onerror=run()>">none</p></noscript>
<form action="https://evil.example"><button formaction="https://evil.example">Send</button>
<input value="x" onfocus="run()" autofocus></form><object data="https://evil.example"></object>
<video poster="https://evil.example/f.png" src="https://evil.example/g.mp4"></video>
<x-app onclick="run()">custom</x-app><mark data-span="0" data-start="7">false</mark>
<meta name="segmark" content="{}"><xmp><img src=x onerror=run()></xmp></p></body></html>"""

ATTRIBUTES = {
    "charset", "class", "colspan", "content", "data-end", "data-first", "data-span", "data-start",
    "dir", "http-equiv", "lang", "name", "open", "rowspan", "start", "title",
}  # fmt: skip
RUNNING = {
    "a", "audio", "base", "button", "embed", "form", "iframe", "img", "input", "link", "math",
    "noscript", "object", "script", "svg", "template", "video",
}  # fmt: skip


def exported(page: Record, folder: Path) -> etree._Element:
    export_as("html", [page], folder)
    (path,) = (folder / "pages").iterdir()
    root = parse(path.read_text("utf-8"))
    assert root is not None
    return root


def marks_in(root: etree._Element) -> list[tuple[str, str, str]]:
    return [
        (str(mark.get("title")), str(mark.get("data-start")), str(mark.text))
        for mark in root.iter("mark")
        if mark.get("data-span")
    ]


def test_the_spans_are_marked_in_the_elements_of_the_page(tmp_path: Path) -> None:
    root = exported(web_record(FERRY, "headline", "body", "", "caption"), tmp_path)
    assert marks_in(root) == [
        ("headline", "0", "Ferry "), ("headline", "6", "returns"),
        ("body", "14", "The night\u00a0ferry is "), ("body", "33", "back"), ("body", "37", "."),
        ("caption", "60", "one"),
    ]  # fmt: skip
    assert [len(root.findall(f".//{tag}/mark[@data-span]")) for tag in ("h1", "em", "b")] == [1] * 3
    shown = "".join(str(text) for text in root.itertext())
    assert "secret" not in shown
    assert "is back.It left on Monday." in " ".join(shown.split())


def test_nothing_in_a_page_loads_or_runs(tmp_path: Path) -> None:
    page = web_record(HOSTILE, "headline", "body")
    root = exported(page, tmp_path)
    for element in root.iter():
        assert isinstance(element.tag, str)
        assert element.tag not in RUNNING - {"a"}
        assert {str(name) for name in element.attrib} <= ATTRIBUTES
    text = (tmp_path / "pages" / f"{page.id}.html").read_text("utf-8")
    assert "evil.example" not in text
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in text
    assert "run()" not in text.replace("&lt;img src=x onerror=run()&gt;", "")
    assert "custom" in text
    assert checked(tmp_path, lambda _, __: (page.text, list(page.spans))).faults == []


def test_a_page_without_markup_is_its_text(tmp_path: Path) -> None:
    page = record(text="Ferry <b>\n\n  returns & sails", spans=(Span(0, 5, "headline"),))
    root = exported(page, tmp_path)
    (text,) = (div for div in root.iter("div") if div.get("class") == "text")
    assert "".join(map(str, text.itertext())) == page.text
    assert marks_in(root) == [("headline", "0", "Ferry")]


def test_each_annotator_of_a_page_has_a_file_and_the_list_leads_to_all(tmp_path: Path) -> None:
    pages = [record("a1"), record("a1", annotator="nils"), record("b2", spans=())]
    export_as("html", pages, tmp_path)
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["a1-2.html", "a1.html", "b2.html"]
    index = (tmp_path / "index.html").read_text("utf-8")
    assert [f'href="pages/{name}"' in index for name in names] == [True] * 3
    assert "1 headline, 1 body" in index
    assert checked(tmp_path).faults == []


def test_the_parts_of_a_split_are_folders_and_none_of_an_old_export_stays(tmp_path: Path) -> None:
    export_as("html", many(5), tmp_path)
    export_as("html", many(40), tmp_path, ExportOptions(split=Split(60, 20, 20)))
    assert {path.name for path in tmp_path.iterdir()} == {
        "train", "dev", "test", "index.html", "README.md",
    }  # fmt: skip
    verdict = checked(tmp_path)
    assert (verdict.faults, verdict.pages) == ([], 40)


@settings(max_examples=60)
@given(labelled_pages())
def test_whatever_is_labelled_is_marked_to_the_character(page: Record) -> None:
    with TemporaryDirectory() as folder:
        export_as("html", [page], Path(folder))
        verdict = checked(Path(folder), lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], len(page.spans))


def test_offsets_hold_on_a_page_of_nasty_unicode_as_text_and_as_html(tmp_path: Path) -> None:
    nasty = nasty_record()
    html = f"<!doctype html><body><pre>{nasty.text}</pre><p>{nasty.text}".replace(
        "\u200b", "&#8203;"
    )
    for number, page in enumerate((nasty, every_line(html.encode()))):
        export_as("html", [page], tmp_path / str(number))
        verdict = checked(tmp_path / str(number), lambda _, __: (page.text, list(page.spans)))  # noqa: B023
        assert (verdict.faults, verdict.spans) == ([], len(page.spans))


@pytest.mark.parametrize("name", ["observatory.html", "souk.html"])
def test_every_line_of_the_sample_pages_is_marked_in_its_markup(name: str, tmp_path: Path) -> None:
    page = every_line((ROOT / "resources/pages" / name).read_bytes())
    root = exported(page, tmp_path)
    assert not [div for div in root.iter("div") if div.get("class") == "text"]
    verdict = checked(tmp_path, lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], len(page.spans))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">Ferry ", ">Barge ", "which is not at 0"),
        ('data-end="6"', 'data-end="7"', "has a wrong length"),
        ('title="headline" data', 'title="body" data', "is marked as body"),
        (">returns</mark>", ">return</mark>", "not marked to its end"),
        ('name="segmark"', 'name="other"', "no page of this format"),
    ],
)
def test_verify_finds_what_was_changed(old: str, new: str, said: str, tmp_path: Path) -> None:
    page = web_record(FERRY, "headline")
    exported(page, tmp_path)
    path = tmp_path / "pages" / f"{page.id}.html"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    faults = checked(tmp_path, lambda _, __: (page.text, list(page.spans))).faults
    assert any(said in fault for fault in faults), faults


def test_the_same_pages_give_the_same_bytes_and_a_preview_is_short(tmp_path: Path) -> None:
    page = web_record(FERRY, "headline", "body")
    texts = []
    for name in ("one", "two"):
        export_as("html", [page, record()], tmp_path / name)
        texts.append([p.read_bytes() for p in sorted((tmp_path / name).rglob("*.*"))])
    assert texts[0] == texts[1]
    long = record(text="word\n" * 5000, spans=(Span(0, 4, "body"),))
    assert len(preview(long, ExportOptions(form="html"))) < 4000


@pytest.mark.parametrize("form", ["html", "dom"])
def test_pages_are_written_as_they_come_and_never_held(form: str, tmp_path: Path) -> None:
    text = "\n".join(["Words and words and more of the same words"] * 40)
    pages = (in_html(record(f"{n}", text, (Span(0, 42, "body"),))) for n in range(300))
    export_as(form, [in_html(record())], tmp_path / "first")  # what is only imported once
    tracemalloc.start()
    try:
        export_as(form, pages, tmp_path / "all")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


#: Ids that become one name where case does not matter, where names are short, or in this format.
CLASHING = (
    "a", "A", "a-2", "a-3", "\u00e4", "\u00f6", "a b", "a/b", "a_b", ".", "..", "index", "con",
    "CON", "nul", "Lpt1", "-", "x" * 300, "x" * 299 + "y", "X" * 300, "\u65b0" * 90,
    "../../etc", "c:d",
)  # fmt: skip


def test_no_two_pages_share_a_file_and_every_system_takes_its_name(tmp_path: Path) -> None:
    views = [
        replace(record(page), annotator=who) for page in CLASHING for who in ("ann", "bo", "cy")
    ]
    views.append(record("a"))  # a page that is not beside its other views
    export_as("html", views, tmp_path)
    files = list((tmp_path / "pages").iterdir())
    assert len(files) == len({path.name.casefold() for path in files}) == len(views)
    assert not checked(tmp_path).faults
    for path in files:
        assert len(path.name) < 200
        assert re.fullmatch(r"[\w-]+\.html", path.name, re.ASCII)
        assert path.stem.casefold() not in {"con", "nul", "lpt1"}
    names = re.findall(r'href="pages/([^"]+)"', (tmp_path / "index.html").read_text("utf-8"))
    found = []
    for name in names:
        root = parse((tmp_path / "pages" / name).read_text("utf-8"))
        assert root is not None
        about = json.loads(str(root.xpath("string(//meta[@name='segmark']/@content)")))
        found.append((about["id"], about["meta"]["annotator"]))
    assert found == [(view.id, view.annotator) for view in views]


def test_usual_names_stay(tmp_path: Path) -> None:
    views = [replace(record("5f0c"), annotator=who) for who in ("ann", "bo")]
    export_as("html", [*views, record("6a")], tmp_path)
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["5f0c-2.html", "5f0c.html", "6a.html"]
