"""The dataset card: the README.md of an export, for people and for ``datasets``.

Its front matter follows https://huggingface.co/docs/hub/datasets-manual-configuration (``configs``)
and the ``dataset_info`` that ``datasets`` writes. It contains the features because ``datasets``
otherwise guesses types from the first 10 MB, and fails if these contain no span.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from segmark import __version__
from segmark.core.card_facts import read_card_facts
from segmark.export.card import plots, sections
from segmark.export.card.citation import CITATION, citation
from segmark.export.card.croissant import CROISSANT, croissant
from segmark.export.card.sections import SPLITS
from segmark.export.error import ExportError
from segmark.export.features import yaml_lines
from segmark.export.file_set import FileSet
from segmark.export.format import CardLayout, Format
from segmark.export.publication import LICENCES
from segmark.export.row import SCHEMA
from segmark.export.summary import Summary

#: The card's file name.
NAME = "README.md"
#: The files of an export that describe it, besides the card and its plots.
DESCRIPTIONS = (CROISSANT, CITATION)
_TITLE = "Labelled news pages"

# Older cards have these facts only in their tables.
_PAGES = re.compile(r"^\| (?:pages|records) \| ([\d,]+) \|", re.ASCII | re.MULTILINE)
_LABEL = re.compile(r"^\| \d+ \| `([a-z][a-z0-9_-]*)` \|", re.ASCII | re.MULTILINE)
_GUIDELINE = "\n## Guideline\n"


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of an export says to a reader of the export.

    Attributes:
        files: paths of its files, relative to the folder.
        labels: names of the labels, in order.
        ids: what the labels are called for good, in the same order: their first names.
        pages: the number of records; a page of two annotators counts twice.
        facts: further facts by name, such as ``format`` if it is not ``jsonl``.
    """

    files: tuple[str, ...]
    labels: tuple[str, ...]
    ids: tuple[str, ...]
    pages: int
    facts: Mapping[str, str]

    def renamed(self, now: Mapping[str, str]) -> dict[str, str]:
        """The labels of this card that have another name now, by their names in this card.

        Args:
            now: the present names by id.
        """
        pairs = zip(self.ids, self.labels, strict=True)
        return {name: now[label] for label, name in pairs if now.get(label, name) != name}


