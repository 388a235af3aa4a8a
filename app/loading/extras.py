"""Libraries that a kind of file needs and that are installed only where somebody asked for them."""

from importlib import import_module
from typing import Any, TypeAlias

from app.loading.rejection import NotAPageError

#: What comes from a library whose types are not known, as it may not be installed.
Untyped: TypeAlias = Any


def library(name: str, extra: str) -> Untyped:
    """The library, imported now.

    Raises:
        NotAPageError: it is not installed; the line says how to install it.
    """
    try:
        return import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise NotAPageError(
            f"reading it needs {package}, which is not installed: "
            f"pip install 'segmark[{extra}]' installs it"
        ) from None
