"""Language tags are those of BCP 47, of a language that there is."""

import pytest
from segmark.environment.language import language_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"), ("EN-gb", "EN-gb"), ("de_DE", "de-DE"), (" fr ", "fr"),
        ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"), ("sr-Latn", "sr-Latn"), ("es-419", "es-419"),
        ("de-CH-1901", "de-CH-1901"), ("sl-rozaj-biske", "sl-rozaj-biske"), ("gsw", "gsw"),
        ("en-u-ca-buddhist", "en-u-ca-buddhist"), ("de-x-school", "de-x-school"), ("no", "no"),
    ],
)  # fmt: skip
def test_a_language_tag_is_taken(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    "written",
    [
        "", "utf-8", "UTF-8", "utf8", "utf-16", "utf", "iso-8859-1", "windows-1252", "ascii",
        "latin1", "english", "xx", "jp", "us", "html", "e", "en-", "-en", "en--GB", "en-a",
        "en-GB-US", "not a language", "null", "none", "{{lang}}", "en\u00e9", "i-klingon", "x-en",
        "a" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_language_is_not(written: str) -> None:
    assert language_tag(written) == ""
