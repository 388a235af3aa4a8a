"""Formats with layers: WebAnno TSV, UIMA CAS, and spaCy's DocBin; and markup that is unknown."""

import json
import zlib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.loading.labelled.msgpack import decode_msgpack
from segmark.store.store import Store

from tests.factories import LABELS, label, make_page, settle
from tests.loading.reading import labelled

TEXT = "Storm 🎭 hits Varn\nIt rained.\nIt rained on."
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
SEGMENT = "webanno.custom.Segment"
FOUND = [("headline", "Storm 🎭 hits Varn"), ("body", "It rained.\nIt rained on.")]
TSV3 = f"""#FORMAT=WebAnno TSV 3.3
#T_SP={SEGMENT}|value
#T_SP={NER}|identifier|value
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue
#T_RL=webanno.custom.Relation|kind|BT_{SEGMENT}


#Text=Storm 🎭 hits Varn
1-1\t0-5\tStorm\theadline[1]\t_\t_\tNN\t_\t_\t
1-2\t6-8\t🎭\theadline[1]\t_\t_\tSYM\t_\t_\t
1-3\t9-13\thits\theadline[1]\t_\t_\tVBZ\t_\t_\t
1-4\t14-18\tVarn\theadline[1]\t*[4]\tticker[4]\tNNP\tx\t1-1[1_0]\t

#Text=It rained.
2-1\t19-21\tIt\tbody[2]\t_\t_\tPRP\t_\t_\t
2-2\t22-28\trained\tbody[2]\t_\t_\tVBD\t_\t_\t
2-3\t28-29\t.\tbody[2]\t_\t_\t.\t_\t_\t

#Text=It rained on.
3-1\t30-32\tIt\tbody[2]\t_\t_\tPRP\t_\t_\t
3-2\t33-39\trained\tbody[2]\t_\t_\tVBD\t_\t_\t
3-3\t40-42\ton\tbody[2]\t_\t_\tRP\t_\t_\t
3-4\t42-43\t.\tbody[2]\t_\t_\t.\t_\t_\t
"""
TSV2 = f"""# {SEGMENT} | value # other.Layer | x
#id=1
#text=Storm 🎭 hits Varn
1-1\tStorm\tB-headline\tO
1-2\t🎭\tI-headline\tO
1-3\thits\tI-headline\tO
1-4\tVarn\tI-headline\tO

#id=2
#text=It rained.
2-1\tIt\tB-body\tO
2-2\trained\tI-body\tO
2-3\t.\tI-body\tO
"""


def load(project: Path, name: str, content: str | bytes, *options: str) -> int:
    path = project.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return cli.run(["load", str(project), str(path), "--annotator", "mira", *options])


def text_of(project: Path) -> str:
    with Store.open(project) as store:
        return store.pages.get(1).text


def utf16(at: int) -> int:
    """The offset in UTF-16 units."""
    return len(TEXT[:at].encode("utf-16-le")) // 2


def test_webanno_3_joins_what_has_one_number(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, "a.tsv", TSV3, "--layer", "Segment") == 0
    assert text_of(project) == TEXT
    assert labelled(project) == FOUND
    assert "1 layer of relations" in capsys.readouterr().err


@pytest.mark.parametrize("layer", ["NamedEntity", "NamedEntity.value", NER, f"{NER}.value"])
def test_another_layer_can_be_chosen(project: Path, layer: str) -> None:
    assert load(project, "a.tsv", TSV3, "--layer", layer) == 0
    assert labelled(project) == [("ticker", "Varn")]


def test_all_layers_that_are_not_linguistic_are_labels(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(project, "a.tsv", TSV3) == 1
    assert "ticker from 14 to 18 overlaps" in capsys.readouterr().err.replace(
        "13 to 17", "14 to 18"
    )
    assert labelled(project) == FOUND[1:]


def test_stacked_values_and_signs_that_are_escaped(project: Path) -> None:
    content = (
        f"#FORMAT=WebAnno TSV 3.3\n#T_SP={SEGMENT}|value\n\n\n#Text=a b\n"
        "1-1\t0-1\ta\tx\\|y|body[2]\n1-1.1\t0-1\ta\t_\n1-2\t2-3\tb\tbody[2]\n"
    )
    assert load(project, "a.tsv", content, "--map", "x|y=") == 0
    assert labelled(project) == [("body", "a b")]


def test_webanno_2_has_tags(project: Path) -> None:
    content = TSV2.replace(" # other.Layer | x", "")
    assert load(project, "a.tsv", content, "--layer", "Segment") == 0
    assert text_of(project) == TEXT.rpartition("\n")[0]
    assert labelled(project) == [FOUND[0], ("body", "It rained.")]


def xmi(text: str, spans: list[tuple[str, int, int, str]]) -> str:
    made = "".join(
        f'<custom:Segment xmi:id="{number}" sofa="1" begin="{start}" end="{end}" value="{name}"/>'
        f'<type4:Token xmi:id="9{number}" sofa="1" begin="{start}" end="{end}"/>'
        for number, (name, start, end, _) in enumerate(spans, start=10)
    )
    quoted = quoteattr(text, {"\n": "&#10;"})
    return (
        '<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        'xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" '
        'xmlns:type4="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" '
        'xmi:version="2.0">'
        f'<cas:NULL xmi:id="0"/>{made}<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" '
        f'mimeType="text" sofaString={quoted}/><cas:View sofa="1" members="10"/></xmi:XMI>'
    )


SPANS: list[tuple[str, int, int, str]] = [
    ("headline", 0, utf16(17), ""),
    ("body", utf16(18), utf16(len(TEXT)), ""),
]
CAS: dict[str, Any] = {
    "%TYPES": {},
    "%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView",
         "mimeType": "text", "sofaString": TEXT},
        *({"%ID": 2, "%TYPE": SEGMENT, "@sofa": 1, "begin": start, "end": end, "value": name}
          for name, start, end, _ in SPANS),
    ],
    "%VIEWS": {},
}  # fmt: skip
OLD_CAS = {
    "_context": {"_types": {"Segment": {"_id": SEGMENT}}},
    "_referenced_fss": {"1": {"_type": "Sofa", "sofaNum": 1, "sofaID": "_InitialView",
                              "sofaString": TEXT}},
    "_views": {"_InitialView": {"Segment": [
        {"sofa": 1, **({"begin": start} if start else {}), "end": end, "value": name}
        for name, start, end, _ in SPANS]}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xmi", xmi(TEXT, SPANS)),
        ("a.xml", xmi(TEXT, SPANS)),
        ("a.json", json.dumps(CAS)),
        ("a.json", json.dumps(OLD_CAS)),
    ],
    ids=["xmi", "xml", "json", "old json"],
)
def test_documents_of_uima(project: Path, name: str, content: str) -> None:
    assert load(project, name, content) == 0
    assert text_of(project) == TEXT
    assert labelled(project) == FOUND


