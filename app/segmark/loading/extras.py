"""Libraries that a kind of file needs and that are installed only where somebody asked for them."""

from segmark.environment import extras
from segmark.environment.extras import Untyped
from segmark.loading.rejection import NotAPageError

__all__ = ["Untyped", "library"]


def library(name: str, extra: str) -> Untyped:
    """The library, imported now.

    Raises:
        NotAPageError: it is not installed; the line says how to install it.
    """
    package = name.partition(".")[0]
    return extras.library(name, extra, f"reading it needs {package}", NotAPageError)
