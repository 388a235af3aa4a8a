"""The style sheets that a page contains decide what is shown, as in a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.loading.html.media_query import applies
from segmark.loading.loader import load_bytes


def text(markup: str) -> str:
    return load_bytes(markup.encode(), "news/a.html").page.text


def styled(css: str, body: str, attributes: str = "") -> str:
    """The text of a page with a style sheet, on one line; enough is shown besides."""
    shown = text(f"<style{attributes}>{css}</style>{body}<h2>{'end ' * 9}")
    return shown.removesuffix(f"{'end ' * 9}".strip()).strip().replace("\n", "|")


@pytest.mark.parametrize(
    "css",
    [
        ".x{display:none}",
        "P.x { color: red; Display: NONE }",
        "#i{display:none}",
        "[data-a]{display:none}",
        "[data-a=v]{display:none}",
        "div > .x{display:none}",
        "div .x{display:none}",
        "b + .x{display:none}",
        "b ~ .x{display:none}",
        "script + .x{display:none}",
        ".y, .x{display:none}",
        ":is(.x, .y){display:none}",
        ":where(.x){display:none}",
        "p:not(.y){display:none}",
        ".x:nth-child(3){display:none}",
        "p:nth-of-type(1){display:none}",
        "p:first-of-type{display:none}",
        ".x:not(:hover){display:none}",
        "div{ .x{display:none} }",
        "div{ color:red; & > .x{display:none} }",
        ".x{ display:none; .y{color:red} }",
        "@media screen{.x{display:none}}",
        "@media(min-width:600px){.x{display:none}}",
        "@media all{@media (width >= 50em){.x{display:none}}}",
        "@supports (display:grid){.x{display:none}}",
        "@layer a{.x{display:none}}",
        ".y{content:'}'}.x{display:none}",
        ".y{background:url(data:image/png;base64,AA==)}.x{display:none}",
        "/* } */.x{/* display:block */display:none}",
        "<!-- .x{display:none} -->",
        ".x{display:none",
        ".x{visibility:hidden}",
        ".x{content-visibility:hidden}",
        ".x{display:none!important}.x{display:block}",
        ".x{display:none}.x{display:nonsense}",
        "#i{display:none}.x{display:block}",
        ".x{display:block}.x{display:none}",
        "p.x{display:none}.x{display:block}",
        "@layer a{#i{display:block}}.x{display:none}",
        "@import url(a.css);.x{display:none}",
    ],
)
def test_what_a_rule_hides_is_no_text(css: str) -> None:
    scripts = "<script>1</script><b></b>" if css.startswith("b +") else "<b></b><script>1</script>"
    body = f"<div>a{scripts}<p class='x q' id=i data-a=v>secret</p>c</div>"
    assert "secret" not in styled(css, body)
    assert styled(css, body).startswith("a")


@pytest.mark.parametrize(
    ("css", "attributes"),
    [
        (".x{display:none}", " media=print"),
        (".x{display:none}", " type=text/less"),
        ("@media print{.x{display:none}}", ""),
        ("@media (max-width: 767px){.x{display:none}}", ""),
        ("@media (prefers-color-scheme: dark){.x{display:none}}", ""),
        ("@media unheard-of{.x{display:none}}", ""),
        ("@container (min-width: 1px){.x{display:none}}", ""),
        ("@supports not (display:grid){.x{display:none}}", ""),
        (".x:hover{display:none}", ""),
        (".x::before{display:none}", ""),
        (".x:last-child{display:none}", ""),
        (".y .x{display:none}", ""),
        (".x > b{display:none}", ""),
        (".X{display:none}", ""),
        (".x-y{display:none}", ""),
        (".x{display:none}#i{display:block}", ""),
        ("/* .x{display:none} */", ""),
        (".y{content:'.x{display:none}'}", ""),
        (".x{display:non", ""),
        ("script{display:block}", ""),
    ],
)
def test_what_no_rule_hides_is_shown(css: str, attributes: str) -> None:
    assert styled(css, "<p class='x q' id=i>a</p>", attributes) == "a"


def test_sheets_that_are_not_the_page_s_are_not_applied() -> None:
    css = "<style>.x{display:none}</style>"
    for around in ("<!--{}-->", "<noscript>{}</noscript>", "<script>'{}'</script>",
                   "<template>{}</template>", "<textarea>{}</textarea>"):  # fmt: skip
        assert text(f"{around.format(css)}<p class=x>a") == "a"


def test_a_style_attribute_wins_over_rules_unless_these_are_important() -> None:
    assert styled("#i{display:none}", "<p id=i style='display:block'>a") == "a"
    assert styled("p{display:none!important}", "<p style='display:block'>secret<div>a") == "a"
    important = "<p style='display:block!important'>a"
    assert styled("p#i{display:none!important}", important) == "a"


def test_style_attributes_are_parsed_not_searched() -> None:
    shown = (
        "/* display:none */color:red",
        "background:url(x;display:none;)",
        "content:'display:none'",
        "display:none;display:block",
        "--x:{display:none}",
    )
    for style in shown:
        assert text(f'<p style="{style}">a') == "a", style
    hidden = ("/**/display/**/:/**/none/**/", "background:url(a;b);display:none", "display:n\\6fne")
    for style in hidden:
        assert text(f'<p style="{style}">secret</p><p>a') == "a", style


def test_what_is_visible_in_what_is_not_is_shown() -> None:
    markup = "<div style='visibility:hidden'>no<p style='visibility:visible'>a</p>no</div>b"
    assert text(markup) == "a\n\nb"
    assert styled(".h{visibility:hidden}.v{visibility:visible}",
                  "<div class=h>no<i class=v>a</i></div>") == "a"  # fmt: skip


def test_a_display_shows_what_an_attribute_hides() -> None:
    assert styled(".x{display:flex}", "<div class=x hidden>a</div>") == "a"
    assert styled(".x{display:block}", "<dialog class=x>a</dialog>") == "a"
    assert styled(".x{display:block}", "<div class=x hidden=until-found>no</div>a") == "a"


def test_words_are_not_glued_where_a_browser_breaks() -> None:
    assert text("one</br>two</BR>three") == "one\ntwo\nthree"
    assert text("<div>one</p>two</div>") == "one\n\ntwo"
    assert text("<p>one<b>two</p>three") == "one" + "two\n\nthree"
    assert text("one<select><option>x<option>y</select>two") == "one\ntwo"
    for display in ("flex", "grid", "inline-flex", "inline-grid", "-webkit-box"):
        markup = f"<div style='display:{display}'><a>one</a><i>two</i>three</div>"
        assert text(markup) == "one\ntwo\nthree", display
    markup = "<div style='display:flex'><i style='display:contents'><a>one</a><b>two</b></i></div>"
    assert text(markup) == "one\ntwo"
    assert styled(".f{display:flex}", "<div class=f><a>one</a><a>two</a></div>") == "one|two"
    assert styled("a{display:block}", "<a>one</a><a>two</a>") == "one|two"
    assert styled("li{display:inline}", "<ul><li>one <li>two</ul>") == "one two"
    assert styled("b{float:left}i{position:absolute}", "<b>1</b>2<i>3</i>") == "1|2|3"


def test_a_rule_can_preserve_white_space() -> None:
    assert text("<style>.k{white-space:pre-wrap}</style><i class=k>a  b\nc</i>") == "a  b\nc"
    assert text("<style>pre{white-space:normal}</style><pre>a  b\nc</pre>") == "a b c"


def test_a_page_that_hides_most_of_itself_is_shown() -> None:
    markup = "<style>.all{display:none} b{display:block}</style>"
    markup += "<b>a</b>b<div class=all>A long story.<script>x</script></div>"
    assert text(markup) == "a\nb\nA long story."
    assert text("<style>body{opacity:0;visibility:hidden}</style><p>a") == "a"


def test_the_slash_of_an_html_element_does_not_close_it() -> None:
    assert text("<p>a</p><script src=x /> code </script><p>b") == "a\n\nb"
    assert text("<p>a</p><style/>.x{} </style><p>b") == "a\n\nb"
    assert text("a <span hidden/>x</span> b") == "a b"
    assert text("<div hidden/>x</div>b") == "b"
    assert text("<p>a<textarea/>x</textarea>b") == "ab"


def test_the_slash_closes_elements_without_content_and_those_of_drawings() -> None:
    assert text("a<br/>b<hr/>c<img/>d<wbr/>e") == "a\nb\nc" + "de"
    assert text("<svg><title/><style/><g hidden/></svg>a <math><mi/></math>b") == "a b"
    assert text("<svg/>a<span hidden/>x") == "a"
    assert text("<a href=x/>a</a> b") == "a b"
    assert text("<p title='<script/>'>a</p><!-- <script/> -->b") == "a\n\nb"


def test_elements_without_markup_keep_what_looks_like_it() -> None:
    assert text("<xmp>a</p>b</xmp>") == "a</p>b"
    page = load_bytes(b"<title>a</p>b</title>c", "news/a.html").page
    assert page.info.title == "a</p>b"


@pytest.mark.parametrize(
    ("query", "true"),
    [
        ("", True), ("all", True), ("screen", True), ("print", False), ("not print", True),
        ("only screen and (min-width: 40em)", True), ("print, screen", True),
        ("screen and (max-width: 600px)", False), ("not all and (min-width: 9999px)", True),
        ("(min-width: 600px) and (max-width: 900px)", False), ("(600px <= width < 2000px)", True),
        ("(width < 600px)", False), ("(2000px > width)", True), ("not (hover)", False),
        ("(hover: hover)", True), ("(orientation: portrait)", False), ("(grid)", False),
        ("not (grid)", False), ("screen and (unheard: of)", False), ("(min-width: 1zz)", False),
        ("not screen and (unheard: of)", False), ("(min-width: 0)", True), ("(", False),
    ],
)  # fmt: skip
def test_media_queries_are_decided_for_a_wide_screen(query: str, true: bool) -> None:
    assert applies(query) is true


@given(st.text("{}@;.#a:()[]\"'\\/* &>+~,!<-").map(lambda css: css.replace("</", "")))
def test_any_style_sheet_leaves_a_page_that_can_be_read(css: str) -> None:
    assert text(f"<style>{css}.q{{display:none}}</style><p class=p>a").startswith("a")


def test_no_style_sheet_takes_for_ever() -> None:
    many = 3_000
    sheets = (
        "".join(f".a .b{n} .a *{{display:none}}" for n in range(many)),
        "*~*~*~*~.z{display:none}" * many,
        "* * * * * * .z{display:none}" * many,
        f"{':is(' * 500}.a{')' * 500}{{display:none}}" * 20,
        ".a{" * many * 10 + "display:none",
        "@media screen{" * many * 10 + ".a{display:none}",
        ".a{&,&{&,&{&,&{&,&{&,&{&,&{display:none}}}}}}}" * 50,
        "(" * 100_000 + "{display:none}",
        "a[" * 100_000 + "{display:none}",
        "\"'" * 100_000 + "{display:none}",
        "display:" * 100_000,
    )
    body = "<div class='a z'>" * 300 + "x" + "<i class=a></i>" * many
    for sheet in sheets:
        assert text(f"<style>{sheet}</style>{body}") == "x"
    assert "a" in text("<style" * 100_000 + ">x</style>a")
    assert "a" in text("<svg/><a b='/>" * 50_000 + "'>a")
