"""The dataset card: README.md beside the data, read by people and by ``datasets``.

Its front matter follows https://huggingface.co/docs/hub/datasets-manual-configuration (``configs``)
and the ``dataset_info`` that ``datasets`` itself writes. The features stand there because
``datasets`` otherwise guesses types from the first 10 MB, and fails when no span comes in them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app import __version__
from app.core.annotation import Status
from app.core.label import LabelSet
from app.export.error import ExportError
from app.export.features import Struct, yaml_lines
from app.export.summary import Summary

#: The card's file name.
NAME = "README.md"

#: What ``datasets`` and the Hub call the parts.
_SPLITS = {"pages": "train", "train": "train", "dev": "validation", "test": "test"}
_SITES_SHOWN = 20
_FILE = r"  - (?:[\w-][\w.-]*/)?[\w.-]+\n"
_FILES = re.compile(rf"^segmark:\n  files:\n((?:{_FILE})+)", re.ASCII | re.MULTILINE)
_FACT = re.compile(r"^  (\w+): ([\w-]+)$", re.ASCII | re.MULTILINE)
_PAGES = re.compile(r"^\| (?:pages|records) \| ([\d,]+) \|", re.ASCII | re.MULTILINE)
_LABEL = re.compile(r"^\| \d+ \| `([a-z][a-z0-9_-]*)` \|", re.ASCII | re.MULTILINE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a format's card says that the others' do not.

    Attributes:
        loading: Markdown on how to load it; ``SPLIT`` stands for the first split's name.
        fields: Markdown on what is in it.
        columns: their types, where ``datasets`` reads the files.
        facts: words that reading the export back needs, by name.
        task: the Hub's name for what is trained with it.
        introduction: Markdown on what it is, where that is not what annotators labelled.
    """

    loading: str
    fields: str
    columns: Struct | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    task: str = "token-classification"
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of an export says to whoever reads the export back.

    Attributes:
        files: names of its files, below the folder.
        labels: names of the labels, in order.
        pages: how many were exported; a page of two annotators counts twice.
        facts: the format's own; none where it is ``jsonl``.
    """

    files: tuple[str, ...]
    labels: tuple[str, ...]
    pages: int
    facts: Mapping[str, str]


def files_of_export(folder: Path) -> tuple[str, ...]:
    """Names of the files that the last export to the folder wrote, as its card lists them.

    Raises:
        ExportError: there is a README.md that is no card of ours; it must not be overwritten.
        OSError: it can't be read.
    """
    path = folder / NAME
    if not path.is_file():
        return ()
    if not (card := _parsed(path)):
        raise ExportError(
            f"{path} was not written by Segmark and would be overwritten; choose another folder"
        )
    return card.files


def read_card(folder: Path) -> Card:
    """The card of the export in a folder.

    Raises:
        ExportError: there is none, or it is not ours.
        OSError: it can't be read.
    """
    path = folder / NAME
    card = _parsed(path) if path.is_file() else None
    if not card:
        raise ExportError(
            f"{folder} holds no export of Segmark: {NAME} with the list of its files is missing"
        )
    return card


def _parsed(path: Path) -> Card | None:
    front_matter, _, body = path.read_text("utf-8", "replace").partition("\n---\n")
    listed = _FILES.search(front_matter + "\n")
    if not listed:
        return None
    names = listed[1].replace("  - ", "").split()
    # Nothing outside the folder, and nothing hidden in it.
    files = tuple(name for name in names if not re.search(r"(^|/)(\.|/|$)", name))
    facts = dict(_FACT.findall(front_matter[listed.end() :]))
    counted = _PAGES.search(body)
    pages = int(counted[1].replace(",", "")) if counted else 0
    return Card(files, tuple(_LABEL.findall(body)), pages, facts)


def render(
    summary: Summary,
    label_set: LabelSet,
    shape: Shape,
    data_files: Mapping[str, str],
    files: Sequence[str],
) -> str:
    """The card.

    A part without a row stays out of ``configs``: ``datasets`` refuses a split without data.

    Args:
        summary: what was written.
        label_set: all labels of the project.
        shape: what the format says of itself.
        data_files: the file of each part, or a pattern for its files.
        files: names of all files beside the card.
    """
    filled = {part: file for part, file in data_files.items() if summary.parts[part].rows}
    split = _SPLITS[next(iter(filled))]
    sections = (
        "\n".join(("---", *_front_matter(shape, filled, files), "---")),
        f"# Labelled news pages\n\n{shape.introduction or _introduction(summary)}",
        f"## Load it\n\n{shape.loading.replace('SPLIT', split)}",
        "\n".join(("## Counts", "", *_counts(summary, shape, data_files, files))),
        "\n".join(("## Labels", "", *_labels(summary, label_set))),
        f"## Fields\n\n{shape.fields}",
        f"Made with Segmark {__version__}. The next export to this folder rewrites this page.",
    )
    return "\n\n".join(sections) + "\n"


def _front_matter(shape: Shape, filled: Mapping[str, str], files: Iterable[str]) -> Iterator[str]:
    yield from ("pretty_name: Labelled news pages", "task_categories:", f"- {shape.task}")
    if shape.columns:
        yield from ("configs:", "- config_name: default", "  data_files:")
        for part, file in filled.items():
            yield from (f"  - split: {_SPLITS[part]}", f"    path: {file}")
        yield from ("dataset_info:", "  features:", *yaml_lines(shape.columns))
    yield from ("segmark:", "  files:", *(f"  - {file}" for file in (*files, NAME)))
    yield from (f"  {fact}: {value}" for fact, value in shape.facts.items())


def _introduction(summary: Summary) -> str:
    count = len(summary.annotators)
    who = "one annotator" if count == 1 else f"{count} annotators"
    spans = summary.spans.total()
    return (
        f"{summary.pages:,} {summary.noun} by {who}, with {spans:,} labelled spans.\n"
        "Text without a label is none of the labels below on a page that is `done`; on others it\n"
        "may not have been looked at."
    )


def _counts(
    summary: Summary, shape: Shape, data_files: Mapping[str, str], files: Sequence[str]
) -> Iterator[str]:
    head, *rows = summary.table()
    yield from _table(head, rows)
    if notes := list(_notes(summary, shape, data_files, files)):
        yield from ("", *notes)
    order = [status for status in Status if summary.statuses[status]]
    yield ""
    yield from _table(("status", summary.noun), [(s, f"{summary.statuses[s]:,}") for s in order])
    if len(summary.annotators) > 1:
        yield ""
        yield from _ranking("annotator", summary.noun, summary.annotators)
    yield ""
    yield from _ranking("site", summary.noun, summary.sites)


def _notes(
    summary: Summary, shape: Shape, data_files: Mapping[str, str], files: Sequence[str]
) -> Iterator[str]:
    for part, file in data_files.items():
        if not summary.parts[part].rows:
            empty = f"`{file}` is empty and therefore not in the list of splits."
            yield empty if file in files else f"Nothing went to `{part}`, so there is no `{file}`."
        elif shape.columns and _SPLITS[part] != part:
            yield f"`{file}` loads as `{_SPLITS[part]}`."
    if len(data_files) > 1:
        yield "All pages of a site are in one part; pages without a site were dealt out one by one."


def _ranking(title: str, noun: str, counts: Counter[str]) -> Iterator[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [(_plain(name) or "(none)", f"{count:,}") for name, count in ranked[:_SITES_SHOWN]]
    if rest := ranked[_SITES_SHOWN:]:
        rows.append((f"{len(rest):,} more", f"{sum(count for _, count in rest):,}"))
    yield from _table((title, noun), rows)


def _labels(summary: Summary, label_set: LabelSet) -> Iterator[str]:
    spans = summary.spans
    rows = [
        (str(number), f"`{label.name}`", f"{spans[label.name]:,}", _plain(label.definition))
        for number, label in enumerate(label_set)
    ]
    yield from _table(("id", "label", "spans", "what it is"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _plain(text: str) -> str:
    """The text as one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
