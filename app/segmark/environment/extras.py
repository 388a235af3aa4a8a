"""Libraries that are installed only where somebody asked for them."""

from importlib import import_module
from typing import Any, TypeAlias

#: What comes from a library whose types are not known, as it may not be installed.
Untyped: TypeAlias = Any


def library(name: str, extra: str, need: str, error: type[Exception]) -> Untyped:
    """The library, imported now.

    Args:
        name: of the module.
        extra: of this program, that installs it.
        need: what needs which package, as the beginning of a sentence.
        error: raised when it is not installed; the line says how to install it.
    """
    try:
        return import_module(name)
    except ImportError as missing:
        raise error(
            f"{need}, which is not installed: pip install 'segmark[{extra}]' installs it"
        ) from missing
