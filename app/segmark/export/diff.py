"""Compares two exports, whose formats may differ."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segmark.core.span import Span, named
from segmark.core.text.counts import count_words
from segmark.export.error import ExportError
from segmark.export.reading import Export, ReadPage


@dataclass(frozen=True, slots=True)
class PageDifference:
    """The changes of a page that is in both exports.

    Attributes:
        id: of the page.
        annotator: whose record it is.
        moved: the old and the new part, if it moved.
        text: whether the text changed.
        removed: spans of the old export only.
        added: spans of the new export only.
    """

    id: str
    annotator: str
    moved: tuple[str, str] | None
    text: bool
    removed: tuple[Span, ...]
    added: tuple[Span, ...]

    def __str__(self) -> str:
        texts = [f"moved from {self.moved[0]} to {self.moved[1]}"] if self.moved else []
        texts += ["has another text"] if self.text else []
        texts += [f"-{span.label} {span.start}:{span.end}" for span in self.removed]
        texts += [f"+{span.label} {span.start}:{span.end}" for span in self.added]
        return f"{_name(self.id, self.annotator)}: {', '.join(texts)}"


@dataclass(slots=True)
class RenamedLabel:
    """A label that has another name in the new export.

    Attributes:
        old: its name in the old export.
        new: its name in the new export.
        spans: the number of its spans that are the same in both but for the name.
        pages: the number of pages with such spans.
    """

    old: str
    new: str
    spans: int = 0
    pages: int = 0

    def __str__(self) -> str:
        spans, pages = count_words(self.spans, "span"), count_words(self.pages, "page")
        return f"label {self.old} → {self.new}: {spans} on {pages}"


@dataclass(slots=True)
class Difference:
    """The changes between two exports; a new name of a label changes no page.

    Attributes:
        removed: pages of the old export only, each with its annotator.
        added: pages of the new export only.
        changed: pages of both that differ, in the order of the new one.
        same: the number of equal pages.
        spans: the numbers of removed and of added spans on all pages, by label as the new export
            calls it.
        renamed: the labels that are called otherwise in the new export.
    """

    removed: list[tuple[str, str]] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)
    changed: list[PageDifference] = field(default_factory=list)
    same: int = 0
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    renamed: list[RenamedLabel] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.removed or self.added or self.changed or self.renamed)

    def lines(self) -> Iterator[str]:
        """The changes as text."""
        yield (
            f"pages: {len(self.added):,} added, {len(self.removed):,} removed, "
            f"{len(self.changed):,} changed, {self.same:,} the same"
        )
        yield from map(str, self.renamed)
        for label, (gone, come) in sorted(self.spans.items()):
            yield f"{label}: {come:,} added, {gone:,} removed"
        yield from (f"- {_name(*page)}" for page in self.removed)
        yield from (f"+ {_name(*page)}" for page in self.added)
        yield from (f"~ {change}" for change in self.changed)


@dataclass(frozen=True, slots=True)
class _Page:
    part: str
    sha256: str
    spans: tuple[Span, ...]


def difference(old: Export, new: Export) -> Difference:
    """Compare two exports; the spans of the old one are held in memory, but no text.

    Raises:
        ExportError: one of them has a row that can't be parsed, or a library is missing.
    """
    names = old.card.renamed(dict(zip(new.card.ids, new.card.labels, strict=True)))
    before = {(page.id, page.annotator): _page(page, names) for page in _readable(old)}
    found, gone, come = Difference(), Counter[str](), Counter[str]()
    renamed = {name: RenamedLabel(was, name) for was, name in names.items()}
    for page in _readable(new):
        key, now = (page.id, page.annotator), _page(page, {})
        was = before.pop(key, None)
        if was and renamed:
            _count(renamed, was, now)
        if was is None:
            found.added.append(key)
            come.update(span.label for span in now.spans)
        elif was == now:
            found.same += 1
        else:
            change = _change(key, was, now)
            found.changed.append(change)
            gone.update(span.label for span in change.removed)
            come.update(span.label for span in change.added)
    found.removed, found.renamed = list(before), list(renamed.values())
    gone.update(span.label for page in before.values() for span in page.spans)
    found.spans = {label: (gone[label], come[label]) for label in gone | come}
    return found


def _page(page: ReadPage, names: Mapping[str, str]) -> _Page:
    """What is compared of a page, with other names for some labels."""
    spans = sorted(named(page.spans, names)) if names else page.spans
    return _Page(page.part, page.rows[0].meta["sha256"], tuple(spans))


def _count(renamed: Mapping[str, RenamedLabel], was: _Page, now: _Page) -> None:
    """Count the spans of renamed labels that a page has in both exports."""
    both = set(was.spans) & set(now.spans)
    for label, spans in Counter(span.label for span in both if span.label in renamed).items():
        renamed[label].spans += spans
        renamed[label].pages += 1


def _change(key: tuple[str, str], was: _Page, now: _Page) -> PageDifference:
    moved = (was.part, now.part) if was.part != now.part else None
    removed = tuple(span for span in was.spans if span not in set(now.spans))
    added = tuple(span for span in now.spans if span not in set(was.spans))
    return PageDifference(*key, moved, was.sha256 != now.sha256, removed, added)


def _readable(export: Export) -> Iterator[ReadPage]:
    for page in export.pages():
        if not page.id:
            row = page.rows[0]
            raise ExportError(f"{export.folder}: {row.where}: {row.faults[0]}")
        yield page


def _name(page: str, annotator: str) -> str:
    return f"{page} ({annotator})" if annotator else page
