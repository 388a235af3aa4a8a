"""The folders that browsers save beside a page, with its images and frames."""

import re
from collections.abc import Callable, Collection, Sequence
from urllib.parse import quote

from segmark.loading.media import HTML_SUFFIXES

# What browsers add to the name of a page, in the languages of Windows and of Chromium.
_ADDED = frozenset(
    """
    _files _archivos _arquivos _ficheiros _bestanden _bylos _datoteke _dosyalar _elemei _failid
    _fails _fajlovi _fichiers _file _fitxategiak _fitxers _pliki _soubory _tiedostot _fisiere
    _filer -filer -Dateien -fișiere _αρχεία _файлы _файли _ファイル
    """.split()  # noqa: SIM905
)
_MAY_BE_ADDED = re.compile(r"[_-][^\W\d_]{3,15}")


def is_saved_with(folder: str, names: Collection[str], read: Callable[[str], bytes]) -> bool:
    """Whether a folder lies beside a page that a browser saved it with.

    Args:
        folder: its name, such as ``story_files``.
        names: of the files in the same place.
        read: returns the beginning of a page by its name. It is read if only its content can
            tell, because the browser's language is not known.
    """
    for at, char in enumerate(folder):
        if at and char in "_-":
            for page in (folder[:at] + suffix for suffix in sorted(HTML_SUFFIXES)):
                if page in names and (
                    folder[at:] in _ADDED
                    or (_MAY_BE_ADDED.fullmatch(folder, at) and _refers_to(read(page), folder))
                ):
                    return True
    return False


def _refers_to(page: bytes, folder: str) -> bool:
    """Whether a page takes its images or scripts from a folder."""
    return any(f"{name}/".encode() in page for name in (folder, quote(folder)))


def name_saved(folders: Sequence[str]) -> str:
    """Return what to say about such folders."""
    if len(folders) == 1:
        return f"the folder {folders[0]}, which a browser saved with a page"
    return f"{len(folders):,} folders that a browser saved with pages"
