"""Label sets in files: the built-in one, and those of users."""

from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.label import LabelSet, LabelSetError
from segmark.environment.resource_path import resource_path

if TYPE_CHECKING:
    from segmark.core.guideline import Example

#: The label set of news pages.
NEWS_LABELS = resource_path("labels", "news.toml")


def read_label_set(path: Path) -> LabelSet:
    """Read the label set from a TOML file.

    Raises:
        LabelSetError: it can't be read or used.
    """
    return read_label_file(path)[0]


def read_label_file(path: Path) -> tuple[LabelSet, "tuple[Example, ...]"]:
    """Read the label set from a TOML file, and the examples of its guideline.

    Raises:
        LabelSetError: it can't be read or used.
    """
    from segmark.core.guideline import read_examples  # with a parser, which few starts need

    try:
        text = path.read_text(encoding="utf-8")
        return LabelSet.from_toml(text), read_examples(text)
    except OSError as error:
        raise LabelSetError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise LabelSetError(f"{path}: it is not UTF-8 text, as TOML must be") from None
    except LabelSetError as error:
        raise LabelSetError(f"{path}: {error}") from None
