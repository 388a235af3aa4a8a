"""Articles made up for tests, and how other sites show them."""

import random

_WORDS = [
    f"{a}{b}" for a in ("har", "fer", "quay", "cou", "win") for b in ("bour", "ry", "n", "ter")
]


def article(seed: int, paragraphs: int = 8) -> str:
    """Paragraphs of three long sentences; another seed shares nothing with it."""
    drawn = random.Random(seed)
    sentences = (" ".join(drawn.choices(_WORDS, k=14)) for _ in range(paragraphs * 3))
    lines = (f"{a}. {b}. {c}." for a, b, c in zip(sentences, sentences, sentences, strict=True))
    return "\n\n".join(lines)


def framed(text: str, name: str) -> str:
    """The article as a site of this name shows it."""
    menu = "\n".join(f"{name} {number}" for number in range(200))
    return f"{menu}\n{text}\nRead more\n{menu}"
