import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from segmark.core.page import Page
from segmark.loading.loader import load_bytes
from segmark.loading.rejection import LoadError


def page(markup: str) -> Page:
    return load_bytes(markup.encode("utf-8", "surrogatepass"), "news/a.html").page


def text(markup: str) -> str:
    return page(markup).text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<template><p>x</template>",
        "<noscript><p>x</noscript>",
        "<p hidden>x</p>",
        "<p hidden=until-found>x</p>",
        "<div style='color: red; DISPLAY : none'><p>x</p></div>",
        "<p style='visibility:hidden'>x</p>",
        "<textarea>x</textarea>",
        "<select><option>x</select>",
        "<iframe>x</iframe>",
        "<object>x</object>",
        "<svg><title>x</title><text>x</text></svg>",
        "<video>x</video>",
        "<dialog>x</dialog>",
        "<div popover>x</div>",
        "<details><summary></summary>x<p>x</p></details>",
        "<!-- x -->",
        "<?x x?>",
        "<title>x</title>",
        "<img alt=x>",
        "<input value=x>",
    ],
)
def test_what_a_browser_does_not_show_is_no_text(hidden: str) -> None:
    assert text(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"
    with pytest.raises(LoadError, match="it shows no text"):
        page(hidden)


def test_what_is_opened_is_shown() -> None:
    markup = "<details open><summary>More</summary>inside</details><dialog open>said</dialog>"
    assert text(markup) == "More\ninside\nsaid"
    assert text("<details><summary>More</summary>inside</details>") == "More"


def test_a_page_that_hides_itself_until_a_script_has_run_is_shown() -> None:
    assert text("<html hidden><body style='display:none'><p>A story") == "A story"


def test_blocks_stand_on_lines_of_their_own_and_paragraphs_between_blank_lines() -> None:
    markup = "<h1>Tram</h1><div>by<div>Ann</div>Lee</div><p>One.<p>Two.<ul><li>a<li>b</ul>c"
    assert text(markup) == "Tram\nby\nAnn\nLee\n\nOne.\n\nTwo.\n\na\nb\nc"


def test_a_line_break_ends_the_line_and_two_leave_a_blank_one() -> None:
    assert text("<p>a<br>b<br> <br>\n<br>c<br></p>d") == "a\nb\n\nc\n\nd"


def test_table_cells_stand_on_lines_of_their_own_without_padding() -> None:
    markup = "<table><caption>Vote</caption><tr><th>Yes<th>No<tr><td>7<td><p>2</p></table>"
    assert text(markup) == "Vote\nYes\nNo\n7\n\n2"


def test_white_space_collapses_across_inline_elements() -> None:
    markup = "<p>\n  Old <b> tram </b>\t<i>line</i>s\r\n<span> </span> open. </p>"
    assert text(markup) == "Old tram lines open."


def test_no_space_is_put_where_none_is_written() -> None:
    assert text("<p><a>Ro</a><a>me</a><wbr>ward <q>home</q></p>") == "Romeward home"


def test_spaces_that_do_not_collapse_are_kept() -> None:
    assert (
        text("<p>&nbsp;10&nbsp;km\u2009a\u200bb\u3000</p>")
        == "\u00a010\u00a0km\u2009a\u200bb\u3000"
    )


def test_a_line_of_nothing_but_spaces_is_a_blank_line() -> None:
    assert text("a<br>&nbsp;<br>&nbsp;&nbsp;<br>b<p>&nbsp;</p>") == "a\n\nb"
    assert text("<div>a</div><div>&nbsp;</div><div> </div>b") == "a\n\nb"
    assert text("<div>a</div><div> </div>b") == "a\nb"


def test_preformatted_text_keeps_its_spaces_and_lines() -> None:
    assert text("<p>a</p><pre>\n  b  c \n\n\n\td\n</pre>e") == "a\n\n  b  c\n\n\td\ne"
    assert text("<p style='white-space: pre-line'>a\nb <b style='white-space:normal'>c\nd") == (
        "a\nb c d"
    )


def test_styles_at_the_element_make_it_a_block_or_not() -> None:
    assert text("a<span style='display:block'>b</span>c") == "a\nb\nc"
    assert text("a<div style='display:inline'>b</div>c") == "abc"
    assert text("a<span style='position:absolute;top:0'>b</span>c") == "a\nb\nc"
    assert text("a<span style='float: left'>b</span>c") == "a\nb\nc"


def test_entities_are_decoded_as_browsers_do() -> None:
    assert text("<p>Q&amp;A &eacute;&#8211;&#x1F600; &#146;s AT&T &unknown;") == (
        "Q&A é–😀 ’s AT&T &unknown;"
    )


def test_what_a_text_can_not_hold_is_replaced_and_does_not_move_the_anchors() -> None:
    found = page("<p>&#xFEFF;&#xFEFF;a&#0;<p>b\0c &#xD800;\ud800<p>&#xFEFF;d &#x2028; e&#xFFFE;")
    assert found.text == "a\ufffd\n\nb\ufffdc \ufffd\ufffd\n\n\ufeffd\n e\ufffd"
    assert [block.anchor.path for block in found.blocks if block.anchor] == [
        "/html/body/p[1]",
        "/html/body/p[2]",
        "/html/body/p[3]",
        "/html/body/p[3]",
    ]


def test_an_anchor_is_the_deepest_element_that_holds_the_whole_block() -> None:
    markup = """
    <body id=top><div class="story  main" id=s1><p class=lead><b>All</b></p>
    <p>Some <em>very <a href=x>old</a></em> trams</p><p> <i>Two</i> <a>lines</a><br><i>x</i></p>
    </div>"""
    anchors = [block.anchor for block in page(markup).blocks]
    assert [(a.path, a.words, a.inside) for a in anchors if a] == [
        ("/html/body/div/p[1]/b", ("", "lead", "story main s1", "top", ""), ()),
        ("/html/body/div/p[2]", ("", "story main s1", "top", ""), ("a", "em")),
        ("/html/body/div/p[3]", ("", "story main s1", "top", ""), ("a", "i")),
        ("/html/body/div/p[3]/i[2]", ("", "", "story main s1", "top", ""), ()),
    ]


def test_what_follows_the_end_of_a_page_still_belongs_to_it() -> None:
    found = page("<html><body id=b><p>a</p></body></html><p>b</p></html>c")
    assert found.text == "a\n\nb\n\nc"
    assert [block.anchor.path for block in found.blocks if block.anchor] == [
        "/html/body/p[1]",
        "/html/body/p[2]",
        "/html/body",
    ]


def test_tags_of_an_anchor_are_those_of_its_path() -> None:
    [block] = page("<div><div></div><div><p>x").blocks
    assert block.anchor is not None
    assert block.anchor.tags == ("html", "body", "div", "div", "p")


@pytest.mark.parametrize("close", ["", "</div>" * 100_000])
def test_a_page_nested_a_hundred_thousand_deep_keeps_its_text(close: str) -> None:
    found = page("<div>" * 100_000 + "deep" + close + "<p>end")
    assert found.text == "deep\n\nend"
    assert found.blocks[0].anchor is not None
    assert len(found.blocks[0].anchor.tags) == 256


def test_a_page_with_more_tags_than_any_page_has_is_rejected() -> None:
    with pytest.raises(LoadError, match="more than 1,000,000 tags"):
        page("<p>" * 1_000_001 + "text")


def test_nothing_outside_the_page_is_read() -> None:
    markup = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">]><p>x &a;'
    assert text(markup).endswith("x &a;")


TAGS = "p div b a br li table tr td pre details summary h1 script title span wbr select".split()  # noqa: SIM905
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["<p class='a b' id=c>", "<b hidden>", "<i style='display:block'>", "&nbsp;"]),
    st.sampled_from(["&#0;", "&#x2028;", "&#x85;", "&#13;", "&#xFEFF;", "&amp", "&", "<", "<!--"]),
    st.text(max_size=6),
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_markup_makes_tidy_text_whose_anchors_are_where_its_blocks_are(markup: str) -> None:
    try:
        found = page(markup)
    except LoadError:
        return
    assert not re.search("\n\n\n|^\n|\n$|[ \t](\n|$)", found.text)
    assert all(block.anchor for block in found.blocks)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_the_path_of_an_anchor_leads_to_an_element_with_the_text_of_its_block(markup: str) -> None:
    try:
        found = page(markup)
    except LoadError:
        return
    data = markup.encode("utf-8", "replace").replace(b"\0", "\ufffd".encode())
    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", remove_comments=True))
    elements = {root.getroottree().getpath(element): element for element in root.iter("*")}
    for block in found.blocks:
        assert block.anchor is not None
        inside = "".join(str(piece) for piece in elements[block.anchor.path].itertext())
        if inside.isascii():
            wanted = found.text[block.start : block.end]
            assert re.sub(r"[\W_]", "", wanted) in re.sub(r"[\W_]", "", inside)
