"""Raw: the source of a page as it is found, before it is made into one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from segmark.loading.work import LabelledPage


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page from outside its source; empty where nothing is.

    Attributes:
        encoding: that the source is said to be in, as it is written there.
        media: ``text`` or ``html``; ``""`` when the source's name and content tell.
        rest: whatever else came with it, as JSON has it.
    """

    url: str = ""
    title: str = ""
    language: str = ""
    site: str = ""
    encoding: str = ""
    media: str = ""
    rest: Mapping[str, object] = field(default_factory=dict)


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Raw:
    """The source of a page.

    Attributes:
        source: its bytes, decompressed.
        name: short name to show and store, ``folder/file``; of a page inside a file,
            ``folder/file/member`` or ``folder/file:number``.
        folder: what its site is called when nothing else tells.
        listed: whether it merely lay in a folder or an archive, so that its name has to be a
            page's.
        characters: whether it was characters in the first place, and is these in UTF-8.
        labelled: the work of another tool that came with it; None where it is of no such tool.
    """

    source: bytes
    name: str
    folder: str = ""
    known: Known = UNKNOWN
    listed: bool = False
    characters: bool = False
    labelled: LabelledPage | None = None

    @property
    def origin(self) -> str:
        """The file that the labels are in; ``""`` where none came with it."""
        return self.labelled.origin if self.labelled else ""


@dataclass(frozen=True, slots=True)
class Fields:
    """How records are read.

    Attributes:
        text: name of the column that holds the page's text; ``""`` for the usual one, as in what
            follows.
        html: its HTML.
        url: its address.
        stored: the text of a page of the project, of records with labels that only name their page
            by id or checksum (SHA-256 of the text, or ``""``); raises ``NotAPageError``.
    """

    text: str = ""
    html: str = ""
    url: str = ""
    stored: Callable[[str, str], str] | None = None


USUAL = Fields()
