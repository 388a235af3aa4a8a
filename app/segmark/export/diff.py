"""What changed between two exports; their formats may differ."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from segmark.core.span import Span
from segmark.export.error import ExportError
from segmark.export.reading import Export, ReadPage


@dataclass(frozen=True, slots=True)
class PageDifference:
    """What changed on a page that is in both exports.

    Attributes:
        id: the page's.
        annotator: whose view of it.
        moved: from which part to which, if it moved.
        text: whether the text changed.
        removed: spans of the old export alone.
        added: spans of the new export alone.
    """

    id: str
    annotator: str
    moved: tuple[str, str] | None
    text: bool
    removed: tuple[Span, ...]
    added: tuple[Span, ...]

    def __str__(self) -> str:
        said = [f"moved from {self.moved[0]} to {self.moved[1]}"] if self.moved else []
        said += ["has another text"] if self.text else []
        said += [f"-{span.label} {span.start}:{span.end}" for span in self.removed]
        said += [f"+{span.label} {span.start}:{span.end}" for span in self.added]
        return f"{_name(self.id, self.annotator)}: {', '.join(said)}"


@dataclass(slots=True)
class Difference:
    """What changed between two exports.

    Attributes:
        removed: pages of the old export alone, and annotators.
        added: pages of the new one alone.
        changed: pages of both that differ, in the order of the new one.
        same: how many pages do not differ.
        spans: by label: how many went and how many came, on all pages.
    """

    removed: list[tuple[str, str]] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)
    changed: list[PageDifference] = field(default_factory=list)
    same: int = 0
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.removed or self.added or self.changed)

    def lines(self) -> Iterator[str]:
        """What changed, for people."""
        yield (
            f"pages: {len(self.added):,} added, {len(self.removed):,} removed, "
            f"{len(self.changed):,} changed, {self.same:,} the same"
        )
        for label, (gone, come) in sorted(self.spans.items()):
            yield f"{label}: {come:,} added, {gone:,} removed"
        yield from (f"- {_name(*page)}" for page in self.removed)
        yield from (f"+ {_name(*page)}" for page in self.added)
        yield from (f"~ {change}" for change in self.changed)


@dataclass(frozen=True, slots=True)
class _Known:
    part: str
    sha256: str
    spans: tuple[Span, ...]


def difference(old: Export, new: Export) -> Difference:
    """Compare two exports; the old one's spans are held in memory, no text is.

    Raises:
        ExportError: one of them has a row that can't be read, or a library is missing.
    """
    before = {(page.id, page.annotator): _known(page) for page in _readable(old)}
    found, gone, come = Difference(), Counter[str](), Counter[str]()
    for page in _readable(new):
        key, now = (page.id, page.annotator), _known(page)
        was = before.pop(key, None)
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
    found.removed = list(before)
    gone.update(span.label for known in before.values() for span in known.spans)
    found.spans = {label: (gone[label], come[label]) for label in gone | come}
    return found


def _known(page: ReadPage) -> _Known:
    return _Known(page.part, page.rows[0].meta["sha256"], tuple(page.spans))


def _change(key: tuple[str, str], was: _Known, now: _Known) -> PageDifference:
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
