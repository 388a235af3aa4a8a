"""What files turn out to hold, read as the program does."""

from pathlib import Path

from segmark.loading.contents import read_file
from segmark.loading.feed import Feed
from segmark.loading.loader import LoadedPage, load_raw
from segmark.loading.options import LOAD_ALL, USUAL_FIELDS, LoadOptions, RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import FoundFile, SourceFiles
from segmark.store.store import Store


def raws(path: Path, fields: RecordFields = USUAL_FIELDS) -> list[RawPage]:
    """The sources in a file."""
    found = FoundFile(path, path.name, size=path.stat().st_size)
    return [raw for raw in read_file(found, fields) if isinstance(raw, RawPage)]


def load_file(found: FoundFile) -> LoadedPage:
    """The page of a file that holds one page.

    Raises:
        LoadError: the file can't be read, or can't be a page.
    """
    [source] = read_file(found)
    if isinstance(source, LoadError):
        raise source
    assert isinstance(source, RawPage)
    return load_raw(source)


def loaded(*paths: Path, choice: LoadOptions = LOAD_ALL) -> list[LoadedPage]:
    """The pages that the paths hold."""
    return [item for item in Feed(SourceFiles(paths), choice) if isinstance(item, LoadedPage)]


def texts(*paths: Path, choice: LoadOptions = LOAD_ALL) -> list[str]:
    """The texts of the pages that the paths hold."""
    return [item.page.text for item in loaded(*paths, choice=choice)]


def refusals(*paths: Path, choice: LoadOptions = LOAD_ALL) -> list[str]:
    """What was rejected, a line each."""
    return [str(item) for item in Feed(SourceFiles(paths), choice) if isinstance(item, LoadError)]


def passed_over(*paths: Path, choice: LoadOptions = LOAD_ALL) -> list[str]:
    """What is no page, and nothing is wrong with."""
    return [item.what for item in Feed(SourceFiles(paths), choice) if isinstance(item, PassedOver)]


def quoted(store: Store, annotator: str, number: int = 1) -> list[tuple[str, str]]:
    """The labels on a page, each with the text that it is on."""
    text = store.pages.get(number).text
    spans = store.annotations(annotator).get(number).spans
    return [(span.label, text[span.start : span.end]) for span in spans]


def labelled(project: Path) -> list[tuple[str, str]]:
    """Mira's labels on the first page of a project, each with the text that it is on."""
    with Store.open(project) as store:
        return quoted(store, "mira")
