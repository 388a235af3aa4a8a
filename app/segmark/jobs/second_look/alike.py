"""Texts that are labelled differently on pages of a site: find them, and make them alike."""

from collections.abc import Iterator
from pathlib import Path

from segmark.core.edit import Edit, apply, clear, edit_between, paint
from segmark.core.progress import Progress
from segmark.core.span import covering
from segmark.jobs.second_look.review import PATIENCE, ReviewStoppedError
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.jobs.worker_process import run_in_process
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.suggestion.second_look.consistency import DifferingText, RepeatedTexts


def differing_texts(
    store: Store, annotator: str, site: str | None = None, progress: Progress | None = None
) -> list[DifferingText]:
    """Return the texts that an annotator labelled differently on finished pages of a site.

    ``site`` is one site; None for all. Damaged pages are left out.
    """
    finished = FinishedPages(store, annotator)
    finished.refresh()
    numbers = [each for each in finished.in_order() if site in (None, each[1])]
    by_site: dict[str, RepeatedTexts] = {}
    for done, (number, name) in enumerate(numbers, 1):
        repeated = by_site.setdefault(name, RepeatedTexts(name))
        for example in finished.training_examples([finished.with_spans(number)]):
            repeated.add(number, example)
        if progress:
            progress(done, len(numbers), name)
    return [text for repeated in by_site.values() for text in repeated.differing(finished.words)]


def texts_in_process(project: Path, annotator: str, progress: Progress) -> list[DifferingText]:
    """Return the same, found in a process of its own, for the window.

    Raises:
        StoreError: the project can't be read.
        ReviewStoppedError: the process was ended from outside.
    """
    stopped = ReviewStoppedError("the search was ended from outside; begin it again")
    return run_in_process(_find, (project, annotator), progress, stopped, PATIENCE)


def _find(project: Path, annotator: str, progress: Progress) -> list[DifferingText]:
    with Store.open_or_read(project) as store:
        return differing_texts(store, annotator, None, progress)


def make_alike(session: Session, text: DifferingText, label: str) -> int:
    """Give a text one label wherever it is, "" for none, in one act that can be undone.

    Places that were labelled otherwise since the text was found stay as they are. Returns how many
    pages changed.

    Raises:
        StoreError: a page can't be read, or the labels can't be stored.
    """
    name = session.store.label_set.name_of(label)
    title = f"Make {name or 'unlabelled'}: “{text.excerpt}”"
    edits = dict(_edits(session.store, session.annotator, text, label, title))
    return session.change_spans(edits, title)


def _edits(
    store: Store, annotator: str, text: DifferingText, label: str, title: str
) -> Iterator[tuple[int, Edit]]:
    annotations, labels = store.annotations(annotator), store.label_set
    for number, spans in text.by_page.items():
        if store.pages.is_removed(number):
            continue
        before = annotations.get(number)
        content, after = store.pages.get(number).text, before
        for span in spans:
            there = covering(before.spans, span.start, span.end)
            if (there.label if there else "") != span.label or span.label == label:
                continue
            if label:
                edit = paint(content, after, labels, span.start, span.end, label)
            else:
                edit = clear(content, after, labels, span.start, span.end)
            after = apply(after, edit) if edit else after
        if after != before:
            yield number, edit_between(title, before, after)
