"""Numbers of things in sentences."""


def count_words(count: int, noun: str) -> str:
    """``1 page`` or ``2,000 pages``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
