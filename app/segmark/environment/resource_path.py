"""Where the files of ``resources/`` are, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def resource_path(*parts: str) -> Path:
    """The path of a file or folder of the program's resources."""
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parents[1] / "resources"
    return root.joinpath(*parts)
