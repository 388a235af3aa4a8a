"""What files turn out to hold, read as the program does."""

from pathlib import Path

from segmark.loading.contents import read_raws
from segmark.loading.feed import ALL, Feed, LoadChoice
from segmark.loading.loader import Loaded
from segmark.loading.raw import USUAL, Fields, Raw
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import Files, Found


def raws(path: Path, fields: Fields = USUAL) -> list[Raw]:
    """The sources in a file."""
    found = Found(path, path.name, size=path.stat().st_size)
    return [raw for raw in read_raws(found, fields) if isinstance(raw, Raw)]


def loaded(*paths: Path, choice: LoadChoice = ALL) -> list[Loaded]:
    """The pages that the paths hold."""
    return [item for item in Feed(Files(paths), choice) if isinstance(item, Loaded)]


def texts(*paths: Path, choice: LoadChoice = ALL) -> list[str]:
    """The texts of the pages that the paths hold."""
    return [item.page.text for item in loaded(*paths, choice=choice)]


def refusals(*paths: Path, choice: LoadChoice = ALL) -> list[str]:
    """What was rejected, a line each."""
    return [str(item) for item in Feed(Files(paths), choice) if isinstance(item, LoadError)]


def passed_over(*paths: Path, choice: LoadChoice = ALL) -> list[str]:
    """What is no page, and nothing is wrong with."""
    return [item.what for item in Feed(Files(paths), choice) if isinstance(item, PassedOver)]
