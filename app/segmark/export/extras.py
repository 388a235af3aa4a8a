"""Libraries that a format needs and that are installed only where somebody asked for them."""

from segmark.environment import extras
from segmark.environment.extras import Untyped
from segmark.export.error import ExportError

__all__ = ["Untyped", "library"]


def library(name: str, extra: str) -> Untyped:
    """The library, imported now.

    Raises:
        ExportError: it is not installed; the line says how to install it.
    """
    return extras.library(name, extra, f"the format {extra} needs {name}", ExportError)
