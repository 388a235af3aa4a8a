"""Which text nodes of a page's HTML are shown, as it was seen when the page was loaded.

The project keeps it, so that exports and the page in the browser need not find it out again. It is
sealed: what a stranger's project says of a page, or another version of the parser, is not believed,
and the page is read again instead.
"""

import zlib
from hashlib import sha256

from segmark.core.markup import Markup
from segmark.environment.seal import seal, unseal
from segmark.loading.loader import LoadedPage
from segmark.store.pages import Original, PackedPage

#: Changes with what ``Extract.seen`` means.
_VERSION = 1


def sealed(key: bytes, loaded: LoadedPage, packed: PackedPage) -> bytes:
    """Return what was seen of a page for the project; b"" for a page that is not from HTML."""
    if not loaded.seen:
        return b""
    name = _name(packed.source, loaded.page.info.encoding, loaded.page.sha256)
    return seal(key, name, _version(), zlib.compress(loaded.seen))


def traced(key: bytes, original: Original, text: str, text_sha256: str) -> Markup | None:
    """Return what ``trace`` does, with what was seen of the page if that can be believed.

    Raises:
        StoreError: the bytes of the page are damaged.
    """
    # Imported here: a window with text pages does not need lxml.
    from segmark.loading.html.trace import trace

    found = None
    if original.seen:
        name = _name(original.packed, original.encoding, text_sha256)
        found = unseal(key, name, _version(), original.seen)
    known = zlib.decompress(found) if found else b""
    return trace(original.source, original.encoding, text, known)


def _name(packed: bytes, encoding: str, text_sha256: str) -> str:
    return f"{sha256(packed).hexdigest()} {encoding} {text_sha256}"


def _version() -> str:
    from lxml.etree import LIBXML_VERSION  # takes long to load, and text pages do not need it

    return f"seen {_VERSION}, libxml2 {LIBXML_VERSION}"
