"""Libraries that a format needs and that are installed only where somebody asked for them."""

from importlib import import_module
from typing import Any, TypeAlias

from app.export.error import ExportError

#: What comes from a library whose types are not known, as it may not be installed.
Untyped: TypeAlias = Any


def library(name: str, extra: str) -> Untyped:
    """The library, imported now.

    Raises:
        ExportError: it is not installed; the line says how to install it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ExportError(
            f"the format {extra} needs {name}, which is not installed: "
            f"pip install 'segmark[{extra}]' installs it"
        ) from error
