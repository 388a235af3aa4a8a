"""The place of ``resources/``, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]

#: The sample pages, the one of the lesson in the help first.
_SAMPLES = ("harbour.txt", "observatory.html", "souk.html", "carnival.txt")


def resource_path(*parts: str) -> Path:
    """The path of a resource file or folder."""
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parents[1] / "resources"
    return root.joinpath(*parts)


def sample_pages() -> list[Path]:
    """The paths of the sample pages, in the order in which to label them."""
    return [resource_path("pages", name) for name in _SAMPLES]
