"""Fixed words of news pages in several languages."""

import pytest
from segmark.suggestion.evidence.text_shape import shape_of
from segmark.suggestion.evidence.wording import wording_of


def kinds(text: str) -> set[str]:
    return set(wording_of(text, shape_of(text).words))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Most read", "more="),
        ("Meistgelesen", "more="),
        ("À lire aussi", "more="),
        ("Čtěte také", "more="),
        ("関連記事はこちら", "more"),
        ("12 Kommentare", "comment"),
        ("Leave a reply", "comment="),
        ("댓글 3", "comment"),
        ("Show caption", "cue="),
        ("Bild vergrößern", "cue="),
        ("Foto: Ada Quill", "credit^"),
        ("The ferry leaves the quay on Monday./Tidewire", "credited"),
        ("Minister Ada Quill (L) meets Per Lund", "credited"),
        ("Veröffentlicht am 3. Mai", "signed^"),
    ],
)
def test_words_that_announce_or_credit_are_known_in_many_languages(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_an_ordinary_sentence_announces_nothing() -> None:
    assert kinds("The ferry sailed to Selwick on Monday, three weeks after the storm.") == set()


def test_rules_for_commenting_are_told_from_a_remark_about_comments() -> None:
    rules = "Keep your comments civil. Offensive language is removed, and all posts are moderated."
    assert "rules" in kinds(rules)
    assert "rules" not in kinds("The minister declined to answer, and his comments were brief.")


def test_titles_that_run_into_each_other_are_a_list() -> None:
    titles = ("Night ferry sails again", "Lighthouse opens to visitors", "School choir wins prize")
    assert "list" in kinds("Read more ".join([*titles, *titles, ""]))
    assert "list" not in kinds(" ".join([*titles, *titles]))