@given(st.text('ab 🎭\né<&"', min_size=1, max_size=20), st.data())
def test_offsets_of_uima_count_utf16(text: str, data: st.DataObject) -> None:
    from segmark.loading.labelled.uima import read_xmi

    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = (len(text[:at].encode("utf-16-le")) // 2 for at in (start, end))
    page = read_xmi(xmi(text, [("body", first, last, "")]).encode(), "a.xmi", "")
    assert page.source.decode() == text
    assert page.labels
    (span,) = page.labels.annotations[0].spans
    raw = text.encode("utf-16-le")[2 * span.start : 2 * span.end]
    assert raw.decode("utf-16-le") == text[start:end]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<?xml version='1.0'?><GateDocument><TextWithNodes/></GateDocument>", "from GATE as JSON"),
        ("<?xml version='1.0'?><annotatedPages a='1'>x</annotatedPages>", "nearest format"),
        ("<GateDocument><TextWithNodes/></GateDocument>", "from GATE as JSON"),
        ("<!-- by hand -->\n<doc>x</doc>", "nearest format"),
        (xmi(TEXT, SPANS)[:700], "damaged"),
        (xmi("", []).replace("<cas:Sofa", "<cas:Other"), "without a text"),
        (f"<!DOCTYPE x [<!ENTITY a 'b'>]>{xmi(TEXT, SPANS)}", "DTD"),
    ],
)
def test_other_markup_is_named_and_never_a_page(
    project: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    assert load(project, "a.xml", content) == 1
    assert said in capsys.readouterr().err


def test_a_type_system_is_no_page(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = "<?xml version='1.0'?><typeSystemDescription/>"
    assert load(project, "TypeSystem.xml", content) == 0
    assert "the names of another tool's labels" in capsys.readouterr().err


def docbin(ents: bool = True, groups: bool = True) -> bytes:
    spacy = pytest.importorskip("spacy")
    tokens = pytest.importorskip("spacy.tokens")
    doc = spacy.blank("xx")(TEXT)
    spans = [doc.char_span(0, 17, "headline"), doc.char_span(18, len(TEXT), "body")]
    if ents:
        doc.ents = spans
    if groups:
        doc.spans["sc"] = spans
    return bytes(tokens.DocBin(docs=[doc, spacy.blank("xx")("Nothing here")]).to_bytes())


@pytest.mark.parametrize(("ents", "groups"), [(True, False), (False, True), (True, True)])
def test_documents_of_spacy(project: Path, *, ents: bool, groups: bool) -> None:
    assert load(project, "train.spacy", docbin(ents, groups)) == 0
    assert text_of(project) == TEXT
    assert labelled(project) == FOUND
    with Store.open(project) as store:
        assert store.pages.count() == 2


def test_the_own_export_for_spacy_comes_back(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    old, out = tmp_path / "old.segmark", tmp_path / "out"
    with Store.create(old, LABELS) as store:
        with store.write():
            store.pages.add(make_page(TEXT), TEXT.encode())
        label(store, "mira", 1, "headline", 0, 17)
        label(store, "mira", 1, "body", 18, len(TEXT))
        settle(store, "mira", 1, Status.DONE)
    assert cli.run(["export", str(old), str(out), "--format", "spacy"]) == 0
    (data,) = out.rglob("*.spacy")
    assert cli.run(["load", str(project), str(data), "--annotator", "mira"]) == 0
    assert labelled(project) == FOUND


@pytest.mark.parametrize("keep", [3, 40, -9])
def test_a_damaged_docbin_is_refused(project: Path, keep: int) -> None:
    assert load(project, "a.spacy", docbin()[:keep]) == 1
    packed = zlib.decompress(docbin())[:keep]
    assert load(project, "b.spacy", zlib.compress(packed)) == 1


@given(st.binary(max_size=200))
def test_no_bytes_confuse_the_decoder(data: bytes) -> None:
    """A value or ValueError, and nothing else; sizes that data claims take no memory."""
    try:
        decode_msgpack(data)
    except ValueError:
        return


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_what_msgpack_writes_is_decoded(value: Any) -> None:  # noqa: ANN401
    srsly = pytest.importorskip("srsly")
    data = srsly.msgpack_dumps(value)
    assert repr(decode_msgpack(data)) == repr(srsly.msgpack_loads(data))
