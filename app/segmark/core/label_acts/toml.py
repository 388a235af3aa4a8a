"""A label set as TOML, in the form that ``LabelSet.from_toml`` reads."""

from collections.abc import Iterator

from segmark.core.label import Label, LabelSet
from segmark.core.text.toml_text import toml_quoted


def to_toml(labels: LabelSet) -> str:
    """The label set in TOML; names that labels had before are kept, labels that are gone are not.

    White space around texts is lost when it is read again.
    """
    parts = [f"name = {toml_quoted(labels.name)}\n"]
    if labels.guideline:
        parts.append(f"guideline = {_text(labels.guideline)}\n")
    parts += ["\n".join(("[[label]]", *_entries(label), "")) for label in labels]
    return "\n".join(parts)


def _entries(label: Label) -> Iterator[str]:
    yield f"name = {toml_quoted(label.name)}"
    if label.id != label.name:
        yield f"id = {toml_quoted(label.id)}"
    if label.former:
        yield f"former = [{', '.join(map(toml_quoted, label.former))}]"
    for entry, value in (("key", label.key), ("light", label.light), ("dark", label.dark)):
        yield f"{entry} = {toml_quoted(value)}"
    yield f"joins = {_truth(label.joins)}"
    if not label.inside:
        yield f"inside = {_truth(label.inside)}"
    if label.expected:
        yield f"expected = {toml_quoted(label.expected)}"
    yield f"definition = {_text(label.definition)}"
    for entry, value in (("guideline", label.guideline), ("example", label.example)):
        if value:
            yield f"{entry} = {_text(value)}"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _text(value: str) -> str:
    """A string over several lines if it has any."""
    if "\n" not in value:
        return toml_quoted(value)
    lines = (toml_quoted(line)[1:-1] for line in value.split("\n"))
    return '"""\n{}"""'.format("\n".join(lines))
