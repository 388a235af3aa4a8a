"""The dataset card: README.md beside the data, read by people and by ``datasets``.

Its front matter follows https://huggingface.co/docs/hub/datasets-manual-configuration (``configs``)
and the ``dataset_info`` that ``datasets`` itself writes. The features stand there because
``datasets`` otherwise guesses types from the first 10 MB, and fails when no span comes in them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from app import __version__
from app.core.annotation import Status
from app.core.label import LabelSet
from app.export.error import ExportError
from app.export.summary import Summary

#: The card's file name.
NAME = "README.md"

#: What ``datasets`` and the Hub call the parts.
_SPLITS = {"pages": "train", "train": "train", "dev": "validation", "test": "test"}
_META = ("source", "url", "site", "annotator", "status", "sha256")
_SITES_SHOWN = 20
_FILES = re.compile(r"^segmark:\n  files:\n((?:  - [\w.-]+\n)+)", re.ASCII | re.MULTILINE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


def files_of_export(folder: Path) -> tuple[str, ...]:
    """Names of the files that the last export to the folder wrote, as its card lists them.

    Raises:
        ExportError: there is a README.md that is no card of ours; it must not be overwritten.
        OSError: it can't be read.
    """
    path = folder / NAME
    if not path.is_file():
        return ()
    front_matter, _, _ = path.read_text("utf-8", "replace").partition("\n---\n")
    listed = _FILES.search(front_matter + "\n")
    if not listed:
        raise ExportError(
            f"{path} was not written by Segmark and would be overwritten; choose another folder"
        )
    names = listed[1].replace("  - ", "").split()
    return tuple(file for file in names if not file.startswith("."))


def render(summary: Summary, label_set: LabelSet, data_files: Mapping[str, str]) -> str:
    """The card; ``data_files`` names the file of each part.

    A file without a record stays out of ``configs``: ``datasets`` refuses a split without data.
    """
    filled = {part: file for part, file in data_files.items() if summary.parts[part].pages}
    sections = (
        "\n".join(("---", *_front_matter(label_set, filled, data_files.values()), "---")),
        f"# Labelled news pages\n\n{_introduction(summary)}",
        "\n".join(("## Load it", "", *_loading(filled))),
        "\n".join(("## Counts", "", *_counts(summary, data_files))),
        "\n".join(("## Labels", "", *_labels(summary, label_set))),
        f"## Fields\n\n{_FIELDS}",
        f"Made with Segmark {__version__}. The next export to this folder rewrites this page.",
    )
    return "\n\n".join(sections) + "\n"


def _front_matter(
    label_set: LabelSet, filled: Mapping[str, str], files: Iterable[str]
) -> Iterator[str]:
    yield from ("pretty_name: Labelled news pages", "task_categories:", "- token-classification")
    yield from ("configs:", "- config_name: default", "  data_files:")
    for part, file in filled.items():
        yield from (f"  - split: {_SPLITS[part]}", f"    path: {file}")
    yield from ("dataset_info:", "  features:")
    for field in ("id", "text"):
        yield from (f"  - name: {field}", "    dtype: string")
    yield from ("  - name: spans", "    list:")
    for field in ("start", "end"):
        yield from (f"    - name: {field}", "      dtype: int64")
    yield from ("    - name: label", "      dtype:", "        class_label:", "          names:")
    for number, label in enumerate(label_set):
        # In quotes: YAML takes a bare no, on or null for something else than a word.
        yield f"            '{number}': '{label.name}'"
    yield from ("  - name: meta", "    struct:")
    for field in _META:
        yield from (f"    - name: {field}", "      dtype: string")
    yield from ("segmark:", "  files:", *(f"  - {file}" for file in (*files, NAME)))


def _introduction(summary: Summary) -> str:
    count = len(summary.annotators)
    who = "one annotator" if count == 1 else f"{count} annotators"
    spans = summary.spans.total()
    return (
        f"{summary.pages:,} {summary.noun} by {who}, with {spans:,} labelled spans.\n"
        "Text without a label is none of the labels below on a page that is `done`; on others it\n"
        "may not have been looked at."
    )


def _loading(filled: Mapping[str, str]) -> Iterator[str]:
    split = _SPLITS[next(iter(filled))]
    yield "```python"
    yield "from datasets import load_dataset"
    yield ""
    yield f'page = load_dataset("path/to/this/folder", split="{split}")[0]'
    yield 'print([page["text"][span["start"] : span["end"]] for span in page["spans"]])'
    yield "```"
    yield ""
    yield "A label loads as its number in the table of labels; the data files hold its name."


def _counts(summary: Summary, data_files: Mapping[str, str]) -> Iterator[str]:
    head, *rows = summary.table()
    yield from _table(head, rows)
    yield ""
    for part, file in data_files.items():
        if not summary.parts[part].pages:
            yield f"`{file}` is empty and therefore not in the list of splits."
        elif _SPLITS[part] != part:
            yield f"`{file}` loads as `{_SPLITS[part]}`."
    if len(data_files) > 1:
        yield "All pages of a site are in one part; pages without a site were dealt out one by one."
    order = [status for status in Status if summary.statuses[status]]
    yield ""
    yield from _table(("status", summary.noun), [(s, f"{summary.statuses[s]:,}") for s in order])
    if len(summary.annotators) > 1:
        yield ""
        yield from _ranking("annotator", summary.noun, summary.annotators)
    yield ""
    yield from _ranking("site", summary.noun, summary.sites)


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


_FIELDS = """\
- `id`: stable name of the page.
- `text`: the page's text, as the annotators saw it.
- `spans`: `start`, `end` and `label`, sorted, without overlap, without white space at the edges.
  Offsets count Unicode code points, as Python's `str` does, and `end` is exclusive:
  `text[start:end]` is the labelled text. (JavaScript, Java and Qt count UTF-16 units; convert.)
- `meta`: `source` (the file it was loaded from), `url`, `site`, `annotator`, `status`, and the
  `sha256` of the text in UTF-8. What is not known is an empty string.

There is one record a page and annotator: `(id, meta.annotator)` is unique."""
