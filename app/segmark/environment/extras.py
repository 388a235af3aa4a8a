"""Importing optional libraries, which an extra of this package installs."""

import sys
from importlib import import_module
from typing import Any, TypeAlias

#: A value of an optional library, whose type is unknown where it is not installed.
Untyped: TypeAlias = Any


def library(
    name: str, extra: str, needed_by: str, error: type[Exception], package: str = ""
) -> Untyped:
    """Import an optional library.

    Args:
        name: of the module.
        extra: of this program, that installs it.
        needed_by: what needs the library, as the subject of a sentence.
        error: raised if it is not installed; the line says how to install it.
        package: the library's own name, if the module has another.
    """
    try:
        return import_module(name)
    except ImportError as missing:
        wanted = package or name.partition(".")[0]
        if getattr(sys, "frozen", False):
            advice = f"which this program does not include: use Segmark from pip, segmark[{extra}]"
        else:
            advice = f"which is not installed: pip install 'segmark[{extra}]' installs it"
        raise error(f"{needed_by} needs {wanted}, {advice}") from missing