def replaced_card(folder: Path) -> Card | None:
    """The card of the last export to the folder, which the next one replaces; None without any.

    Raises:
        ExportError: there is a README.md that is no card of ours; it must not be overwritten.
        OSError: it can't be read.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    if not (card := _parsed(path)):
        raise ExportError(
            f"{path} was not written by Segmark and would be overwritten; choose another folder"
        )
    return card


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
    facts = read_card_facts(path)
    if not facts or not (names := facts.lists.get("files")):
        return None
    # Nothing outside the folder, and nothing hidden in it.
    files = tuple(name for name in names if not re.search(r"(^|/)(\.|/|$)", name))
    pages, labels = facts.values.get("pages"), facts.lists.get("labels")
    if pages is None or labels is None:
        body = path.read_text("utf-8", "replace").partition(_GUIDELINE)[0]
        counted, labels = _PAGES.search(body), tuple(_LABEL.findall(body))
        pages = counted[1].replace(",", "") if counted else "0"
    ids = facts.lists.get("ids", labels)  # none are written where all names are the first ones
    if len(ids) != len(labels):
        ids = labels
    return Card(files, labels, ids, int(pages) if pages.isdecimal() else 0, facts.values)


def write_card(files: FileSet, summary: Summary, form: Format, names: Sequence[str]) -> None:
    """End all files and write the card that describes them.

    Args:
        files: of the export; nothing more can be written to those that are open.
        summary: what was written; it then has the names of all files.
        form: their format.
        names: of all files except the card, its plots and what is written for publication.
    """
    digests = files.finish_all()
    known = {name: digests[name] for name in names}
    made = plots.draw(summary) if summary.options.plots else {}
    if summary.options.publish:
        made |= _published(summary, form, known)
    for name, data in made.items():
        files.open(name).write(data)
    all_names = (*names, *made)
    files.open(NAME).write(render(summary, form, all_names, known).encode())
    summary.files = (*all_names, NAME)


def _published(summary: Summary, form: Format, digests: Mapping[str, str]) -> dict[str, bytes]:
    """The files for those who cite the data set, and for programs that search data sets."""
    options, about = summary.options, summary.options.publication
    columns = form.card(summary.label_set, options).columns
    filled = [
        file for part, file in form.places(options).items() if summary.parts[part].rows and columns
    ]
    tables = [name for name in digests if any(fnmatch(name, file) for file in filled)]
    description = " ".join(sections.introduction(summary).split())
    return {
        CROISSANT: croissant(about, description, digests, tables, columns).encode(),
        CITATION: citation(about, content_hash(digests)).encode(),
    }


def content_hash(digests: Mapping[str, str]) -> str:
    """One checksum for files: SHA-256 of the lines that ``sha256sum`` prints of them, in order."""
    whole = hashlib.sha256()
    for name, digest in digests.items():
        whole.update(f"{digest}  {name}\n".encode())
    return whole.hexdigest()


def render(summary: Summary, form: Format, files: Sequence[str], digests: Mapping[str, str]) -> str:
    """The card; the arguments are those of ``write_card``, and the SHA-256 of each data file.

    ``configs`` lists no part without a row: ``datasets`` refuses a split without data.
    """
    label_set, places = summary.label_set, form.places(summary.options)
    layout = form.card(label_set, summary.options)
    filled = {part: file for part, file in places.items() if summary.parts[part].rows}
    part = next(iter(filled))
    first = next(name for name in files if any(fnmatch(name, file) for file in filled.values()))
    loading = layout.loading.replace("SPLIT", SPLITS[part]).replace("PART", part)
    whole = content_hash(digests)
    found = {
        "Load it": loading.replace("FILE", first),
        "Counts": sections.counts(summary, bool(layout.columns), places, files),
        "Split": sections.split(summary),
        "Lengths": sections.lengths(summary),
        "Plots": sections.plots(files),
        "Agreement": sections.findings(summary.findings),
        "Labels": sections.labels(summary),
        "Fields": layout.fields,
        "Content": sections.content(digests, whole),
        "Guideline": sections.guideline(label_set, summary.examples),
    }
    facts = _facts(summary, form) | {"content": whole}
    head = _front_matter(layout, filled, files, summary, facts)
    texts = [
        "\n".join(("---", *head, "---")),
        f"# {_title(summary)}\n\n{layout.introduction or sections.introduction(summary)}",
        *(f"## {title}\n\n{text}" for title, text in found.items() if text),
        f"Made with Segmark {__version__}, record schema {SCHEMA}. The next export to this folder "
        "rewrites this page.",
    ]
    return "\n\n".join(texts) + "\n"


def _facts(summary: Summary, form: Format) -> dict[str, str | int]:
    options = summary.options
    facts = {"pages": summary.pages, **form.facts(options)}
    if options.split:
        facts["split_by"] = options.split_by
    if options.min_confidence:
        facts["min_confidence"] = f"{options.min_confidence:g}"
    return facts | {"schema": SCHEMA, "version": __version__}


def _title(summary: Summary) -> str:
    return summary.options.publication.title or _TITLE


def _front_matter(
    layout: CardLayout,
    filled: Mapping[str, str],
    files: Iterable[str],
    summary: Summary,
    facts: Mapping[str, str | int],
) -> Iterator[str]:
    about = summary.options.publication
    title = json.dumps(about.title, ensure_ascii=False) if about.title else _TITLE
    yield f"pretty_name: {title}"
    if about.licence in LICENCES:
        yield f"license: {about.licence.lower()}"
    elif about.licence:
        yield from ("license: other", f"license_link: {json.dumps(about.licence)}")
    if languages := sorted({name.partition("-")[0].lower() for name in summary.languages if name}):
        # In quotes: YAML reads the code of Norwegian as a boolean.
        yield from ("language:", *(f"- '{language}'" for language in languages))
    yield from ("task_categories:", f"- {layout.task}")
    if layout.columns:
        yield from ("configs:", "- config_name: default", "  data_files:")
        for part, file in filled.items():
            yield from (f"  - split: {SPLITS[part]}", f"    path: {file}")
        yield from ("dataset_info:", "  features:", *yaml_lines(layout.columns))
    yield from ("segmark:", "  files:", *(f"  - {file}" for file in (*files, NAME)))
    yield from ("  labels:", *(f"  - '{label}'" for label in summary.labels))
    if any(label.id != label.name for label in summary.label_set):
        yield from ("  ids:", *(f"  - '{label.id}'" for label in summary.label_set))
    yield from (f"  {fact}: {value}" for fact, value in facts.items())
